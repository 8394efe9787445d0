"""Views whose queries are known, as another dialect or another place wants them.

Within one dialect a query stays as the engine shows it, unless its tables are to be elsewhere.
Between two, sqlglot translates; what it cannot say is left out, not guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from defog_metadata.catalog import Table, TableKind
from defog_metadata.catalog.dialects import default_search_path
from defog_metadata.catalog.index.mentions import mentions, words_of
from defog_metadata.ddl.flavours import Flavour
from defog_metadata.ddl.names import Names, in_target_schemas

__all__ = ["VIEWS", "View", "views_of"]

VIEWS: tuple[TableKind, ...] = ("view", "materialized view")


@dataclass(frozen=True, slots=True)
class View:
    """``table`` is the view as it is to be called, ``original`` as the metadata have it."""

    table: Table
    original: Table
    query: str
    columns: tuple[str, ...] = ()
    """Their names, where the query gives them others."""


def views_of(
    views: Sequence[Table], placed: Sequence[tuple[Table, Table]], source: str, flavour: Flavour
) -> list[View]:
    """Those of *views* that can be created after the tables in *placed*, in an order that works.

    *placed* are tables of the dialect *source* with what they are to be called.
    """
    known = _in_order([it for it in views if it.kind in VIEWS and it.definition])
    schemas = {one.schema: other.schema for one, other in placed}
    targets = [(it, _placed(it, schemas, source, flavour)) for it in known]
    names = _Names([*placed, *targets], source)
    found = []
    for original, table in targets:
        tree = _parsed(original.definition, source)
        named = [it.casefold() for it in tree.named_selects] if tree is not None else []
        own = tuple(it.name for it in original.columns)
        # What these show gives every column its name.
        is_named = tree is None and source in ("postgres", "mysql")
        listed = () if is_named or named == [it.casefold() for it in own] else own
        if source == flavour.dialect and flavour.schemas != "databases":
            found.append(View(table, original, original.definition, listed))
        elif tree is not None and (query := names.query(tree, original, flavour)) is not None:
            found.append(View(table, original, query, listed))
    return found


def _placed(view: Table, schemas: Mapping[str, str], source: str, flavour: Flavour) -> Table:
    """*view* beside the tables of its schema."""
    (table,) = in_target_schemas([view], source, flavour)
    if flavour.schemas != "none":
        table = replace(table, schema=schemas.get(view.schema, table.schema))
    # Elsewhere nothing fills it again.
    keeps_rows = view.kind == "materialized view" and source == flavour.dialect
    return table if keeps_rows else replace(table, kind="view", indexes=())


def _parsed(query: str, dialect: str) -> exp.Query | None:
    try:
        tree = sqlglot.parse_one(query, read=dialect or None)
    except SqlglotError:
        return None
    return tree if isinstance(tree, exp.Query) else None


class _Names:
    """What the tables that a query names are to be called."""

    def __init__(self, placed: Sequence[tuple[Table, Table]], source: str) -> None:
        self._source = source
        self._path = default_search_path(source)
        self._found: dict[str, list[tuple[Table, Table]]] = {}
        for pair in placed:
            self._found.setdefault(pair[0].name.casefold(), []).append(pair)

    def query(self, tree: exp.Query, view: Table, flavour: Flavour) -> str | None:
        """*tree* in another dialect; ``None`` where that cannot say it."""
        written = Names(flavour.dialect)

        def identifier(name: str) -> exp.Identifier:
            return exp.to_identifier(name, quoted=written(name) != name)

        ctes = {it.alias.casefold() for it in tree.find_all(exp.CTE)}
        schemas = set()
        for node in list(tree.find_all(exp.Table)):
            if not isinstance(node.this, exp.Identifier):
                continue
            schemas.add(node.db)
            if (not node.db and node.name.casefold() in ctes) or not (
                table := self._meant(node, view)
            ):
                continue
            if table.name != node.name and not node.alias:
                node.set("alias", exp.TableAlias(this=node.this.copy()))
            node.set("this", identifier(table.name))
            node.set("db", identifier(table.schema) if table.schema else None)
            node.set("catalog", None)
        for column in tree.find_all(exp.Column):
            # In FROM its table now has another schema, or none.
            if column.db and column.db in schemas:
                column.set("db", None)
                column.set("catalog", None)
        try:
            return tree.sql(
                dialect=flavour.dialect or None, pretty=True, unsupported_level=ErrorLevel.RAISE
            )
        except (SqlglotError, ValueError):
            return None

    def _meant(self, node: exp.Table, view: Table) -> Table | None:
        found = self._found.get(node.name.casefold(), [])
        if node.db:
            found = [it for it in found if it[0].schema.casefold() in ("", node.db.casefold())]
        near = [it for it in found if it[0].schema in (view.schema, *self._path)]
        return next((table for _, table in near or found), None)


def _in_order(views: Sequence[Table]) -> list[Table]:
    """*views* so that each comes after those that its query names, else in the order given."""
    named: dict[str, list[int]] = {}
    for place, it in enumerate(views):
        named.setdefault(max(words_of(it.name), key=len, default=""), []).append(place)

    def before(place: int) -> Iterator[int]:
        for word in sorted(words_of(views[place].definition)):
            for other in named.get(word, ()):
                if other != place and mentions(views[place], views[other].name):
                    yield other

    found: dict[int, None] = {}
    entered: set[int] = set()
    for first in range(len(views)):
        # Names may seem to go in circles: a column can be called as a view is.
        path = [] if first in entered else [(first, before(first))]
        entered.add(first)
        while path:
            place, others = path[-1]
            following = next((it for it in others if it not in entered), None)
            if following is None:
                found[place] = None
                path.pop()
            else:
                entered.add(following)
                path.append((following, before(following)))
    return [views[it] for it in found]
