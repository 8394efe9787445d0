"""Mends applied without asking: which of them, and what the text is afterwards."""

from collections.abc import Iterable

from defog_metadata.rules.findings import Finding, Fix
from defog_metadata.text import Edit, Span

__all__ = ["applied", "certain_edits", "certain_fix", "composed"]


def certain_fix(finding: Finding) -> Fix | None:
    """The one mend of *finding* that nobody would want another for."""
    certain = [it for it in finding.fixes if it.is_certain]
    return certain[0] if len(certain) == 1 else None


def certain_edits(findings: Iterable[Finding]) -> tuple[Edit, ...]:
    """The edits of all certain mends that can be made at once, in the order of the text.

    A mend is made wholly or not at all. Of two that are in each other's way the earlier finding's
    is made; the text afterwards has the other finding still, or is rid of it.
    """
    chosen: set[Edit] = set()
    for finding in findings:
        fix = certain_fix(finding)
        if fix is not None:
            # What two mends have in common (a table that both need) is done once.
            added = set(fix.edits) - chosen
            if not any(_conflict(new.span, old.span) for new in added for old in chosen):
                chosen |= added
    return tuple(sorted(chosen, key=lambda it: it.span))


def applied(text: str, edits: Iterable[Edit]) -> str:
    """*text* after *edits*, which do not overlap; of two at one place the first comes first."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda it: it.span):
        parts += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    return "".join((*parts, text[done:]))


def composed(first: Iterable[Edit], then: Iterable[Edit]) -> list[Edit]:
    """What does at once what *first* does and *then* does to the text after it.

    No edit of *then* may be partly in what one of *first* has put in.
    """
    edits: list[Edit] = []
    later = sorted(then, key=lambda it: it.span)
    moved = 0
    for edit in sorted(first, key=lambda it: it.span):
        start = edit.span.start + moved
        end = start + len(edit.text)
        while later and later[0].span.start < start:
            edits.append(later.pop(0).shifted(-moved))
        inside: list[Edit] = []
        while later and later[0].span.start < end:
            inside.append(later.pop(0).shifted(-start))
        edits.append(Edit(edit.span, applied(edit.text, inside)))
        moved += len(edit.text) - (edit.span.end - edit.span.start)
    return [*edits, *(it.shifted(-moved) for it in later)]


def _conflict(one: Span, other: Span) -> bool:
    """Whether the order of two edits would matter, or one would change what the other does."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end
