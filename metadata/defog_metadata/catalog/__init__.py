"""What a database contains, as immutable values, and how a name finds it. Pure: no I/O."""

from defog_metadata.catalog.catalog import Catalog
from defog_metadata.catalog.memory import MemoryTables
from defog_metadata.catalog.naming import Name, Naming, naming_of
from defog_metadata.catalog.overlay import OverlaidTables
from defog_metadata.catalog.source import TableSource
from defog_metadata.catalog.values import (
    Column,
    ForeignKey,
    Index,
    Table,
    TableKind,
    TableSummary,
    UniqueKey,
)

__all__ = [
    "Catalog",
    "Column",
    "ForeignKey",
    "Index",
    "MemoryTables",
    "Name",
    "Naming",
    "OverlaidTables",
    "Table",
    "TableKind",
    "TableSource",
    "TableSummary",
    "UniqueKey",
    "naming_of",
]
