"""A file split into its statements.

The split never depends on whether a statement makes sense, so that a broken one cannot harm its
neighbours. An edited text is split where it was edited: the statements before it are those of the
text that it was made from, and so are those behind, from where one ends that ended there before.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from defog_metadata.sql.source.pieces import Piece, pieces_from
from defog_metadata.text import Span

__all__ = ["Statement", "split"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: from its first token to its last, without the semicolon."""

    start: int
    text: str
    reach: int
    """The end of the text that belongs to it: past its semicolon, or up to the next statement."""

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))

    def shifted(self, by: int) -> "Statement":
        return Statement(self.start + by, self.text, self.reach + by) if by else self


@lru_cache(maxsize=16)
def split(text: str, dialect: str) -> tuple[Statement, ...]:
    """The statements of *text*, in order."""
    if any(it in text for it in _FAR_REACHING):
        pieces = pieces_from(_without_copied_rows(text), dialect)
        return tuple(_statement(text, it) for it in pieces)
    return _recent.split(text, dialect).statements


# Of these, one part of a text may decide about another that is anywhere before it.
_FAR_REACHING = ("\n\\.", "{{", "{%", "{#")


def _without_copied_rows(text: str) -> str:
    r"""*text* with spaces for the rows between ``COPY … FROM STDIN;`` and ``\.``, as in dumps."""
    if "\n\\." not in text:
        return text
    return _COPIED_ROWS.sub(lambda it: it[1] + " " * (len(it[0]) - len(it[1])), text)


_COPIED_ROWS = re.compile(
    r"(^COPY\b[^;]*\bFROM\s+STDIN\b[^;]*;)[^\n]*\n(?:(?!\\\.[ \t\r]*$)[^\n]*\n)*\\\.[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)


def _statement(text: str, piece: Piece) -> Statement:
    return Statement(piece.start, text[piece.start : piece.end], piece.reach)


@dataclass(frozen=True, slots=True)
class _Known:
    """A text that has been split; ``pieces`` and ``statements`` belong together."""

    text: str
    pieces: tuple[Piece, ...]
    statements: tuple[Statement, ...]


class _Recent:
    """The texts that were split last: the next one is likely to be one of them with an edit."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Known, ...]] = {}

    def split(self, text: str, dialect: str) -> _Known:
        known = self._known.get(dialect, ())
        found = next(filter(None, (_edited(it, text, dialect) for it in known)), None)
        found = found or _known(text, pieces_from(text, dialect))
        # Of two threads one may forget what the other has found, which costs it some time.
        self._known[dialect] = (found, *known[: _MOST_TEXTS - 1])
        return found


_recent = _Recent()
_MOST_TEXTS = 4
"""Of each dialect: who edits goes back and forth between a few."""


def _known(text: str, pieces: Iterator[Piece]) -> _Known:
    found = tuple(pieces)
    return _Known(text, found, tuple(_statement(text, it) for it in found))


def _edited(before: _Known, text: str, dialect: str) -> _Known | None:
    """*text* split as *before* was, but for what an edit has changed; ``None`` for another text."""
    shorter = min(len(text), len(before.text))
    same_start = _common(shorter, lambda n: text[:n] == before.text[:n])
    rest = shorter - same_start
    same_end = _common(rest, lambda n: n == 0 or text[-n:] == before.text[-n:])
    if 2 * (same_start + same_end) < len(text):
        return None
    kept, start = _kept(before.pieces, same_start)
    moved = len(text) - len(before.text)
    resumes = {
        piece.resume: index
        for index, piece in enumerate(before.pieces)
        if piece.resume is not None and piece.resume >= len(before.text) - same_end
    }
    pieces = list(before.pieces[:kept])
    statements = list(before.statements[:kept])
    for piece in pieces_from(text, dialect, start):
        pieces.append(piece)
        statements.append(_statement(text, piece))
        if piece.resume is not None and (index := resumes.get(piece.resume - moved)) is not None:
            pieces += _shifted(before.pieces[index + 1 :], moved)
            statements += [it.shifted(moved) for it in before.statements[index + 1 :]]
            break
    return _Known(text, tuple(pieces), tuple(statements))


def _common(limit: int, is_same: Callable[[int], bool]) -> int:
    """The largest number up to *limit* for which *is_same*, as it is for all smaller ones."""
    if is_same(limit):
        return limit
    low, high = 0, limit
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_same(middle) else (low, middle)
    return low


def _kept(pieces: Sequence[Piece], unchanged: int) -> tuple[int, int]:
    """How many pieces are as they were if *unchanged* characters are, and where to read on."""
    kept = start = 0
    for index, piece in enumerate(pieces):
        if piece.horizon > unchanged:
            break
        if piece.resume is not None:
            kept, start = index + 1, piece.resume
    return kept, start


def _shifted(pieces: Iterable[Piece], by: int) -> Iterator[Piece]:
    for it in pieces:
        resume = None if it.resume is None else it.resume + by
        yield Piece(it.start + by, it.end + by, it.reach + by, it.horizon + by, resume)
