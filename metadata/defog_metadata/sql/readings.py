"""The sections of a text understood in their order: each knows what those before it define."""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from defog_metadata.catalog import Catalog
from defog_metadata.lazy import lazy
from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis, analyse
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.source.common import same_end_of, same_start_of
from defog_metadata.sql.source.sections import Section, Sections

__all__ = ["Known", "Reading", "read_all", "same_ends"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the statements of a file before some place have defined."""

    relations: tuple[Relation, ...] = ()
    nulls_equal: bool = False
    """Whether NULL equals NULL from there on (T-SQL's ANSI_NULLS)."""

    def is_same(self, other: "Known") -> bool:
        # Relations that are the same have been made the very same ones.
        return self.relations is other.relations and self.nulls_equal == other.nulls_equal


@dataclass(frozen=True, eq=False)
class Reading:
    """A section in its file. What is asked of it is found out on first use."""

    section: Section
    catalog: Catalog
    dialect: str
    known: Known
    """Before it."""
    remembered: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What has been concluded from it, by those who did."""

    @lazy
    def after(self) -> Known:
        """What is known behind it; only statements that may define something are read for that."""
        return self.known_before(len(self.section.statements))

    @lazy
    def analyses(self) -> tuple[Analysis, ...]:
        """Its statements understood; they start where they start in the section."""
        found: list[Analysis] = []
        known = self.known
        for index in range(len(self.section.statements)):
            check_stopped()
            analysis, known = self._next(known, index)
            found.append(analysis)
        return tuple(found)

    def known_before(self, index: int) -> Known:
        """What has been defined before its statement number *index*."""
        known = self.known
        for it in self.section.defining:
            if it >= index:
                break
            known = self._next(known, it)[1]
        return known

    def analysis(self, index: int) -> Analysis:
        """Its statement number *index* understood, and none but those that define something."""
        return self._next(self.known_before(index), index)[0]

    def _next(self, known: Known, index: int) -> tuple[Analysis, Known]:
        statement = self.section.statements[index]
        text = self.section.template.readable(statement.span)
        analysis = analyse(statement, self.catalog, self.dialect, known.relations, text)
        nulls_equal = known.nulls_equal
        if self.dialect == "tsql" and (set_ := _ANSI_NULLS.match(statement.text)):
            nulls_equal = set_[1].upper() == "OFF"
        if nulls_equal:
            analysis = replace(analysis, nulls_equal=True)
        if analysis.known_after is known.relations and nulls_equal == known.nulls_equal:
            return analysis, known
        return analysis, Known(analysis.known_after, nulls_equal)


def read_all(
    sections: Sections, catalog: Catalog, before: tuple[Reading, ...] = ()
) -> tuple[Reading, ...]:
    """A reading of each of *sections*: those of *before* where nothing about them has changed."""
    parts = sections.parts
    if before and (before[0].catalog != catalog or before[0].dialect != sections.dialect):
        before = ()
    first, last = same_ends(parts, tuple(map(attrgetter("section"), before)))
    readings = list(before[:first])
    known = readings[-1].after if readings else Known()
    moved = len(before) - len(parts)
    for index in range(first, len(parts)):
        check_stopped()
        if index >= last:
            old = before[index + moved]
            if old.known.is_same(known):
                # From here on all is as it was.
                readings += before[index + moved :]
                break
        reading = Reading(parts[index], catalog, sections.dialect, known)
        readings.append(reading)
        known = reading.after
    return tuple(readings)


def same_ends(parts: tuple[object, ...], before: tuple[object, ...]) -> tuple[int, int]:
    """How many of *parts* begin as *before* do, and from which on they end as those do."""
    shorter = min(len(parts), len(before))
    first = same_start_of(parts, before, shorter)
    return first, len(parts) - same_end_of(parts, before, shorter - first)


_ANSI_NULLS = re.compile(r"SET\s+ANSI_NULLS\s+(ON|OFF)\b", re.IGNORECASE)
