"""Indexes: as statements of their own, and as MySQL has them within ``CREATE TABLE``."""

import re
from dataclasses import dataclass

from defog_metadata.catalog import Column, Index, Table
from defog_metadata.ddl.columns import ColumnWriter
from defog_metadata.ddl.flavours import Flavour
from defog_metadata.ddl.names import Names
from defog_metadata.ddl.types import base_name

__all__ = ["IndexWriter"]

_PREFIX = re.compile(r"(?P<column>.+)\((?P<length>\d+)\)", re.DOTALL)
_LENGTH = 255
"""Of what MySQL is to index of a text of another engine's."""
_LARGE = ("text", "blob")
_GEOMETRIES = ("geometry", "point", "linestring", "polygon", "geometrycollection")
# PostgreSQL's types whose values have no order, and those that another kind of index is for.
_WITHOUT_ORDER = frozenset("json xml line lseg path vector".split())
_FOR_GIST = frozenset("point box polygon circle geometry geography".split())


@dataclass(frozen=True, slots=True)
class IndexWriter:
    """Writes the indexes of tables of the dialect *source*.

    An index on what is not a column is in the words of its own engine: another does without it,
    since an index changes no result.
    """

    source: str
    flavour: Flavour
    name: Names
    columns: ColumnWriter

    def statement(self, table: Table, index: Index, *, if_not_exists: bool) -> str:
        """``CREATE INDEX``, or nothing where there can be none."""
        parts = [self._part(table, it) for it in index.columns]
        kinds = {base_name(it.type) for it in table.columns if it.name in index.columns}
        is_postgres = self.flavour.dialect == self.source == "postgres"
        if not all(parts) or not parts or (is_postgres and kinds & _WITHOUT_ORDER):
            return ""
        unique = "UNIQUE " if index.unique else ""
        unless = "IF NOT EXISTS " if if_not_exists and self.flavour.index_if_not_exists else ""
        path = self.name.path(table.database, table.schema, table.name)
        name = self.name(index.name)
        method = " USING gist" if is_postgres and kinds & _FOR_GIST else ""
        if self.flavour.dialect == "sqlite":
            name = self.name.path(table.schema, index.name)
        return f"CREATE {unique}INDEX {unless}{name} ON {path}{method} ({', '.join(parts)});"

    def declaration(self, table: Table, index: Index) -> str:
        """``KEY name (column, …)``, or nothing where there can be none."""
        parts = [self._part(table, it) for it in index.columns]
        if not all(parts) or not parts:
            return ""
        kinds = [self._kind(table, it) for it in index.columns]
        word = "UNIQUE KEY" if index.unique else "KEY"
        if any(it.endswith(_GEOMETRIES) for it in kinds):
            # Shown with a length that it does not take.
            parts = [self.name(_column_of(it)) for it in index.columns]
            word = "SPATIAL KEY"
        elif self.source == "mysql":
            pairs = zip(index.columns, kinds, strict=True)
            if any(kind.endswith(_LARGE) and not _PREFIX.fullmatch(it) for it, kind in pairs):
                word = "FULLTEXT KEY"  # any other index of a text has a length
        else:
            parts = [
                f"{part}({_LENGTH})" if kind.endswith(_LARGE) else part
                for part, kind in zip(parts, kinds, strict=True)
            ]
        return f"{word} {self.name(index.name)} ({', '.join(parts)})"

    def _kind(self, table: Table, part: str) -> str:
        column: Column | None = table.column(part) or table.column(_column_of(part))
        return base_name(self.columns.type_of(table, column)) if column is not None else ""

    def _part(self, table: Table, part: str) -> str:
        is_own = self.source == self.flavour.dialect
        if table.column(part) is not None:
            return self.name(part)
        prefix = _PREFIX.fullmatch(part)
        if prefix and self.source == "mysql" and table.column(prefix["column"]) is not None:
            column = self.name(prefix["column"])
            return f"{column}({prefix['length']})" if is_own else column
        if not is_own or not part.strip():
            return ""
        # SQLite would keep brackets as a part of the expression.
        is_enough = self.source == "sqlite" or (self.source == "mysql" and part.startswith("("))
        return part if is_enough else f"({part})"


def _column_of(part: str) -> str:
    prefix = _PREFIX.fullmatch(part)
    return prefix["column"] if prefix else part
