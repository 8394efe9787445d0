"""The tables that a place is about: what every action on the catalog works with."""

from collections.abc import Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Catalog, Naming, Table
from defog_metadata.catalog.shapes.keys import key_of
from defog_metadata.sql.facts.mentioned import Mentioned, mentioned_at, tables_in, tables_of
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["Choice", "Tables", "choices", "keys_of", "tables_at"]


@dataclass(frozen=True, slots=True)
class Tables:
    """From the narrowest to the widest: the name at the caret, the statement, the file."""

    named: Mentioned | None
    statement: tuple[Table, ...]
    file: tuple[Table, ...]
    naming: Naming

    @property
    def places(self) -> "tuple[Choice, ...]":
        """The tables of each place, without places that have the same ones as a narrower."""
        named = (self.named.table,) if self.named else ()
        places = ((named, ""), (self.statement, "statement"), (self.file, "file"))
        found: dict[frozenset[str], Choice] = {}
        for tables, place in places:
            if tables:
                choice = Choice(self.label(tables, place), tables)
                found.setdefault(frozenset(keys_of(tables)), choice)
        return tuple(found.values())

    def label(self, tables: Sequence[Table], place: str) -> str:
        """What a title calls *tables*: the one by its name, several by where they are named."""
        if len(tables) == 1:
            return self.naming.write(tables[0].name)
        return f"the {len(tables)} tables of this {place}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Tables that may be meant, and what they are called together."""

    label: str
    tables: tuple[Table, ...] | None
    """``None``: all that there are."""


def choices(at: Tables | None, catalog: Catalog) -> list[Choice]:
    """What may be meant where nobody has said which tables, the likeliest first."""
    found = list(at.places) if at else []
    total = len(catalog.source)
    if total and all(it.tables is None or len(it.tables) < total for it in found):
        found.append(Choice(f"all {total} tables" if total > 1 else "the one table", None))
    return found


def tables_at(snapshot: Snapshot, offset: int) -> Tables:
    analysis = snapshot.analysis_at(offset)
    return Tables(
        mentioned_at(snapshot, offset),
        tables_in(analysis, snapshot.catalog) if analysis else (),
        tables_of(snapshot),
        snapshot.catalog.naming,
    )


def keys_of(tables: Sequence[Table]) -> tuple[str, ...]:
    return tuple(map(key_of, tables))
