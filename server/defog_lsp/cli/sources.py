"""Which files the arguments of a command mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from defog_lsp.cli.report import shown_path
from defog_metadata.errors import ConfigurationError
from defog_metadata.workspace import Workspace, find_configuration
from defog_metadata.workspace.configuration import CONFIGURATION_FILE
from defog_metadata.workspace.discovery import sql_files
from defog_metadata.workspace.named_files import named_files, plain

__all__ = ["STDIN", "Source", "sources"]

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or standard input as if it were the file ``path``."""

    path: Path
    shown: str
    is_stdin: bool = False


def sources(
    paths: Sequence[str], stdin_filename: str | None = None, configuration: Path | None = None
) -> Iterator[Source]:
    """What *paths* mean, each once; raises ``ConfigurationError`` for what is not there.

    A folder means the SQL files below it, and what else the ``defog.toml`` that counts there
    names: *configuration*, or those below the folder and the nearest above.
    """
    seen: set[Path] = set()
    for written in paths:
        if written == STDIN:
            path = Path(stdin_filename or "stdin.sql").absolute()
            shown = shown_path(path) if stdin_filename else "<stdin>"
            yield Source(path, shown, is_stdin=True)
            continue
        path = Path(written)
        if not path.exists():
            raise ConfigurationError(f"there is no file or folder {written}")
        for found in _below(path, configuration) if path.is_dir() else [path]:
            if found.absolute() not in seen:
                seen.add(found.absolute())
                yield Source(found, shown_path(found))


def _below(folder: Path, configuration: Path | None) -> Iterator[Path]:
    found = list(sql_files(folder, _refuse))
    yield from found
    there = [it for it in found if it.name == CONFIGURATION_FILE]
    for it in (
        [configuration] if configuration else dict.fromkeys([find_configuration(folder), *there])
    ):
        if it is not None:
            workspace = Workspace.open(it.parent, configuration_path=it)
            for named in named_files(workspace.configuration):
                if named.is_relative_to(plain(folder)):
                    yield named


def _refuse(error: OSError) -> None:
    raise ConfigurationError(f"the folder {error.filename} cannot be read: {error.strerror}")
