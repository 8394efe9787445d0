"""Mends that nobody has to be asked about, made in a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from defog_metadata.rules.findings import Finding
from defog_metadata.rules.fixes import applied, certain_edits, certain_fix
from defog_metadata.text import Edit

__all__ = ["Fixed", "encoded", "fixed"]

_MOST_ROUNDS = 10
"""A mend may lay bare another mistake, but not for ever."""
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after its mends, and what is still wrong with it."""

    text: str
    findings: Sequence[Finding]
    made: tuple[Finding, ...] = ()
    """What was mended, at its place in the text as it was then."""


def fixed(text: str, check: Callable[[str], Sequence[Finding]]) -> Fixed:
    """*text* with every certain mend of what *check* finds in it, until there are none left."""
    now = Fixed(text, check(text))
    for _ in range(_MOST_ROUNDS):
        edits = certain_edits(now.findings)
        changed = applied(now.text, (_with_line_ends(it, text) for it in edits))
        if changed == now.text:
            break
        made = tuple(it for it in now.findings if _is_made(it, edits))
        now = Fixed(changed, check(changed), now.made + made)
    return now


def encoded(text: str, before: bytes) -> bytes:
    """*text* as a file, with the mark of UTF-8 that *before* had."""
    return (_MARK if before.startswith(_MARK) else b"") + text.encode()


def _is_made(finding: Finding, edits: Sequence[Edit]) -> bool:
    fix = certain_fix(finding)
    return fix is not None and all(it in edits for it in fix.edits)


def _with_line_ends(edit: Edit, text: str) -> Edit:
    """*edit* with lines that end as the first of *text* does."""
    if "\n" not in edit.text or "\r\n" not in text.partition("\n")[0] + "\n":
        return edit
    return replace(edit, text=edit.text.replace("\r\n", "\n").replace("\n", "\r\n"))
