"""Joins that the keys suggest: the table with its condition, or the condition alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import subject_of_table
from defog_lsp.ide.completion.items import Item
from defog_metadata.catalog import Catalog, Name, Naming, Table
from defog_metadata.sql.caret import Caret
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.skeleton import PLACEHOLDER
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.usage import Usage

__all__ = ["conditions", "joined_tables", "keys_between", "tied", "written"]

# A database with more tables is asked only for those that the keys of the tables in FROM name.
_MOST_TABLES = 500


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Columns of one relation, in order, and those of another that they equal."""

    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def turned(self) -> "_Pairs":
        return _Pairs(self.right, self.left)


def joined_tables(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """After JOIN: the tables that keys tie to those in FROM, each with its whole condition."""
    if (
        caret.qualifier
        or not caret.before
        or caret.before[-1] != "JOIN"
        or _has_condition(snapshot, caret)
    ):
        return
    catalog = snapshot.catalog
    present = _present(caret)
    is_aliased = any(it.hidden is not None for it in present)
    taken = {it.name.key for it in present if it.name}
    for relation in reversed(present):
        if relation.table is None:
            continue
        for table in _related(relation.table, catalog, snapshot.usage):
            name = written(table, catalog)
            called = (
                _free_alias(table.name, taken)
                if is_aliased or table.name.casefold() in taken
                else ""
            )
            alias = called or catalog.naming.write(table.name)
            for pairs in _keyed_or_used(table, relation.table, snapshot.usage):
                condition = _condition(alias, pairs, relation, catalog.naming)
                insert = f"{name} {called} ON {condition}" if called else f"{name} ON {condition}"
                item = Item(
                    label=insert,
                    kind="join",
                    span=caret.span,
                    insert=insert,
                    description="join",
                    documentation=table.description,
                    subject=subject_of_table(table),
                )
                yield Candidate(item, summary=table.summary)


def conditions(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """After ON: the conditions that tie the table just joined to those before it."""
    if caret.qualifier or not caret.before or caret.before[-1] != "ON":
        return
    present = _present(caret)
    naming = snapshot.catalog.naming
    if len(present) < 2:  # noqa: PLR2004
        return
    joined = _joined(caret, present)
    for other in reversed(present):
        if other is joined or other.name is None or joined.name is None:
            continue
        for pairs in _ties(joined, other, snapshot.usage):
            condition = _condition(_called(joined, naming), pairs, other, naming)
            yield Candidate(Item(condition, "join", caret.span, condition, description="join"))


def tied(table: Table, alias: str, snapshot: Snapshot, caret: Caret) -> str:
    """The condition that ties *table*, called *alias*, to what the caret's query reads.

    The empty string where neither keys nor golden queries know one.
    """
    for relation in reversed(_present(caret)):
        if relation.table is None:
            continue
        for pairs in _keyed_or_used(table, relation.table, snapshot.usage):
            return _condition(alias, pairs, relation, snapshot.catalog.naming)
    return ""


def keys_between(table: Table, other: Table) -> Iterator[_Pairs]:
    """The ways in which foreign keys tie *table* (left) to *other* (right), in both directions."""
    for key in table.foreign_keys:
        if _refers(key.referred_table, key.referred_schema or table.schema, other):
            yield _Pairs(key.columns, key.referred_columns)
    if table == other:
        return
    for key in other.foreign_keys:
        if _refers(key.referred_table, key.referred_schema or other.schema, table):
            yield _Pairs(key.referred_columns, key.columns)


def _refers(name: str, schema: str, table: Table) -> bool:
    return name == table.name and (not schema or table.schema in ("", schema))


def _ties(joined: Relation, other: Relation, usage: Usage) -> list[_Pairs]:
    found: list[_Pairs] = []
    if joined.table is not None and other.table is not None:
        found = _keyed_or_used(joined.table, other.table, usage)
    return found or list(_same_named(joined, other))


def _keyed_or_used(table: Table, other: Table, usage: Usage) -> list[_Pairs]:
    """What foreign keys say; where they say nothing, how golden queries join the two."""
    found = list(keys_between(table, other))
    return found or [_Pairs(it.columns, it.other_columns) for it in usage.joins_of(table, other)]


def _same_named(joined: Relation, other: Relation) -> Iterator[_Pairs]:
    """Without keys: columns that look like some and are called alike, or ``id`` and ``t_id``."""
    others = {it.name.key: it.name.text for it in other.fields}
    for field in joined.fields:
        key, name = field.name.key, field.name.text
        if key in others and key != "id" and _looks_like_key(key):
            yield _Pairs((name,), (others[key],))
        elif "id" in others and key in _names_for(other):
            yield _Pairs((name,), (others["id"],))
    own = {it.name.key: it.name.text for it in joined.fields}
    if "id" in own:
        for field in other.fields:
            if field.name.key in _names_for(joined):
                yield _Pairs((own["id"],), (field.name.text,))


def _looks_like_key(name: str) -> bool:
    return name.endswith(("id", "_sk", "key", "code", "_no", "number", "uuid"))


def _names_for(relation: Relation) -> set[str]:
    """What a column that holds the ``id`` of *relation* may be called."""
    names = {relation.table.name} if relation.table else set()
    names |= {relation.name.text} if relation.name else set()
    keys = {it.casefold() for it in names}
    keys |= {it.removesuffix("s") for it in keys} | {it.removesuffix("es") for it in keys}
    return {f"{it}_id" for it in keys} | {f"{it}id" for it in keys}


def _related(table: Table, catalog: Catalog, usage: Usage) -> list[Table]:
    """The tables that keys or golden queries tie to *table*, each once."""
    found: dict[str, Table] = {}
    for key in table.foreign_keys:
        path = [Name(it, quoted=True) for it in (key.referred_schema or table.schema,) if it]
        referred = catalog.table(*path, Name(key.referred_table, quoted=True))
        if referred is not None:
            found.setdefault(referred.qualified_name, referred)
    if len(catalog.source) <= _MOST_TABLES:
        for other in catalog.source.tables():
            if _keyed_or_used(other, table, usage):
                found.setdefault(other.qualified_name, other)
    return list(found.values())


def _present(caret: Caret) -> list[Relation]:
    return [
        it for it in caret.scope.relations if it.name is not None and it.name.text != PLACEHOLDER
    ]


def _joined(caret: Caret, present: list[Relation]) -> Relation:
    """The relation whose ON the caret is in: the last one named before it."""
    words = [it.text.strip('"`[]').casefold() for it in caret.tokens]
    places = {
        index: max(
            (i for i, word in enumerate(words) if it.name and word == it.name.key), default=-1
        )
        for index, it in enumerate(present)
    }
    return present[max(places, key=lambda it: places[it])]


# Not from the tree: for some dialects sqlglot writes ON TRUE where there is no condition.
_CONDITION_AHEAD = re.compile(r"\w*\s*(?:(?:AS\s+)?\w+\s+)?(?:ON|USING)\b", re.IGNORECASE)


def _has_condition(snapshot: Snapshot, caret: Caret) -> bool:
    """Whether the table at the caret has its ON or USING already."""
    return _CONDITION_AHEAD.match(snapshot.text, caret.span.end) is not None


def _condition(alias: str, pairs: _Pairs, other: Relation, naming: Naming) -> str:
    right = _called(other, naming)
    return " AND ".join(
        f"{alias}.{naming.write(ours)} = {right}.{naming.write(theirs)}"
        for ours, theirs in zip(pairs.left, pairs.right, strict=False)
    )


def _called(relation: Relation, naming: Naming) -> str:
    name = relation.name
    if name is None:
        return ""
    return naming.write(name.text) if name.quoted else name.text


def written(table: Table, catalog: Catalog) -> str:
    """The name of *table* with its schema where it needs that."""
    name = catalog.naming.write(table.name)
    if catalog.is_visible(table):
        return name
    return f"{catalog.naming.write(table.schema)}.{name}"


def _free_alias(name: str, taken: set[str]) -> str:
    """The initials of *name*, or more of it, or with a number, until nothing is called so."""
    parts = [it for it in name.casefold().split("_") if it]
    initials = "".join(it[0] for it in parts) or "t"
    candidates = [initials, name.casefold()[:3]]
    candidates += [f"{initials}{number}" for number in range(2, 100)]
    return next(it for it in candidates if it not in taken and it.isidentifier())
