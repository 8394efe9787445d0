"""Offsets and spans. Everything inside the core counts code points."""

from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Edit", "Fix", "Span", "TextFile"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: ``text[start:end]``."""

    start: int
    end: int

    def touches(self, offset: int) -> bool:
        """Whether a caret at *offset* is in, or at either edge of, this span."""
        return self.start <= offset <= self.end

    def shifted(self, by: int) -> "Span":
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` in the place of ``span``."""

    span: Span
    text: str

    def shifted(self, by: int) -> "Edit":
        return Edit(self.span.shifted(by), self.text)


@dataclass(frozen=True, slots=True)
class Fix:
    """A mend that can be applied; its ``edits`` do not overlap."""

    title: str
    edits: tuple[Edit, ...]
    is_certain: bool = False
    """Whether nobody would want another: such may be applied to a whole file at once."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was read: what spans in it count in."""

    path: Path
    text: str = field(repr=False)
