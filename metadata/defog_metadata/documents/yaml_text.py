"""YAML with places, as PyYAML reads it; of a broken text what stands before the mistake."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import yaml

from defog_metadata.documents.faults import Fault
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar
from defog_metadata.documents.notation import (
    JSON,
    Notation,
    yaml_block,
    yaml_folded,
    yaml_plain,
    yaml_single,
)
from defog_metadata.text import Span

__all__ = ["YamlText", "read_yaml"]


class YamlText(NamedTuple):
    root: Node | None
    """Of the first document; ``None`` for a text without any value."""
    faults: tuple[Fault, ...]


def read_yaml(text: str) -> YamlText:
    """Read *text*; never fails. Spans count code points of *text* as it was given."""
    return _Reader(text).read()


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
_TEXT_TAG = "tag:yaml.org,2002:str"


class _Open:
    """A collection that is being read. Of an object, keys and values take turns."""

    def __init__(self, start: int, *, is_object: bool, is_block: bool) -> None:
        self.start = start
        self.is_object = is_object
        self.is_block = is_block
        self.nodes: list[Node] = []

    def node(self, end: int) -> Node:
        span = Span(self.start, end)
        if not self.is_object:
            return Items(span, tuple(self.nodes), self.is_block)
        pairs = zip(self.nodes[::2], self.nodes[1::2], strict=False)
        members = ((it.content, value) for it, value in pairs if isinstance(it, Scalar))
        return Members(span, tuple(members), self.is_block)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        # A byte order mark would count as the first column of its line.
        self._skipped = int(text.startswith("\ufeff"))
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None
        self._end = len(text)

    def read(self) -> YamlText:
        faults: list[Fault] = []
        try:
            for event in yaml.parse(self._text[self._skipped :], Loader=_LOADER):
                if isinstance(event, yaml.DocumentEndEvent):
                    break
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = min(mark.index + self._skipped if mark else 0, max(0, len(self._text) - 1))
            faults.append(Fault(Span(at, at + 1), f"not valid YAML: {error.problem}"))
        except yaml.YAMLError as error:  # a character that YAML does not allow
            at = getattr(error, "position", 0) + self._skipped
            faults.append(Fault(Span(at, at + 1), f"not valid YAML: {error}".splitlines()[0]))
        while self._open:
            self._close(self._end)
        if self._root is None and not faults:
            faults.append(Fault(Span(0, len(self._text)), "the file is empty"))
        return YamlText(self._root, tuple(faults))

    def _take(self, event: yaml.Event) -> None:
        start = (event.start_mark.index if event.start_mark else 0) + self._skipped
        end = (event.end_mark.index if event.end_mark else 0) + self._skipped
        match event:
            case yaml.ScalarEvent():
                self._add(self._scalar(event, Span(start, end)), event.anchor)
            case yaml.AliasEvent():
                if event.anchor in self._anchors:
                    self._add(self._anchors[event.anchor])
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                is_object = isinstance(event, yaml.MappingStartEvent)
                self._open.append(
                    _Open(start, is_object=is_object, is_block=event.flow_style is False)
                )
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                # A block ends where the next thing begins: it has no end of its own.
                closed = self._open[-1]
                self._close(self._last_end(closed) if closed.is_block else end)

    def _last_end(self, closed: _Open) -> int:
        return closed.nodes[-1].span.end if closed.nodes else closed.start + 1

    def _close(self, end: int) -> None:
        self._add(self._open.pop().node(end))

    def _add(self, node: Node, anchor: str | None = None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].nodes.append(node)
        elif self._root is None:
            self._root = node

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> Scalar:
        tag = event.tag or _tag(event)
        content = self._content(event.value, event.style, span)
        return Scalar(
            Span(span.start, content.place.end + (event.style in _QUOTES)),
            content,
            tag == _TEXT_TAG,
        )

    def _content(self, value: str, style: str | None, span: Span) -> MappedText:
        raw = self._text[span.start : span.end]
        if style in _BLOCKS:
            return self._block(value, style, span)
        indent = " " * (self._indentation(span.start) + _DEEPER)
        if style == '"':
            place, pieces, notation = _inside(span), _double(raw), JSON
        elif style == "'":
            place, pieces, notation = _inside(span), _single(raw), yaml_single(indent)
        else:
            is_block = not self._open or self._open[-1].is_block
            place, pieces, notation = span, _plain(raw), yaml_plain(indent, is_block=is_block)
        return _mapped(value, ((it, at + span.start) for it, at in pieces), place, notation)

    def _block(self, value: str, style: str, span: Span) -> MappedText:
        header = (
            self._text.index("\n", span.start) + 1 if "\n" in self._text[span.start :] else span.end
        )
        lines = _LINES.findall(self._text, header, span.end)
        inner = next((it for it in lines if it.strip()), "")
        indent = len(inner) - len(inner.lstrip(" "))
        pieces, done, at = list[tuple[str, int]](), 0, header
        for line in lines:
            body = line.rstrip("\r\n")
            content = body[indent:]
            if content:
                pieces.append((content, at + indent))
                done += len(content)
            if done < len(value) and value[done] in " \n" and line != body:
                # One line end or none stands for each here: the value tells which.
                pieces.append((value[done], at + len(body)))
                done += 1
            at += len(line)
        body_end = header + len(self._text[header : span.end].rstrip())
        place = Span(min(header + indent, body_end), body_end)
        written = yaml_block if style == "|" else yaml_folded
        # What the last line ends with is not for anybody to change.
        return _mapped(value, pieces, place, written(" " * indent), trailing=True)

    def _indentation(self, at: int) -> int:
        line = self._text[self._text.rfind("\n", 0, at) + 1 : at]
        return len(line) - len(line.lstrip(" -"))


_QUOTES = ("'", '"')
_BLOCKS = ("|", ">")
_DEEPER = 2
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_FOLD = r"[ \t]*(?:\r?\n[ \t]*)+"
_PLAIN = re.compile(rf"(?P<fold>{_FOLD})|.", re.DOTALL)
_SINGLE = re.compile(rf"(?P<fold>{_FOLD})|''|.", re.DOTALL)
_DOUBLE = re.compile(
    rf"(?P<joined>\\\r?\n[ \t]*)|(?P<escape>\\(?:x..|u....|U........|.))|(?P<fold>{_FOLD})|.",
    re.DOTALL,
)


def _tag(event: yaml.ScalarEvent) -> str:
    """What kind of value a plain scalar is: ``5`` and ``yes`` are no texts."""
    resolve: Callable[..., str] = _RESOLVER.resolve
    return resolve(yaml.ScalarNode, event.value, event.implicit)


def _inside(span: Span) -> Span:
    return Span(span.start + 1, max(span.start + 1, span.end - 1))


def _plain(raw: str) -> Iterator[tuple[str, int]]:
    for found in _PLAIN.finditer(raw):
        yield from _folded(found) if found["fold"] else [(found[0], found.start())]


def _single(raw: str) -> Iterator[tuple[str, int]]:
    for found in _SINGLE.finditer(raw, 1, len(raw) - 1):
        yield from _folded(found) if found["fold"] else [(found[0][0], found.start())]


def _double(raw: str) -> Iterator[tuple[str, int]]:
    for found in _DOUBLE.finditer(raw, 1, len(raw) - 1):
        if found["joined"]:
            continue
        if found["escape"]:
            yield str(yaml.safe_load(f'"{found[0]}"')), found.start()
        elif found["fold"]:
            yield from _folded(found)
        else:
            yield found[0], found.start()


def _folded(found: re.Match[str]) -> Iterator[tuple[str, int]]:
    """What line ends are read as: one as a space, more as one fewer."""
    ends = [found.start() + it.start() for it in re.finditer("\n", found[0])]
    if len(ends) == 1:
        yield " ", ends[0]
    for at in ends[1:]:
        yield "\n", at


def _mapped(
    value: str,
    pieces: "Iterator[tuple[str, int]] | list[tuple[str, int]]",
    place: Span,
    notation: Notation,
    *,
    trailing: bool = False,
) -> MappedText:
    found = list(pieces)
    read = "".join(it for it, _ in found)
    if trailing and read.rstrip("\n") == value.rstrip("\n"):
        while found and found[-1][0] == "\n":
            found.pop()
        value = read = value.rstrip("\n")
    if read != value:
        # A rule of YAML's that is not known here: the text as a whole has its place.
        found = [(it, place.start) for it in value]
    return MappedText.of_pieces(found, place, notation)
