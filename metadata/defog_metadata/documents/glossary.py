"""Glossaries: what a business means by its words, one statement a line, plain or in Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from defog_metadata.text import Span

__all__ = ["GlossaryLine", "read_glossary_file"]


@dataclass(frozen=True, slots=True)
class GlossaryLine:
    """One statement: ``text`` is what stands at ``span`` of the file, its bullet left out."""

    number: int
    """Of the line, from 1."""
    span: Span
    text: str


def read_glossary_file(text: str) -> tuple[GlossaryLine, ...]:
    """The statements in *text*. Headings, rules, comments and blocks of code are none."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[GlossaryLine]:
    fence = ""
    at = int(text.startswith("\ufeff"))
    is_comment = False
    for number, line in enumerate(_LINES.findall(text[at:]), start=1):
        start, at = at, at + len(line)
        if fence or (opened := _FENCE.match(line)):
            marks = line.strip()
            if not fence:
                fence = opened["marks"] if opened else ""
            elif marks.startswith(fence) and not marks.strip(fence[0]):
                fence = ""
            continue
        if is_comment:
            is_comment = "-->" not in line
            continue
        if _COMMENT_LINE.match(line):
            is_comment = "-->" not in line
            continue
        if _NO_STATEMENT.fullmatch(line.strip()):
            continue
        bullet = _BULLET.match(line)
        first = bullet.end() if bullet else 0
        said = line[first:].rstrip()
        if said:
            yield GlossaryLine(number, Span(start + first, start + first + len(said)), said)


_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FENCE = re.compile(r"\s*(?P<marks>`{3,}|~{3,})")
_COMMENT_LINE = re.compile(r"\s*(?:[-*+]\s+)?<!--(?:(?!-->).)*(?:-->\s*)?$")
_NO_STATEMENT = re.compile(r"#{1,6}(?:\s.*)?|[-=*_ ]{3,}|\|?[-:| ]+\|[-:| ]*")
_BULLET = re.compile(r"\s*(?:>\s*)*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]\]\s+)?")
