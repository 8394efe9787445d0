"""The files of a folder that are ours to look at."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from defog_metadata.workspace.configuration import CONFIGURATION_FILE

__all__ = ["files_beside", "other_formatter", "sql_files"]

_MOST_FILES = 2000
_SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__", "site-packages", "dbt_packages"))


def sql_files(folder: Path, on_error: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """Every SQL file and configuration below *folder*, in order.

    Hidden folders and those that packages are installed into are passed over; *on_error* is told
    of folders that cannot be read.
    """
    for root, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = _ours(folders)
        yield from (
            Path(root) / it
            for it in sorted(names)
            if it.lower().endswith(".sql") or it == CONFIGURATION_FILE
        )


def files_beside(configuration: Path) -> list[str]:
    """The files that a ``defog.toml`` at *configuration* may name: at it or below, relative to it.

    Of a folder with very many, only some.
    """
    found: list[str] = []
    root = configuration.parent
    for folder, folders, names in os.walk(root):
        folders[:] = _ours(folders)
        found += (
            (Path(folder) / it).relative_to(root).as_posix()
            for it in sorted(names)
            if not it.startswith(".")
        )
        if len(found) > _MOST_FILES:
            break
    return found[:_MOST_FILES]


# Where formatters of SQL are configured: a file, and what is in one that others use too.
_FORMATTERS = (
    ("sqlfluff", ".sqlfluff", ""),
    ("sqruff", ".sqruff", ""),
    ("sqlfluff", "pyproject.toml", "[tool.sqlfluff"),
    ("sqlfluff", "setup.cfg", "[sqlfluff"),
    ("sqlfluff", "tox.ini", "[sqlfluff"),
)


def other_formatter(folder: Path) -> str:
    """The formatter that *folder*, or one above it, is configured for; empty for none."""
    for place in (folder, *folder.parents):
        for name, file, mark in _FORMATTERS:
            try:
                if mark in (place / file).read_text(encoding="utf-8", errors="replace"):
                    return name
            except OSError:
                continue
    return ""


def _ours(folders: Iterable[str]) -> list[str]:
    return sorted(it for it in folders if not it.startswith(".") and it not in _SKIPPED_FOLDERS)
