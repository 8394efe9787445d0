"""Files, each with the metadata of its own workspace, to findings."""

import stat
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from defog_lsp.cli.fixing import encoded, fixed
from defog_lsp.cli.loading import loaded_metadata
from defog_lsp.cli.report import CheckedFile, shown_path
from defog_lsp.cli.sources import Source
from defog_lsp.ide.diagnostics import diagnostics
from defog_metadata.checks.documents import CHECKED_KINDS, Document, check_document
from defog_metadata.documents.kinds import DOCUMENT_ENDINGS, DocumentKind
from defog_metadata.rules.findings import Finding
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.declared import declared_dialect
from defog_metadata.store.files import write_whole
from defog_metadata.text import Span, TextFile
from defog_metadata.workspace import Connection, LoadedMetadata, Workspace, find_configuration
from defog_metadata.workspace.configuration import CONFIGURATION_FILE
from defog_metadata.workspace.encoding import decode
from defog_metadata.workspace.named_files import (
    NamedTexts,
    named_files,
    plain,
    read_named_files,
)

__all__ = ["Checker"]

_UNREADABLE = "unreadable-file"


class Checker:
    """One run of ``check``: every workspace and catalog is loaded once."""

    def __init__(
        self, configuration_path: Path | None, *, is_offline: bool, fixes: bool = False
    ) -> None:
        self._configuration_path = configuration_path
        self._is_offline = is_offline
        self._fixes = fixes
        self._workspaces: dict[Path | None, Workspace] = {}
        self._loaded: dict[tuple[Path | None, str | None], LoadedMetadata] = {}
        self._named: dict[Path | None, Mapping[Path, DocumentKind]] = {}
        self._files: dict[tuple[Path | None, str | None], NamedTexts] = {}

    def prepare(self, source: Source) -> None:
        """Load what is needed for *source*; raises ``DefogError`` where that cannot be."""
        workspace = self._workspace(source.path)
        if self._is_checked(workspace, source.path):
            self._metadata(workspace, workspace.connection_for(source.path))

    def check(self, source: Source) -> CheckedFile | None:
        """The findings in *source*, ``None`` where it is not checked by itself.

        What is wrong with a ``defog.toml`` comes with the surroundings. Data is only checked where
        a ``defog.toml`` says what it is. Raises ``DefogError`` where checking makes no sense.
        """
        if not self._is_checked(self._workspace(source.path), source.path):
            return None
        try:
            data = sys.stdin.buffer.read() if source.is_stdin else source.path.read_bytes()
        except OSError as error:
            return CheckedFile(source.shown, "", (_unreadable(f"cannot be read: {_why(error)}"),))
        return self._checked(source, data)

    def checked_surroundings(self, told: Collection[str]) -> Iterator[CheckedFile]:
        """The ``defog.toml`` and metadata files that were used and have something wrong.

        *told* are the paths, as they are shown, of files that were checked by themselves.
        """
        for path, workspace in self._workspaces.items():
            if path is not None and workspace.problems:
                yield CheckedFile(shown_path(path), workspace.text, workspace.problems)
        problems = {
            (it.path, it.severity, it.message)
            for loaded in self._loaded.values()
            for it in loaded.problems
        }
        for path, severity, message in sorted(problems):
            # What keeps a file from being used has been told at its place.
            if severity == "error" and shown_path(path) in told:
                continue
            finding = Finding(Span(0, 0), "configuration", severity, message)
            yield CheckedFile(shown_path(path), "", (finding,))

    @property
    def is_misconfigured(self) -> bool:
        return any(it.severity == "error" for ws in self._workspaces.values() for it in ws.problems)

    def _checked(self, source: Source, data: bytes) -> CheckedFile:
        workspace = self._workspace(source.path)
        text, bad = decode(data)
        if bad is not None:
            return CheckedFile(source.shown, text, (_unreadable(bad.message, bad.at),))
        find = self._finding(workspace, source.path)
        if not self._fixes:
            return CheckedFile(source.shown, text, tuple(find(text)))
        mended = fixed(text, find)
        try:
            if source.is_stdin:
                sys.stdout.buffer.write(encoded(mended.text, data))
            elif mended.text != text:
                write_whole(source.path.resolve(), encoded(mended.text, data), mode=_mode(source))
        except OSError as error:
            problem = _unreadable(f"cannot be written: {_why(error)}")
            return CheckedFile(source.shown, text, (problem, *find(text)))
        return CheckedFile(source.shown, mended.text, tuple(mended.findings), mended.made)

    def _finding(self, workspace: Workspace, path: Path) -> Callable[[str], list[Finding]]:
        """What finds the mistakes in the text of *path*."""
        connection = workspace.connection_for(path)
        loaded = self._metadata(workspace, connection)
        kind = self._kind(workspace, path)
        if kind is None or kind not in CHECKED_KINDS:
            return partial(_in_sql, loaded, workspace, path)
        key = (workspace.configuration.path, connection.name if connection else None)
        if key not in self._files:
            self._files[key] = read_named_files(workspace, connection)
        document = Document(
            TextFile(plain(path), ""),
            loaded.catalog,
            workspace.dialect_for(path),
            workspace.configuration.severities,
            self._files[key],
            workspace.database_for(path, loaded),
        )
        return partial(_in_document, kind, document)

    def _is_checked(self, workspace: Workspace, path: Path) -> bool:
        if path.name == CONFIGURATION_FILE:
            return False
        is_data = path.suffix.lower() in DOCUMENT_ENDINGS
        return not is_data or self._kind(workspace, path) in CHECKED_KINDS

    def _kind(self, workspace: Workspace, path: Path) -> DocumentKind | None:
        key = workspace.configuration.path
        if key not in self._named:
            self._named[key] = named_files(workspace.configuration)
        return self._named[key].get(plain(path))

    def _workspace(self, path: Path) -> Workspace:
        configuration = self._configuration_path or find_configuration(path.parent)
        if configuration not in self._workspaces:
            folder = configuration.parent if configuration else Path.cwd()
            self._workspaces[configuration] = Workspace.open(
                folder, configuration_path=configuration
            )
        return self._workspaces[configuration]

    def _metadata(self, workspace: Workspace, connection: Connection | None) -> LoadedMetadata:
        key = (workspace.configuration.path, connection.name if connection else None)
        if key not in self._loaded:
            self._loaded[key] = loaded_metadata(workspace, connection, is_offline=self._is_offline)
        return self._loaded[key]


def _in_sql(loaded: LoadedMetadata, workspace: Workspace, path: Path, text: str) -> list[Finding]:
    catalog, dialect = loaded.catalog, workspace.dialect_for(path)
    if (declared := declared_dialect(text)) is not None:
        catalog, dialect = replace(catalog, dialect=declared), declared
    snapshot = Snapshot(text, catalog, dialect)
    found = diagnostics(snapshot, workspace.configuration.severities)
    return [it for it in found if it.severity != "off"]


def _in_document(kind: DocumentKind, document: Document, text: str) -> list[Finding]:
    return check_document(kind, replace(document, file=replace(document.file, text=text)))


def _mode(source: Source) -> int:
    return stat.S_IMODE(source.path.stat().st_mode)


def _unreadable(message: str, at: int | None = None) -> Finding:
    span = Span(0, 0) if at is None else Span(at, at + 1)
    return Finding(span, _UNREADABLE, "error", message)


def _why(error: OSError) -> str:
    return error.strerror or str(error)
