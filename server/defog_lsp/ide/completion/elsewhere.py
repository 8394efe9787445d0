"""Columns of tables that are not in FROM yet: a select list is often typed before its FROM."""

from collections.abc import Iterator, Sequence

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.completion.matching import abbreviates
from defog_metadata.catalog import Catalog, Name, Table
from defog_metadata.pruning import relevance, terms
from defog_metadata.sql.binding.identifiers import fields_of
from defog_metadata.sql.caret import Caret
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["columns_elsewhere"]

# A database with more tables is not looked through; the question's words choose some of them.
_MOST_TABLES = 500
_MOST_RELEVANT = 40


def columns_elsewhere(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """Columns of the tables that the statement is likely about to read."""
    naming = snapshot.catalog.naming
    for table in _tables(snapshot.catalog, caret):
        name = Name(table.name, quoted=True)
        relation = Relation(name, "table", table=table)
        for field in fields_of(table):
            yield Candidate(
                Item(
                    label=field.name.text,
                    kind="column",
                    span=caret.span,
                    insert=naming.write(field.name.text),
                    detail=field.type,
                    description=table.name,
                    documentation=field.column.description if field.column else "",
                ),
                field,
                relation,
                distance=1,
            )
    for cte in (*caret.scope.ctes, *caret.known):
        for field in cte.fields:
            if field.name.text:
                item = Item(
                    label=field.name.text,
                    kind="column",
                    span=caret.span,
                    insert=field.name.text,
                    detail=field.type,
                    description=cte.name.text if cte.name else "",
                )
                yield Candidate(item, field, cte)


def _tables(catalog: Catalog, caret: Caret) -> Sequence[Table]:
    source = catalog.source
    if caret.qualifier:
        return _meant_by(caret.qualifier[-1], catalog)
    if len(source) > _MOST_TABLES:
        keys = {it for term in terms(caret.comment) for it in _starting_with(catalog, term)}
        tables = [table for key in sorted(keys) for table in source.named(key)]
    else:
        tables = list(source.tables())
    if len(tables) <= _MOST_RELEVANT:
        return tables
    scores = relevance(terms(caret.comment), [_words(it) for it in tables])
    order = sorted(range(len(tables)), key=lambda it: -scores[it])
    return [tables[it] for it in order[:_MOST_RELEVANT]]


def _meant_by(qualifier: Name, catalog: Catalog) -> Sequence[Table]:
    """The tables that an alias nobody has given yet may stand for: the first letters of each."""
    found = catalog.elsewhere(qualifier)
    if found:
        return found
    starting = catalog.source.summaries(prefix=qualifier.key[:1], limit=_MOST_TABLES)
    fitting = [
        it for it in starting if abbreviates(qualifier.text, it.name) or len(qualifier.text) == 1
    ]
    return [
        table
        for it in fitting[:_MOST_RELEVANT]
        for table in catalog.source.named(it.name.casefold())
        if table.schema == it.schema
    ]


def _starting_with(catalog: Catalog, term: str) -> list[str]:
    return [it.name.casefold() for it in catalog.source.summaries(prefix=term, limit=10)]


def _words(table: Table) -> tuple[str, ...]:
    columns = (word for it in table.columns for word in terms(it.name))
    return (*terms(table.name), *terms(table.description), *columns)
