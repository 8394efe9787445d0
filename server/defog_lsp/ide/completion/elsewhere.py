"""Columns of tables that are not in FROM yet: a select list is often typed before its FROM."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from defog_lsp.ide.completion.additions import Room, room_for_relation
from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import subject_of_field
from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.completion.joins import tied
from defog_lsp.ide.completion.likely import (
    asked_tables,
    closest,
    golden_tables,
    holding_tables,
    stored,
    tied_tables,
)
from defog_lsp.ide.completion.matching import stands_for
from defog_lsp.snippet_text import escaped
from defog_metadata.catalog import Catalog, Name, Naming, Table
from defog_metadata.catalog.reserved import reserved_words
from defog_metadata.pruning import terms
from defog_metadata.sql.binding.identifiers import fields_of
from defog_metadata.sql.facts.keys import written_name
from defog_metadata.sql.scopes import Field, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["columns_elsewhere"]

_MOST_RELEVANT = 40
"""A database with more tables is not looked through; some of them are found by what is asked."""
_MOST_OF_MANY = 15
"""So many of these: each brings all of its columns."""
# Short for a table's name in a way that people use.
_PLAIN = 0.8


def columns_elsewhere(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """Columns of the tables that the statement is likely about to read.

    Behind a qualifier that nothing in scope has, taking one adds its table to the query. Without
    one it does not: a column's name does not say which of several tables is meant.
    """
    if not _is_open_to(caret, snapshot.catalog.naming):
        return
    is_before_from = caret.reference is not None and caret.reference.clause == "select"
    room = room_for_relation(snapshot, caret) if caret.qualifier else None
    for relation in _relations(snapshot, caret):
        clause = _clause(relation, room, snapshot, caret) if room else ""
        if not clause and not is_before_from:
            continue
        for field in relation.fields:
            if field.name.text:
                yield _candidate(field, relation, room if clause else None, clause, snapshot, caret)


# Further on in a query only what can be added to its FROM is of use.
_CLAUSES = frozenset(("select", "where", "group by", "having", "qualify", "order by"))


def _is_open_to(caret: Caret, naming: Naming) -> bool:
    """Whether the caret's query has nothing yet that the column could come from."""
    if caret.reference is None or caret.reference.clause not in _CLAUSES:
        return False
    if not caret.qualifier:
        return caret.reference.clause == "select" and not caret.scope.relations
    return caret.scope.relation(caret.qualifier, naming) is None and not any(
        it.hidden is not None and naming.equal(caret.qualifier[-1], it.hidden)
        for it in caret.scope.relations
    )


def _candidate(  # noqa: PLR0913, PLR0917 - the column, and all that adding its table takes
    field: Field,
    relation: Relation,
    room: Room | None,
    clause: str,
    snapshot: Snapshot,
    caret: Caret,
) -> Candidate:
    is_stored = relation.table is not None
    name = field.name.text
    insert = snapshot.catalog.naming.write(name) if is_stored or field.name.quoted else name
    owner = relation.name.text if relation.name else ""
    item = Item(
        label=name,
        kind="column",
        span=caret.span,
        insert=insert,
        detail=field.type,
        description=f"adds {owner}" if room else owner,
        subject=subject_of_field(field),
    )
    if room is not None and room.touches_caret:
        # Two edits in one place have no order: here the completion brings both.
        added = room.edit(clause).text
        item = replace(item, insert=insert + added, snippet=f"{escaped(insert)}$0{escaped(added)}")
    elif room is not None:
        item = replace(item, extra_edits=(room.edit(clause),))
    return Candidate(item, field, relation, distance=1 if is_stored else 0)


def _clause(relation: Relation, room: Room, snapshot: Snapshot, caret: Caret) -> str:
    """What makes *relation* a part of the query under the name of the caret's qualifier."""
    naming = snapshot.catalog.naming
    *path, qualifier = caret.qualifier
    table, name = relation.table, relation.name
    is_reserved = qualifier.key in reserved_words(snapshot.dialect) and not qualifier.quoted
    if name is None or is_reserved:
        return ""
    called = _path((qualifier,), naming)
    source = (
        written_name(table, snapshot.catalog) if table else _path(relation.path or (name,), naming)
    )
    if path:
        source = _path(caret.qualifier, naming)
    elif not (naming.same(qualifier, name.text) if table else naming.equal(qualifier, name)):
        source = f"{source} {called}"
    if not room.has_from:
        return f"{room.keyword('FROM')} {source}"
    condition = tied(table, called, snapshot, caret) if table is not None and not path else ""
    if not condition:
        return ""
    return f"{room.keyword('JOIN')} {source} {room.keyword('ON')} {condition}"


def _path(names: Sequence[Name], naming: Naming) -> str:
    return ".".join(naming.write(it.text) if it.quoted else it.text for it in names)


def _relations(snapshot: Snapshot, caret: Caret) -> Iterator[Relation]:
    catalog = snapshot.catalog
    for table in _tables(snapshot, caret):
        yield Relation(Name(table.name, quoted=True), "table", fields_of(table), table=table)
    for cte in (*caret.scope.ctes, *caret.known):
        if cte.kind != "dropped" and cte.name is not None and _may_mean(cte.name, caret, catalog):
            yield cte


def _may_mean(name: Name, caret: Caret, catalog: Catalog) -> bool:
    if not caret.qualifier:
        return True
    qualifier = caret.qualifier[-1]
    return catalog.naming.equal(qualifier, name) or stands_for(qualifier.text, name.text) >= _PLAIN


def _tables(snapshot: Snapshot, caret: Caret) -> Sequence[Table]:
    """The tables whose columns are offered, the likeliest first, each once."""
    catalog = snapshot.catalog
    if len(caret.qualifier) > 1:
        table = catalog.table(*caret.qualifier)
        return [table] if table is not None else []
    if caret.qualifier:
        return _meant_by(snapshot, caret)
    if len(catalog.source) <= _MOST_RELEVANT:
        return _few_tables(catalog)
    found = (
        *asked_tables(snapshot, caret, *terms(caret.prefix)),
        *golden_tables(snapshot),
        *holding_tables(snapshot, caret.prefix),
    )
    return list({it.qualified_name: it for it in found}.values())[:_MOST_OF_MANY]


def _meant_by(snapshot: Snapshot, caret: Caret) -> Sequence[Table]:
    """The tables that an alias nobody has given yet may stand for, the likeliest first."""
    catalog, qualifier = snapshot.catalog, caret.qualifier[-1]
    found = catalog.elsewhere(qualifier)
    if found:
        return found
    source = catalog.source
    if len(source) <= _MOST_RELEVANT:
        tables = _few_tables(catalog)
    else:
        close = closest(snapshot, qualifier.text, most=_MOST_OF_MANY)
        likely = (*tied_tables(snapshot, caret), *golden_tables(snapshot), *stored(close, catalog))
        tables = list({it.qualified_name: it for it in likely}.values())
    chances = [stands_for(qualifier.text, it.name) for it in tables]
    plain = [index for index, it in enumerate(chances) if it >= _PLAIN]
    # Before there is a FROM, an alias that says little may be any table's.
    if not plain and not caret.scope.relations:
        plain = list(range(len(tables)))
    order = sorted(plain, key=lambda it: -chances[it])
    return [tables[it] for it in order[:_MOST_RELEVANT]]


def _few_tables(catalog: Catalog) -> list[Table]:
    return list(stored(catalog.source.summaries(limit=_MOST_RELEVANT), catalog))
