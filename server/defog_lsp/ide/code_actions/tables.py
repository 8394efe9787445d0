"""The tables that a place is about: what every action on the catalog works with."""

from collections.abc import Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Naming, Table
from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.sql.facts.mentioned import Mentioned, mentioned_at, tables_in, tables_of
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["Tables", "key_of", "keys_of", "tables_at"]


@dataclass(frozen=True, slots=True)
class Tables:
    """From the narrowest to the widest: the name at the caret, the statement, the file."""

    named: Mentioned | None
    statement: tuple[Table, ...]
    file: tuple[Table, ...]
    naming: Naming

    def label(self, tables: Sequence[Table], place: str) -> str:
        """What a title calls *tables*: the one by its name, several by where they are named."""
        if len(tables) == 1:
            return self.naming.write(tables[0].name)
        return f"the {len(tables)} tables of this {place}"


def tables_at(snapshot: Snapshot, offset: int) -> Tables:
    analysis = snapshot.analysis_at(offset)
    return Tables(
        mentioned_at(snapshot, offset),
        tables_in(analysis, snapshot.catalog) if analysis else (),
        tables_of(snapshot),
        snapshot.catalog.naming,
    )


def key_of(table: Table) -> str:
    """The key of *table* in metadata."""
    return join_key(table.database, table.schema, table.name)


def keys_of(tables: Sequence[Table]) -> tuple[str, ...]:
    return tuple(map(key_of, tables))
