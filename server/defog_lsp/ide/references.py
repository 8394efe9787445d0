"""Every place where what is under the caret is named: in the same text, and in others."""

from dataclasses import dataclass
from typing import Literal

from defog_metadata.sql.facts.definitions import name_at, named_in_definitions
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
    found = name_at(snapshot, offset)
    return [] if found is None else places(snapshot, found.symbol)


def places(snapshot: Snapshot, symbol: Symbol) -> list[Place]:
    """All names of *symbol* in the text of *snapshot*, in order."""
    symbols = symbols_of(snapshot)
    found = {it.span: it.is_definition for it in symbols.of(symbol)}
    for span in named_in_definitions(snapshot, symbol) if symbol.kind == "stored" else ():
        there = symbols.at(span.start)
        # What the text itself creates has a symbol of its own there.
        if there is None or there.is_definition:
            found.setdefault(span, there is not None)
    return [Place(it, "write" if found[it] else "read") for it in sorted(found)]
