"""What may be said of a statement that a program fills in before an engine sees it."""

import re
from dataclasses import dataclass, replace

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Finding, Fix
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.source.sections import Section
from defog_metadata.sql.source.templates import Certainty, Filled, Template

__all__ = ["Sureness"]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure the rules can be of one statement."""

    section: Section
    """That it stands in, and that it and all that is found in it count from."""
    certainty: Certainty
    filled: Filled

    @classmethod
    def of(
        cls, analysis: Analysis, section: Section, catalog: Catalog, filled: Filled
    ) -> "Sureness":
        template = section.template
        certainty = template.certainty(analysis.statement.span, analysis.syntax.tree)
        if certainty != "nothing" and _may_mean_several(analysis, template, catalog):
            certainty = "nothing"
        return cls(section, certainty, filled)

    def admits(self, code: str) -> bool:
        """Whether the rule *code* can say anything at all."""
        match self.certainty:
            case "exact":
                return True
            case "without syntax":
                return code != "syntax-error"
            case "names":
                return code in _NAMES
            case "nothing":
                return False

    def told(self, finding: Finding) -> Finding | None:
        """*finding* in the words of the template, if it holds whatever is filled in."""
        text, start, end = self.section.text, finding.span.start, finding.span.end
        if self.section.template.touches(finding.span) or _is_of_parameter(text, start):
            return None
        # The template may put any of its own words into the text, at any place.
        is_guess = self.certainty == "names"
        if is_guess and text[start:end].casefold() in self.filled.words:
            return None
        if not self.filled.names:
            return finding
        message = self.filled.written(finding.message)
        return replace(finding, message=message, fixes=tuple(map(self._fix, finding.fixes)))

    def _fix(self, fix: Fix) -> Fix:
        written = self.filled.written
        edits = tuple(replace(it, text=written(it.text)) for it in fix.edits)
        return replace(fix, title=written(fix.title), edits=edits)


def _may_mean_several(analysis: Analysis, template: Template, catalog: Catalog) -> bool:
    """Whether a ``ref`` could be to several tables: only dbt knows in which schema a model is."""
    return bool(template.replaced) and any(
        it.kind == "table"
        and not it.qualifier
        and template.touches(it.span.shifted(analysis.statement.start))
        and len(catalog.source.named(it.name.key)) > 1
        for it in analysis.references
    )


_NAMES = frozenset(("unknown-table", "unknown-alias", "unknown-column"))


def _is_of_parameter(text: str, start: int) -> bool:
    """Whether a parameter starts at *start* or before it: nobody can say its name is unknown."""
    return bool(_SIGN.match(text, start) or (start and _PARAMETER.match(text, start - 1)))


_SIGN = re.compile(r"[@$?:]\w")
_PARAMETER = re.compile(r"[@$?]\w|(?<!:):\w")
