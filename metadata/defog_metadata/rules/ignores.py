"""Comments that silence rules: ``-- defog: ignore unknown-column``.

Behind code such a comment is about its line; alone on its line it is about the statement that
starts below it, or, inside a statement, about the next line. Without codes it is about all rules.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from defog_metadata.rules.findings import Finding
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.source.sections import Section
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


def ignored(section: Section) -> tuple[Ignored, ...]:
    """What the comments of *section* silence; what is above a statement is in its section."""
    if _DIRECTIVE.search(section.text) is None:
        return ()
    tokens = tokenize(section.text, section.template.dialect)
    return tuple(_ignored(tokens, _Lines(section.text), section.statements))


_DIRECTIVE = re.compile(r"\bdefog\s*:\s*ignore\b(?P<rest>[^\r\n]*)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:--+|#+|//+|/\*+|\{#-?)\s*")
# Every code is of several words. What does not look like one is the reason, for people.
_CODE = re.compile(r"[\s,]*(?P<code>[a-z]+(?:[-_][a-z]+)+)", re.IGNORECASE)


def _ignored(
    tokens: Sequence[Token], lines: "_Lines", statements: Sequence[Statement]
) -> Iterator[Ignored]:
    by_start = {it.start: it for it in statements}
    before: Token | None = None
    for index, token in enumerate(tokens):
        if token.kind != "comment":
            before = token
        codes = _codes(token) if token.kind == "comment" else None
        if codes is None:
            continue
        line, last = lines.of(token.start), lines.of(token.end)
        if before is not None and lines.of(before.end) == line:
            yield Ignored(lines.span(line), codes)
            continue
        behind = _directly_below((tokens[it] for it in range(index, len(tokens))), lines)
        if behind is None:
            continue
        if lines.of(behind.start) == last:
            yield Ignored(lines.span(last), codes)
        elif statement := by_start.get(behind.start):
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


def _directly_below(tokens: Iterable[Token], lines: "_Lines") -> Token | None:
    """The first of *tokens* that is no comment, if no empty line stands before it."""
    for above, below in pairwise(tokens):
        if lines.of(below.start) - lines.of(above.end) > 1:
            return None
        if below.kind != "comment":
            return below
    return None


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
