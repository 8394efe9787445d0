"""Mirrors that are being built, or that a process which was stopped has left unfinished."""

import logging
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from defog_metadata.errors import CacheError
from defog_metadata.store.building import tables_done
from defog_metadata.store.generation import BROKEN
from defog_metadata.store.home import private_folder

__all__ = ["BUILDING", "finished"]

logger = logging.getLogger(__name__)

BUILDING = ".building-"
"""What the names of their folders begin with."""
_DIGITS = 16


def finished(
    shelf: Path, digest: str, build: Callable[[Path], None], *, is_only_builder: bool
) -> str:
    """The name of a generation in *shelf* that *build* has made in the folder it is given.

    *digest* says of what. The folder has what was begun of just that, if there is any and no
    other process can be at it, because this one *is_only_builder*.
    """
    begun = _begun(shelf, digest) if is_only_builder else None
    if begun is not None:
        try:
            return _built(begun, digest, build)
        except BROKEN as error:
            logger.info("What was begun in %s is damaged: %s", begun, error)
    whose = f"{digest[:_DIGITS]}-" if is_only_builder else ""
    fresh = private_folder(shelf / f"{BUILDING}{whose}{secrets.token_hex(4)}")
    return _built(fresh, digest, build)


def _built(folder: Path, digest: str, build: Callable[[Path], None]) -> str:
    """Have *build* fill *folder*, and give it its name when it is complete."""
    name = f"{digest[:_DIGITS]}-{secrets.token_hex(4)}"
    try:
        build(folder)
        folder.rename(folder.with_name(name))
    except (CacheError, *BROKEN):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except BaseException:
        # Somebody wants this to stop, and may want it to go on later.
        if not tables_done(folder):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return name


def _begun(shelf: Path, digest: str) -> Path | None:
    """The folder in which most has been done."""
    found = {it: tables_done(it) for it in shelf.glob(f"{BUILDING}{digest[:_DIGITS]}-*")}
    return max((it for it, done in found.items() if done), key=found.__getitem__, default=None)
