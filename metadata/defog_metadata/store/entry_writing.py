"""Cache files written table by table, and what somebody wrote into the file before."""

import contextlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import keyed_entries
from defog_metadata.catalog.shapes.own_descriptions import (
    OwnDescriptions,
    TablePath,
    describe_entry,
    own_descriptions_in,
)
from defog_metadata.errors import DefogError
from defog_metadata.store.entries import Header
from defog_metadata.store.entry_tables import EntryTables
from defog_metadata.store.seen import SeenTexts

__all__ = ["described_pieces", "kept_descriptions", "pieces", "warn_of_gone"]

logger = logging.getLogger(__name__)

_MARK = b'"database_description"'
_WINDOW_BYTES = 1 << 20


def pieces(tables: Iterable[Table], search_path: Sequence[str], header: Header) -> Iterator[bytes]:
    """The cache file of *tables*, piece by piece; those on the *search_path* come first.

    Byte for byte what ``write_entry`` writes for ``write_tables(tables, search_path)``, in
    memory that does not depend on their number.
    """
    with contextlib.closing(SeenTexts()) as seen:
        yield from _pieces(keyed_entries(tables, search_path, seen.add), header)


def described_pieces(
    written: EntryTables, own: Mapping[TablePath, OwnDescriptions], header: Header
) -> Iterator[bytes]:
    """The cache file *written* in shape B, piece by piece, with somebody's *own* descriptions."""
    missing = set(own)

    def described() -> Iterator[tuple[str, Any]]:
        for place, entry in written.entries():
            missing.discard(describe_entry(str(place), entry, own))
            yield str(place), entry

    yield from _pieces(described(), header)
    warn_of_gone(missing)


def kept_descriptions(path: Path) -> Mapping[TablePath, OwnDescriptions]:
    """What somebody wrote into the cache file *path*, which is about to be replaced.

    Only that is held of it. A file that cannot be read has none; that is logged.
    """
    try:
        # Most have none, and reading a large one takes seconds.
        if not _has_mark(path):
            return {}
        return own_descriptions_in(EntryTables(path).entries())
    except FileNotFoundError:
        return {}
    except DefogError as error:
        logger.warning("Descriptions that somebody wrote into it may be lost: %s", error)
        return {}


def warn_of_gone(tables: Iterable[TablePath]) -> None:
    """Log that descriptions of *tables* could not be kept."""
    if names := ", ".join(sorted(".".join(filter(None, it)) for it in tables)):
        logger.warning("Descriptions of tables that are gone are dropped: %s", names)


_ENCODER = json.JSONEncoder(indent=2)


def _pieces(entries: Iterable[tuple[str, Any]], header: Header) -> Iterator[bytes]:
    separator, end = b'{\n  "metadata": {\n    ', b'{\n  "metadata": {}'
    for key, value in entries:
        # A text has no line breaks of its own in JSON.
        text = f"{json.dumps(key)}: {_ENCODER.encode(value)}".replace("\n", "\n    ")
        yield separator + text.encode("ascii")
        separator, end = b",\n    ", b"\n  }"
    yield end
    for name, said in (
        ("timestamp", header.timestamp), ("db_type", header.db_type), ("dev", header.dev),
    ):  # fmt: skip
        yield f',\n  "{name}": {json.dumps(said)}'.encode("ascii")
    yield b"\n}"


def _has_mark(path: Path) -> bool:
    before = b""
    with path.open("rb") as file:
        while data := file.read(_WINDOW_BYTES):
            if _MARK in before + data:
                return True
            before = data[-len(_MARK) :]
    return False
