"""The CSV shape: one row a column, tables in the order of their first rows."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.shapes.reading import Metadata
from defog_metadata.catalog.shapes.writing import keyed
from defog_metadata.catalog.values import Column, Table
from defog_metadata.errors import MetadataError

__all__ = ["read_metadata_csv", "write_csv"]

_NEEDED = ("table_name", "column_name", "data_type")
_HEADER = (*_NEEDED, "column_description", "table_description")
_BYTE_ORDER_MARK = "\ufeff"


def read_metadata_csv(text: str) -> Metadata:
    """The tables in CSV *text*.

    Raises ``MetadataError`` whose path is the line of the bad row, counted from 1.
    """
    found: dict[str, list[Column]] = {}
    descriptions: dict[str, str] = {}
    for path, row in _rows(text):
        for name in ("table_name", "column_name"):
            if not row[name]:
                raise MetadataError(f"{path}: {name}", "missing")
        key = row["table_name"]
        column = Column(
            row["column_name"], row["data_type"], description=row.get("column_description", "")
        )
        found.setdefault(key, []).append(column)
        # Said on every row by some writers, on the first by others.
        descriptions[key] = descriptions.get(key) or row.get("table_description", "")
    tables = []
    for key, columns in found.items():
        database, schema, name = split_key(key)
        tables.append(Table(name, tuple(columns), schema, database, description=descriptions[key]))
    return Metadata(tuple(tables), shape="csv")


def write_csv(tables: Iterable[Table], search_path: Sequence[str] = ()) -> str:
    """*tables* as CSV with the five documented columns. Tables without columns have no rows."""
    out = io.StringIO(newline="")
    minimal = csv.writer(out, lineterminator="\n")
    # The writer quotes line feeds but not carriage returns, which readers take for line ends too.
    quoting = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    minimal.writerow(_HEADER)
    for key, table in keyed(tables, search_path):
        for column in table.columns:
            row = (key, column.name, column.type, column.description, table.description)
            writer = quoting if any("\r" in it for it in row) else minimal
            writer.writerow(row)
    return out.getvalue()


def _rows(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row with the place of its first line, by lower-case header."""
    reader = csv.reader(io.StringIO(text.removeprefix(_BYTE_ORDER_MARK), newline=""), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for row in reader:
            path, line = f"line {line}", reader.line_num + 1
            if not any(row):
                continue
            if header is None:
                header = _header(row, path)
                continue
            if len(row) != len(header):
                raise MetadataError(
                    path,
                    f"expected {len(header)} fields, found {len(row)}"
                    " (a field that contains a comma must be in double quotes)",
                )
            yield path, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise MetadataError(f"line {line}", f"not valid CSV: {error}") from error
    if header is None:
        raise MetadataError("line 1", f"expected the header {','.join(_HEADER)}")


def _header(row: list[str], path: str) -> list[str]:
    names = [it.strip().casefold() for it in row]
    missing = [it for it in _NEEDED if it not in names]
    if missing:
        raise MetadataError(
            path, f"the header has no {', '.join(missing)}; expected {','.join(_HEADER)}"
        )
    return names
