"""What a line of text, plain or Markdown, says that may be the name of a table or column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from defog_metadata.text import Span

__all__ = ["Code", "Mention", "Place", "code_spans", "looks_like_a_name", "mentions"]

Place = Literal["prose", "code", "quotes"]
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A word, or several with dots between them. Spans count from the start of the line."""

    parts: _Path
    """As written, without quotes."""
    spans: tuple[Span, ...]
    """Of the parts, without quotes."""
    place: Place
    """``code``: in backticks. ``quotes``: in prose, between quotation marks."""
    is_whole: bool = False
    """Whether nothing else stands between the backticks or quotation marks."""

    @property
    def span(self) -> Span:
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def key(self) -> _Path:
        """The parts, casefolded."""
        return tuple(it.casefold() for it in self.parts)

    @property
    def is_marked(self) -> bool:
        """Whether it can hardly be anything but a name: in backticks, or shaped like one."""
        return self.place == "code" or any(map(looks_like_a_name, self.parts))


@dataclass(frozen=True, slots=True)
class Code:
    """What stands between backticks."""

    span: Span
    text: str


def looks_like_a_name(word: str) -> bool:
    """Whether *word* is written as only names are.

    >>> [looks_like_a_name(it) for it in ("order_id", "orderId", "Order", "CRM")]
    [True, True, False, False]
    """
    return _SHAPE.search(word) is not None


def code_spans(line: str) -> Iterator[Code]:
    """What is marked as code, backticks without a partner up to the end of the line."""
    for found in _CODE.finditer(line):
        start, end = found.span("code")
        yield Code(Span(start, end), line[start:end])


def mentions(line: str) -> Iterator[Mention]:
    """What may be names, from left to right.

    Addresses, files, tags and placeholders are passed over, and in code what is in single quotes:
    that is a value there, where in prose it is an apostrophe or a quotation.
    """
    done = 0
    for code in code_spans(line):
        yield from _prose(line, done, code.span.start - 1)
        yield from _code(line, code)
        done = code.span.end + 1
    yield from _prose(line, done, len(line))


def _code(line: str, code: Code) -> Iterator[Mention]:
    stripped = code.text.strip()
    start = code.span.start + code.text.find(stripped)
    if " " in stripped:  # a name with spaces, if it is one
        yield Mention((stripped,), (Span(start, start + len(stripped)),), "code", is_whole=True)
    # Names in quotes are names here, and each keeps its place.
    text = _VALUE.sub(lambda found: " " * len(found[0]), line[: code.span.end])
    yield from _paths(text, code.span.start, code.span.end, "code", stripped)


def _prose(line: str, start: int, end: int) -> Iterator[Mention]:
    if start >= end:
        return
    text = line[:end]
    for passed in _PASSED_OVER.finditer(text, start):
        text = text[: passed.start()] + " " * len(passed[0]) + text[passed.end() :]
    done = start
    for quoted in _QUOTED.finditer(text, start):
        opening, closing = quoted.start(), quoted.end()
        if line[closing : closing + 1] == "." or line[opening - 1 : opening] == ".":
            continue  # part of a path: "orders"."total"
        yield from _paths(text, done, opening, "prose")
        yield from _paths(text, opening + 1, closing - 1, "quotes", quoted[0][1:-1].strip())
        done = closing
    yield from _paths(text, done, end, "prose")


def _paths(text: str, start: int, end: int, place: Place, whole: str = "") -> Iterator[Mention]:
    for found in _PATH.finditer(text, start, end):
        parts: list[str] = []
        spans: list[Span] = []
        for part in re.finditer(_PART, found[0]):
            name = part[0].strip(_MARKS)
            begin = found.start() + part.start() + part[0].find(name)
            parts.append(name)
            spans.append(Span(begin, begin + len(name)))
        yield Mention(tuple(parts), tuple(spans), place, is_whole=found[0] == whole)


_SHAPE = re.compile(r"\w_\w|[a-z][A-Z]")
_CODE = re.compile(r"(?P<ticks>`+)(?P<code>[^`]*)(?:(?P=ticks)|\Z)")
_VALUE = re.compile(r"'[^']*'")
_PART = r"""["\[`]?[^\W\d][\w$]*["\]`]?"""
_PATH = re.compile(rf"(?<![\w$])(?:{_PART}(?:\.{_PART})*)")
_MARKS = '"[]`'
_QUOTED = re.compile(r"""(?<![\w.])(?:'[^']*'|"[^"]*"|“[^”]*”|‘[^’]*’)(?!\w)""")
_PASSED_OVER = re.compile(
    r"""
    <!--.*?(?:-->|$)
    | \b[a-z][a-z+.-]*://[^\s)>\]]+ | \bwww\.[^\s)>\]]+ | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?<=\])\([^)\s]*\)
    | </?[a-zA-Z][\w -]*/?> | \{\{?[^{}]*\}?\}
    | (?<![\w)\]])(?:~|\.{1,2})?/(?:[\w.-]+/)+[\w.-]* | [\w.-]+(?:/[\w.-]+)+\.[a-z]{1,7}\b
    | \b[A-Za-z]:\\[^\s]+
    """,
    re.VERBOSE | re.IGNORECASE,
)
