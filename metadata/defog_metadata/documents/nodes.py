"""JSON and YAML as a tree in which everything has its place."""

import json
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from defog_metadata.documents.mapped import MappedText
from defog_metadata.text import Span

__all__ = ["Items", "Members", "Node", "Scalar", "as_text", "member", "plain"]


class Scalar(NamedTuple):
    """A text, or anything else that has no parts."""

    span: Span
    """With its quotes."""
    content: MappedText
    is_text: bool


class Items(NamedTuple):
    """A list. ``is_block``: written in lines that start with dashes, as YAML may be."""

    span: Span
    items: "tuple[Node, ...]"
    is_block: bool = False


class Members(NamedTuple):
    """An object; keys in the order of the file, repeated ones too."""

    span: Span
    members: "tuple[tuple[MappedText, Node], ...]"
    is_block: bool = False

    def named(self, *keys: str) -> "Iterator[Node]":
        """The values of the members called as one of *keys*, as the file has them."""
        return (value for key, value in self.members if key.text in keys)


Node: TypeAlias = Scalar | Items | Members


def member(node: Members, key: str) -> Node | None:
    """The value at *key*: the last one, as every reader of JSON takes it."""
    found = None
    for found in node.named(key):  # noqa: B007 - the last is wanted
        pass
    return found


def as_text(node: Node | None) -> MappedText | None:
    """The text that *node* is, if it is one."""
    return node.content if isinstance(node, Scalar) and node.is_text else None


def plain(node: Node) -> object:
    """What ``json.loads`` would make of *node*."""
    match node:
        case Members():
            return {key.text: plain(value) for key, value in node.members}
        case Items():
            return [plain(it) for it in node.items]
        case Scalar(content=content, is_text=True):
            return content.text
        case Scalar(content=content):
            try:
                return json.loads(content.text)
            except ValueError:
                return content.text
