"""Descriptions written to where they are kept: whole or not at all, and none of anybody's lost."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defog_metadata.catalog.shapes.own_descriptions import describe
from defog_metadata.checks.metadata.files import file_kind
from defog_metadata.errors import CacheError, MetadataError
from defog_metadata.rules.fixes import applied
from defog_metadata.store.files import LockTimeout
from defog_metadata.store.guarded import rewrite
from defog_metadata.updates.changes import Change, resolved
from defog_metadata.updates.edits import change_edits, place_in
from defog_metadata.updates.targets import tables_of, targets_of
from defog_metadata.workspace import Connection, LoadedMetadata, Workspace
from defog_metadata.workspace.encoding import decode

__all__ = ["Updated", "batched", "update_metadata", "update_table_metadata"]

logger = logging.getLogger(__name__)

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Updated:
    """The metadata as they are now, what was said anew, and the files that say it."""

    metadata: LoadedMetadata
    changes: tuple[Change, ...]
    paths: tuple[Path, ...]


def update_metadata(
    workspace: Workspace,
    connection: Connection | None,
    metadata_updates: Mapping[str, Mapping[str, Any]],
) -> Updated:
    """Describe tables and columns: ``{table: {"table_description", "columns": {column: text}}}``.

    The workspace's metadata files are written where there are any, else the cache entry of
    *connection*; ``targets.target_of`` says which. Nothing else in a file changes. In the cache
    entry an empty text goes back to what the database says.

    Raises ``MetadataError`` for names that are unknown, all in one message, and for a file that
    cannot be edited; ``ConfigurationError`` where there is nowhere to write to; ``CacheError`` for
    a file that cannot be written. Each file is then as it was.
    """
    loaded = workspace.metadata(connection)
    changes = resolved(metadata_updates, loaded.catalog)
    if not changes:
        return Updated(loaded, (), ())
    targets = targets_of(workspace, connection, [it.table for it in changes])
    by_target: dict[tuple[Path, str], list[Change]] = {}
    for change, target in zip(changes, targets, strict=True):
        by_target.setdefault((target.path, target.kind), []).append(change)
    _write_files({path: it for (path, kind), it in by_target.items() if kind != "cache"})
    for (path, kind), cached in by_target.items():
        if kind == "cache":
            _write_entry(workspace, path, cached)
    for (path, _), written in by_target.items():
        tables = sum(it.description is not None for it in written)
        columns = sum(len(it.columns) for it in written)
        logger.info("descriptions of %d tables and %d columns written to %s", tables, columns, path)
    paths = tuple(dict.fromkeys(it.path for it in targets))
    return Updated(workspace.metadata(connection), changes, paths)


def update_table_metadata(
    workspace: Workspace,
    connection: Connection | None,
    table_name: str,
    metadata: Mapping[str, Any],
) -> Updated:
    """``update_metadata`` for one table: ``{"table_description", "columns": {column: text}}``."""
    return update_metadata(workspace, connection, {table_name: metadata})


def batched(updates: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """``[{"table": name, "updates": {…}}, …]`` as what ``update_metadata`` takes, for one write.

    Of two texts for one thing the later counts. Raises ``MetadataError`` for another shape.
    """
    found: dict[str, dict[str, Any]] = {}
    for index, it in enumerate(updates):
        table, update = it.get("table"), it.get("updates")
        if not isinstance(table, str) or not isinstance(update, Mapping):
            raise MetadataError(f"[{index}]", 'expected {"table": name, "updates": {…}}')
        before = found.setdefault(table, {})
        columns = update.get("columns") or {}
        if not isinstance(columns, Mapping):
            raise MetadataError(f"[{index}].updates.columns", "expected an object")
        before.update({key: value for key, value in update.items() if key != "columns"})
        before["columns"] = {**before.get("columns", {}), **columns}
    return found


def _write_files(changes: Mapping[Path, Sequence[Change]]) -> None:
    if not changes:
        return

    def changed(contents: dict[Path, bytes]) -> dict[Path, bytes]:
        return {path: _edited(path, data, changes[path]) for path, data in contents.items()}

    try:
        rewrite(changes, changed)
    except LockTimeout as error:
        raise CacheError(f"{error} is kept by another program: nothing was written.") from None
    except OSError as error:
        raise CacheError(
            f"{error.filename or 'the file'} cannot be written ({error.strerror or error})."
        ) from error


def _edited(path: Path, data: bytes, changes: Sequence[Change]) -> bytes:
    text, bad = decode(data)
    if bad is not None:
        raise MetadataError(str(path), f"{bad.message}: nothing was changed")
    kind = file_kind(path)
    try:
        edits = change_edits(text, kind, changes)
    except MetadataError as error:
        raise MetadataError(str(path), f"{error}: nothing was changed") from None
    after = applied(text, edits)
    _check_said(path, after, changes)
    return (_MARK if data.startswith(_MARK) else b"") + after.encode()


def _check_said(path: Path, text: str, changes: Iterable[Change]) -> None:
    """What cannot happen: that the file would say something else. Then it stays as it is."""
    tables = tables_of(text, file_kind(path))
    for change in changes:
        index = place_in(tables, change.table)
        table = None if index is None else tables[index]
        for name, wanted in change.columns.items():
            found = table.columns_like(name) if table else ()
            if wanted not in {it.description for it in found}:
                raise MetadataError(str(path), f"{change.table.name}.{name} cannot be described")
        if change.description not in (None, table.description if table else None):
            raise MetadataError(str(path), f"{change.table.name} cannot be described there")


def _write_entry(workspace: Workspace, path: Path, changes: Sequence[Change]) -> None:
    own = {it.path: it.own for it in changes}

    def changed(metadata: dict[str, Any]) -> None:
        if missing := describe(metadata, own):
            names = ", ".join(".".join(filter(None, it)) for it in missing)
            raise MetadataError(str(path), f"it has no table {names}: refresh the metadata")

    workspace.cache.change(path.stem, changed)
