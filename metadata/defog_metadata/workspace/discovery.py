"""The files of a folder that are ours to look at."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from defog_metadata.workspace.configuration import CONFIGURATION_FILE

__all__ = ["sql_files"]

_SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__", "site-packages", "dbt_packages"))


def sql_files(folder: Path, on_error: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """Every SQL file and configuration below *folder*, in order.

    Hidden folders and those that packages are installed into are passed over; *on_error* is told
    of folders that cannot be read.
    """
    for root, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(
            it for it in folders if not it.startswith(".") and it not in _SKIPPED_FOLDERS
        )
        yield from (
            Path(root) / it
            for it in sorted(names)
            if it.lower().endswith(".sql") or it == CONFIGURATION_FILE
        )
