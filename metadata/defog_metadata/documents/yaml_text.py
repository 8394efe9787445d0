"""YAML with places, as PyYAML reads it.

PyYAML stops at the first mistake. Then each entry of the outermost list is read for itself, so that
the one somebody is typing hides no other; of that one, what stands before the mistake is used.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
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

__all__ = ["YamlText", "read_yaml", "with_blanks_behind"]


class YamlText(NamedTuple):
    root: Node | None
    """Of the first document; ``None`` for a text without any value."""
    faults: tuple[Fault, ...]


def read_yaml(text: str) -> YamlText:
    """Read *text*; never fails. Spans count code points of *text* as it was given."""
    found = _Reader(text).read()
    return _by_entries(text) or found if found.faults else found


def with_blanks_behind(content: MappedText, text: str) -> MappedText:
    """*content* of YAML *text* with the blanks behind it, where no quote ends it.

    YAML leaves them out. To somebody who types on behind them they are part of the text, as is the
    line that a block goes on in.
    """
    end = content.place.end
    if content.notation.escapes != "none" or not _AT_END.match(text, end):
        return content
    is_block = content.notation.needs_quotes is None
    indent = len(content.notation.line_end.lstrip("\n")) if is_block else 0
    blank_line = re.compile(rf"(\r?\n {{{indent}}})?([ \t]*)(?=[\r\n]|\Z)")
    pieces: list[tuple[str, int]] = []
    while (line := blank_line.match(text, end)) and line[0] and (is_block or not line[1]):
        if line[1]:
            pieces.append(("\n", end))
        pieces.append((line[2], line.start(2)))
        end = line.end()
    return content.followed_by(pieces, end)


def _by_entries(text: str) -> YamlText | None:
    """*text* with every entry of its outermost list read for itself; ``None`` without a list.

    As every entry may be in order where the text as a whole is not, that has no use either.
    """
    first = _ENTRY.search(text)
    if first is None:
        return None
    starts = [it.start(1) for it in _ENTRY.finditer(text) if it[1] == first[1]]
    items: list[Node] = []
    faults: list[Fault] = []
    for start, end in pairwise((*starts, len(text))):
        found = _Reader(text, start, end).read()
        if found.faults:
            faults += found.faults
            found = _closed(text, start, end) or found
        if isinstance(found.root, Items):
            items += found.root.items
    if not faults:
        return None
    return YamlText(Items(Span(starts[0], len(text)), tuple(items), is_block=True), tuple(faults))


def _closed(text: str, start: int, end: int) -> YamlText | None:
    """A broken entry as it is with the one character more that makes it whole."""
    body = _BLANK_LINES.sub("", text[start:end])
    for closing in _CLOSINGS:
        found = _Reader(text[:start] + body + closing, start).read()
        if not found.faults:
            return found
    return None


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
_TEXT_TAG = "tag:yaml.org,2002:str"
_AT_END = re.compile(r"[ \t]*(?=[\r\n]|\Z)")
_ENTRY = re.compile(r"^\ufeff?([ ]*)-(?=[ \t\r\n])", re.MULTILINE)
_BLANK_LINES = re.compile(r"(?:\r?\n[ \t]*)+\Z")
_CLOSINGS = ('"', "'", "}", '"}', "'}")


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
    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self._text = text
        self._stop = len(text) if end is None else end
        # A byte order mark would count as the first column of its line.
        self._skipped = start + int(text.startswith("\ufeff", start))
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None

    def read(self) -> YamlText:
        faults: list[Fault] = []
        try:
            for event in yaml.parse(self._text[self._skipped : self._stop], Loader=_LOADER):
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
            self._close(self._stop)
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
        if not event.value and not event.style and _AT_END.match(self._text, span.end + 1):
            # Nothing yet: behind the blank that parts a key from its value.
            at = span.end + (self._text[span.end : span.end + 1] in _BLANKS)
            span = Span(at, at)
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
        header = _HEADER.match(self._text, span.start)
        start = header.end() if header else span.end
        value = value.rstrip("\n")
        lines = _LINES.findall(self._text, start, span.end)
        # The first line that is not blank tells the indentation: in both it has what it keeps.
        inner = next((it for it in lines if it.strip()), "")
        kept = next((it for it in value.split("\n") if it.strip()), "")
        indent = _leading(inner) - _leading(kept)
        pieces, done, at, end = list[tuple[str, int]](), 0, start, start
        for line in lines:
            body = line.rstrip("\r\n")
            if done >= len(value):
                break
            if content := body[indent:]:
                pieces.append((content, at + indent))
                done += len(content)
            end = at + max(len(body), min(indent, len(body)))
            if done < len(value) and value[done] in " \n" and line != body:
                # One line end or none stands for each here: the value tells which.
                pieces.append((value[done], at + len(body)))
                done += 1
                end = at + len(line)
            at += len(line)
        first = pieces[0][1] if pieces else min(start + indent, end)
        written = yaml_block if style == "|" else yaml_folded
        # What the last line ends with is not for anybody to change.
        return _mapped(value, pieces, Span(first, max(first, end)), written(" " * indent))

    def _indentation(self, at: int) -> int:
        line = self._text[self._text.rfind("\n", 0, at) + 1 : at]
        return len(line) - len(line.lstrip(" -"))


_QUOTES = ("'", '"')
_BLOCKS = ("|", ">")
_BLANKS = (" ", "\t")
_DEEPER = 2
_HEADER = re.compile(r"[^\n]*(?:\n|\Z)")
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


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _mapped(
    value: str, pieces: Iterable[tuple[str, int]], place: Span, notation: Notation
) -> MappedText:
    found = list(pieces)
    if "".join(it for it, _ in found) != value:
        # A rule of YAML's that is not known here: the text as a whole has its place.
        found = [(it, place.start) for it in value]
    return MappedText.of_pieces(found, place, notation)
