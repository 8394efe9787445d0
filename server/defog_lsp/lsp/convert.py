"""Positions between the wire (line, client units) and the core (offsets in code points).

The only module that knows both. Whatever a client sends has an answer: a line past the end
means the end of the text, a character past the end of its line means the end of that line, and
a position inside a character means its beginning.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_metadata.lazy import lazy
from defog_metadata.text import Edit, Span

if TYPE_CHECKING:
    from defog_metadata.documents.mapped import MappedText

__all__ = ["EmbeddedPositions", "Positions", "split_lines"]

# What LSP calls an end of line, and nothing else: str.splitlines also splits at form feeds,
# next-line characters and Unicode's separators, which are ordinary characters to an editor.
_LINES = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")


def split_lines(text: str) -> list[str]:
    """The lines of *text* with their ends; the empty line after a last line end is left out."""
    return _LINES.findall(text)


class Positions:
    """Where the offsets of one text are on the wire. Never changes, so threads may share it.

    Where its lines start is looked for when it is first asked for: not by who only receives it.
    """

    def __init__(
        self,
        text: str,
        encoding: lsp.PositionEncodingKind | str = lsp.PositionEncodingKind.Utf16,
        starts: list[int] | None = None,
    ) -> None:
        """*starts*: where the lines of *text* start, for who knows that already."""
        self.text = text
        self._encoding = encoding
        self._ascii = text.isascii()
        if starts is not None:
            self.__dict__["_starts"] = starts

    @lazy
    def _starts(self) -> list[int]:
        return _line_starts(self.text, 0, len(self.text))

    def edited(self, span: Span, new: str) -> "Positions":
        """The positions of this text with *new* in the place of *span*."""
        text = self.text[: span.start] + new + self.text[span.end :]
        # The line before as well: its end may be half of one, whose other half has come or gone.
        first = max(bisect_right(self._starts, span.start) - 2, 0)
        behind = bisect_right(self._starts, min(span.end + 1, len(self.text)))
        moved = len(new) - span.end + span.start
        # Where the next line starts that stays as it is, and so does what is behind it.
        rest = self._starts[behind:]
        end = rest[0] + moved if rest else len(text)
        between = _line_starts(text, self._starts[first], end)
        if rest:
            between.pop()
        return Positions(
            text,
            self._encoding,
            [*self._starts[:first], *between, *((it + moved for it in rest) if moved else rest)],
        )

    def line(self, offset: int) -> int:
        """The number of the line that *offset* is in."""
        return bisect_right(self._starts, offset) - 1

    def of(self, text: str) -> "Positions":
        """The positions of another text, for the same client."""
        return Positions(text, self._encoding)

    @property
    def document(self) -> "Positions":
        """The positions of the whole document, in which this text stands."""
        return self

    def document_edits(self, edits: Sequence[Edit]) -> Sequence[Edit]:
        """*edits* as those of the ``document``, in their order, written as it needs them.

        Behind them may come others, which these make necessary.
        """
        return edits

    def offset(self, position: lsp.Position) -> int:
        """The code points before *position*."""
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._line(position.line)
        if self._ascii or self._encoding == lsp.PositionEncodingKind.Utf32:
            return min(start + position.character, end)
        return start + _code_points(self.text[start:end], position.character, self._encoding)

    def position(self, offset: int) -> lsp.Position:
        """Where *offset* is; the last place of its line when it is in the line end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        start, end = self._line(line)
        offset = min(offset, end)
        if self._ascii or self._encoding == lsp.PositionEncodingKind.Utf32:
            return lsp.Position(line, offset - start)
        return lsp.Position(line, _client_units(self.text[start:offset], self._encoding))

    def span(self, range_: lsp.Range) -> Span:
        """The offsets of *range_*, in order even where its ends are not."""
        start, end = self.offset(range_.start), self.offset(range_.end)
        return Span(min(start, end), max(start, end))

    def range_(self, span: Span) -> lsp.Range:
        return lsp.Range(self.position(span.start), self.position(span.end))

    def text_edits(self, edits: Sequence[Edit]) -> list[lsp.TextEdit]:
        """*edits* on the wire, as ``document_edits`` has them."""
        place = self.document.range_
        return [lsp.TextEdit(place(it.span), it.text) for it in self.document_edits(edits)]

    def _line(self, line: int) -> tuple[int, int]:
        """Where *line* starts, and where its end of line does."""
        start = self._starts[line]
        if line + 1 == len(self._starts):
            return start, len(self.text)
        end = self._starts[line + 1] - 1
        if end > start and self.text[end] == "\n" and self.text[end - 1] == "\r":
            end -= 1
        return start, end


def _line_starts(text: str, start: int, end: int) -> list[int]:
    """Where the lines of *text* from *start* to *end* start; the last, too, if it is empty."""
    lines = split_lines(text[start:end])
    starts = list(accumulate(map(len, lines), initial=start))
    if start < end and text[end - 1] not in "\r\n":
        starts.pop()
    return starts


class EmbeddedPositions(Positions):
    """The positions of a text that stands, with escapes or without, in a document."""

    def __init__(self, mapped: "MappedText", around: Positions) -> None:
        super().__init__(mapped.text)
        self._mapped = mapped
        self._around = around

    def of(self, text: str) -> Positions:
        return self._around.of(text)

    @property
    def document(self) -> Positions:
        return self._around

    def document_edits(self, edits: Sequence[Edit]) -> Sequence[Edit]:
        return self._mapped.edits(edits)

    def offset(self, position: lsp.Position) -> int:
        offset = self._around.offset(position)
        place = self._mapped.place
        found = self._mapped.offset(max(place.start, min(offset, place.end)))
        return 0 if found is None else found

    def position(self, offset: int) -> lsp.Position:
        return self._around.position(self._mapped.span(Span(offset, offset)).start)

    def range_(self, span: Span) -> lsp.Range:
        return self._around.range_(self._mapped.span(span))


# A client can put half a surrogate pair into JSON, so that Python's text has a lone surrogate:
# it must survive being counted.
_LONE = "surrogatepass"


def _client_units(text: str, encoding: lsp.PositionEncodingKind | str) -> int:
    if encoding == lsp.PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", _LONE))
    return len(text.encode("utf-16-le", _LONE)) // 2


def _code_points(line: str, units: int, encoding: lsp.PositionEncodingKind | str) -> int:
    """How many characters of *line* end within its first *units* units."""
    if encoding == lsp.PositionEncodingKind.Utf8:
        raw = line.encode("utf-8", _LONE)
        cut = min(units, len(raw))
        while cut < len(raw) and raw[cut] & 0xC0 == 0x80:  # inside a character  # noqa: PLR2004
            cut -= 1
        return len(raw[:cut].decode("utf-8", _LONE))
    raw = line.encode("utf-16-le", _LONE)
    cut = min(2 * units, len(raw))
    if 0 < cut < len(raw) and _is_high(raw, cut - 2) and _is_low(raw, cut):
        cut -= 2
    return len(raw[:cut].decode("utf-16-le", _LONE))


def _is_high(raw: bytes, at: int) -> bool:
    return raw[at + 1] & 0xFC == 0xD8  # noqa: PLR2004 - the first half of a surrogate pair


def _is_low(raw: bytes, at: int) -> bool:
    return raw[at + 1] & 0xFC == 0xDC  # noqa: PLR2004 - the second half
