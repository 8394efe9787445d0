"""Jinja in a text: its pieces, and what its blocks do to the text between them.

Nothing is evaluated. Which branch of a condition is taken is not known; the first one is read, as
if everything in it were there, and a loop is gone through once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from defog_metadata.text import Span

__all__ = ["Block", "Piece", "read_blocks", "read_pieces"]

PieceKind = Literal["nothing", "name", "open", "tag"]
"""``nothing``: leaves no text behind. ``name``: the name of a table. ``open``: any text. ``tag``:
decides what becomes of the text around it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One ``{{ … }}``, ``{% … %}`` or ``{# … #}``."""

    span: Span
    kind: PieceKind
    names: tuple[Span, ...] = ()
    """Of a ``name``: its parts, schema first, without their quotes."""
    tag: str = ""
    """The first word of a tag."""
    rest: str = ""
    """What a tag says behind that."""


@dataclass(frozen=True, slots=True)
class Block:
    """Text between tags that may not be there when an engine sees it.

    ``definition``: the body of a macro and the like, which is no part of the text around it.
    ``alternative``: another branch than the first. ``separator``: depends on the turn of a loop.
    """

    span: Span
    kind: Literal["definition", "alternative", "separator"]


def read_pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of Jinja in *text*, in order."""
    if "{" not in text:  # one character is found much faster than two
        return ()
    return tuple(_pieces(text))


def read_blocks(text: str, pieces: tuple[Piece, ...]) -> Iterator[Block]:
    """The blocks between the tags among *pieces*; one that is never closed reaches the end."""
    opened: list[_Open] = []
    for piece in pieces:
        if piece.tag.startswith("end"):
            name = piece.tag.removeprefix("end")
            if any(it.tag == name for it in opened):
                while True:
                    block = opened.pop()
                    yield from block.ended(piece.span.start)
                    if block.tag == name:
                        break
        elif piece.tag in {"else", "elif"}:
            if opened and opened[-1].tag in {"if", "for"}:
                yield from opened[-1].ended(piece.span.start)
                opened[-1] = _Open(opened[-1].tag, piece.span.end, "alternative")
        elif piece.tag in _DEFINITIONS or (piece.tag == "set" and "=" not in piece.rest):
            opened.append(_Open(piece.tag, piece.span.end, "definition"))
        elif piece.tag in _BLOCKS:
            is_separator = piece.tag == "if" and "loop." in piece.rest
            opened.append(_Open(piece.tag, piece.span.end, "separator" if is_separator else ""))
    for block in opened:
        yield from block.ended(len(text))


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    start: int
    kind: Literal["definition", "alternative", "separator", ""]

    def ended(self, end: int) -> Iterator[Block]:
        if self.kind:
            yield Block(Span(self.start, end), self.kind)


# Between a brace and a percent sign stands a word: a pattern of LIKE is no tag.
_OPENING = re.compile(r"\{(?:(?P<expression>\{)|%[-+]?\s*(?P<tag>[a-z_]\w*)|(?P<comment>\#))")
_INSIDE = re.compile(r"\"[^\"]*\"|'[^']*'|[{}\"']|%\}")
_STRING = r"\s*(['\"])(?P<{}>[^'\"\n]+)\{}\s*"
_NAME = re.compile(
    r"[-+]?\s*(?:"
    rf"ref\s*\((?:{_STRING.format('package', 1)},)?{_STRING.format('model', 3)}\)"
    rf"|source\s*\({_STRING.format('schema', 5)},{_STRING.format('table', 7)}\)"
    r")\s*[-+]?"
)
# Calls that put nothing into the text.
_SILENT = re.compile(r"[-+]?\s*(?:config|log|print)\s*\(")
_DEFINITIONS = frozenset(
    ("macro", "test", "data_test", "materialization", "docs", "call", "filter", "comment")
)
_BLOCKS = frozenset(("if", "for", "raw", "snapshot", "block", "autoescape", "with"))
_SETTERS = frozenset(("set", "do", "import", "from", "extends"))


def _pieces(text: str) -> Iterator[Piece]:
    at = 0
    while opening := _OPENING.search(text, at):
        if opening["comment"]:
            end = text.find("#}", opening.end())
        elif opening["tag"]:
            end = _end(text, opening.end(), "%}")
        else:
            end = _end(text, opening.end(), "}}")
        if end < 0:
            at = opening.end()
            continue
        at = end + 2
        span, inside = Span(opening.start(), at), text[opening.end() : end]
        if opening["comment"]:
            yield Piece(span, "nothing")
        elif opening["tag"]:
            yield _tag(span, opening["tag"], inside.rstrip("-+"))
        else:
            yield _expression(span, inside)


def _end(text: str, start: int, closing: str) -> int:
    """Where *closing* ends what begins at *start*; not in a string or in other brackets."""
    depth = 0
    for match in _INSIDE.finditer(text, start):
        found = match.group()
        if depth == 0 and text.startswith(closing, match.start()):
            return match.start()
        if found == "{":
            depth += 1
        elif found == "}" and depth:
            depth -= 1
        elif found in "}\"'":
            break  # that is no Jinja; whatever it is, it ends as soon as it can
    return text.find(closing, start)


def _expression(span: Span, inside: str) -> Piece:
    if name := _NAME.fullmatch(inside):
        parts = ("model",) if name["model"] else ("schema", "table")
        names = tuple(Span(*name.span(it)).shifted(span.start + 2) for it in parts)
        return Piece(span, "name", names)
    return Piece(span, "nothing" if _SILENT.match(inside) else "open")


def _tag(span: Span, tag: str, rest: str) -> Piece:
    kind: PieceKind = "tag"
    if tag in _SETTERS or tag.removeprefix("end") in _DEFINITIONS | {"set", "snapshot", "raw"}:
        kind = "nothing"
    elif tag == "include":
        kind = "open"
    return Piece(span, kind, tag=tag, rest=rest)
