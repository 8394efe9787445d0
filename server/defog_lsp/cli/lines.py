"""Offsets as people and protocols count them, and the piece of text to show with one."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from defog_metadata.lazy import lazy
from defog_metadata.text import Span

__all__ = ["Lines", "excerpt"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_WIDEST = 100


@dataclass(frozen=True)
class Lines:
    """The lines of *text*, ended as LSP ends them; lines and columns count from zero."""

    text: str

    @lazy
    def _bounds(self) -> tuple[list[int], list[int]]:
        """Where each line starts, and where it ends without its line end."""
        found = list(_LINE_END.finditer(self.text))
        starts = [0, *(it.end() for it in found)]
        return starts, [*(it.start() for it in found), len(self.text)]

    def line_of(self, offset: int) -> int:
        return bisect_right(self._bounds[0], offset) - 1

    def span(self, line: int) -> Span:
        """The line without its line end."""
        starts, ends = self._bounds
        return Span(starts[line], ends[line])

    def column(self, offset: int) -> int:
        """In code points."""
        return offset - self._bounds[0][self.line_of(offset)]

    def position(self, offset: int) -> dict[str, int]:
        """An LSP ``Position``, in UTF-16 units."""
        line = self.line_of(offset)
        before = self.text[self._bounds[0][line] : offset]
        return {"line": line, "character": sum(1 + (it > "\uffff") for it in before)}


def excerpt(lines: Lines, span: Span) -> tuple[str, str]:
    """The line where *span* starts, and carets under it; a long line is cut around the span."""
    line = lines.span(lines.line_of(span.start))
    start = min(span.start, line.end)
    end = max(min(span.end, line.end), start)
    shown_from, shown_to = line.start, line.end
    if line.end - line.start > _WIDEST:
        shown_from = max(line.start, start - _WIDEST // 3)
        shown_to = min(line.end, max(shown_from + _WIDEST, min(end, start + _WIDEST)))
        shown_from = max(line.start, min(shown_from, shown_to - _WIDEST))
    before, marked = lines.text[shown_from:start], lines.text[start : min(end, shown_to)]
    cut_left, cut_right = shown_from > line.start, shown_to < line.end
    source = ("…" if cut_left else "") + _printable(lines.text[shown_from:shown_to])
    padding = " " * cut_left + "".join("\t" if it == "\t" else " " * _width(it) for it in before)
    carets = "^" * max(sum(map(_width, marked)), 1)
    return source + ("…" if cut_right else ""), padding + carets


def _printable(text: str) -> str:
    """*text* without what a terminal would obey instead of showing it."""
    return "".join(
        "\ufffd" if unicodedata.category(it) == "Cc" and it != "\t" else it for it in text
    )


def _width(character: str) -> int:
    """Columns of a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
