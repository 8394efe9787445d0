"""The tokens of a statement, nested by brackets, each with the white space before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

from defog_metadata.sql.source.lexer import Token

__all__ = ["Atom", "Brackets", "Item", "Items", "is_comment", "nested", "word_at"]


@dataclass(frozen=True, slots=True)
class Atom:
    """A token, and what stood before it."""

    token: Token
    text: str
    gap: str

    @property
    def word(self) -> str:
        return self.token.word if self.token.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class Brackets:
    opening: Atom
    inside: Sequence["Item"]
    closing: Atom

    @property
    def gap(self) -> str:
        return self.opening.gap

    word = ""


Item = Union[Atom, Brackets]  # noqa: UP007 - it names itself
Items = Sequence[Item]


def nested(atoms: Sequence[Atom], index: int, closing: str = "") -> tuple[list[Item], int]:
    """The items up to the bracket *closing*, or to the end, and where that is."""
    items: list[Item] = []
    while index < len(atoms):
        atom = atoms[index]
        text = atom.text if atom.token.kind == "symbol" else ""
        if closing and text == closing:
            break
        if text in _PAIRS:
            inside, end = nested(atoms, index + 1, _PAIRS[text])
            if end < len(atoms):
                items.append(Brackets(atom, inside, atoms[end]))
                index = end + 1
                continue
        items.append(atom)
        index += 1
    return items, index


_PAIRS = {"(": ")", "[": "]"}


def is_comment(item: Item) -> bool:
    return isinstance(item, Atom) and item.token.kind == "comment"


def word_at(items: Items, index: int) -> str:
    """The keyword or name at *index*, in capitals; empty for anything else and beyond the ends."""
    return items[index].word if 0 <= index < len(items) else ""
