"""A text in sections: stretches of whole lines that each say by themselves what they are.

An edit changes the section that it is in, rarely more. All that is known of the others stays as it
is, since it counts from where its section starts: where that is, is the text's affair. A section
is mostly one statement with the comments above it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from defog_metadata.lazy import lazy
from defog_metadata.progress import check_stopped
from defog_metadata.sql.source.common import same_end_of, same_start_of
from defog_metadata.sql.source.pieces import Piece, pieces_from
from defog_metadata.sql.source.statements import Statement, statements_of
from defog_metadata.sql.source.templates import (
    Filled,
    Markup,
    Template,
    filled_of,
    read_markup,
    template_of,
)
from defog_metadata.text import Span

__all__ = ["Section", "Sections", "read_sections"]


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a text. Everything in it counts from its start."""

    text: str
    template: Template
    """``text`` as an engine could see it."""
    statements: tuple[Statement, ...]
    horizon: int
    """The end of the text that has been looked at to say what it is, often beyond its own."""

    @lazy
    def defining(self) -> tuple[int, ...]:
        """Which of its statements may define something, or say what NULL means, for later ones."""
        has_values = self.template.dialect == "clickhouse"  # WITH 1 AS x
        return tuple(
            index
            for index, it in enumerate(self.statements)
            if _DEFINES.search(it.text)
            or (not _INSERT.match(it.text) and _INTO.search(it.text))
            or (has_values and _WITH.search(it.text))
        )


_DEFINES = re.compile(r"\b(?:create|alter|drop|rename|declare|let|ansi_nulls)\b", re.IGNORECASE)
_INSERT = re.compile(r"(?:insert|replace|merge)\b", re.IGNORECASE)
_INTO = re.compile(r"\binto\b", re.IGNORECASE)
_WITH = re.compile(r"\bwith\b", re.IGNORECASE)


@dataclass(frozen=True, eq=False, slots=True)
class Sections:
    """The sections that ``text`` consists of, and where each starts."""

    text: str
    dialect: str
    markup: Markup
    parts: tuple[Section, ...]
    starts: tuple[int, ...]
    far: tuple[int, ...]
    """Which of them depend on text behind their end."""
    templated: tuple[int, ...]
    """Which of them have something that is filled in."""
    filled: Filled
    """What the templates in all of them call things."""

    def at(self, offset: int) -> int:
        """Which section *offset* is in; at the edge between two it is the later one."""
        return max(bisect_right(self.starts, offset) - 1, 0)


def read_sections(text: str, dialect: str, before: Sections | None = None) -> Sections:
    """The sections of *text*.

    They are the same with and without *before*, the sections of a similar text; with it those
    that the two have in common are the very same objects, and are not read again.
    """
    if before is None or before.dialect != dialect:
        before = Sections("", dialect, Markup("", ""), (), (), (), (), filled_of(()))
    markup = read_markup(text, dialect)
    cuts = _edited(before, markup.text)
    if cuts is None:
        cuts = _Cuts(0, tuple(_cut(markup.text, dialect, 0)), 0)
    again = len(before.parts) - cuts.rest
    new = [_section(it, text, markup, dialect) for it in cuts.new]
    parts = (*before.parts[: cuts.kept], *new, *before.parts[again:])
    moved = len(text) - len(before.text)
    starts = (
        *before.starts[: cuts.kept],
        *(it.span.start for it in cuts.new),
        *_shifted(before.starts[again:], moved),
    )
    if markup.replaced or before.markup.replaced:
        parts = tuple(_marked(it, at, text, markup) for it, at in zip(parts, starts, strict=True))
        templated = tuple(index for index, it in enumerate(parts) if _has_template(it))
    else:
        templated = _places(before.templated, before, cuts, map(_has_template, new))
    far = _places(before.far, before, cuts, map(_is_far, new))
    filled = filled_of((parts[it].template for it in templated), before.filled)
    return Sections(text, dialect, markup, parts, starts, far, templated, filled)


