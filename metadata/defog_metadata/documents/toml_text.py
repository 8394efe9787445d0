"""TOML with places: what the file says, where it says it, and what is left when a line is broken.

``tomllib`` decides what is valid. This module adds the span of every key and value, and recovers:
a statement that cannot be read is reported, blanked out, and the rest is read without it.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from defog_metadata.text import Span

__all__ = ["Document", "Node", "SyntaxProblem", "read_toml"]


@dataclass(slots=True)
class Node:
    """Where one value is written. A table made by a header has the header's name as its value."""

    key: Span
    value: Span
    children: dict[str | int, "Node"] = field(default_factory=dict)

    def at(self, *path: str | int) -> "Node":
        """The node at *path*, or the nearest one above it that is written out."""
        node = self
        for part in path:
            if part not in node.children:
                break
            node = node.children[part]
        return node


class SyntaxProblem(NamedTuple):
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """The values of the readable statements, their places, and the statements left out."""

    values: dict[str, object]
    places: Node
    problems: tuple[SyntaxProblem, ...]


def read_toml(text: str) -> Document:
    """Read *text*; never fails. Spans count code points of *text* as it was given."""
    if text.startswith("\ufeff"):
        text = " " + text[1:]  # Windows editors write a mark that TOML does not know
    problems: list[SyntaxProblem] = []
    while True:
        try:
            values = tomllib.loads(text)
            return Document(values, _Locator(text).locate(), tuple(sorted(problems)))
        except tomllib.TOMLDecodeError as error:
            for statement, problem in list(_broken(text, error)):
                problems.append(problem)
                text = _blanked(text, statement)
        except RecursionError:
            everything = Span(0, len(text))
            problem = SyntaxProblem(_stripped(text, everything), "brackets nested too deeply")
            return Document({}, Node(everything, everything), (problem,))


# --- recovery ---


_BLANK = ("", "\n", "\r\n")


class _Statement(NamedTuple):
    span: Span
    is_header: bool


