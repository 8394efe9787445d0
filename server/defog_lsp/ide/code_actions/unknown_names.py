"""What can be done where the metadata may be what is wrong, and not the query."""

from collections.abc import Iterator

from defog_lsp.ide.code_actions.actions import CodeAction, NewTable
from defog_metadata.catalog import Name
from defog_metadata.rules import Finding
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.scopes import Reference, Relation
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["unknown_names"]

_ABOUT_METADATA = frozenset(("unknown-schema", "unknown-table", "unknown-column"))


def unknown_names(snapshot: Snapshot, finding: Finding) -> Iterator[CodeAction]:
    """Read the database again, or write down the table that nobody has described yet."""
    if finding.code not in _ABOUT_METADATA:
        return
    yield CodeAction("Refresh metadata", "quickfix", mends=(finding,), refreshes_metadata=True)
    table = _new_table(snapshot, finding) if finding.code == "unknown-table" else None
    if table is not None:
        title = f"Create the metadata entry for {'.'.join(table.path)}"
        yield CodeAction(title, "quickfix", mends=(finding,), new_table=table)


def _new_table(snapshot: Snapshot, finding: Finding) -> NewTable | None:
    analysis = snapshot.analysis_at(finding.span.start)
    if analysis is None:
        return None
    span = finding.span.shifted(-analysis.statement.start)
    reference = next(
        (it for it in analysis.references if it.kind == "table" and it.span == span), None
    )
    if reference is None:
        return None
    naming = snapshot.catalog.naming
    path = tuple(naming.fold(it) for it in (*reference.qualifier, reference.name))
    columns = [naming.fold(it) for it in _columns_of(reference, analysis, snapshot)]
    return NewTable(path, tuple(dict.fromkeys(columns)))


def _columns_of(table: Reference, analysis: Analysis, snapshot: Snapshot) -> Iterator[Name]:
    """The columns that the statement takes from *table*, where it leaves no doubt."""
    naming = snapshot.catalog.naming
    relation = next(
        (it for it in table.scope.relations if isinstance(it, Relation) and _is_at(it, table)),
        None,
    )
    for it in analysis.references:
        if it.kind != "column" or relation is None:
            continue
        if it.qualifier:
            if it.scope.relation(it.qualifier, naming) is relation:
                yield it.name
        elif it.status == "uncertain" and it.scope is table.scope and _is_alone(relation, it):
            yield it.name


def _is_at(relation: Relation, table: Reference) -> bool:
    return relation.path == (*table.qualifier, table.name) and relation.span is not None


def _is_alone(relation: Relation, column: Reference) -> bool:
    return column.scope.relations == [relation] and column.scope.outer is None
