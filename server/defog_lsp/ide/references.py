"""Every place where what is under the caret is named, in the same text."""

from dataclasses import dataclass
from typing import Literal

from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import symbols_of
from defog_metadata.text import Span

__all__ = ["Place", "references"]


@dataclass(frozen=True, slots=True)
class Place:
    """``write`` is the place that gives the name; every other one only uses it."""

    span: Span
    use: Literal["read", "write"]


def references(snapshot: Snapshot, offset: int) -> list[Place]:
    """All names of what the name at *offset* means, in the order of the text."""
    symbols = symbols_of(snapshot)
    found = symbols.at(offset)
    if found is None:
        return []
    return [
        Place(it.span, "write" if it.is_definition else "read") for it in symbols.of(found.symbol)
    ]
