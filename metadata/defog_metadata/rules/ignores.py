"""Comments that silence rules: ``-- defog: ignore unknown-column``.

Behind code such a comment is about its line; alone on its line it is about the statement that
starts below it, or, inside a statement, about the next line. Without codes it is about all rules.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from defog_metadata.rules.findings import Finding
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.source.statements import Statement
from defog_metadata.text import Span

__all__ = ["Ignored", "ignored"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Findings that start in ``span`` or at its end, of ``codes`` (none: of all), are not told."""

    span: Span
    codes: frozenset[str]

    def covers(self, finding: Finding) -> bool:
        return self.span.touches(finding.span.start) and (
            not self.codes or finding.code in self.codes
        )


def ignored(snapshot: Snapshot) -> tuple[Ignored, ...]:
    """What the comments of *snapshot* silence."""
    # Nearly all files say nothing, and in a long one the expression takes its time to see that.
    if _NAME not in snapshot.text.casefold() or _DIRECTIVE.search(snapshot.text) is None:
        return ()
    tokens = tokenize(snapshot.text, snapshot.dialect)
    lines = _Lines(snapshot.text)
    return tuple(_ignored(tokens, lines, snapshot.statements))


_NAME = "defog"
_DIRECTIVE = re.compile(r"\bdefog\s*:\s*ignore\b(?P<rest>[^\r\n]*)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:--+|#+|//+|/\*+|\{#-?)\s*")
# Every code is of several words. What does not look like one is the reason, for people.
_CODE = re.compile(r"[\s,]*(?P<code>[a-z]+(?:[-_][a-z]+)+)", re.IGNORECASE)


def _ignored(
    tokens: Sequence[Token], lines: "_Lines", statements: Sequence[Statement]
) -> Iterator[Ignored]:
    for index, token in enumerate(tokens):
        codes = _codes(token) if token.kind == "comment" else None
        if codes is None:
            continue
        line, last = lines.of(token.start), lines.of(token.end)
        before = next((it for it in reversed(tokens[:index]) if it.kind != "comment"), None)
        behind = next((it for it in tokens[index + 1 :] if it.kind != "comment"), None)
        if before is not None and lines.of(before.end) == line:
            yield Ignored(lines.span(line), codes)
        elif behind is None or not _is_directly_above(tokens[index:], behind, lines):
            continue
        elif lines.of(behind.start) == last:
            yield Ignored(lines.span(last), codes)
        elif statement := next((it for it in statements if it.start == behind.start), None):
            yield Ignored(statement.span, codes)
        else:
            yield Ignored(lines.span(lines.of(behind.start)), codes)


def _codes(comment: Token) -> frozenset[str] | None:
    """The codes that *comment* names, none for all; ``None`` where it is no directive."""
    opening = _COMMENT.match(comment.text)
    directive = _DIRECTIVE.match(comment.text, opening.end() if opening else 0)
    if directive is None:
        return None
    codes: list[str] = []
    rest, at = directive["rest"], 0
    while found := _CODE.match(rest, at):
        codes.append(found["code"].lower().replace("_", "-"))
        at = found.end()
    return frozenset(codes)


def _is_directly_above(comments: Sequence[Token], code: Token, lines: "_Lines") -> bool:
    """Whether nothing but comments stands between the first of *comments* and *code*."""
    for above, below in pairwise(comments):
        if lines.of(below.start) - lines.of(above.end) > 1:
            return False
        if below is code:
            return True
    return False


class _Lines:
    def __init__(self, text: str) -> None:
        lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
        self._starts = [0, *accumulate(map(len, lines))]
        self._size = len(text)

    def of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def span(self, line: int) -> Span:
        end = self._starts[line + 1] - 1 if line + 1 < len(self._starts) else self._size
        return Span(self._starts[line], end)
