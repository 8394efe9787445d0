"""Bytes to text, with the place of the first byte that is not UTF-8."""

from dataclasses import dataclass

__all__ = ["BadByte", "decode"]

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BadByte:
    """``offset`` counts bytes of the file, ``at`` code points of the decoded text."""

    byte: int
    offset: int
    at: int

    @property
    def message(self) -> str:
        return f"not UTF-8: byte 0x{self.byte:02x} at offset {self.offset}; save the file as UTF-8"


def decode(data: bytes) -> tuple[str, BadByte | None]:
    """The text of *data* without a byte order mark; what is not UTF-8 becomes U+FFFD."""
    body = data.removeprefix(_MARK)
    try:
        return body.decode(), None
    except UnicodeDecodeError as error:
        offset = error.start + len(data) - len(body)
        at = len(body[: error.start].decode())
        return body.decode(errors="replace"), BadByte(data[offset], offset, at)
