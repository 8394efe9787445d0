"""Where a description is written: the workspace's own file, else the cache entry."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import read_metadata, read_metadata_csv
from defog_metadata.checks.metadata.files import FileKind, file_kind
from defog_metadata.errors import ConfigurationError, MetadataError
from defog_metadata.updates.edits import place_in
from defog_metadata.workspace import Connection, Workspace
from defog_metadata.workspace.encoding import decode

__all__ = ["Target", "tables_of", "target_of", "targets_of"]


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write to; ``kind`` is ``cache`` for a cache entry."""

    path: Path
    kind: Literal["json", "csv", "cache"]
    has_table: bool = True
    """Whether the table is there already."""


def target_of(workspace: Workspace, connection: Connection | None, table: Table) -> Target:
    """Where descriptions of *table* go.

    Of the metadata files the last one that has the table, since it lies over the others; else the
    first that can be read; without any, the cache entry. Raises ``ConfigurationError`` where there
    is neither.
    """
    return targets_of(workspace, connection, [table])[0]


def targets_of(
    workspace: Workspace, connection: Connection | None, tables: Sequence[Table]
) -> list[Target]:
    """``target_of`` for each of *tables*; the files are read once."""
    paths = workspace.files(workspace.configuration.metadata)
    files = [(path, found) for path in paths if (found := _read(path)) is not None]
    targets: list[Target] = []
    for table in tables:
        holders = [path for path, found in files if place_in(found, table) is not None]
        if holders:
            path = Path(os.path.realpath(holders[-1]))
            targets.append(Target(path, file_kind(path)))
        elif files:
            path = Path(os.path.realpath(files[0][0]))
            targets.append(Target(path, file_kind(path), has_table=False))
        else:
            targets.append(_cache_entry(workspace, connection))
    return targets


def tables_of(text: str, kind: FileKind) -> tuple[Table, ...]:
    """The tables of a metadata file; raises ``MetadataError``."""
    if kind == "csv":
        return read_metadata_csv(text).tables
    try:
        return read_metadata(json.loads(text)).tables
    except (json.JSONDecodeError, RecursionError) as error:
        raise MetadataError("", f"not JSON: {error}") from error


def _read(path: Path) -> tuple[Table, ...] | None:
    try:
        text, bad = decode(path.read_bytes())
        return None if bad else tables_of(text, file_kind(path))
    except (OSError, MetadataError):
        return None  # it is reported as a problem of the workspace


def _cache_entry(workspace: Workspace, connection: Connection | None) -> Target:
    path = workspace.cache_file(connection)
    if path is None or not path.exists():
        raise ConfigurationError(
            "There is nowhere to write a description to: extract the database first, or name a"
            ' file in the defog.toml, such as metadata = ["metadata/*.json"].'
        )
    return Target(path, "cache")
