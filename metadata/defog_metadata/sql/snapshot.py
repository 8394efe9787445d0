"""The state a feature may see: one document version and one catalog."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from defog_metadata.catalog import Catalog
from defog_metadata.lazy import lazy
from defog_metadata.progress import check_stopped
from defog_metadata.pruning import Glossary
from defog_metadata.sql.analysis import Analysis, analyse
from defog_metadata.sql.scopes import Reference, Relation
from defog_metadata.sql.source.statements import Statement, split
from defog_metadata.sql.source.templates import Template, read_template
from defog_metadata.sql.usage import Usage

__all__ = ["Snapshot"]


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

    @lazy
    def template(self) -> Template:
        """The text as an engine could see it, everything at its place."""
        return read_template(self.text, self.dialect)

    @lazy
    def statements(self) -> tuple[Statement, ...]:
        return split(self.template.text, self.dialect)

    @lazy
    def analyses(self) -> tuple[Analysis, ...]:
        """Every statement, understood with what the statements before it have defined."""
        found: list[Analysis] = []
        known: tuple[Relation, ...] = ()
        nulls_equal = False
        for statement in self.statements:
            check_stopped()
            text = self.template.readable(statement.span)
            analysis = analyse(statement, self.catalog, self.dialect, known, text)
            known = analysis.known_after
            if set_ := _ANSI_NULLS.match(statement.text):
                nulls_equal = self.dialect == "tsql" and set_[1].upper() == "OFF"
            found.append(replace(analysis, nulls_equal=True) if nulls_equal else analysis)
        return tuple(found)

    def analysis_at(self, offset: int) -> Analysis | None:
        """The statement that a caret at *offset* is in or directly behind."""
        return next((it for it in self.analyses if it.statement.span.touches(offset)), None)

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


_ANSI_NULLS = re.compile(r"SET\s+ANSI_NULLS\s+(ON|OFF)\b", re.IGNORECASE)
