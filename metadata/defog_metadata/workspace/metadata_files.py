"""The version-controlled metadata of a folder: every file read, the bad ones reported."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from defog_metadata.catalog import MemoryTables, OverlaidTables, Table
from defog_metadata.catalog.shapes import Metadata, read_metadata, read_metadata_csv
from defog_metadata.errors import MetadataError
from defog_metadata.rules.findings import Severity
from defog_metadata.workspace.encoding import decode

__all__ = ["FileProblem", "WorkspaceMetadata", "read_metadata_files"]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a file as a whole."""

    path: Path
    severity: Severity
    message: str


@dataclass(frozen=True)
class WorkspaceMetadata:
    tables: tuple[Table, ...] = ()
    search_path: tuple[str, ...] = ()
    glossary: str = ""
    problems: tuple[FileProblem, ...] = ()


def read_metadata_files(paths: Iterable[Path]) -> WorkspaceMetadata:
    """The tables of all files, a later file over an earlier one. Never raises.

    A file that cannot be used is a problem; the others are used all the same.
    """
    problems: list[FileProblem] = []
    tables: dict[tuple[str, ...], tuple[Table, Path]] = {}
    search_path: dict[str, None] = {}
    glossaries: list[str] = []
    for path in paths:
        try:
            metadata = _read(path)
        except (OSError, MetadataError) as error:
            problems.append(FileProblem(path, "error", f"not used: {_reason(error)}"))
            continue
        search_path.update(dict.fromkeys(metadata.search_path))
        glossaries.append(metadata.glossary)
        for table in metadata.tables:
            key = (table.database, table.schema, table.name)
            if key in tables:
                below, first = tables[key]
                tables[key] = (_over(table, below), path)
                if path != first:  # within one file, a check of its own says so at the place
                    problems.append(_twice(table, path, first))
            else:
                tables[key] = (table, path)
    return WorkspaceMetadata(
        tuple(table for table, _ in tables.values()),
        tuple(search_path),
        "\n".join(filter(None, glossaries)),
        tuple(problems),
    )


def _read(path: Path) -> Metadata:
    text, bad = decode(path.read_bytes())
    if bad is not None:
        raise MetadataError("", bad.message)
    if path.suffix.lower() == ".csv":
        return read_metadata_csv(text)
    try:
        data: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise MetadataError(
            "", f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from error
    return read_metadata(data)


def _over(upper: Table, lower: Table) -> Table:
    return next(OverlaidTables(MemoryTables([upper]), MemoryTables([lower])).tables())


def _twice(table: Table, path: Path, first: Path) -> FileProblem:
    message = f"{table.qualified_name} is defined in {first.name} already"
    return FileProblem(path, "information", f"{message}; what is said here lies over it")


def _reason(error: OSError | MetadataError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
