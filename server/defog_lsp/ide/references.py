"""Every place where what is under the caret is named: in the same text, and in others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from defog_metadata.documents.mapped import MappedText
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Symbol, symbols_of
from defog_metadata.text import Span

__all__ = ["Place", "places", "places_in", "references", "stored_symbol"]


@dataclass(frozen=True, slots=True)
class Place:
    """``write`` is the place that gives the name; every other one only uses it."""

    span: Span
    use: Literal["read", "write"]


def references(snapshot: Snapshot, offset: int) -> list[Place]:
    """All names of what the name at *offset* means, in the order of the text."""
    found = symbols_of(snapshot).at(offset)
    return [] if found is None else places(snapshot, found.symbol)


def places(snapshot: Snapshot, symbol: Symbol) -> list[Place]:
    """All names of *symbol* in the text of *snapshot*, in order."""
    found = symbols_of(snapshot).of(symbol)
    return [Place(it.span, "write" if it.is_definition else "read") for it in found]


def stored_symbol(snapshot: Snapshot, offset: int) -> Symbol | None:
    """The table or column of the database that the name at *offset* means.

    Only such things can be named in other texts, too.
    """
    found = symbols_of(snapshot).at(offset)
    return found.symbol if found is not None and found.symbol.kind == "stored" else None


def places_in(texts: Iterable[MappedText], snapshot: Snapshot, symbol: Symbol) -> list[Place]:
    """All names of *symbol* in SQL that stands in the text of *snapshot*, at their places there."""
    return [
        Place(text.span(it.span), it.use)
        for text in texts
        for it in places(replace(snapshot, text=text.text), symbol)
    ]
