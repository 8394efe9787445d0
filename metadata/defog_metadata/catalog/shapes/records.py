"""The JSON objects of the shapes, as dataclasses whose fields are the JSON keys.

Aliases such as ``Text`` mark fields whose JSON is more varied than their Python type;
``converter`` has a hook for each. A field with a default may be absent.
"""

from dataclasses import dataclass
from typing import NewType

from defog_metadata.catalog.values import ForeignKey, Index, TableKind, UniqueKey

__all__ = [
    "ColumnRecord",
    "Default",
    "Flag",
    "KeyFlag",
    "Reference",
    "SeedColumnRecord",
    "SeedRecord",
    "TableRecord",
    "Text",
]

Text = NewType("Text", str)
"""Text that may be null, which means the same as empty."""

Flag = NewType("Flag", bool)
"""``"YES"``, ``"NO"``, true, false; null means yes, as for a column nobody declared NOT NULL."""

KeyFlag = NewType("KeyFlag", bool)
"""As ``Flag``, but null means no."""

Default = NewType("Default", str)
"""SQL text; numbers and booleans are taken as the text they are written as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The column that a foreign key of one column refers to."""

    schema: Text = Text("")
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    column_name: str
    data_type: str
    is_nullable: Flag = Flag(True)
    column_default: Default | None = None
    column_description: Text = Text("")
    primary_key: KeyFlag = KeyFlag(False)
    foreign_key: Reference | None = None
    custom_type_labels: tuple[str, ...] | None = None
    """The labels of an enumerated type, under the name that the defog library gives them."""
    common_values: tuple[str, ...] | None = None
    """A key of our own, which the library keeps and passes over."""


@dataclass(frozen=True, slots=True)
class SeedColumnRecord(ColumnRecord):
    """A column of the seed shape, which writes every documented key, whatever its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRecord:
    """One element of ``table_metadata`` in the seed shape."""

    table_name: str
    table_schema: Text = Text("")
    table_description: Text = Text("")
    column_metadata: tuple[SeedColumnRecord, ...]
    table_database: Text = Text("")
    table_type: TableKind = "table"
    # Absent in documents that others wrote: then the columns say it.
    primary_key: tuple[str, ...] | None = None
    unique_keys: tuple[UniqueKey, ...] | None = None
    foreign_keys: tuple[ForeignKey, ...] | None = None
    indexes: tuple[Index, ...] | None = None
    row_estimate: int | None = None
    definition: Text = Text("")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRecord:
    """The value of one key in shape B. Names that it gives itself outrank the key's."""

    table_description: Text = Text("")
    columns: tuple[ColumnRecord, ...]
    table_name: str | None = None
    table_schema: str | None = None
    table_database: str | None = None
    table_type: TableKind = "table"
    primary_key: tuple[str, ...] | None = None
    unique_keys: tuple[UniqueKey, ...] | None = None
    foreign_keys: tuple[ForeignKey, ...] | None = None
    indexes: tuple[Index, ...] | None = None
    row_estimate: int | None = None
    definition: Text = Text("")
