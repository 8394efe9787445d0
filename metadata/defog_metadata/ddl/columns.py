"""One column as ``CREATE TABLE`` declares it."""

import re
from dataclasses import dataclass, replace

from defog_metadata.catalog import Column, Table
from defog_metadata.ddl.custom_types import is_built_in, is_enumeration
from defog_metadata.ddl.defaults import (
    NextOf,
    is_value,
    numbered,
    read_generated,
    translated,
)
from defog_metadata.ddl.flavours import Flavour
from defog_metadata.ddl.names import Names
from defog_metadata.ddl.types import base_name, is_array, is_known, is_unnamed, translated_type

__all__ = ["ColumnWriter", "literal"]


@dataclass(frozen=True, slots=True)
class ColumnWriter:
    """Writes the columns of tables of the dialect *source* for *flavour*."""

    source: str
    flavour: Flavour
    name: Names
    serials: frozenset[str]
    """The sequences that PostgreSQL makes by itself for the type ``serial``, as defaults."""

    def written(self, table: Table, column: Column, comment: str = "") -> str:
        """*column* with its type, default and constraints, and the clause that is its *comment*."""
        flavour = self.flavour
        kind = self.type_of(table, column)
        is_key = (
            table.primary_key == (column.name,)
            and flavour.primary_keys
            and not flavour.not_enforced
        )
        clause, is_computed = self._default(table, column, kind), False
        if clause in _SERIAL_TYPES:
            kind, clause = clause, ""
        elif clause.startswith("GENERATED ALWAYS AS ("):
            is_computed = True
        # A primary key implies it, but in SQLite.
        implied = is_key and (flavour.dialect != "sqlite" or kind.upper() == "INTEGER")
        # MariaDB takes no constraint on a computed column; only MySQL itself shows one.
        possible = flavour.not_null and not (
            is_computed and flavour.dialect == "mysql" and self.source != "mysql"
        )
        constraint = "NOT NULL" if possible and not column.nullable and not implied else ""
        if flavour.dialect == "mysql" and column.nullable and not is_key and not is_computed:
            # Older servers take a timestamp for NOT NULL, and fill it in.
            constraint = "NULL" if base_name(kind) == "timestamp" else ""
        parts = (
            self.name(column.name),
            kind,
            clause,
            constraint,
            "PRIMARY KEY" if is_key else "",
            comment,  # MariaDB takes none behind a check
            self._check(column),
        )
        return " ".join(filter(None, parts))

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
        if column.name in table.primary_key:
            column = replace(column, nullable=False)  # ClickHouse says so in the type
        source = self._speaker(column.type)
        return translated_type(column, source, target, keys_share=_texts_in_keys(table, column))

    def _speaker(self, shown: str) -> str:
        """The dialect that *shown* is a type of: another, where its own engine has no such type.

        People write ``string``, and copy metadata from one engine to another.
        """
        if is_unnamed(shown):
            return self.source
        match self.source:
            case "postgres":
                is_native = is_built_in(shown)
            case "mysql":
                is_native = base_name(shown).partition(" ")[0] in _MYSQL_TYPES
            case "sqlite":
                is_native = True  # any words are a type
            case _:
                is_native = is_known(shown, self.source)
        others = (it for it in ("", "postgres") if it != self.source and is_known(shown, it))
        return self.source if is_native else next(others, self.source)

    def enumeration(self, table: Table, column: Column) -> str:
        """The name of the type that holds the values of *column*, as it is written."""
        shown = re.sub(r"(?:\s*\[\d*\])+$", "", column.type.strip())
        if self.source == "postgres" and not is_unnamed(shown):
            return shown
        return self.name.path(table.schema, f"{table.name}_{column.name}")

    def _default(self, table: Table, column: Column, kind: str) -> str:
        """The default's clause, what stands in its place, or the type that says it all."""
        if column.default is None or not column.default.strip():
            return ""
        counting = numbered(column.default)
        if counting is not None:
            return self._numbering(table, column, kind, counting)
        if column.default.lstrip().upper().startswith("GENERATED"):
            return self._generated(column.default)
        flavour = self.flavour
        written = translated(column.default, self.source, flavour.dialect)
        if written is None or not flavour.defaults:
            return ""
        if self.source != flavour.dialect and kind.upper() in ("BOOLEAN", "BOOL"):
            written = _FLAGS.get(written, written)
        if flavour.dialect == "mysql" and _CURRENT.fullmatch(written.strip()):
            written = "CURRENT_TIMESTAMP"
        is_plain = is_value(written) or not flavour.only_literals
        if flavour.dialect in ("mysql", "singlestore") and base_name(kind).endswith(_LARGE):
            is_plain = False  # of these MySQL takes a default as an expression only
        return f"DEFAULT {written if is_plain else _bracketed(written)}"

    def _numbering(self, table: Table, column: Column, kind: str, counting: NextOf | str) -> str:
        if self.flavour.dialect == self.source == "postgres":
            if not isinstance(counting, NextOf):
                return counting
            is_serial = column.default in self.serials
            return _SERIALS[base_name(kind)] if is_serial else f"DEFAULT {column.default}"
        if self.flavour.dialect == "mysql":
            keys = [table.primary_key, *(it.columns for it in table.unique_keys)]
            others = [it for it in table.columns if it != column and numbered(it.default or "")]
            is_indexed = any(it[:1] == (column.name,) for it in keys)
            if self.source == "mysql":
                is_indexed = True  # it would not count up otherwise
            # It counts up only what is a key, and one column of a table.
            first = next(iter(table.primary_key), "")
            if not is_indexed or (others and column.name != first):
                return ""
        return self.flavour.numbering

    def _generated(self, default: str) -> str:
        generated = read_generated(default)
        kinds = self.flavour.generated
        # Its functions are those of its own engine.
        if generated is None or not kinds or self.source != self.flavour.dialect:
            return ""
        kind = generated.kind if generated.kind in kinds else kinds[0]
        return f"GENERATED ALWAYS AS ({generated.expression}) {kind}"

    def _check(self, column: Column) -> str:
        if not column.enum_values or not self.flavour.checks or is_array(column.type):
            return ""
        is_type = is_enumeration(column, self.source)
        if is_type and self.flavour.enumerations != "none":
            return ""
        values = ", ".join(literal(it, self.flavour.dialect) for it in column.enum_values)
        return f"CHECK ({self.name(column.name)} IN ({values}))"


# By their first words.
_MYSQL_TYPES = frozenset(
    """tinyint smallint mediumint int integer int1 int2 int3 int4 int8 middleint bigint decimal dec
    numeric fixed float float4 float8 double real bit bool boolean serial date datetime timestamp
    time year char character nchar national varchar nvarchar varcharacter binary varbinary
    tinyblob blob mediumblob longblob long tinytext text mediumtext longtext enum set json
    geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection
    geomcollection inet4 inet6 uuid vector""".split()
)
_FLAGS = {"0": "FALSE", "1": "TRUE"}
_SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_SERIAL_TYPES = frozenset(_SERIALS.values())
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
    " athena".split()
)
_BACKSLASHED = frozenset("athena bigquery databricks hive spark spark2".split())


_CURRENT = re.compile(r"current_timestamp(?:\(\s*\))?", re.IGNORECASE)


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
