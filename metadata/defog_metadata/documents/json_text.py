"""JSON with places, read whatever is wrong with it.

What ``json.loads`` takes has no faults here, and what it refuses has at least one. Of a broken
text, everything that can be told apart is in the tree: a comma, a bracket or a quote that is
missing hides nothing but itself.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from defog_metadata.documents.faults import Fault
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar
from defog_metadata.documents.notation import JSON
from defog_metadata.text import Span

__all__ = ["JsonText", "read_json"]


class JsonText(NamedTuple):
    root: Node | None
    """``None`` for a text without any value."""
    faults: tuple[Fault, ...]


def read_json(text: str) -> JsonText:
    """Read *text*; never fails. Spans count code points of *text* as it was given."""
    return _Reader(text).read()


_BYTE_ORDER_MARK: Final = "\ufeff"
_MOST_DEPTH: Final = 200
_BLANK = re.compile(r"[ \t\r\n]*")
# A string is as it should be when what comes behind it can. Anything else is looked at closely.
_STRING = re.compile(r'"([^"\\\x00-\x1f]*+)("(?=[ \t\r\n]*+(?:[,:}\]]|\Z)))?')
_ESCAPED = re.compile(
    r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"(?=[ \t\r\n]*+(?:[,:}\]]|\Z))'
)
_WORD = re.compile(r'[^\s,:{}\[\]"/]+|/')
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_CLOSES = re.compile(r'[ \t]*+(?:[,:}\]"\[{\r\n]|\Z)')
_CLOSES_LATER = re.compile(r"[ \t\r\n]*+(?:[,}\]]|\Z)")
_COLON = re.compile(r"[ \t\r\n]*:")
_LINE = re.compile(r"[^\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_CONSTANTS = frozenset(("true", "false", "null", "NaN", "Infinity", "-Infinity"))
_SPECIAL = re.compile(
    r"(?P<good>\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}"
    r'|["\\/bfnrt]))|\\|(?P<control>[\x00-\x1f])|(?P<quote>")'
)


class _Open:
    """An object or list that is being read."""

    __slots__ = ("comma", "is_object", "items", "key", "members", "start", "waits_for_value")

    def __init__(self, start: int, *, is_object: bool) -> None:
        self.start = start
        self.is_object = is_object
        self.items: list[Node] = []
        self.members: list[tuple[MappedText, Node]] = []
        self.key: tuple[MappedText, Span] | None = None
        self.waits_for_value = False
        self.comma: Span | None = None
        """The comma behind the last element, until another follows."""

    @property
    def is_empty(self) -> bool:
        return not self.items and not self.members

    @property
    def last(self) -> Node:
        return self.members[-1][1] if self.members else self.items[-1]


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._faults: list[Fault] = []
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._is_too_deep = False
        self._line_end = 0

    def read(self) -> JsonText:
        text, at = self._text, 0
        if text.startswith(_BYTE_ORDER_MARK):
            at = 1
        skip = _BLANK.match
        length = len(text)
        while True:
            found = skip(text, at)
            at = found.end() if found else at
            if at >= length:
                break
            at = self._token(text[at], at)
        while self._open:
            closed = self._open[-1]
            if not self._is_too_deep:
                self._fault(Span(closed.start, closed.start + 1), _never_closed(closed))
            self._close(length)
        if self._root is None and not self._faults:
            self._fault(Span(0, length), "the file is empty")
        return JsonText(self._root, tuple(sorted(set(self._faults))))

    def _token(self, character: str, at: int) -> int:
        """Read what starts at *at*; the offset behind it."""
        if character == '"':
            return self._string(at)
        if character in "{[":
            if len(self._open) >= _MOST_DEPTH:
                self._fault(Span(at, at + 1), "brackets nested too deeply: not read from here on")
                self._is_too_deep = True
                return len(self._text)
            self._before_value(at)
            self._open.append(_Open(at, is_object=character == "{"))
            return at + 1
        if character in "}]":
            self._bracket(character, at)
            return at + 1
        if character == ",":
            self._comma(at)
            return at + 1
        if character == ":":
            self._colon(at)
            return at + 1
        comment = _COMMENT.match(self._text, at)
        if comment is not None:
            self._fault(Span(at, comment.end()), "JSON has no comments")
            return comment.end()
        return self._word(at)

    def _word(self, at: int) -> int:
        found = _WORD.match(self._text, at)
        end = found.end() if found else at + 1
        word = self._text[at:end]
        span = Span(at, end)
        if word not in _CONSTANTS and not _NUMBER.fullmatch(word):
            self._fault(span, f"{word} is no JSON: text stands in double quotes")
        self._value(Scalar(span, MappedText(word, span), is_text=False))
        return end

    def _string(self, at: int) -> int:
        found = _STRING.match(self._text, at)
        if found is not None and found[2]:
            content = MappedText(found[1], Span(at + 1, found.end() - 1), JSON)
            self._text_value(content, Span(at, found.end()))
            return found.end()
        escaped = _ESCAPED.match(self._text, at)
        closing = escaped.end() - 1 if escaped else self._closing_quote(at)
        end = self._end_of_line(at) if closing is None else closing + 1
        if closing is None:
            self._fault(Span(at, end), "this string has no closing quote")
        place = Span(at + 1, end if closing is None else closing)
        content = MappedText.of_pieces(self._pieces(place), place, JSON)
        self._text_value(content, Span(at, end))
        return end

    def _pieces(self, place: Span) -> Iterator[tuple[str, int]]:
        """The characters of *place*, inside a string; where one must be written otherwise, said."""
        text, done = self._text, place.start
        while found := _SPECIAL.search(text, done, place.end):
            start, end = found.span()
            yield text[done:start], done
            done = end
            if found["good"]:
                yield _decoded(found[0]), start
                continue
            yield found[0], start
            if found["quote"]:
                message = 'a quote inside a string is written \\"'
            elif found["control"]:
                written = json.dumps(found[0])[1:-1]
                message = f"inside a string this character is written {written}"
            else:
                message = "a backslash inside a string is written \\\\"
            self._fault(Span(start, end), message)
        yield text[done : place.end], done

    def _closing_quote(self, at: int) -> int | None:
        """Where the broken string at *at* ends; ``None`` for one that nothing closes.

        A quote that nothing follows which may follow a string is one that should have an escape.
        One in a later line closes a string with line ends in it, unless it rather opens the next.
        """
        text, line_end = self._text, self._end_of_line(at)
        stray = None
        for found in _SPECIAL.finditer(text, at + 1):
            if not found["quote"]:
                continue
            start, end = found.span()
            if start >= line_end:
                return stray if stray or not _CLOSES_LATER.match(text, end) else start
            if _CLOSES.match(text, end):
                return start
            stray = start
        return stray

    def _end_of_line(self, at: int) -> int:
        """Asked in order: a long line is not looked through for each of its strings."""
        if at >= self._line_end:
            found = _LINE.match(self._text, at)
            self._line_end = found.end() if found else len(self._text)
        return self._line_end

    # --- what tokens do to the tree ---

    def _text_value(self, content: MappedText, span: Span) -> None:
        container = self._open[-1] if self._open else None
        if container is None or not container.is_object or container.waits_for_value:
            self._value(Scalar(span, content, is_text=True))
        elif container.key is not None and not _COLON.match(self._text, span.end):
            self._value(Scalar(span, content, is_text=True))  # the colon is what is missing
        else:
            self._before_element(container, span.start)
            container.key = content, span

    def _before_element(self, container: _Open, at: int) -> None:
        if container.key is not None:
            self._end_member(container)
        elif not container.is_empty and container.comma is None:
            end = container.last.span.end
            self._fault(Span(end, max(end, min(end + 1, at))), "a comma is missing here")
        container.comma = None

    def _value(self, node: Node) -> None:
        self._before_value(node.span.start)
        self._add(node)

    def _before_value(self, at: int) -> None:
        span = Span(at, at + 1)
        container = self._open[-1] if self._open else None
        if container is None:
            if self._root is not None:
                self._fault(span, "a second value: only the first is read")
        elif not container.is_object:
            self._before_element(container, at)
        elif container.key is None:
            self._before_element(container, at)
            self._fault(span, "a value without a key")
        elif not container.waits_for_value:
            end = container.key[1].end
            self._fault(Span(end - 1, end), "a colon is missing behind this key")

    def _add(self, node: Node) -> None:
        container = self._open[-1] if self._open else None
        if container is None:
            self._root = self._root or node
            return
        container.comma = None
        if not container.is_object:
            container.items.append(node)
            return
        at = node.span.start
        key = container.key[0] if container.key else MappedText("", Span(at, at))
        container.members.append((key, node))
        container.key, container.waits_for_value = None, False

    def _end_member(self, container: _Open) -> None:
        """End a key that has got no value; it is kept with an empty one."""
        if container.key is None:
            return
        span = container.key[1]
        self._fault(span, "this key has no value")
        place = Span(span.end, span.end)
        self._add(Scalar(place, MappedText("", place), is_text=False))

    def _comma(self, at: int) -> None:
        span = Span(at, at + 1)
        container = self._open[-1] if self._open else None
        if container is None:
            self._fault(span, "nothing is to be separated here")
            return
        self._end_member(container)
        if container.comma is not None or container.is_empty:
            self._fault(span, "a comma without a value before it")
        container.comma = span

    def _colon(self, at: int) -> None:
        container = self._open[-1] if self._open else None
        if container is None or container.key is None or container.waits_for_value:
            self._fault(Span(at, at + 1), "a colon stands behind a key")
            return
        container.waits_for_value = True

    def _bracket(self, character: str, at: int) -> None:
        span = Span(at, at + 1)
        wanted = character == "}"
        if not any(it.is_object == wanted for it in self._open):
            self._fault(span, f"there is no bracket that this {character} closes")
            return
        while self._open[-1].is_object != wanted:
            unclosed = self._open[-1]
            self._fault(Span(unclosed.start, unclosed.start + 1), _never_closed(unclosed))
            self._close(at)
        self._close(at + 1)

    def _close(self, end: int) -> None:
        container = self._open[-1]
        self._end_member(container)
        if container.comma is not None:
            self._fault(container.comma, "a comma without a value behind it")
        self._open.pop()
        span = Span(container.start, end)
        if container.is_object:
            self._add(Members(span, tuple(container.members)))
        else:
            self._add(Items(span, tuple(container.items)))

    def _fault(self, span: Span, message: str) -> None:
        self._faults.append(Fault(span, message))


def _never_closed(container: _Open) -> str:
    return f"this {'{' if container.is_object else '['} is never closed"


def _decoded(escape: str) -> str:
    decoded: str = json.loads(f'"{escape}"')
    return decoded
