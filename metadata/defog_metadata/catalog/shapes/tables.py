"""Between the records of the shapes and ``Table`` values."""

from collections.abc import Iterable

from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.shapes.records import (
    ColumnRecord,
    Default,
    Flag,
    KeyFlag,
    Reference,
    SeedColumnRecord,
    SeedRecord,
    TableRecord,
    Text,
)
from defog_metadata.catalog.values import Column, ForeignKey, Table

__all__ = [
    "entry_of_table",
    "seed_of_table",
    "table_of_columns",
    "table_of_entry",
    "table_of_seed",
]


def table_of_seed(record: SeedRecord) -> Table:
    return _table(
        record,
        (record.table_database, record.table_schema, record.table_name),
        record.column_metadata,
    )


def table_of_entry(key: str, record: TableRecord) -> Table:
    """The table at *key* of shape B. Names that the record itself gives outrank the key's."""
    database, schema, name = split_key(key)
    path = (
        database if record.table_database is None else record.table_database,
        schema if record.table_schema is None else record.table_schema,
        name if record.table_name is None else record.table_name,
    )
    return _table(record, path, record.columns)


def table_of_columns(key: str, columns: tuple[ColumnRecord, ...]) -> Table:
    """The table at *key* of shape A, which knows nothing but its columns."""
    return table_of_entry(key, TableRecord(columns=columns))


def seed_of_table(table: Table) -> SeedRecord:
    return SeedRecord(
        table_name=table.name,
        column_metadata=tuple(_seed_column_record(table, it) for it in table.columns),
        table_schema=Text(table.schema),
        table_description=Text(table.description),
        table_database=Text(table.database),
        table_type=table.kind,
        primary_key=table.primary_key or None,
        unique_keys=table.unique_keys or None,
        foreign_keys=table.foreign_keys or None,
        indexes=table.indexes or None,
        row_estimate=table.row_estimate,
        definition=Text(table.definition),
    )


def entry_of_table(table: Table) -> TableRecord:
    return TableRecord(
        columns=tuple(map(_column_record, table.columns)),
        table_description=Text(table.description),
        table_name=table.name,
        table_schema=table.schema,
        table_database=table.database or None,
        table_type=table.kind,
        primary_key=table.primary_key or None,
        unique_keys=table.unique_keys or None,
        foreign_keys=table.foreign_keys or None,
        indexes=table.indexes or None,
        row_estimate=table.row_estimate,
        definition=Text(table.definition),
    )


def _table(
    record: SeedRecord | TableRecord, path: tuple[str, str, str], columns: Iterable[ColumnRecord]
) -> Table:
    database, schema, name = path
    columns = tuple(columns)
    return Table(
        name=name,
        columns=tuple(map(_column, columns)),
        schema=schema,
        database=database,
        kind=record.table_type,
        description=record.table_description,
        # What a table says of its keys is complete; what its columns say cannot tell the order
        # of a composite key, nor which of several columns refer together.
        primary_key=_flagged(columns) if record.primary_key is None else record.primary_key,
        unique_keys=record.unique_keys or (),
        foreign_keys=_referring(columns) if record.foreign_keys is None else record.foreign_keys,
        indexes=record.indexes or (),
        row_estimate=record.row_estimate,
        definition=record.definition,
    )


def _column(record: ColumnRecord) -> Column:
    return Column(
        name=record.column_name,
        type=record.data_type,
        nullable=record.is_nullable,
        default=record.column_default,
        description=record.column_description,
        enum_values=record.custom_type_labels or (),
        common_values=record.common_values or (),
    )


def _flagged(columns: Iterable[ColumnRecord]) -> tuple[str, ...]:
    return tuple(it.column_name for it in columns if it.primary_key)


def _referring(columns: Iterable[ColumnRecord]) -> tuple[ForeignKey, ...]:
    return tuple(
        ForeignKey((it.column_name,), to.table, (to.column,), to.schema)
        for it in columns
        if (to := it.foreign_key) is not None
    )


def _column_record(column: Column) -> ColumnRecord:
    return ColumnRecord(
        column_name=column.name,
        data_type=column.type,
        is_nullable=Flag(column.nullable),
        column_default=None if column.default is None else Default(column.default),
        column_description=Text(column.description),
        custom_type_labels=column.enum_values or None,
        common_values=column.common_values or None,
    )


def _seed_column_record(table: Table, column: Column) -> SeedColumnRecord:
    return SeedColumnRecord(
        column_name=column.name,
        data_type=column.type,
        is_nullable=Flag(column.nullable),
        column_default=None if column.default is None else Default(column.default),
        column_description=Text(column.description),
        primary_key=KeyFlag(column.name in table.primary_key),
        foreign_key=_reference(table, column.name),
        custom_type_labels=column.enum_values or None,
        common_values=column.common_values or None,
    )


def _reference(table: Table, column: str) -> Reference | None:
    key = next(table.foreign_keys_of(column), None)
    if key is None or len(key.referred_columns) != len(key.columns):
        return None
    referred = key.referred_columns[key.columns.index(column)]
    return Reference(schema=Text(key.referred_schema), table=key.referred_table, column=referred)
