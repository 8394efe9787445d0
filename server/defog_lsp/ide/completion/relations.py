"""What can stand after FROM: schemas, tables and views, CTEs, tables that the file defines."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import subject_of_table
from defog_lsp.ide.completion.items import Item
from defog_metadata.catalog import Name, Naming, TableSummary
from defog_metadata.sql.binding.identifiers import is_local
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["relations", "schemas"]

# Far more than a person reads, far fewer than a large database has.
_MOST_TABLES = 500


def relations(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The nearest definitions first: CTEs, then the file's own, then the database's."""
    catalog = snapshot.catalog
    naming = catalog.naming
    within: list[str | None] = [None]
    if caret.qualifier:
        schema = caret.qualifier[-1]
        # Where the metadata does not say which schema a table is in, it may be any.
        within = [it for it in catalog.source.schemas() if not it or naming.same(schema, it)]
        for relation in caret.known:
            if len(relation.path) > 1 and naming.equal(schema, relation.path[-2]):
                yield from _defined(relation, caret, naming, qualified=False)
    else:
        for relation in (*caret.scope.ctes, *caret.known):
            yield from _defined(relation, caret, naming, qualified=True)
    for stored in within:
        for summary in _tables(snapshot, caret, stored):
            path = tuple(_name(it, naming) for it in (summary.schema, summary.name) if it)
            # What the file has defined or dropped hides what the database has.
            if any(is_local(it, path, catalog) for it in caret.known):
                continue
            written = naming.write(summary.name)
            if not caret.qualifier and not catalog.is_visible(summary):
                written = f"{naming.write(summary.schema)}.{written}"
            yield _table(summary, caret, written)
    yield from schemas(snapshot, caret)


def schemas(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The schemas of the database."""
    catalog = snapshot.catalog
    for name in catalog.source.schemas() if not caret.qualifier else ():
        if name:
            yield Candidate(Item(name, "schema", caret.span, catalog.naming.write(name)))


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
        subject=subject_of_table(summary),
    )
    return Candidate(item, summary=summary)


def _name(stored: str, naming: Naming) -> Name:
    """A stored name as a person would write it."""
    return Name(stored, quoted=naming.write(stored) != stored)


def _defined(
    relation: Relation, caret: Caret, naming: Naming, *, qualified: bool
) -> Iterator[Candidate]:
    if relation.kind == "dropped" or relation.name is None:
        return
    path = relation.path if qualified and relation.path else (relation.name,)
    written = ".".join(naming.write(it.text) if it.quoted else it.text for it in path)
    item = Item(
        label=relation.name.text,
        kind="cte" if relation.kind == "cte" else "table",
        span=caret.span,
        insert=written,
        description="this query" if relation.kind == "cte" else "this file",
        documentation=", ".join(it.name.text for it in relation.fields if it.name.text),
    )
    yield Candidate(item, relation=relation)
