"""SQL files in which the comment before a statement says what it is for."""

import re
from collections.abc import Iterator
from itertools import takewhile

from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.notation import sql_comment
from defog_metadata.text import Span

__all__ = ["comment_above", "commented_statements"]

# A comment that begins its line where a statement may begin: the text starts there, or the line
# before ended one. What is in a comment is not looked at for semicolons.
_COMMENT = re.compile(
    r"(?P<lines>(?:[ \t]*--[^\r\n]*(?:\r\n|\r|\n|\Z))+)|[ \t]*(?P<block>/\*.*?(?:\*/|\Z))",
    re.DOTALL,
)
_LINE_COMMENT = re.compile(r"[ \t]*--+[ \t]?([^\r\n]*)")
_END = re.compile(r";[ \t]*(?:--[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_BEFORE_WORDS = re.compile(r"[ \t\ufeff]*(?:--+|#+|\*+(?=\s|$))?[ \t]*")
_LINES = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(r"\s*")


def commented_statements(text: str) -> Iterator[tuple[MappedText | None, MappedText]]:
    """Each statement with the comment before it, if there is one.

    Statements that no comment divides belong together. The statement is without the white space
    and the last semicolon around it.
    """
    at = _blank_end(text, int(text.startswith("\ufeff")))
    while at < len(text):
        comment = _COMMENT.match(text, _line_start(text, at))
        question = None if comment is None else _question(text, comment)
        start = at if comment is None else comment.end()
        end = next(_ends(text, start), len(text))
        yield question, _statement(text, Span(start, end))
        at = _blank_end(text, end)


def comment_above(text: str, offset: int) -> str:
    """What the comment says that stands right above the statement at *offset*; may be nothing."""
    tail = text[:offset].rstrip()
    lines = _LINES.split(tail)
    if len(_LINES.findall(text, len(tail), offset)) > 1:
        return ""  # what an empty line divides from the statement is about more than that
    if tail.endswith("*/") and not _is_line_comment(lines[-1]):
        lines = _LINES.split(tail[tail.rfind("/*") + 2 : -2])
    else:
        above = takewhile(_is_line_comment, reversed(lines))
        lines = list(above)[::-1]
    return "\n".join(_BEFORE_WORDS.sub("", it, count=1).rstrip() for it in lines).strip()


def _is_line_comment(line: str) -> bool:
    return line.lstrip(" \t\ufeff").startswith(("--", "#"))


def _ends(text: str, start: int) -> Iterator[int]:
    """Where a line ends a statement and a comment, or nothing, follows."""
    for found in _END.finditer(text, start):
        behind = _blank_end(text, found.end())
        if behind == len(text) or _COMMENT.match(text, _line_start(text, behind)):
            yield found.end()


def _question(text: str, comment: re.Match[str]) -> MappedText:
    if comment["block"]:
        inside = Span(comment.start("block") + 2, comment.end() - 2 * comment[0].endswith("*/"))
        place = _stripped(text, inside)
        return MappedText(text[place.start : place.end], place)
    lines = [it.span(1) for it in _LINE_COMMENT.finditer(text, comment.start(), comment.end())]
    pieces: list[tuple[str, int]] = []
    for index, (start, end) in enumerate(lines):
        if index:
            pieces.append(("\n", lines[index - 1][1]))
        pieces.append((text[start:end].rstrip(), start))
    return MappedText.of_pieces(pieces, Span(lines[0][0], lines[-1][1]), sql_comment("-- "))


def _statement(text: str, span: Span) -> MappedText:
    place = _stripped(text, span)
    part = text[place.start : place.end]
    place = Span(place.start, place.start + len(part.rstrip("; \t\r\n")))
    return MappedText(text[place.start : place.end], place)


def _stripped(text: str, span: Span) -> Span:
    part = text[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))


def _line_start(text: str, at: int) -> int:
    before = text[:at].rstrip(" \t")
    return len(before) if not before or before[-1] in "\r\n\ufeff" else at


def _blank_end(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
