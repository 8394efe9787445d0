"""The state a feature may see: one document version and one catalog."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from defog_metadata.catalog import Catalog
from defog_metadata.lazy import lazy
from defog_metadata.pruning import Glossary
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.readings import Reading, read_all
from defog_metadata.sql.scopes import Reference, Relation
from defog_metadata.sql.source.sections import Sections, read_sections
from defog_metadata.sql.source.statements import Statement
from defog_metadata.sql.source.templates import Template
from defog_metadata.sql.usage import Usage
from defog_metadata.text import Span

__all__ = ["Before", "Snapshot"]


@dataclass(frozen=True, eq=False, slots=True)
class Before:
    """What is known of the text that another is made from. Older ones are not kept by it."""

    sections: Sections | None = None
    readings: tuple[Reading, ...] = ()
    remembered: Mapping[Hashable, Any] = field(default_factory=dict)
    """What others have concluded from it."""


@dataclass(frozen=True)
class Snapshot:
    """An immutable view of a document. Derived facts are computed once, on first use."""

    text: str
    catalog: Catalog
    dialect: str
    usage: Usage = field(default_factory=Usage)
    """What the workspace's golden queries do with the catalog."""
    glossary: Glossary = field(default_factory=Glossary)
    """What the workspace's glossary says of the catalog."""
    name: str = ""
    """What the document is called, without its folder and ending."""

    remembered: dict[Hashable, Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What has been concluded from it, by those who did."""
    before: Before = field(default_factory=Before, compare=False, repr=False)
    """What was found out about the text that this one comes from. Only time depends on it."""

    def edited(self, text: str) -> "Snapshot":
        """The same with another *text*, which is likely to be much the same."""
        return replace(self, text=text, before=self.found_out)

    @property
    def found_out(self) -> Before:
        """What has been found out so far, for the next version of the text."""
        # A fact that nobody has asked for of this version may be known of an earlier one.
        facts = self.__dict__
        return Before(
            facts.get("sections", self.before.sections),
            facts.get("readings", self.before.readings),
            {**self.before.remembered, **self.remembered},
        )

    @lazy
    def sections(self) -> Sections:
        """The text in parts that say by themselves what they are."""
        return read_sections(self.text, self.dialect, self.before.sections)

    @lazy
    def readings(self) -> tuple[Reading, ...]:
        """The sections, each with what the statements before it have defined."""
        return read_all(self.sections, self.catalog, self.before.readings)

    @lazy
    def template(self) -> Template:
        """The text as an engine could see it, everything at its place."""
        sections = self.sections
        parts = list(zip(sections.parts, sections.starts, strict=True))
        return Template(
            "".join(it.template.text for it in sections.parts),
            self.dialect,
            tuple(
                (span.shifted(start), kind)
                for it, start in parts
                for span, kind in it.template.replaced
            ),
            sections.markup.blocks,
            sections.markup.replaced,
            sections.filled.words,
            sections.filled.names,
        )

    def is_filled_in(self, offset: int) -> bool:
        """Whether a caret at *offset* is inside what a template fills in."""
        part = self.sections.at(offset)
        at = offset - self.sections.starts[part]
        return self.sections.parts[part].template.touches(Span(at, at))

    @lazy
    def statements(self) -> tuple[Statement, ...]:
        sections = self.sections
        return tuple(
            it.shifted(start)
            for part, start in zip(sections.parts, sections.starts, strict=True)
            for it in part.statements
        )

    @lazy
    def analyses(self) -> tuple[Analysis, ...]:
        """Every statement, understood with what the statements before it have defined."""
        return tuple(
            _placed(it, start)
            for reading, start in zip(self.readings, self.sections.starts, strict=True)
            for it in reading.analyses
        )

    def analysis_at(self, offset: int) -> Analysis | None:
        """The statement that a caret at *offset* is in or directly behind."""
        found = self._statement_at(offset)
        if found is None:
            return None
        part, index = found
        return _placed(self.readings[part].analysis(index), self.sections.starts[part])

    def known_before(self, part: int, index: int) -> tuple[Relation, ...]:
        """What has been defined before statement number *index* of section number *part*."""
        return self.readings[part].known_before(index).relations

    def known_at(self, offset: int) -> tuple[Relation, ...]:
        """What has been defined by the statements that *offset* is behind."""
        part = self.sections.at(offset)
        at = offset - self.sections.starts[part]
        reached = (it.reach <= at for it in self.sections.parts[part].statements)
        return self.known_before(part, sum(takewhile(bool, reached)))

    def defining_before(self, offset: int, name: str) -> Iterator[Analysis]:
        """The statements before *offset* that may define *name*, from there backwards."""
        key = name.casefold()
        sections = self.sections
        for part in range(sections.at(offset), -1, -1):
            start = sections.starts[part]
            statements = sections.parts[part].statements
            for index in reversed(sections.parts[part].defining):
                it = statements[index]
                if start + it.start < offset and key in it.text.casefold():
                    yield _placed(self.readings[part].analysis(index), start)

    def statements_before(self, offset: int) -> Iterator[Statement]:
        """The statements that start before or at *offset*, from there backwards."""
        sections = self.sections
        for part in range(sections.at(offset), -1, -1):
            start = sections.starts[part]
            for it in reversed(sections.parts[part].statements):
                if start + it.start <= offset:
                    yield it.shifted(start)

    def statement_at(self, offset: int) -> Statement | None:
        """As ``analysis_at``, without understanding it."""
        found = self._statement_at(offset)
        if found is None:
            return None
        part, index = found
        return self.sections.parts[part].statements[index].shifted(self.sections.starts[part])

    def _statement_at(self, offset: int) -> tuple[int, int] | None:
        """Its section, and which of that it is."""
        sections = self.sections
        last = sections.at(offset)
        for part in (last - 1, last) if last else (last,):
            at = offset - sections.starts[part]
            for index, it in enumerate(sections.parts[part].statements):
                if it.span.touches(at):
                    return part, index
        return None

    def analyses_in(self, within: Span) -> Iterator[Analysis]:
        """The statements that reach into *within*, or touch it."""
        for it in self.analyses:
            span = it.statement.span
            if span.start <= within.end and within.start <= span.end:
                yield it

    def references(self) -> Iterator[Reference]:
        return (it for analysis in self.analyses for it in analysis.absolute())

    def reference_at(self, offset: int) -> Reference | None:
        """The name under the caret, if it is one; the longest where several touch."""
        analysis = self.analysis_at(offset)
        if analysis is None:
            return None
        found = [it for it in analysis.absolute() if it.span.touches(offset)]
        # Between ``u`` and ``.`` the name is u; behind the dot it is the column.
        return max(found, key=lambda it: it.span.start <= offset < it.span.end, default=None)


def _placed(analysis: Analysis, start: int) -> Analysis:
    """*analysis* of a statement of a section that starts at *start*, in the whole text."""
    if not start:
        return analysis
    return replace(analysis, statement=analysis.statement.shifted(start))
