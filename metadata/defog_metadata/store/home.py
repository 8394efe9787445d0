"""Where things of the user's live: the shared ``~/.defog`` and this program's own cache."""

import os
from pathlib import Path

import platformdirs

__all__ = ["cache_home", "defog_home", "private_folder"]


def defog_home() -> Path:
    """The folder shared with the ``defog`` library: ``DEFOG_HOME``, else ``~/.defog``."""
    chosen = os.environ.get("DEFOG_HOME")
    return Path(chosen).expanduser() if chosen else Path.home() / ".defog"


def cache_home() -> Path:
    """The folder for what can be made again: ``DEFOG_CACHE_DIR``, else the platform's for us.

    It may be deleted at any time.
    """
    chosen = os.environ.get("DEFOG_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser()
    return Path(platformdirs.user_cache_dir("defog-lsp", appauthor=False))


def private_folder(path: Path) -> Path:
    """*path*, made where it is missing as a folder that only its owner may enter.

    Folders that exist keep their permissions: somebody may share them on purpose.
    """
    for missing in reversed([it for it in (path, *path.parents) if not it.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    return path
