"""Files that are not open: their diagnostics, from what is on disk."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp import __version__
from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.project import Fingerprint, fingerprint
from defog_lsp.lsp.publish import view_diagnostics
from defog_lsp.lsp.session import Around, View
from defog_lsp.lsp.uris import path_of
from defog_metadata.progress import check_stopped

if TYPE_CHECKING:
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = ["Known", "Looking", "Report", "digest", "stamps"]

_PART_SECONDS = 0.25
"""After which what has been found so far is told."""
_LARGEST = 1_000_000
"""Bytes of a file that is looked at without being open: a larger one is a dump of data."""


@dataclass(frozen=True, slots=True)
class Report:
    """The diagnostics of one file; ``items`` is ``None`` where they are the client's last ones."""

    uri: str
    version: int | None
    result_id: str | None
    items: list[lsp.Diagnostic] | None


@dataclass(frozen=True, slots=True)
class Known:
    """A project as it is now, for a thread to look into."""

    workspace: "Workspace"
    rules: str
    """What its configuration says of them."""
    metadata: "Mapping[str | None, tuple[LoadedMetadata | None, Fingerprint]]"
    """Of each connection."""

    @property
    def has_dialect(self) -> bool:
        """Whether any file of it can have a dialect."""
        workspace = self.workspace
        return bool(
            workspace.configuration.dialect or workspace.connections or workspace.newest_entry
        )


class Looking:
    """One pass over files that are not open. Used by one thread at a time."""

    def __init__(
        self,
        known: Mapping[Path, Known],
        capabilities: Capabilities,
        encoding: lsp.PositionEncodingKind | str,
        previous: Mapping[str, str],
        remembered: dict[str, Report],
    ) -> None:
        """*previous* are the ids of what the client has, *remembered* is what it has not.

        What is found is added to that: a pass that is given up is of use to the next.
        """
        self.looked = 0
        """How many files have been looked at."""
        self._remembered = remembered
        self._known = known
        self._capabilities = capabilities
        self._encoding = encoding
        self._previous = previous
        self._nearest: dict[Path, Known | None] = {}
        self._stamps: dict[int, Fingerprint] = {}

    def part(self, uris: Iterator[str]) -> list[Report]:
        """The reports of the next files; empty when there are no more."""
        began = time.monotonic()
        found: list[Report] = []
        for uri in uris:
            check_stopped()
            self.looked += 1
            if (report := self._report(uri)) is not None:
                found.append(report)
                if time.monotonic() - began > _PART_SECONDS:
                    break
        return found

    def _report(self, uri: str) -> Report | None:
        """``None`` for a file of which nothing is known, not even its dialect."""
        path = path_of(uri)
        known = None if path is None else self._project_of(path.parent)
        if path is None or known is None:
            return None
        named = late.document_kind(known.workspace, path)
        if named is None and path.suffix.lower() != ".sql":
            return None
        dialect = known.workspace.dialect_for(path)
        connection = known.workspace.connection_for(path)
        name = connection.name if connection else None
        loaded, read_from = known.metadata.get(name, (None, ()))
        try:
            status = path.stat()
            if not dialect or status.st_size > _LARGEST:
                return None
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            others = self._stamps_of(known) if named else ()
            result_id = digest(
                str(path), stamp, dialect, known.rules, read_from, self._encoding, named, others
            )
            if self._previous.get(uri) == result_id:
                return Report(uri, None, result_id, None)
            done = self._remembered.get(uri)
            if done is not None and done.result_id == result_id:
                return done
            text = late.file_text(path)
        except OSError:
            return None
        if text is None:
            return None
        catalog = loaded.catalog if loaded else None
        if catalog is not None and named is None:
            # One of its own: what is understood against it goes with it, and takes no place from
            # what is remembered of the documents that are open.
            catalog = replace(catalog)
        snapshot = late.snapshot(text, catalog, dialect)
        severities = known.workspace.configuration.severities
        kind, around = named or "sql", None
        if named:
            database = known.workspace.database_for(path, loaded) if loaded else None
            around = Around(known.workspace, connection, database=database)
        positions = Positions(text, self._encoding)
        view = View(uri, None, positions, snapshot, severities, read_from, kind, around=around)
        report = Report(uri, None, result_id, view_diagnostics(view, self._capabilities))
        self._remembered[uri] = report
        return report

    def _stamps_of(self, known: Known) -> Fingerprint:
        key = id(known)
        if key not in self._stamps:
            self._stamps[key] = stamps(known.workspace)
        return self._stamps[key]

    def _project_of(self, folder: Path) -> Known | None:
        if folder not in self._nearest:
            around = (folder, *folder.parents)
            self._nearest[folder] = next(
                (self._known.get(it) for it in _keys(around) if it in self._known), None
            )
        return self._nearest[folder]


def _keys(folders: Sequence[Path]) -> Iterator[Path]:
    """What the project of a file in the first of *folders* can be known by."""
    configuration = late.find_configuration(folders[0])
    if configuration is not None:
        yield configuration
    # A folder without a configuration is its own project; so is one whose settings name another.
    yield from (it for it in folders if configuration is None)


def stamps(workspace: "Workspace") -> Fingerprint:
    """The state of the files that *workspace* names: what is told of one depends on the others."""
    return fingerprint(late.named_files(workspace))


def digest(*made_from: object) -> str:
    import hashlib  # noqa: PLC0415 - brings OpenSSL, and is not needed at the start

    data = repr((__version__, *made_from)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:32]
