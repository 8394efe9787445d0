"""What can stand after FROM: schemas, tables and views, CTEs, tables that the file defines."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import subject_of_table
from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.completion.likely import asked_tables, closest, golden_tables, tied_tables
from defog_lsp.ide.completion.matching import fit
from defog_metadata.catalog import Name, Naming, Table, TableSummary
from defog_metadata.sql.binding.identifiers import is_local
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["most_shown", "relations", "schemas"]

_MOST_TABLES, _MOST_TYPED = 100, 40
"""So many are shown, of a name that something has been typed of fewer: another letter is sooner
typed than they are read."""
_LAST = "\U0010ffff"
_FEW = 10
"""With fewer that fit, those are offered too that share no more than letters with what is typed."""


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
    # What the file has defined or dropped hides what the database has.
    known = {it.name.key for it in caret.known if it.name is not None}
    for summary, table in _tables(snapshot, caret, within):
        if summary.name.casefold() in known:
            path = tuple(_name(it, naming) for it in (summary.schema, summary.name) if it)
            if any(is_local(it, path, catalog) for it in caret.known):
                continue
        written = naming.write(summary.name)
        if not caret.qualifier and not catalog.is_visible(summary):
            written = f"{naming.write(summary.schema)}.{written}"
        yield _table(summary, table, caret, written)
    yield from schemas(snapshot, caret)


def schemas(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The schemas of the database."""
    catalog = snapshot.catalog
    for name in catalog.source.schemas() if not caret.qualifier else ():
        if name and fit(caret.prefix, name) is not None:
            yield Candidate(Item(name, "schema", caret.span, catalog.naming.write(name)))


def most_shown(caret: Caret) -> int:
    """How many tables of the database are shown at once."""
    return _MOST_TYPED if caret.prefix else _MOST_TABLES


def _tables(
    snapshot: Snapshot, caret: Caret, within: list[str | None]
) -> Iterator[tuple[TableSummary, Table | None]]:
    """The tables that fit, each once, those that something speaks for first.

    What speaks for a table are keys, golden queries and the question; then the search path.
    """
    schemas = frozenset(within)
    evident = {
        it.summary: it
        for it in (
            *tied_tables(snapshot, caret),
            *golden_tables(snapshot, caret.prefix),
            *asked_tables(snapshot, caret),
        )
    }
    for it in dict.fromkeys((*evident, *_matching(snapshot, caret, within))):
        if (None in schemas or it.schema in schemas) and fit(caret.prefix, it.name) is not None:
            yield it, evident.get(it)


def _matching(snapshot: Snapshot, caret: Caret, within: list[str | None]) -> list[TableSummary]:
    """The closest of each schema, in an order that stays while more is typed."""
    source, typed = snapshot.catalog.source, caret.prefix
    most = most_shown(caret) + 1  # so that it is known whether there are more
    found: list[TableSummary] = []
    if within == [None]:
        found += closest(snapshot, typed, most=most)
    else:
        for schema in within:
            found += source.matching(typed, schema=schema, limit=most)
    if len(found) < _FEW and typed:
        for schema in within:
            first = typed[:1].casefold()
            found += source.summaries(prefix=first, schema=schema, limit=most)
    # ``orders`` before ``order_lines``: the shorter is likelier, and an alphabet nobody minds.
    return sorted(found, key=lambda it: (it.name.casefold().replace("_", _LAST), it.schema))


def _table(summary: TableSummary, table: Table | None, caret: Caret, written: str) -> Candidate:
    item = Item(
        label=summary.name,
        kind="table" if summary.kind in ("table", "foreign table") else "view",
        span=caret.span,
        insert=written,
        description=summary.schema,
        documentation=summary.description,
        subject=subject_of_table(summary),
    )
    return Candidate(item, summary=summary, table=table)


def _name(stored: str, naming: Naming) -> Name:
    """A stored name as a person would write it."""
    return Name(stored, quoted=naming.write(stored) != stored)


def _defined(
    relation: Relation, caret: Caret, naming: Naming, *, qualified: bool
) -> Iterator[Candidate]:
    if relation.kind == "dropped" or relation.name is None:
        return
    if fit(caret.prefix, relation.name.text) is None:
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