_KEY_PART = r"""(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_START = re.compile(
    rf"[ \t]*(?:\[+[ \t]*{_KEY}[ \t]*\]+[ \t]*(?:\#.*)?\r?$|{_KEY}[ \t]*=)", re.MULTILINE
)
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'"
    r"|\#[^\n]*|[^\"'\#\[\]{}\n]+|.",
    re.DOTALL,
)  # fmt: skip


def _statements(text: str) -> Iterator[_Statement]:
    start = 0
    while start < len(text):
        line_end = text.find("\n", start)
        line_end = len(text) if line_end < 0 else line_end + 1
        line = text[start:line_end].lstrip(" \t")
        is_header = line.startswith("[")
        end = line_end if is_header else _statement_end(text, start, line_end)
        if line not in _BLANK:  # a comment may be at fault too, for a control character
            yield _Statement(Span(start, end), is_header)
        start = end


def _statement_end(text: str, start: int, line_end: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, start):
        match token[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case "\n" if depth <= 0:
                return token.end()
    if depth <= 0:
        return len(text)
    # A bracket that nothing closes ends where the next statement begins.
    while line_end < len(text) and not _START.match(text, line_end):
        line_end = text.find("\n", line_end) + 1 or len(text)
    return line_end


def _broken(text: str, whole: tomllib.TOMLDecodeError) -> Iterator[tuple[Span, SyntaxProblem]]:
    """Each statement that cannot be read, with what is wrong; at least one."""
    statements = list(_statements(text))
    any_found = False
    for index, statement in enumerate(statements):
        part = text[statement.span.start : statement.span.end]
        try:
            tomllib.loads(part)
        except tomllib.TOMLDecodeError as error:
            any_found = True
            problem = _problem(part, error).span.shifted(statement.span.start)
            yield _extent(statements, index), SyntaxProblem(problem, _message(error))
    if any_found:
        return
    # Each statement is fine by itself: one contradicts another, such as a key given twice.
    offset = _offset(text, whole)
    index = max((i for i, it in enumerate(statements) if it.span.start < max(offset, 1)), default=0)
    span = _stripped(text, statements[index].span)
    yield _extent(statements, index), SyntaxProblem(span, _message(whole))


def _extent(statements: Sequence[_Statement], index: int) -> Span:
    """What falls with a statement: with a header, all that stands under it."""
    first = last = statements[index]
    if first.is_header:
        for statement in statements[index + 1 :]:
            if statement.is_header:
                break
            last = statement
    return Span(first.span.start, last.span.end)


def _blanked(text: str, span: Span) -> str:
    blank = re.sub(r"[^\n]", " ", text[span.start : span.end])
    return text[: span.start] + blank + text[span.end :]


_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def _message(error: tomllib.TOMLDecodeError) -> str:
    what = _PLACE.sub("", str(error))
    return f"not valid TOML, this part is ignored: {what[:1].lower()}{what[1:]}"


def _offset(text: str, error: tomllib.TOMLDecodeError) -> int:
    place = _PLACE.search(str(error))
    if place is None or place["line"] is None:
        return len(text)
    offset = 0
    for _ in range(int(place["line"]) - 1):
        offset = text.find("\n", offset) + 1
    return min(offset + int(place["column"]) - 1, len(text))


def _problem(text: str, error: tomllib.TOMLDecodeError) -> SyntaxProblem:
    offset = _offset(text, error)
    line_end = text.find("\n", offset)
    rest = text[offset : len(text) if line_end < 0 else line_end].rstrip()
    if rest:
        return SyntaxProblem(Span(offset, offset + len(rest)), _message(error))
    return SyntaxProblem(_stripped(text, Span(0, len(text))), _message(error))


def _stripped(text: str, span: Span) -> Span:
    """The first line of *span* without the white space around it."""
    part = text[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    line = part.strip().partition("\n")[0].rstrip()
    return Span(start, start + len(line))


# --- places ---

_KEY_TOKEN = re.compile(rf"[ \t]*(?P<key>{_KEY_PART})[ \t]*(?P<dot>\.?)")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'", re.DOTALL
)  # fmt: skip
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


class _Locator:
    """Walks text that tomllib has accepted, so it need not check anything itself."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def locate(self) -> Node:
        root = current = Node(Span(0, 0), Span(0, len(self._text)))
        while not self._ends():
            if self._text.startswith("[[", self._at):
                current = self._array_table(root)
            elif self._text.startswith("[", self._at):
                self._at += 1
                keys = self._keys()
                current = _descend(root, keys)
                current.key = current.value = _whole(keys)
                self._at = self._text.index("]", self._at) + 1
            else:
                self._pair(current)
        return root

    def _ends(self) -> bool:
        self._at = self._space()
        return self._at >= len(self._text)

    def _space(self) -> int:
        space = _SPACE.match(self._text, self._at)
        return space.end() if space else self._at

    def _array_table(self, root: Node) -> Node:
        self._at += 2
        keys = self._keys()
        self._at = self._text.index("]]", self._at) + 2
        *outer, (name, span) = keys
        place = _whole(keys)
        array = _descend(root, outer).children.setdefault(name, Node(span, place))
        element = Node(place, place)
        array.children[len(array.children)] = element
        return element

    def _keys(self) -> list[tuple[str, Span]]:
        keys: list[tuple[str, Span]] = []
        while token := _KEY_TOKEN.match(self._text, self._at):
            self._at = token.end()
            keys.append((_key_text(token["key"]), Span(*token.span("key"))))
            if not token["dot"]:
                break
        return keys

    def _pair(self, table: Node) -> None:
        *outer, (name, span) = self._keys()
        self._at = self._text.index("=", self._at) + 1
        _descend(table, outer).children[name] = self._value(span)

    def _value(self, key: Span) -> Node:
        self._at = start = self._space()
        children: dict[str | int, Node] = {}
        opened = self._text[start : start + 1]
        if opened == "[":
            self._at += 1
            while not self._closes("]"):
                children[len(children)] = self._value(Span(self._at, self._at))
        elif opened == "{":
            self._at += 1
            inline = Node(key, key, children)
            while not self._closes("}"):
                self._pair(inline)
        elif token := _STRING.match(self._text, start) or _SCALAR.match(self._text, start):
            self._at = start + len(token[0].rstrip())
        return Node(key, Span(start, self._at), children)

    def _closes(self, bracket: str) -> bool:
        """Step over white space and a comma; then over *bracket* if it is there."""
        self._at = self._space()
        if self._text.startswith(",", self._at):
            self._at += 1
            self._at = self._space()
        if self._at < len(self._text) and not self._text.startswith(bracket, self._at):
            return False
        self._at += 1
        return True


def _descend(node: Node, keys: Sequence[tuple[str, Span]]) -> Node:
    for name, span in keys:
        node = node.children.setdefault(name, Node(span, span))
        if 0 in node.children:  # an array of tables: its last element is meant
            node = node.children[len(node.children) - 1]
    return node


def _whole(keys: Sequence[tuple[str, Span]]) -> Span:
    return Span(keys[0][1].start, keys[-1][1].end)


def _key_text(written: str) -> str:
    if written[0] not in "\"'":
        return written
    return next(iter(tomllib.loads(f"{written} = 0")))
