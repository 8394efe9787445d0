"""CSV metadata, with places."""

from collections.abc import Mapping

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.checks.metadata.placed import PlacedColumn, PlacedFile, PlacedTable
from defog_metadata.documents.csv_text import CsvRow, read_csv
from defog_metadata.documents.faults import Fault
from defog_metadata.documents.mapped import MappedText
from defog_metadata.text import Span

__all__ = ["read_placed_csv"]

_NEEDED = ("table_name", "column_name", "data_type")


def read_placed_csv(text: str) -> PlacedFile:
    """Read *text*; never fails. Rows that cannot be read are left out, and so said."""
    found = read_csv(text)
    faults = list(found.faults)
    missing = [it for it in _NEEDED if it not in found.header]
    if missing:
        span = found.header_row.span if found.header_row else Span(0, 0)
        expected = f"{','.join(_NEEDED)},column_description"
        faults.append(Fault(span, f"the header has no {', '.join(missing)}; expected {expected}"))
        return PlacedFile(faults=tuple(sorted(faults)))
    rows: dict[str, list[tuple[CsvRow, Mapping[str, MappedText]]]] = {}
    for row in found.rows:
        if len(row.fields) != len(found.header):
            continue
        fields = dict(zip(found.header, row.fields, strict=True))
        empty = [it for it in _NEEDED[:2] if not fields[it].text]
        faults += (Fault(row.span, f"{it}: missing") for it in empty)
        if not empty:
            rows.setdefault(fields["table_name"].text, []).append((row, fields))
    tables = (_table(key, group) for key, group in rows.items())
    return PlacedFile(tuple(tables), tuple(sorted(faults)))


def _table(key: str, rows: list[tuple[CsvRow, Mapping[str, MappedText]]]) -> PlacedTable:
    database, schema, name = split_key(key)
    columns = tuple(
        Column(it["column_name"].text, it["data_type"].text, description=_said(it, "column"))
        for _, it in rows
    )
    description = next(filter(None, (_said(it, "table") for _, it in rows)), "")
    return PlacedTable(
        Table(name, columns, schema, database, description=description),
        tuple(it["table_name"] for _, it in rows),
        tuple(PlacedColumn(it["column_name"], it["data_type"], row.span) for row, it in rows),
        rows[0][0].span,
    )


def _said(fields: Mapping[str, MappedText], of: str) -> str:
    found = fields.get(f"{of}_description")
    return found.text if found else ""
