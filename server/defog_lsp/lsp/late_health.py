"""What the health report needs, imported when first asked for; as ``late``, called in threads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import warm_up
from defog_metadata.progress import check_stopped, tell_progress

if TYPE_CHECKING:
    from defog_metadata.catalog import Catalog, Table
    from defog_metadata.documents.kinds import DocumentKind
    from defog_metadata.rules.findings import Finding
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = ["Counts", "counts", "file_findings", "tables_called"]

_MOST_CALLED = 100

# ruff: noqa: PLC0415 - importing late is what this module is for


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is described and covered, in the shapes of the library's answers."""

    descriptions: dict[str, object]
    coverage: dict[str, object]
    golden_queries: int
    long: Sequence[str]
    """What is described at too great a length; *uncovered* are tables that no query reads."""
    uncovered: Sequence[str]


def counts(
    workspace: "Workspace", connection: "Connection | None", loaded: "LoadedMetadata"
) -> Counts:
    """How much is described, and how much golden queries cover. Streams the whole catalog."""
    warm_up()
    from defog_metadata.checks.descriptions import described
    from defog_metadata.defog import Defog

    found = described(loaded.catalog.source.tables())
    coverage = Defog.of(workspace, connection, loaded).check_golden_queries_coverage()
    return Counts(
        found.as_dict(),
        coverage,
        len(loaded.golden_queries),
        found.long,
        coverage["uncovered_tables"],
    )


def file_findings(
    workspace: "Workspace",
    connection: "Connection | None",
    loaded: "LoadedMetadata",
    opened: Mapping[Path, str],
) -> "Iterator[tuple[DocumentKind, Path, str, list[Finding]]]":
    """What is wrong with each golden, glossary and metadata file, with its text. Reads them."""
    warm_up()
    from defog_metadata.checks.documents import Document, check_document
    from defog_metadata.workspace.named_files import read_named_files

    files = read_named_files(workspace, connection, opened)
    severities = workspace.configuration.severities
    catalog = loaded.catalog
    total, looked = sum(map(len, files.values())), 0
    for kind, texts in files.items():
        for file in texts:
            check_stopped()
            tell_progress(looked, total, file.path.name)
            looked += 1
            database = workspace.database_for(file.path, loaded)
            document = Document(file, catalog, catalog.dialect, severities, files, database)
            yield kind, file.path, file.text, check_document(kind, document)


def tables_called(names: "Sequence[str]", catalog: "Catalog") -> "Iterator[tuple[str, Table]]":
    """The first of *names*, of tables and of columns with their tables, and what has them.

    One that a report has shortened, or that is put together in more than one way, is left out.
    """
    for name in names[:_MOST_CALLED]:
        parts = name.split(".")
        found = {
            table.qualified_name: table
            for part in parts[-2:]
            for table in catalog.source.named(part.casefold())
            if name in (table.name, table.qualified_name, *_columns_called(name, table))
        }
        if len(found) == 1:
            yield name, next(iter(found.values()))


def _columns_called(name: str, table: "Table") -> "Iterator[str]":
    column = name.rpartition(".")[2]
    if table.column(column) is not None:
        yield f"{table.qualified_name}.{column}"
