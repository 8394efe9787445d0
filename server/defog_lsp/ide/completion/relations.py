"""What can stand after FROM: schemas, tables and views, CTEs, tables that the file defines."""

from collections.abc import Iterator

from defog_lsp.ide.completion.items import Item
from defog_metadata.catalog import TableSummary
from defog_metadata.sql.caret import Caret
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["relations"]

# Far more than a person reads, far fewer than a large database has.
_MOST_TABLES = 500


def relations(snapshot: Snapshot, caret: Caret) -> Iterator[Item]:
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
    for schema_name in catalog.source.schemas():
        if schema_name:
            yield Item(schema_name, "schema", caret.span, naming.write(schema_name))


def _tables(snapshot: Snapshot, caret: Caret, schema: str | None) -> Iterator[TableSummary]:
    source = snapshot.catalog.source
    # By the first letter only: the rest may be an abbreviation, which ranking understands.
    found = source.summaries(prefix=caret.prefix[:1].casefold(), schema=schema, limit=_MOST_TABLES)
    yield from found
    if caret.prefix and len(source) <= _MOST_TABLES:
        known = set(found)
        yield from (it for it in source.summaries(schema=schema) if it not in known)


def _table(summary: TableSummary, caret: Caret, written: str) -> Item:
    return Item(
        label=summary.name,
        kind="table" if summary.kind in ("table", "foreign table") else "view",
        span=caret.span,
        insert=written,
        description=summary.schema,
        documentation=summary.description,
    )


def _defined(relation: Relation, caret: Caret) -> Item:
    name = relation.name.text if relation.name else ""
    fields = ", ".join(it.name.text for it in relation.fields if it.name.text)
    return Item(
        label=name,
        kind="cte" if relation.kind == "cte" else "table",
        span=caret.span,
        insert=name,
        description="this query" if relation.kind == "cte" else "this file",
        documentation=fields,
    )
