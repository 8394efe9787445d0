"""The shapes that metadata has in files, read into and written from ``Table`` values.

============  ==================================================================================
shape         what it looks like
============  ==================================================================================
seed          ``{"table_metadata": [{"table_name", "table_schema", "column_metadata": [...]}]}``
columns (A)   ``{"table": [{"column_name", "data_type", "column_description"?}]}``
tables (B)    ``{"table": {"table_description": "", "columns": [...]}}``
published     ``{"table_metadata": {"table": [...]}, "glossary": "..."}``
csv           ``table_name,column_name,data_type,column_description[,table_description]``
============  ==================================================================================

A table key is ``t``, ``schema.t`` or ``database.schema.t``. What a shape has no documented place
for (keys, indexes, enum values, row estimates ...) travels in extra keys of the seed shape and of
shape B, which other readers ignore; the other shapes carry what they document and no more.
"""

from defog_metadata.catalog.shapes.csv_files import read_metadata_csv, write_csv
from defog_metadata.catalog.shapes.reading import (
    Metadata,
    TableReader,
    TableStream,
    entries_of,
    is_lossless,
    read_metadata,
)
from defog_metadata.catalog.shapes.recognition import Shape
from defog_metadata.catalog.shapes.writing import (
    keyed_entries,
    table_from_json,
    table_to_json,
    write_columns,
    write_published,
    write_seed,
    write_tables,
)

__all__ = [
    "Metadata",
    "Shape",
    "TableReader",
    "TableStream",
    "entries_of",
    "is_lossless",
    "keyed_entries",
    "read_metadata",
    "read_metadata_csv",
    "table_from_json",
    "table_to_json",
    "write_columns",
    "write_csv",
    "write_published",
    "write_seed",
    "write_tables",
]