def _places(
    known: tuple[int, ...], before: Sections, cuts: "_Cuts", new: Iterable[bool]
) -> tuple[int, ...]:
    """Which sections are such ones, if of the old ones the *known* were, and of the new *new*."""
    again = len(before.parts) - cuts.rest
    moved = cuts.kept + len(cuts.new) - again
    return (
        *known[: bisect_left(known, cuts.kept)],
        *(index for index, is_one in enumerate(new, cuts.kept) if is_one),
        *_shifted(known[bisect_left(known, again) :], moved),
    )


def _shifted(numbers: tuple[int, ...], by: int) -> Sequence[int]:
    return [it + by for it in numbers] if by else numbers


def _is_far(section: Section) -> bool:
    return section.horizon > len(section.text)


def _has_template(section: Section) -> bool:
    return bool(section.template.replaced)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a section is."""

    span: Span
    pieces: tuple[Piece, ...]
    horizon: int


@dataclass(frozen=True, slots=True)
class _Cuts:
    """So many of the old sections, new ones, and so many of the old ones' last."""

    kept: int
    new: tuple[_Cut, ...]
    rest: int


def _cut(text: str, dialect: str, start: int) -> Iterator[_Cut]:
    """The sections of *text* from *start* on, where one begins."""
    pieces: list[Piece] = []
    horizon = start
    for piece in pieces_from(text, dialect, start):
        check_stopped()
        pieces.append(piece)
        horizon = max(horizon, piece.horizon)
        if piece.resume is not None:
            yield _Cut(Span(start, piece.resume), tuple(pieces), horizon)
            start = horizon = piece.resume
            pieces = []
    # The last one ends because the text does.
    yield _Cut(Span(start, len(text)), tuple(pieces), len(text) + 1)


def _section(cut: _Cut, text: str, markup: Markup, dialect: str) -> Section:
    start, end = cut.span.start, cut.span.end
    template = template_of(markup, cut.span, dialect)
    statements = statements_of(template.text, cut.pieces, start)
    return Section(text[start:end], template, statements, cut.horizon - start)


def _marked(section: Section, start: int, text: str, markup: Markup) -> Section:
    """*section*, whose readable text is the same, with what is written there and around it now."""
    span = Span(start, start + len(section.text))
    written, template = text[span.start : span.end], section.template
    if (
        section.text == written
        and markup.within(span) == template.markup
        and markup.blocks_in(span) == template.blocks
    ):
        return section
    return replace(
        section, text=written, template=template_of(markup, span, section.template.dialect)
    )


def _edited(before: Sections, text: str) -> _Cuts | None:
    """What is left of *before* in *text*, and what is new; ``None`` if that is nearly all."""
    old = before.markup.text
    shorter = min(len(text), len(old))
    size, old_size = len(text), len(old)
    same_start = same_start_of(text, old, shorter)
    same_end = same_end_of(text, old, shorter - same_start)
    if 2 * (same_start + same_end) < len(text):
        return None
    kept = _kept(before, same_start)
    start = before.starts[kept] if kept < len(before.starts) else len(old)
    moved = size - old_size
    new: list[_Cut] = []
    for cut in _cut(text, before.dialect, start):
        new.append(cut)
        end = cut.span.end - moved
        if end >= old_size - same_end and end < old_size:
            index = bisect_left(before.starts, end)
            if index < len(before.starts) and before.starts[index] == end:
                return _Cuts(kept, tuple(new), len(before.parts) - index)
    return _Cuts(kept, tuple(new), 0)


def _kept(before: Sections, unchanged: int) -> int:
    """How many sections are as they were if the first *unchanged* characters are."""

    def is_kept(index: int) -> bool:
        return before.starts[index] + before.parts[index].horizon <= unchanged

    kept = bisect_right(before.starts, unchanged)
    while kept and not is_kept(kept - 1):
        kept -= 1
    return next((it for it in before.far if it < kept and not is_kept(it)), kept)
