"""What a cache file says beside its metadata, without reading all of it where it is large."""

import io
import re
from pathlib import Path

from defog_metadata.store.entries import Header, decode, settled
from defog_metadata.store.entry_file import EntryFile

__all__ = ["read_header"]


def read_header(path: Path) -> Header:
    """The header of the cache file *path*: in constant time, where a writer has written it whole.

    Raises as ``read_entry`` does.
    """

    def read() -> Header:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            if size <= _LARGE_BYTES:
                file.seek(0)
                entry = decode(file.read(), path)
                return Header(entry.timestamp, entry.db_type, entry.dev)
            # Both writers put the header behind the metadata, so the end of a file that was
            # written whole is enough. What is in between shows when it is read.
            file.seek(-_TAIL_BYTES, io.SEEK_END)
            if match := _TAIL.search(file.read()):
                return Header(float(match[1]), match[2].decode("ascii"), match[3] == b"true")
        from defog_metadata.store.surveys import survey  # noqa: PLC0415 - cattrs

        return survey(EntryFile(path)).header

    return settled(path, read)


_LARGE_BYTES = 1 << 20
_TAIL_BYTES = 4096
_TAIL = re.compile(
    rb'\},\s*"timestamp":\s*(\d+(?:\.\d+)?(?:[eE]\+?\d+)?),'
    rb'\s*"db_type":\s*"([\x20\x21\x23-\x5b\x5d-\x7e]*)",\s*"dev":\s*(true|false)\s*\}\s*\Z'
)
