"""Descriptions that are missing or too long: where, and what a long one could say instead."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from defog_metadata.catalog import Catalog, Column, Name, Table
from defog_metadata.checks.metadata.files import FileKind, read_placed
from defog_metadata.checks.metadata.placed import PlacedFile, PlacedTable
from defog_metadata.checks.shortening import Fact, shortened
from defog_metadata.documents.csv_text import CsvRow, read_csv
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Members, Node, as_text, member
from defog_metadata.progress import check_stopped
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Fix, Severity
from defog_metadata.text import Edit, Span

__all__ = ["LIMIT", "Described", "VetProposal", "check_descriptions", "described", "vet", "vetted"]

LIMIT = 100
"""Characters that a description should not be longer than."""

_MISSING, _LONG = "description-missing", "description-long"
# A table or column is missed where at least this share of its neighbours is described.
_SHARE = 0.5
_KEYS = ("id", "pk", "rowid", "uuid", "guid")
# Without underscores.
_OF_EVERY_TABLE = frozenset(
    "createdat updatedat deletedat modifiedat insertedat createdon updatedon created updated "
    "modified createdby updatedby modifiedby createddate updateddate modifieddate lastupdate "
    "lastupdated lastmodified rowguid rowversion".split()
)


@dataclass(frozen=True, slots=True)
class VetProposal:
    """A description that is too long, and a concise one that says all its facts."""

    table: Table
    column: Column | None
    """``None`` where the table is described."""
    description: str
    proposal: str | None
    kept: tuple[Fact, ...]
    """The facts of the description: what the proposal says too."""
    reason: str
    """What was left out, or why there is no proposal; empty where it is but worded otherwise."""

    @property
    def name(self) -> str:
        """``schema.table`` or ``schema.table.column``."""
        table = self.table.qualified_name
        return table if self.column is None else f"{table}.{self.column.name}"


@dataclass(frozen=True, slots=True)
class Described:
    """How much of some tables is described, and what is described at too great a length."""

    tables_described: int
    total_tables: int
    columns_described: int
    total_columns: int
    long: tuple[str, ...]
    """``table`` or ``table.column``."""

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "long": list(self.long)}


def described(tables: Iterable[Table], limit: int = LIMIT) -> Described:
    """What *tables* say of themselves; they are read once from beginning to end."""
    tables_described = total_tables = columns_described = total_columns = 0
    long: list[str] = []
    for table in tables:
        check_stopped()
        tables_described += bool(table.description)
        total_tables += 1
        columns_described += sum(bool(it.description) for it in table.columns)
        total_columns += len(table.columns)
        name = table.qualified_name
        long += [name] if len(table.description) > limit else []
        long += [f"{name}.{it.name}" for it in table.columns if len(it.description) > limit]
    return Described(tables_described, total_tables, columns_described, total_columns, tuple(long))


def vet(tables: Iterable[Table], limit: int = LIMIT) -> tuple[VetProposal, ...]:
    """A proposal for every description of *tables* that has more than *limit* characters."""
    return tuple(it for table in tables for it in _of_table(table, limit))


def vetted(text: str, limit: int, table: Table, column: Column | None = None) -> VetProposal:
    """What to say instead of the description *text*."""
    own = (table.name,) if column is None else (table.name, column.name)
    found = shortened(text, limit, own)
    reason = ""
    if found.text is None:
        reason = f"with all its facts it has {found.shortest} characters"
    elif found.left_out:
        reason = "left out: " + " ".join(f"“{it}”" for it in found.left_out)
    return VetProposal(table, column, text, found.text, found.kept, reason)


def check_descriptions(
    text: str,
    kind: FileKind,
    catalog: Catalog | None = None,
    severities: Mapping[str, Severity] = DEFAULT_SEVERITIES,
    limit: int = LIMIT,
) -> list[Finding]:
    """The descriptions in *text*, a metadata file, that are missing or longer than *limit*.

    One is missing only where its neighbours have one: of a column if half of the others of its
    table do, of a table if half of the others do. Keys and columns whose name says it all need
    none, nor does what *catalog*, all that is known besides, describes.
    """
    placed = read_placed(text, kind)
    found: list[Finding] = []
    if severities.get(_LONG) != "off":
        found += _long(text, kind, placed, severities.get(_LONG, "information"), limit)
    if severities.get(_MISSING) != "off":
        found += _missing(placed, catalog, severities.get(_MISSING, "hint"))
    return sorted(found, key=lambda it: (it.span, it.code))


def _of_table(table: Table, limit: int) -> Iterator[VetProposal]:
    if len(table.description) > limit:
        yield vetted(table.description, limit, table)
    for it in table.columns:
        if len(it.description) > limit:
            yield vetted(it.description, limit, table, it)


def _long(
    text: str, kind: FileKind, placed: PlacedFile, severity: Severity, limit: int
) -> Iterator[Finding]:
    for table, column, description in _written(text, kind, placed):
        check_stopped()
        length = len(description.text)
        if length <= limit:
            continue
        proposal = vetted(description.text, limit, table, column)
        message = f"the description of {proposal.name} has {length} characters, more than {limit}"
        fixes: tuple[Fix, ...] = ()
        if proposal.proposal is None:
            message += "; it cannot be shortened by rules without losing a fact"
        else:
            edits = description.edits([Edit(Span(0, length), proposal.proposal)])
            fixes = (Fix("Shorten", edits),)
        yield Finding(description.place, _LONG, severity, message, fixes)


def _written(
    text: str, kind: FileKind, placed: PlacedFile
) -> Iterator[tuple[Table, Column | None, MappedText]]:
    """Every description in the file, with its place; of a table in CSV only the first."""
    rows = _rows(text) if kind == "csv" else {}
    for it in placed.tables:
        if found := _text_in(it.node, it.span, "table_description", rows):
            yield it.table, None, found
        for column, there in zip(it.table.columns, it.columns, strict=True):
            if found := _text_in(there.node, there.span, "column_description", rows):
                yield it.table, column, found


def _text_in(
    node: Node | None, span: Span, key: str, rows: Mapping[Span, Mapping[str, MappedText]]
) -> MappedText | None:
    if isinstance(node, Members):
        return as_text(member(node, key))
    return rows.get(span, {}).get(key)


def _rows(text: str) -> dict[Span, dict[str, MappedText]]:
    found = read_csv(text)
    return {it.span: _fields(found.header, it) for it in found.rows}


def _fields(header: tuple[str, ...], row: CsvRow) -> dict[str, MappedText]:
    return dict(zip(header, row.fields, strict=False))


def _missing(placed: PlacedFile, catalog: Catalog | None, severity: Severity) -> Iterator[Finding]:
    described = sum(bool(it.table.description) for it in placed.tables)
    are_tables_described = described >= _SHARE * len(placed.tables) and described > 0
    for it in placed.tables:
        known = _known(it.table, catalog)
        is_missing = not it.table.description and (known is None or not known.description)
        if are_tables_described and is_missing and it.names:
            yield _missing_at(it.names[0], it.table.qualified_name, severity)
        yield from _missing_columns(it, known, severity)


def _missing_columns(
    placed: PlacedTable, known: Table | None, severity: Severity
) -> Iterator[Finding]:
    table = placed.table
    described = sum(bool(it.description) for it in table.columns)
    if not described or described < _SHARE * len(table.columns):
        return
    for column, there in zip(table.columns, placed.columns, strict=True):
        stored = next(iter(known.columns_like(column.name)), None) if known else None
        if (
            not column.description
            and not (stored and stored.description)
            and not _goes_without_saying(column, table, known)
        ):
            yield _missing_at(there.name, f"{table.qualified_name}.{column.name}", severity)


def _missing_at(name: MappedText, shown: str, severity: Severity) -> Finding:
    return Finding(name.place, _MISSING, severity, f"nothing says what {shown} means")


def _goes_without_saying(column: Column, table: Table, known: Table | None) -> bool:
    """Whether the column is a key, or one of those that every table has."""
    name = column.name.casefold()
    if name in _KEYS or name.endswith(("_id", "_pk", "_fk", "_uuid")):
        return True
    if name.replace("_", "") in _OF_EVERY_TABLE:
        return True
    return any(
        name in (it.casefold() for key in keys for it in key)
        for of in (table, known)
        if of is not None
        for keys in ((of.primary_key,), [it.columns for it in of.foreign_keys])
    )


def _known(table: Table, catalog: Catalog | None) -> Table | None:
    if catalog is None:
        return None
    path = [Name(it, quoted=True) for it in (table.database, table.schema, table.name) if it]
    return catalog.table(*path)
