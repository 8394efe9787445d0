"""What may be said of a statement that a program fills in before an engine sees it."""

import re
from dataclasses import dataclass, replace

from defog_metadata.rules.findings import Finding, Fix
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.templates import Certainty, Template

__all__ = ["Sureness"]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure the rules can be of one statement."""

    text: str
    """Of the whole document."""
    template: Template
    certainty: Certainty

    @classmethod
    def of(cls, analysis: Analysis, snapshot: Snapshot) -> "Sureness":
        template = snapshot.template
        certainty = template.certainty(analysis.statement.span, analysis.syntax.tree)
        if certainty != "nothing" and _may_mean_several(analysis, snapshot):
            certainty = "nothing"
        return cls(snapshot.text, template, certainty)

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
        start, end = finding.span.start, finding.span.end
        if self.template.touches(finding.span) or _PARAMETER.match(self.text, max(start - 1, 0)):
            return None
        # The template may put any of its own words into the text, at any place.
        is_guess = self.certainty == "names"
        if is_guess and self.text[start:end].casefold() in self.template.words:
            return None
        if not self.template.filled_in:
            return finding
        message = self.template.written(finding.message)
        return replace(finding, message=message, fixes=tuple(map(self._fix, finding.fixes)))

    def _fix(self, fix: Fix) -> Fix:
        written = self.template.written
        edits = tuple(replace(it, text=written(it.text)) for it in fix.edits)
        return replace(fix, title=written(fix.title), edits=edits)


def _may_mean_several(analysis: Analysis, snapshot: Snapshot) -> bool:
    """Whether a ``ref`` could be to several tables: only dbt knows in which schema a model is."""
    return bool(snapshot.template.replaced) and any(
        it.kind == "table"
        and not it.qualifier
        and snapshot.template.touches(it.span.shifted(analysis.statement.start))
        and len(snapshot.catalog.source.named(it.name.key)) > 1
        for it in analysis.references
    )


_NAMES = frozenset(("unknown-table", "unknown-alias", "unknown-column"))
# A parameter, or the character before one: nobody can say that its name is unknown.
_PARAMETER = re.compile(r"[@$?]\w|(?<!:):\w|.[@$?:]\w", re.DOTALL)
