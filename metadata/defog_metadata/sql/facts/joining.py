"""Where a query could join the table that it forgot, and how."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name, Table
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.aliases import free_alias
from defog_metadata.sql.facts.keys import (
    condition,
    keyed_tables,
    keys_between,
    written_name,
)
from defog_metadata.sql.scopes import Reference, Relation, Scope
from defog_metadata.text import Edit, Span

__all__ = ["ForgottenJoin", "forgotten_joins"]

_IN_QUERY = frozenset(
    ("select", "where", "group by", "having", "qualify", "order by", "window", "on")
)
_ENDS_FROM = frozenset(
    """WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET FETCH FOR UNION INTERSECT EXCEPT MINUS
    RETURNING OPTION CONNECT START""".split()
)


@dataclass(frozen=True, slots=True)
class ForgottenJoin:
    """``text`` is the join, ``edit`` puts it behind what FROM has already."""

    text: str
    edit: Edit


def forgotten_joins(
    reference: Reference, column: Name, analysis: Analysis, catalog: Catalog
) -> Iterator[ForgottenJoin]:
    """The joins that a name needs to mean something, by the keys of the tables that are there.

    *reference* is a qualifier that nothing in scope has, before *column*, or a column.
    """
    scope = reference.scope
    place = _end_of_from(scope, analysis)
    if place is None or reference.clause not in _IN_QUERY:
        return
    offered: set[str] = set()
    for relation in reversed(scope.relations):
        for table in keyed_tables(relation.table, catalog) if relation.table else ():
            if column.text and catalog.column(table, column) is None:
                continue
            alias = _alias(reference, column, table, catalog)
            if alias and table.qualified_name not in offered:
                offered.add(table.qualified_name)
                yield from _joins(table, alias, relation, place, catalog)


def _joins(
    table: Table, alias: str, relation: Relation, place: int, catalog: Catalog
) -> Iterator[ForgottenJoin]:
    name = written_name(table, catalog)
    is_named = catalog.naming.same(Name(alias), table.name)
    for pairs in keys_between(table, relation.table) if relation.table else ():
        on = condition(alias, pairs, relation, catalog.naming)
        text = f"JOIN {name} ON {on}" if is_named else f"JOIN {name} {alias} ON {on}"
        yield ForgottenJoin(text, Edit(Span(place, place), f" {text}"))


def _alias(reference: Reference, column: Name, table: Table, catalog: Catalog) -> str:
    """What *table* would have to be called; nothing where it is not the one that is missing."""
    relations, written = reference.scope.relations, reference.name
    taken = {it.name.key for it in relations if it.name}
    own = catalog.naming.write(table.name)
    if reference.kind == "column":
        is_short = any(it.hidden for it in relations) or table.name.casefold() in taken
        return free_alias(table.name, taken, catalog.naming) if is_short else own
    if catalog.naming.same(written, table.name):
        return own
    is_short_for_it = (
        bool(column.text)
        and len(written.key) < len(table.name)
        and table.name.casefold().startswith(written.key[:1])
    )
    return written.text if is_short_for_it and not written.quoted else ""


def _end_of_from(scope: Scope, analysis: Analysis) -> int | None:
    """The offset behind the FROM clause of the query that *scope* is of."""
    spans = [it.span for it in scope.relations]
    tree = analysis.syntax.tree
    if not spans or None in spans or not isinstance(tree, exp.Query):
        return None
    last = max(it.end for it in spans if it is not None)
    first = min(it.start for it in spans if it is not None)
    depth, end = 0, last
    for token in analysis.syntax.tokens:
        if token.end <= first:
            continue
        if token.text == "," and depth == 0 and token.start < last:
            return None  # what stands before a comma cannot be joined to what follows it
        if token.start < last:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            continue
        if token.text in "();" and token.text:
            depth += {"(": 1, ")": -1}.get(token.text, -1)
        if depth < 0 or (depth == 0 and token.word in _ENDS_FROM):
            break
        end = token.end
    return end
