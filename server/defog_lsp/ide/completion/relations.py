"""What can stand after FROM: schemas, tables and views, CTEs, tables that the file defines."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item
from defog_metadata.catalog import TableSummary
from defog_metadata.sql.caret import Caret
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["relations"]

# Far more than a person reads, far fewer than a large database has.
_MOST_TABLES = 500


def relations(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The nearest definitions first: CTEs, then the file's own, then the database's."""
    catalog = snapshot.catalog
    naming = catalog.naming
    if caret.qualifier:
        *_, schema = caret.qualifier
        for stored in catalog.source.schemas():
            if naming.same(schema, stored):
                for summary in _tables(snapshot, caret, stored):
                    yield _table(summary, caret, naming.write(summary.name))
        return
    for relation in (*caret.scope.ctes, *caret.known):
        if relation.name is not None:
            yield _defined(relation, caret)
    for summary in _tables(snapshot, caret, None):
        written = naming.write(summary.name)
        if not catalog.is_visible(summary):
            written = f"{naming.write(summary.schema)}.{written}"
        yield _table(summary, caret, written)
    for name in catalog.source.schemas():
        if name:
            yield Candidate(Item(name, "schema", caret.span, naming.write(name)))


def _tables(snapshot: Snapshot, caret: Caret, schema: str | None) -> Iterator[TableSummary]:
    """The tables that may fit: those that start as typed, then those that start alike.

    What is typed may be an abbreviation, which ranking understands and a prefix does not; a
    small database is looked through wholly.
    """
    source = snapshot.catalog.source
    typed = caret.prefix.casefold()
    prefixes = [typed, typed[:1]]
    if len(source) <= _MOST_TABLES:
        prefixes.append("")
    seen: set[TableSummary] = set()
    for prefix in dict.fromkeys(prefixes):
        for it in source.summaries(prefix=prefix, schema=schema, limit=_MOST_TABLES):
            if it not in seen:
                seen.add(it)
                yield it


def _table(summary: TableSummary, caret: Caret, written: str) -> Candidate:
    item = Item(
        label=summary.name,
        kind="table" if summary.kind in ("table", "foreign table") else "view",
        span=caret.span,
        insert=written,
        description=summary.schema,
        documentation=summary.description,
    )
    return Candidate(item, summary=summary)


def _defined(relation: Relation, caret: Caret) -> Candidate:
    name = relation.name.text if relation.name else ""
    fields = ", ".join(it.name.text for it in relation.fields if it.name.text)
    item = Item(
        label=name,
        kind="cte" if relation.kind == "cte" else "table",
        span=caret.span,
        insert=name,
        description="this query" if relation.kind == "cte" else "this file",
        documentation=fields,
    )
    return Candidate(item, relation=relation)
