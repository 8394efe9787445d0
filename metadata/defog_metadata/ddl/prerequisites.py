"""What must be there before the first table: schemas, extensions, types, sequences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.ddl.columns import ColumnWriter, literal
from defog_metadata.ddl.custom_types import domains, extensions, is_enumeration
from defog_metadata.ddl.defaults import NextOf, numbered
from defog_metadata.ddl.flavours import Flavour
from defog_metadata.ddl.names import Names

__all__ = ["Prerequisites", "serial_defaults"]

_LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Prerequisites:
    """What *tables* of the dialect *source* need."""

    source: str
    flavour: Flavour
    name: Names
    columns: ColumnWriter
    tables: Sequence[Table]
    if_not_exists: bool

    def statements(self) -> Iterator[str]:
        yield from self._schemas()
        if self.source == self.flavour.dialect == "postgres":
            for extension in extensions(self.tables):
                yield f"CREATE EXTENSION IF NOT EXISTS {self.name(extension)};"
            for domain in domains(self.tables):
                yield self.unless_there(f"CREATE DOMAIN {domain.name} AS {domain.base}")
            for sequence in self._sequences():
                yield f"CREATE SEQUENCE IF NOT EXISTS {sequence};"
        yield from self._enumerations()

    def unless_there(self, statement: str) -> str:
        """*statement*, which has no IF NOT EXISTS of its own, as one that may be run twice.

        Only PostgreSQL can say so.
        """
        if not self.if_not_exists or self.flavour.dialect != "postgres":
            return f"{statement};"
        return (
            f"DO $defog$ BEGIN {statement}; EXCEPTION WHEN duplicate_object THEN NULL; END $defog$;"
        )

    def _schemas(self) -> Iterator[str]:
        flavour = self.flavour
        if flavour.schemas not in ("created", "databases"):
            return
        found = {(it.database, it.schema): None for it in self.tables if it.schema}
        if self.source == flavour.dialect == "postgres":
            found.update({("", it): None for it in self._schemas_of_types()})
        for database, schema in found:
            if schema == flavour.default_schema:
                continue
            path = self.name.path(database, schema)
            if flavour.dialect in ("tsql", "fabric"):
                # Such a statement must be the only one of its batch.
                wanted = literal(schema, flavour.dialect)
                created = literal(f"CREATE SCHEMA {path}", flavour.dialect)
                yield f"IF SCHEMA_ID({wanted}) IS NULL EXEC({created});"
            else:
                word = "DATABASE" if flavour.schemas == "databases" else "SCHEMA"
                yield f"CREATE {word} IF NOT EXISTS {path};"

    def _schemas_of_types(self) -> Iterator[str]:
        for column in _columns(self.tables):
            counting = numbered(column.default or "")
            names = [re.sub(r"[\[(].*", "", column.type)]
            names += [counting.name] if isinstance(counting, NextOf) else []
            yield from (schema for it in names if (schema := split_key(it)[1]))

    def _sequences(self) -> list[str]:
        found: dict[str, None] = {}
        for column in _columns(self.tables):
            counting = numbered(column.default or "")
            if isinstance(counting, NextOf) and column.default not in self.columns.serials:
                found[counting.name] = None
        return list(found)

    def _enumerations(self) -> Iterator[str]:
        if self.flavour.enumerations != "types":
            return
        found: dict[str, tuple[str, ...]] = {}
        for table in self.tables:
            for column in table.columns:
                if is_enumeration(column, self.source):
                    found.setdefault(self.columns.enumeration(table, column), column.enum_values)
        for name, labels in found.items():
            listed = ", ".join(literal(it, self.flavour.dialect) for it in labels)
            yield self.unless_there(f"CREATE TYPE {name} AS ENUM ({listed})")


def serial_defaults(tables: Sequence[Table]) -> frozenset[str]:
    """The defaults of *tables* that say no more than PostgreSQL's type ``serial`` would."""
    uses: dict[str, list[tuple[Table, Column]]] = {}
    for table in tables:
        for column in table.columns:
            if isinstance(numbered(column.default or ""), NextOf):
                uses.setdefault(column.default or "", []).append((table, column))
    return frozenset(
        default for default, used in uses.items() if len(used) == 1 and _is_serial(*used[0])
    )


def _is_serial(table: Table, column: Column) -> bool:
    counting = numbered(column.default or "")
    if not isinstance(counting, NextOf) or column.nullable:
        return False
    _, schema, name = split_key(counting.name)
    written = f"{table.name}_{column.name}_seq"
    return (
        name == written
        and schema in ("", table.schema)
        and len(written.encode()) <= _LONGEST_NAME
        and column.type.lower() in ("smallint", "integer", "bigint")
    )


def _columns(tables: Sequence[Table]) -> Iterator[Column]:
    return (column for table in tables for column in table.columns)
