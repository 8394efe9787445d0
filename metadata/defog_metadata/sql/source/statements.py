"""A file split into its statements.

The split never depends on whether a statement makes sense, so that a broken one cannot harm its
neighbours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from defog_metadata.sql.source.pieces import Piece, pieces_from
from defog_metadata.text import Span

__all__ = ["Statement", "split", "statements_of"]


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
    return statements_of(text, pieces_from(text, dialect))


def statements_of(text: str, pieces: Iterable[Piece], start: int = 0) -> tuple[Statement, ...]:
    """The statements at *pieces*, in *text*, which begins at *start* of what they count in."""
    return tuple(
        Statement(it.start - start, text[it.start - start : it.end - start], it.reach - start)
        for it in pieces
    )
