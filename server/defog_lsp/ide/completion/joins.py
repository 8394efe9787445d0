"""Joins that the keys suggest: the table with its condition, or the condition alone."""

import re
from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import subject_of_table
from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.completion.likely import named_relations, related_tables
from defog_metadata.catalog import Catalog, Table
from defog_metadata.sql.facts.aliases import free_alias
from defog_metadata.sql.facts.keys import (
    KeyPairs,
    called,
    condition,
    keys_between,
    written_name,
)
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.usage import Usage

__all__ = ["conditions", "joined_tables", "tied"]


def joined_tables(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """After JOIN: the tables that keys tie to those in FROM, each with its whole condition."""
    if not caret.before or caret.before[-1] != "JOIN" or _hascondition(snapshot, caret):
        return
    catalog = snapshot.catalog
    present = named_relations(caret)
    is_aliased = any(it.hidden is not None for it in present)
    taken = {it.name.key for it in present if it.name}
    for relation in reversed(present):
        if relation.table is None:
            continue
        for table in related_tables(relation.table, snapshot, caret.prefix):
            name = _written_at(caret, table, catalog)
            if not name:
                continue
            short = (
                free_alias(table.name, taken, catalog.naming)
                if is_aliased or table.name.casefold() in taken
                else ""
            )
            alias = short or catalog.naming.write(table.name)
            for pairs in _keyed_or_used(table, relation.table, snapshot.usage):
                on = condition(alias, pairs, relation, catalog.naming)
                insert = f"{name} {short} ON {on}" if short else f"{name} ON {on}"
                item = Item(
                    label=insert,
                    kind="join",
                    span=caret.span,
                    insert=insert,
                    description="join",
                    documentation=table.description,
                    subject=subject_of_table(table),
                )
                yield Candidate(item, summary=table.summary, table=table)


def conditions(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """After ON: the conditions that tie the table just joined to those before it."""
    if caret.qualifier or not caret.before or caret.before[-1] != "ON":
        return
    present = named_relations(caret)
    naming = snapshot.catalog.naming
    if len(present) < 2:  # noqa: PLR2004
        return
    joined = _joined(caret, present)
    others = [it for it in reversed(present) if it is not joined]
    found = [
        (it, pairs)
        for it in others
        if joined.table is not None and it.table is not None
        for pairs in _keyed_or_used(joined.table, it.table, snapshot.usage)
    ] or [(it, pairs) for it in others for pairs in _same_named(joined, it)]
    # Of several keys the one that ties nothing yet is likelier.
    for other, pairs in sorted(found, key=lambda it: _is_tied(it[0], it[1], caret)):
        on = condition(called(joined, naming), pairs, other, naming)
        yield Candidate(Item(on, "join", caret.span, on, description="join"))


def tied(table: Table, alias: str, snapshot: Snapshot, caret: Caret) -> str:
    """The condition that ties *table*, called *alias*, to what the caret's query reads.

    The empty string where neither keys nor golden queries know one.
    """
    for relation in reversed(named_relations(caret)):
        if relation.table is None:
            continue
        for pairs in _keyed_or_used(table, relation.table, snapshot.usage):
            return condition(alias, pairs, relation, snapshot.catalog.naming)
    return ""


def _is_tied(other: Relation, pairs: KeyPairs, caret: Caret) -> bool:
    """Whether an earlier condition has used these columns of *other*."""
    if other.name is None:
        return False
    words = [it.key for it in caret.tokens]
    paths = {(words[i], words[i + 2]) for i, it in enumerate(words[1:-1]) if it == "."}
    return all((other.name.key, it.casefold()) in paths for it in pairs.right)


def _keyed_or_used(table: Table, other: Table, usage: Usage) -> list[KeyPairs]:
    """What foreign keys say; where they say nothing, how golden queries join the two."""
    found = list(keys_between(table, other))
    return found or [KeyPairs(it.columns, it.other_columns) for it in usage.joins_of(table, other)]


def _same_named(joined: Relation, other: Relation) -> Iterator[KeyPairs]:
    """Without keys: columns that look like some and are called alike, or ``id`` and ``t_id``."""
    others = {it.name.key: it.name.text for it in other.fields}
    for field in joined.fields:
        key, name = field.name.key, field.name.text
        if key in others and key != "id" and _looks_like_key(key):
            yield KeyPairs((name,), (others[key],))
        elif "id" in others and key in _names_for(other):
            yield KeyPairs((name,), (others["id"],))
    own = {it.name.key: it.name.text for it in joined.fields}
    if "id" in own:
        for field in other.fields:
            if field.name.key in _names_for(joined):
                yield KeyPairs((own["id"],), (field.name.text,))


def _looks_like_key(name: str) -> bool:
    return name.endswith(("id", "_sk", "key", "code", "_no", "number", "uuid"))


def _names_for(relation: Relation) -> set[str]:
    """What a column that holds the ``id`` of *relation* may be called."""
    names = {relation.table.name} if relation.table else set()
    names |= {relation.name.text} if relation.name else set()
    keys = {it.casefold() for it in names}
    keys |= {it.removesuffix("s") for it in keys} | {it.removesuffix("es") for it in keys}
    return {f"{it}_id" for it in keys} | {f"{it}id" for it in keys}


def _joined(caret: Caret, present: list[Relation]) -> Relation:
    """The relation whose ON the caret is in: the last one named before it."""
    words = [it.key for it in caret.tokens]
    places = {
        index: max(
            (i for i, word in enumerate(words) if it.name and word == it.name.key), default=-1
        )
        for index, it in enumerate(present)
    }
    return present[max(places, key=lambda it: places[it])]


# Not from the tree: for some dialects sqlglot writes ON TRUE where there is no condition.
_CONDITION_AHEAD = re.compile(r"\w*\s*(?:(?:AS\s+)?\w+\s+)?(?:ON|USING)\b", re.IGNORECASE)


def _hascondition(snapshot: Snapshot, caret: Caret) -> bool:
    """Whether the table at the caret has its ON or USING already."""
    return _CONDITION_AHEAD.match(snapshot.text, caret.span.end) is not None


def _written_at(caret: Caret, table: Table, catalog: Catalog) -> str:
    """How the table is named at the caret; the empty string where it is in another schema."""
    if not caret.qualifier:
        return written_name(table, catalog)
    is_in_schema = catalog.naming.same(caret.qualifier[-1], table.schema)
    return catalog.naming.write(table.name) if is_in_schema else ""
