"""All statements that create some tables, in the order in which they run."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Column, ForeignKey, Index, Table
from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.ddl.columns import ColumnWriter, literal
from defog_metadata.ddl.comments import comment_text, comments_on
from defog_metadata.ddl.custom_types import domains, extensions, is_enumeration
from defog_metadata.ddl.defaults import Sequence as Counter
from defog_metadata.ddl.defaults import numbered
from defog_metadata.ddl.flavours import Flavour
from defog_metadata.ddl.names import Names
from defog_metadata.ddl.ordering import in_key_order
from defog_metadata.ddl.types import base_name

__all__ = ["Writer"]


class Writer:
    """Writes tables of the dialect *source*, which are named as they are to be created."""

    def __init__(
        self, source: str, flavour: Flavour, tables: Sequence[Table], *, if_not_exists: bool
    ) -> None:
        self._flavour = flavour
        self._source = source
        self._tables = tables
        self._if_not_exists = if_not_exists
        self._name = Names(flavour.dialect)
        self._serials = _serials(tables) if self._is_postgres else frozenset()
        self._columns = ColumnWriter(source, flavour, self._name, self._serials)

    @property
    def _is_postgres(self) -> bool:
        return self._flavour.dialect == "postgres" and self._source == "postgres"

    def statements(self) -> Iterator[str]:
        yield from self._schemas()
        if self._is_postgres:
            for extension in extensions(self._tables):
                yield f"CREATE EXTENSION IF NOT EXISTS {self._name(extension)};"
            for domain in domains(self._tables):
                yield self._unless_there(f"CREATE DOMAIN {domain.name} AS {domain.base}")
            yield from self._sequences()
        yield from self._enumerations()
        ordered = in_key_order(self._tables)
        for it in ordered:
            yield from self._table(it.table, it.later)
        if self._flavour.foreign_keys == "altered":
            for it in ordered:
                for key in it.later:
                    added = (
                        f"ALTER TABLE {self._path(it.table)} ADD {self._foreign_key(it.table, key)}"
                    )
                    yield (
                        self._unless_there(added)
                        if self._flavour.dialect == "postgres"
                        else (f"{added};")
                    )

    def _schemas(self) -> Iterator[str]:
        flavour = self._flavour
        if flavour.schemas not in ("created", "databases"):
            return
        found = {(it.database, it.schema): None for it in self._tables if it.schema}
        if self._is_postgres:
            for name in _type_schemas(self._tables):
                found.setdefault(("", name))
        for database, schema in found:
            if schema == flavour.default_schema:
                continue
            path = self._name.path(database, schema)
            if flavour.dialect in ("tsql", "fabric"):
                # Such a statement must be the only one of its batch.
                wanted = literal(schema, flavour.dialect)
                created = literal(f"CREATE SCHEMA {path}", flavour.dialect)
                yield f"IF SCHEMA_ID({wanted}) IS NULL EXEC({created});"
            else:
                word = "DATABASE" if flavour.schemas == "databases" else "SCHEMA"
                yield f"CREATE {word} IF NOT EXISTS {path};"

    def _sequences(self) -> Iterator[str]:
        found: dict[str, None] = {}
        for table in self._tables:
            for column in table.columns:
                counting = numbered(column.default or "")
                if isinstance(counting, Counter) and column.default not in self._serials:
                    found[counting.name] = None
        unless = "IF NOT EXISTS " if self._if_not_exists else ""
        for name in found:
            yield f"CREATE SEQUENCE {unless}{name};"

    def _enumerations(self) -> Iterator[str]:
        if self._flavour.enumerations != "types":
            return
        found: dict[str, tuple[str, ...]] = {}
        for table in self._tables:
            for column in table.columns:
                if is_enumeration(column, self._source):
                    found.setdefault(self._columns.enumeration(table, column), column.enum_values)
        for name, labels in found.items():
            listed = ", ".join(literal(it, self._flavour.dialect) for it in labels)
            yield self._unless_there(f"CREATE TYPE {name} AS ENUM ({listed})")

    def _unless_there(self, statement: str) -> str:
        """*statement*, which has no IF NOT EXISTS of its own, as one that may be run twice."""
        if not self._if_not_exists:
            return f"{statement};"
        if self._flavour.dialect != "postgres":
            return f"{statement};"
        quote = "$defog$"
        return (
            f"DO {quote} BEGIN {statement}; EXCEPTION WHEN duplicate_object THEN NULL; END {quote};"
        )

    def _table(self, table: Table, later: Sequence[ForeignKey]) -> Iterator[str]:
        flavour = self._flavour
        lines = [
            _Line(self._column(table, it), self._comment_line(it.description))
            for it in table.columns
        ]
        lines += [_Line(it) for it in self._constraints(table, later)]
        opening = f"CREATE TABLE {self._exists}{self._path(table)} ("
        body = _joined(opening, self._comment_line(table.description), lines)
        tail = self._tail(table)
        statement = f"{body} {tail};" if tail else f"{body};"
        if self._if_not_exists and flavour.dialect in ("tsql", "fabric"):
            wanted = literal(self._path(table), flavour.dialect)
            statement = f"IF OBJECT_ID({wanted}) IS NULL {statement}"
        yield statement
        if flavour.indexes == "statements":
            for index in table.indexes:
                if written := self._index(table, index):
                    yield written
        if flavour.comments == "statements":
            yield from comments_on(table, self._path(table), self._name, flavour.dialect)

    @property
    def _exists(self) -> str:
        return "IF NOT EXISTS " if self._if_not_exists and self._flavour.if_not_exists else ""

    def _path(self, table: Table) -> str:
        return self._name.path(table.database, table.schema, table.name)

    def _comment_line(self, description: str) -> str:
        return " ".join(description.split()) if self._flavour.comments == "lines" else ""

    def _column(self, table: Table, column: Column) -> str:
        written = self._columns.written(table, column)
        text = comment_text(column.description, self._flavour.dialect, is_column=True)
        if not text:
            return written
        if self._flavour.comments == "inline":
            return f"{written} COMMENT {text}"
        if self._flavour.comments == "options":
            return f"{written} OPTIONS(description={text})"
        return written

    def _constraints(self, table: Table, later: Sequence[ForeignKey]) -> Iterator[str]:
        flavour = self._flavour
        columns = {it.name for it in table.columns}
        is_inline = len(table.primary_key) == 1 and not flavour.not_enforced
        if table.primary_key and flavour.primary_keys and not is_inline:
            yield f"PRIMARY KEY {self._name.listed(table.primary_key)}{flavour.not_enforced}"
        if flavour.unique_keys:
            for unique in table.unique_keys:
                named = f"CONSTRAINT {self._name(unique.name)} " if unique.name else ""
                yield f"{named}UNIQUE {self._name.listed(unique.columns)}"
        if flavour.foreign_keys != "none":
            for key in table.foreign_keys:
                if columns.issuperset(key.columns) and self._is_possible(key, later):
                    yield self._foreign_key(table, key)
        if flavour.indexes == "inline":
            for index in table.indexes:
                if written := self._inline_index(table, index):
                    yield written

    def _is_possible(self, key: ForeignKey, later: Sequence[ForeignKey]) -> bool:
        # SQLite looks for the other table when a row comes; others when the key is declared.
        return key not in later or self._flavour.dialect == "sqlite"

    def _foreign_key(self, table: Table, key: ForeignKey) -> str:
        named = f"CONSTRAINT {self._name(key.name)} " if key.name else ""
        schema = key.referred_schema or table.schema
        referred = self._name.path(table.database, schema, key.referred_table)
        return (
            f"{named}FOREIGN KEY {self._name.listed(key.columns)} "
            f"REFERENCES {referred} {self._name.listed(key.referred_columns)}"
            f"{self._flavour.not_enforced}"
        )

    def _tail(self, table: Table) -> str:
        flavour = self._flavour
        parts = []
        if flavour.tail:
            key = self._name.listed(table.primary_key) if table.primary_key else "tuple()"
            parts.append(flavour.tail.format(key=key))
        if flavour.dialect == "mysql" and self._source != "mysql":
            parts.append("DEFAULT CHARSET=utf8mb4")
        text = comment_text(table.description, flavour.dialect, is_column=False)
        if text and flavour.comments == "inline":
            parts.append(flavour.table_comment.format(text))
        elif text and flavour.comments == "options":
            parts.append(f"OPTIONS(description={text})")
        return " ".join(parts)

    def _index(self, table: Table, index: Index) -> str:
        parts = [self._index_part(table, it) for it in index.columns]
        if not parts or None in parts:
            return ""
        kinds = {base_name(c.type) for c in table.columns if c.name in index.columns}
        method = ""
        if self._is_postgres:
            if kinds & _WITHOUT_ORDER:
                return ""
            method = next((f" USING {it}" for kind, it in _METHODS.items() if kind in kinds), "")
        unless = (
            "IF NOT EXISTS " if self._if_not_exists and self._flavour.index_if_not_exists else ""
        )
        unique = "UNIQUE " if index.unique else ""
        columns = ", ".join(it for it in parts if it)
        return (
            f"CREATE {unique}INDEX {unless}{self._name(index.name)} "
            f"ON {self._path(table)}{method} ({columns});"
        )

    def _index_part(self, table: Table, part: str) -> str | None:
        if table.column(part) is not None:
            return self._name(part)
        prefix = _PREFIX.fullmatch(part)
        if prefix and table.column(prefix["column"]) is not None:
            return self._name(prefix["column"])
        # An expression is in the words of its own engine.
        if self._source != self._flavour.dialect or not part.strip():
            return None
        return f"({part})"

    def _inline_index(self, table: Table, index: Index) -> str:
        parts = []
        kind = "UNIQUE KEY" if index.unique else "KEY"
        for it in index.columns:
            column = table.column(it)
            prefix = _PREFIX.fullmatch(it)
            if column is not None:
                shown = base_name(self._columns.type_of(table, column))
                if shown.endswith(("text", "blob")):
                    if self._source == "mysql":
                        kind = "FULLTEXT KEY"  # any other would have a length
                    else:
                        parts.append(f"{self._name(it)}(255)")
                        continue
                elif shown.endswith(_GEOMETRIES):
                    kind = "SPATIAL KEY"
                parts.append(self._name(it))
            elif prefix and table.column(prefix["column"]) is not None:
                parts.append(f"{self._name(prefix['column'])}({prefix['length']})")
            elif self._source == self._flavour.dialect and it.strip():
                parts.append(it if it.startswith("(") else f"({it})")
            else:
                return ""
        return f"{kind} {self._name(index.name)} ({', '.join(parts)})" if parts else ""


_PREFIX = re.compile(r"(?P<column>.+)\((?P<length>\d+)\)", re.DOTALL)
_GEOMETRIES = ("geometry", "point", "linestring", "polygon", "collection")
# PostgreSQL's types whose values have no order, or that another index is for.
_WITHOUT_ORDER = frozenset("json xml line lseg path".split())
_METHODS = {
    "point": "gist", "box": "gist", "polygon": "gist", "circle": "gist",
    "geometry": "gist", "geography": "gist",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    comment: str = ""


def _joined(opening: str, comment: str, lines: Sequence[_Line]) -> str:
    """The statement up to its closing bracket, a declaration a line, comments behind them."""
    shown = [_commented(opening, comment)]
    for place, it in enumerate(lines):
        comma = "," if place < len(lines) - 1 else ""
        shown.append(f"    {_commented(it.text + comma, it.comment)}")
    return "\n".join([*shown, ")"])


def _commented(text: str, comment: str) -> str:
    return f"{text} -- {comment}" if comment else text


def _serials(tables: Sequence[Table]) -> frozenset[str]:
    """The defaults of *tables* that say no more than ``serial`` would."""
    found = set()
    for table in tables:
        for column in table.columns:
            counting = numbered(column.default or "")
            if not isinstance(counting, Counter) or column.nullable:
                continue
            if column.type.lower() not in ("smallint", "integer", "bigint"):
                continue
            written = f"{table.name}_{column.name}_seq"
            *_, schema, sequence = ("", *split_key(counting.name))
            is_there = schema == table.schema or not schema
            if sequence == written and is_there and len(written.encode()) <= _LONGEST_NAME:
                found.add(column.default or "")
    return frozenset(found)


_LONGEST_NAME = 63


def _type_schemas(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        for column in table.columns:
            for text in (column.type, _sequence_name(column.default)):
                if schema := split_key(re.sub(r"[\[(].*", "", text))[1]:
                    yield schema


def _sequence_name(default: str | None) -> str:
    counting = numbered(default or "")
    return counting.name if isinstance(counting, Counter) else ""
