"""Files, each with the metadata of its own workspace, to findings."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from defog_lsp.cli.progress import progress_bar
from defog_lsp.cli.report import CheckedFile, shown_path
from defog_lsp.ide.diagnostics import diagnostics
from defog_metadata.errors import ConfigurationError
from defog_metadata.rules.findings import Finding
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span
from defog_metadata.workspace import Connection, LoadedMetadata, Workspace, find_configuration
from defog_metadata.workspace.configuration import CONFIGURATION_FILE
from defog_metadata.workspace.discovery import sql_files
from defog_metadata.workspace.encoding import decode

__all__ = ["Checker"]

_STDIN = "-"
_UNREADABLE = "unreadable-file"


class Checker:
    """One run of ``check``: every workspace and catalog is loaded once."""

    def __init__(self, configuration_path: Path | None, *, is_offline: bool) -> None:
        self._configuration_path = configuration_path
        self._is_offline = is_offline
        self._workspaces: dict[Path | None, Workspace] = {}
        self._loaded: dict[tuple[Path | None, str | None], LoadedMetadata] = {}

    def check(self, paths: Sequence[str]) -> Iterator[CheckedFile]:
        """The findings of every file; raises ``DefogError`` where checking makes no sense."""
        for path in _files(paths):
            if path is None:
                yield self._checked(Path.cwd() / "stdin.sql", "<stdin>", sys.stdin.buffer.read())
                continue
            if path.name == CONFIGURATION_FILE:
                self._workspace(path)  # what is wrong with it comes with the surroundings
                continue
            shown = shown_path(path)
            try:
                data = path.read_bytes()
            except OSError as error:
                message = f"cannot be read: {error.strerror or error}"
                yield CheckedFile(shown, "", (_unreadable(message),))
            else:
                yield self._checked(path, shown, data)

    def checked_surroundings(self) -> Iterator[CheckedFile]:
        """The ``defog.toml`` and metadata files that were used and have something wrong."""
        for path, workspace in self._workspaces.items():
            if path is not None and workspace.problems:
                yield CheckedFile(shown_path(path), workspace.text, workspace.problems)
        problems = {
            (it.path, it.severity, it.message)
            for loaded in self._loaded.values()
            for it in loaded.problems
        }
        for path, severity, message in sorted(problems):
            finding = Finding(Span(0, 0), "configuration", severity, message)
            yield CheckedFile(shown_path(path), "", (finding,))

    @property
    def is_misconfigured(self) -> bool:
        return any(it.severity == "error" for ws in self._workspaces.values() for it in ws.problems)

    def _checked(self, path: Path, shown: str, data: bytes) -> CheckedFile:
        workspace = self._workspace(path)
        text, bad = decode(data)
        if bad is not None:
            return CheckedFile(shown, text, (_unreadable(bad.message, bad.at),))
        loaded = self._metadata(workspace, workspace.connection_for(path))
        snapshot = Snapshot(text, loaded.catalog, workspace.dialect_for(path))
        found = diagnostics(snapshot, workspace.configuration.severities)
        return CheckedFile(shown, text, tuple(it for it in found if it.severity != "off"))

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
            self._loaded[key] = self._load(workspace, connection)
        return self._loaded[key]

    def _load(self, workspace: Workspace, connection: Connection | None) -> LoadedMetadata:
        with progress_bar() as progress:
            loaded = workspace.metadata(connection, progress=progress)
            if connection is None or loaded.timestamp is not None or self._is_offline:
                return loaded
            # A broken defog.toml is reported by itself, and first.
            if any(it.severity == "error" for it in workspace.problems):
                return loaded
            print(
                f"defog-lsp: connection {connection.name} was never extracted, doing it now",
                file=sys.stderr,
            )
            return workspace.refresh(connection, progress=progress)


def _files(paths: Sequence[str]) -> Iterator[Path | None]:
    """The files that *paths* mean, each once; ``None`` is standard input."""
    seen: set[Path] = set()
    for written in paths:
        if written == _STDIN:
            yield None
            continue
        path = Path(written)
        if not path.exists():
            raise ConfigurationError(f"there is no file or folder {written}")
        for found in _below(path) if path.is_dir() else [path]:
            if found.absolute() not in seen:
                seen.add(found.absolute())
                yield found


def _below(folder: Path) -> Iterator[Path]:
    """A folder that may not be read is an error."""

    def refuse(error: OSError) -> None:
        raise ConfigurationError(f"the folder {error.filename} cannot be read: {error.strerror}")

    return sql_files(folder, refuse)


def _unreadable(message: str, at: int | None = None) -> Finding:
    span = Span(0, 0) if at is None else Span(at, at + 1)
    return Finding(span, _UNREADABLE, "error", message)
