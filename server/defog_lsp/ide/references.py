"""Every place where what is under the caret is named: in the same text, and in others."""

from dataclasses import dataclass
from typing import Literal

from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Symbol, symbols_of
from defog_metadata.text import Span

__all__ = ["Place", "places", "references"]


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
