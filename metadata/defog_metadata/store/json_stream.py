"""JSON too large to be decoded whole, walked from value to value.

The walker holds a window of the text. What it steps into (``members``, ``elements``) may have any
size; what it is asked for whole (``value``) is decoded by the standard library, at its speed. It
accepts what ``json.loads`` accepts in UTF-8 without a byte order mark, and says the same of the
rest, with the place in the whole text.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["WINDOW_BYTES", "JsonStream", "NotJson", "Place"]

WINDOW_BYTES = 1 << 18
"""How much is read at once. A value that is larger is read in pieces twice as large each time."""


class NotJson(ValueError):
    """What is wrong with the text, and where, in the words of the standard library."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the text, from which walking can go on."""

    byte: int = 0
    character: int = 0
    line: int = 1
    line_start: int = 0
    """The character that the line begins with."""


class JsonStream:
    """Walks over the text whose bytes *read(offset, count)* gives; fewer only at its end."""

    def __init__(self, read: Callable[[int, int], bytes], start: Place | None = None) -> None:
        self._read = read
        # Of the first character of the window.
        self._start = start or Place()
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        self._window = ""
        self._at = 0
        self._next_byte = self._start.byte
        self._is_at_end = False

    @property
    def place(self) -> Place:
        """Where the walk is."""
        self._forget()
        return self._start

    def peek(self) -> str:
        """The next character that is not white space; empty at the end of the text."""
        while True:
            self._at = _end_of_space(self._window, self._at)
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def value(self) -> Any:
        """The value that begins here, decoded; raises ``NotJson``."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except json.JSONDecodeError as error:
                if not (_may_be_cut_off(error, self._window) and self._more()):
                    raise self._wrong(error.msg, error.pos) from None
            except (ValueError, RecursionError) as error:
                raise NotJson(str(error)) from None
            else:
                # A number says nothing of its end. Whatever else is decoded is complete.
                is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
                if not (is_number and end > len(self._window) - _CUT and self._more()):
                    self._at = end
                    return value

    def members(self, *, after: bool = False) -> Iterator[str]:
        """The keys of the object that begins here; its caller takes the value after each.

        *after*: the walk is behind the value of one of its members. Raises ``NotJson``.
        """
        if not after:
            self._step("{")
            if self.peek() == "}":
                self._at += 1
                return
            yield self._key()
        while self._goes_on("}"):
            yield self._key()

    def elements(self, *, after: bool = False) -> Iterator[None]:
        """One step for each element of the list that begins here; as ``members``."""
        if not after:
            self._step("[")
            if self.peek() == "]":
                self._at += 1
                return
            yield
        while self._goes_on("]"):
            yield

    def end(self) -> None:
        """Make sure that nothing follows; raises ``NotJson``."""
        if self.peek():
            raise self._wrong("Extra data", self._at)

    def _key(self) -> str:
        if self.peek() != '"':
            raise self._wrong("Expecting property name enclosed in double quotes", self._at)
        key: str = self.value()
        self._step(":")
        return key

    def _goes_on(self, end: str) -> bool:
        found = self.peek()
        if found and found in (end, ","):
            self._at += 1
            return found == ","
        raise self._wrong("Expecting ',' delimiter", self._at)

    def _step(self, expected: str) -> None:
        if self.peek() != expected:
            raise self._wrong(f"Expecting '{expected}' delimiter", self._at)
        self._at += 1

    def _more(self) -> bool:
        """Read on; ``False`` at the end of the text."""
        if self._is_at_end:
            return False
        self._forget()
        wanted = max(WINDOW_BYTES, len(self._window))
        data = self._read(self._next_byte, wanted)
        self._is_at_end = len(data) < wanted
        try:
            self._window += self._decoder.decode(data, self._is_at_end)
        except UnicodeDecodeError as error:
            raise self._undecodable(error, len(data)) from None
        self._next_byte += len(data)
        return True

    def _forget(self) -> None:
        """Let go of what lies behind."""
        if self._at:
            self._start = self._place_of(self._at)
            self._window = self._window[self._at :]
            self._at = 0

    def _place_of(self, index: int) -> Place:
        start, text = self._start, self._window[:index]
        lines = text.count("\n")
        return Place(
            start.byte + (index if text.isascii() else len(text.encode("utf-8", "surrogatepass"))),
            start.character + index,
            start.line + lines,
            start.character + text.rindex("\n") + 1 if lines else start.line_start,
        )

    def _wrong(self, what: str, index: int) -> NotJson:
        place = self._place_of(index)
        column = place.character - place.line_start + 1
        return NotJson(f"{what}: line {place.line} column {column} (char {place.character})")

    def _undecodable(self, error: UnicodeDecodeError, count: int) -> NotJson:
        # The decoder had kept the beginning of a character from before.
        first = self._next_byte + count - len(error.object) + error.start
        bad = error.object[error.start : error.end]
        if len(bad) == 1:
            which = f"byte 0x{bad[0]:02x} in position {first}"
        else:
            which = f"bytes in position {first}-{first + len(bad) - 1}"
        return NotJson(f"'utf-8' codec can't decode {which}: {error.reason}")


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_CUT = 8
"""A token that the end of the window has cut off is wrong at most that far from it."""


def _end_of_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return start if found is None else found.end()


def _may_be_cut_off(error: json.JSONDecodeError, text: str) -> bool:
    # A text's end may be anywhere; everything else goes wrong where the window ends.
    return error.msg.startswith("Unterminated string") or error.pos > len(text) - _CUT
