"""One column as ``CREATE TABLE`` declares it."""

import re
from dataclasses import dataclass

from defog_metadata.catalog import Column, Table
from defog_metadata.ddl.custom_types import is_enumeration
from defog_metadata.ddl.defaults import (
    Sequence,
    is_value,
    numbered,
    read_generated,
    translated,
)
from defog_metadata.ddl.flavours import Flavour
from defog_metadata.ddl.names import Names
from defog_metadata.ddl.types import base_name, is_array, is_unnamed, translated_type

__all__ = ["ColumnWriter", "literal"]


@dataclass(frozen=True, slots=True)
class ColumnWriter:
    """Writes the columns of tables of the dialect *source* for *flavour*."""

    source: str
    flavour: Flavour
    name: Names
    serials: frozenset[str]
    """The sequences that PostgreSQL makes by itself for the type ``serial``, as defaults."""

    def written(self, table: Table, column: Column) -> str:
        """*column* with its type, default and constraints; without a comment."""
        flavour = self.flavour
        is_key = table.primary_key == (column.name,)
        kind = self.type_of(table, column)
        before, behind = self._default(table, column, kind)
        nullable = column.nullable
        if before.startswith("serial:"):
            kind, before = before.removeprefix("serial:"), ""
        if is_key and flavour.primary_keys and not flavour.not_enforced:
            # A primary key implies it, but in SQLite.
            nullable = nullable or flavour.dialect != "sqlite" or kind.upper() == "INTEGER"
        is_computed = before.startswith(("GENERATED ALWAYS AS (", "AS ("))
        if is_computed and flavour.dialect == "mysql" and self.source != "mysql":
            nullable = True  # MariaDB takes no constraint on one
        constraint = "" if nullable or not flavour.not_null else "NOT NULL"
        if column.nullable and flavour.dialect == "mysql" and not is_key and not is_computed:
            # Older servers take a timestamp for NOT NULL, and fill it in.
            constraint = "NULL" if base_name(kind).startswith("timestamp") else ""
        has_key = is_key and flavour.primary_keys and not flavour.not_enforced
        return " ".join(
            filter(
                None,
                (
                    self.name(column.name),
                    kind,
                    before,
                    constraint,
                    behind,
                    "PRIMARY KEY" if has_key else "",
                    self._check(column),
                ),
            )
        )

    def type_of(self, table: Table, column: Column) -> str:
        """The type that the column is declared with."""
        flavour = self.flavour
        target = flavour.dialect
        if is_enumeration(column, self.source):
            if flavour.enumerations == "types":
                return self.enumeration(table, column) + ("[]" if is_array(column.type) else "")
            if flavour.enumerations == "inline" and not is_array(column.type):
                if self.source == target:
                    return column.type
                return f"enum({', '.join(literal(it, target) for it in column.enum_values)})"
        if numbered(column.default or "") and target == "sqlite":
            # Of one that counts up by itself, SQLite wants exactly this type.
            return "INTEGER"
        return translated_type(
            column, self.source, target, keys_share=_texts_in_keys(table, column)
        )

    def enumeration(self, table: Table, column: Column) -> str:
        """The name of the type that holds the values of *column*, as it is written."""
        shown = re.sub(r"(?:\s*\[\d*\])+$", "", column.type.strip())
        if self.source == "postgres" and not is_unnamed(shown):
            return shown
        return self.name.path(table.schema, f"{table.name}_{column.name}")

    def _default(self, table: Table, column: Column, kind: str) -> tuple[str, str]:
        """What stands before and behind NOT NULL."""
        if column.default is None or not column.default.strip():
            return "", ""
        flavour, target = self.flavour, self.flavour.dialect
        counting = numbered(column.default)
        if counting is not None:
            return self._numbering(table, column, kind, counting)
        if column.default.lstrip().upper().startswith("GENERATED"):
            return self._generated(column), ""
        if not flavour.defaults:
            return "", ""
        written = translated(column.default, self.source, target)
        if written is None:
            return "", ""
        if target in ("mysql", "singlestore"):
            # MySQL takes a default of a text only as an expression.
            is_plain = is_value(written) and not _is_large(kind)
        else:
            is_plain = not flavour.only_literals or is_value(written)
        if target == "mysql":
            # Behind NOT NULL or before is all the same; ON UPDATE belongs to the default.
            written = _mysql_default(written)
            is_plain = is_plain or written.upper().startswith("CURRENT_TIMESTAMP")
        return f"DEFAULT {written if is_plain else _bracketed(written)}", ""

    def _numbering(
        self, table: Table, column: Column, kind: str, counting: Sequence | str
    ) -> tuple[str, str]:
        flavour = self.flavour
        if flavour.dialect == "postgres" and self.source == "postgres":
            if not isinstance(counting, Sequence):
                return counting, ""
            if column.default in self.serials:
                return f"serial:{_SERIALS[base_name(kind)]}", ""
            return f"DEFAULT {column.default}", ""
        if flavour.dialect == "mysql":
            keys = [table.primary_key, *(it.columns for it in table.unique_keys)]
            others = [it for it in table.columns if it != column and numbered(it.default or "")]
            if others or not any(it[:1] == (column.name,) for it in keys):
                return "", ""  # it counts up only what is a key, and one column of a table
        return "", flavour.numbering

    def _generated(self, column: Column) -> str:
        generated = read_generated(column.default or "")
        if generated is None or not self.flavour.generated:
            return ""
        expression: str | None = generated.expression
        if self.source != self.flavour.dialect:
            return ""  # its names and functions are another engine's
        kinds = self.flavour.generated
        kind = generated.kind if generated.kind in kinds else kinds[0]
        return f"GENERATED ALWAYS AS ({expression}) {kind}"

    def _check(self, column: Column) -> str:
        if not column.enum_values or not self.flavour.checks or is_array(column.type):
            return ""
        is_type = is_enumeration(column, self.source)
        if is_type and self.flavour.enumerations != "none":
            return ""
        values = ", ".join(literal(it, self.flavour.dialect) for it in column.enum_values)
        return f"CHECK ({self.name(column.name)} IN ({values}))"


_SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_LARGE = ("text", "blob", "json", "geometry")


def literal(text: str, dialect: str) -> str:
    """*text* as a string literal."""
    if dialect in _ESCAPING:
        text = text.replace("\\", "\\\\")
        if dialect in _BACKSLASHED:
            escaped = text.replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
            return f"'{escaped}'"
    return "'" + text.replace("'", "''") + "'"


# Where a backslash in a literal means the next letter, and where two quotes are no quote.
_ESCAPING = frozenset(
    "mysql singlestore doris starrocks bigquery clickhouse databricks hive snowflake spark spark2"
    " athena redshift".split()
)
_BACKSLASHED = frozenset("bigquery databricks hive spark spark2".split())


def _is_large(kind: str) -> bool:
    name = base_name(kind)
    return name.endswith(_LARGE)


_CURRENT = re.compile(r"current_timestamp(?:\(\s*\))?", re.IGNORECASE)


def _mysql_default(written: str) -> str:
    return "CURRENT_TIMESTAMP" if _CURRENT.fullmatch(written.strip()) else written


def _bracketed(expression: str) -> str:
    expression = expression.strip()
    is_bracketed = expression.startswith("(") and _closes_last(expression)
    return expression if is_bracketed else f"({expression})"


def _closes_last(expression: str) -> bool:
    """Whether the bracket that opens *expression* is closed at its end."""
    depth, quote = 0, ""
    for place, letter in enumerate(expression):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        else:
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                return place == len(expression) - 1
    return False


def _texts_in_keys(table: Table, column: Column) -> int:
    """How many columns the longest key has that *column* is part of; none: 0."""
    keys = [
        table.primary_key,
        *(it.columns for it in table.unique_keys),
        *(it.columns for it in table.foreign_keys),
    ]
    return max((len(it) for it in keys if column.name in it), default=0)
