"""What is to be said of which tables and columns, with every name looked up. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from defog_metadata.catalog import Catalog, Column, Name, Table
from defog_metadata.catalog.shapes import Metadata
from defog_metadata.catalog.shapes.keys import join_key, key_of, split_key
from defog_metadata.catalog.shapes.own_descriptions import OwnDescriptions
from defog_metadata.checks.descriptions import VetProposal
from defog_metadata.errors import MetadataError
from defog_metadata.spelling import nearest

__all__ = [
    "Change",
    "changed_table",
    "described_updates",
    "proposed_updates",
    "resolved",
    "table_named",
    "table_or_column",
    "update_of",
]

_KEYS = ("table_description", "columns")


@dataclass(frozen=True)
class Change:
    """New descriptions of one table; columns are named as they are stored."""

    table: Table
    description: str | None = None
    """``None``: as it is."""
    columns: Mapping[str, str] = field(default_factory=dict)
    is_visible: bool = True
    """Whether the table's bare name is enough to mean it."""

    @property
    def path(self) -> tuple[str, str, str]:
        return self.table.database, self.table.schema, self.table.name

    @property
    def own(self) -> OwnDescriptions:
        return OwnDescriptions(self.description, self.columns)


def resolved(updates: object, catalog: Catalog) -> tuple[Change, ...]:
    """*updates*, ``{table: {"table_description": text, "columns": {column: text}}}``, looked up.

    A table is ``table``, ``schema.table`` or ``database.schema.table``. Names are compared as the
    catalog's dialect does, but one that is spelled as it is stored always means that. Raises
    ``MetadataError`` with everything that is wrong in one message.
    """
    if not isinstance(updates, Mapping):
        raise MetadataError("", f"the updates must be an object: {_EXPECTED}")
    problems: list[str] = []
    found: dict[tuple[str, str, str], Change] = {}
    for key, value in updates.items():
        description, columns = _checked(key, value, problems)
        try:
            table = table_named(key, catalog) if isinstance(key, str) else None
        except MetadataError as error:
            problems.append(str(error))
            continue
        if table is None:
            continue
        said = dict(_columns(table, columns, catalog, problems))
        change = Change(table, description, said, catalog.is_visible(table))
        before = found.get(change.path)
        found[change.path] = change if before is None else _merged(before, change, problems)
    if problems:
        listed = "; ".join(dict.fromkeys(problems))
        raise MetadataError("", f"{listed}. Nothing was changed.")
    return tuple(it for it in found.values() if it.description is not None or it.columns)


def table_named(key: str, catalog: Catalog) -> Table:
    """The table that *key* means; raises ``MetadataError`` that names the nearest ones."""
    database, schema, name = split_key(key)
    parts = [it for it in (database, schema, name) if it]
    for quoted in (True, False):  # as it is stored, then as a statement would have it
        path = [Name(it, quoted=quoted) for it in parts]
        if path and (table := catalog.table(*path)) is not None:
            is_clear = len(path) > 1 or not table.schema or table.schema in catalog.search_path
            others = [] if is_clear else catalog.elsewhere(path[0])
            if len(others) > 1:
                names = " or ".join(sorted(it.qualified_name for it in others))
                raise MetadataError("", f"{key} is the name of several tables: say {names}")
            return table
    keys = (name.casefold(), *nearest(name, catalog.source.similar(name.casefold())))
    close = [it for key in dict.fromkeys(keys) for it in catalog.source.named(key)]
    shown = [it.name if catalog.is_visible(it) else it.qualified_name for it in close]
    raise MetadataError("", _unknown(f"there is no table {key}", dict.fromkeys(shown)))


def proposed_updates(proposals: Iterable[VetProposal]) -> dict[str, dict[str, Any]]:
    """The updates that put *proposals* in the place of what they shorten, where there are any."""
    found: dict[str, dict[str, Any]] = {}
    for it in proposals:
        if it.proposal is None:
            continue
        update = found.setdefault(key_of(it.table), {"columns": {}})
        if it.column is None:
            update["table_description"] = it.proposal
        else:
            update["columns"][it.column.name] = it.proposal
    return found


def update_of(name: str, text: str, catalog: Catalog) -> dict[str, dict[str, Any]]:
    """The update that says *text* of *name*, a table, or a column as ``table.column``.

    Raises ``MetadataError`` where it is neither, or could be both.
    """
    table, column = table_or_column(name, catalog)
    said = {"columns": {column: text}} if column else {"table_description": text}
    return {key_of(table): said}


