"""From a real database to tables: SQLite, PostgreSQL, MySQL and MariaDB, and what SQLAlchemy knows.

Neither the number of queries nor memory depends on the number of tables. Row contents are never
read.
Each key or index appears once: an index that is there for a primary or unique key is shown as
that key. A partial index is never called unique, since its table's rows are not. A column's
``default`` is the text behind ``DEFAULT``, or, where it begins with ``GENERATED`` or is
``AUTO_INCREMENT``, stands in its place.
"""

from defog_metadata.extract.credentials import Fields, db_types, engine_name, fields_of
from defog_metadata.extract.extraction import (
    ExtractedTables,
    Extraction,
    extract,
    extract_metadata_from_db,
    extract_metadata_from_db_async,
    extracting,
)

__all__ = [
    "ExtractedTables",
    "Extraction",
    "Fields",
    "db_types",
    "engine_name",
    "extract",
    "extract_metadata_from_db",
    "extract_metadata_from_db_async",
    "extracting",
    "fields_of",
]
