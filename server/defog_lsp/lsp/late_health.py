"""What the health report needs, imported when first asked for; as ``late``, called in threads."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import warm_up
from defog_metadata.progress import check_stopped, tell_progress

if TYPE_CHECKING:
    from defog_metadata.documents.kinds import DocumentKind
    from defog_metadata.rules.findings import Finding
    from defog_metadata.workspace.configuration import Connection
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = ["counts", "file_findings"]

# ruff: noqa: PLC0415 - importing late is what this module is for


def counts(
    workspace: "Workspace", connection: "Connection | None", loaded: "LoadedMetadata"
) -> dict[str, object]:
    """How much is described, and how much golden queries cover. Streams the whole catalog."""
    warm_up()
    from defog_metadata.checks.descriptions import described
    from defog_metadata.defog import Defog

    found = Defog.of(workspace, connection, loaded)
    return {
        "descriptions": described(loaded.catalog.source.tables()).as_dict(),
        "coverage": found.check_golden_queries_coverage(),
        "goldenQueries": len(loaded.golden_queries),
    }


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