def table_or_column(name: str, catalog: Catalog) -> tuple[Table, str]:
    """The table called *name* and nothing, or for ``table.column`` the table and its column.

    A column that the table does not have is answered as it is written. Raises ``MetadataError``
    where there is no such table, or where it could be both.
    """
    table, column = _table_or_none(name, catalog), None
    database, schema, last = split_key(name)
    owner = ".".join(filter(None, (database, join_key("", "", schema) if schema else "")))
    of = _table_or_none(owner, catalog) if owner else None
    if of is not None:
        column = of.column(last) or catalog.column(of, Name(last))
    if table is not None and column is not None:
        raise MetadataError("", f"{name} is a table and a column: write one as schema.table")
    if table is not None:
        return table, ""
    if of is None:
        return table_named(name, catalog), ""  # which says what is near
    return of, column.name if column else last


def _table_or_none(key: str, catalog: Catalog) -> Table | None:
    try:
        return table_named(key, catalog)
    except MetadataError:
        return None


def changed_table(change: Change) -> Table:
    """The table of *change* as it will be described; an empty text changes nothing here."""
    table = change.table
    return replace(
        table,
        description=change.description or table.description,
        columns=tuple(
            replace(it, description=change.columns.get(it.name) or it.description)
            for it in table.columns
        ),
    )


def described_updates(metadata: Metadata) -> dict[str, dict[str, Any]]:
    """What *metadata* of any shape describes, as updates."""
    updates: dict[str, dict[str, Any]] = {}
    for table in metadata.tables:
        columns = {it.name: it.description for it in table.columns if it.description}
        if not columns and not table.description:
            continue
        update = updates.setdefault(table.qualified_name, {"columns": {}})
        update["columns"].update(columns)
        if table.description:
            update["table_description"] = table.description
    return updates


_EXPECTED = '{table: {"table_description": text, "columns": {column: text}}}'


def _checked(
    key: object, value: object, problems: list[str]
) -> tuple[str | None, Mapping[str, str]]:
    """The parts of one update, as far as they have the right shape."""
    if not isinstance(key, str) or not isinstance(value, Mapping):
        problems.append(f"the update of {key} must be an object: {_EXPECTED}")
        return None, {}
    unknown = [str(it) for it in value if it not in _KEYS]
    if unknown:
        listed = ", ".join(unknown)
        problems.append(f"the update of {key} has {listed}; there are {' and '.join(_KEYS)}")
    description = value.get("table_description")
    if description is not None and not isinstance(description, str):
        problems.append(f"the table_description of {key} must be text")
        description = None
    columns = value.get("columns")
    if columns is None:
        columns = {}
    if not isinstance(columns, Mapping) or not all(
        isinstance(name, str) and isinstance(text, str) for name, text in columns.items()
    ):
        problems.append(f"the columns of {key} must be an object of texts by name")
        columns = {}
    return description, columns


def _columns(
    table: Table, columns: Mapping[str, str], catalog: Catalog, problems: list[str]
) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for name, text in columns.items():
        column = table.column(name) or catalog.column(table, Name(name))
        if column is None:
            close = nearest(name, (it.name for it in table.columns))
            problems.append(_unknown(f"{table.qualified_name} has no column {name}", close))
        elif seen.get(column.name, text) != text:
            problems.append(_twice(table, column))
        else:
            seen[column.name] = text
            yield column.name, text


def _merged(one: Change, other: Change, problems: list[str]) -> Change:
    """Two updates that mean the same table."""
    for name in one.columns.keys() & other.columns.keys():
        if one.columns[name] != other.columns[name]:
            column = one.table.column(name)
            problems.append(_twice(one.table, column or Column(name)))
    texts = {it for it in (one.description, other.description) if it is not None}
    if len(texts) > 1:
        problems.append(f"{one.table.qualified_name} is described twice, differently")
    description = one.description if other.description is None else other.description
    return replace(one, description=description, columns={**one.columns, **other.columns})


def _twice(table: Table, column: Column) -> str:
    return f"{table.qualified_name}.{column.name} is described twice, differently"


def _unknown(start: str, close: Iterable[str]) -> str:
    shown = list(close)
    return f"{start} (did you mean {' or '.join(shown)}?)" if shown else start
