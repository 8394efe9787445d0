"""MySQL and MariaDB, from ``information_schema`` in seven queries.

The server shows what the user has some right to, and nothing else. Without a whitelist only
the database connected to is read; others that the whitelist names are schemas beside it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby, starmap
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, text

from defog_metadata.catalog import Column, ForeignKey, Index, Table, TableKind, UniqueKey
from defog_metadata.extract.drafts import Draft, place_of, shared
from defog_metadata.extract.found import Found
from defog_metadata.extract.rows import Rows, streamed
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.spool import Facts, Gathered, Listed, Part, joined
from defog_metadata.extract.steps import Steps
from defog_metadata.extract.view_texts import query_of

__all__ = ["STEPS", "read"]

STEPS = 7

# Every result is named: MySQL would return its own upper-case names.
_SCHEMAS = """
select schema_name as name, database() as current_name,
  concat_ws(' ', @@hostname, version(), current_user()) as source,
  (select count(*) from information_schema.tables
   where table_schema = 'information_schema' and table_name = 'CHECK_CONSTRAINTS') as has_checks
from information_schema.schemata
where schema_name not in ('information_schema', 'mysql', 'performance_schema', 'sys')
order by schema_name
"""

_TABLES = """
select table_schema as `schema`, table_name as name, table_type as kind, table_rows as `rows`,
  table_comment as description
from information_schema.tables
where table_schema in :schemas and table_type in ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
"""

_COLUMNS = """
select table_schema as `schema`, table_name as `table`, column_name as name, column_type as type,
  data_type as plain_type, is_nullable = 'YES' as is_nullable, column_default as value,
  extra as extra, generation_expression as generated, column_comment as description
from information_schema.columns
where table_schema in :schemas
order by table_schema, table_name, ordinal_position
"""

# Empty for who may not ask how a view is made.
_VIEWS = """
select table_schema as `schema`, table_name as `table`, view_definition as definition
from information_schema.views
where table_schema in :schemas
"""

# All columns, because the one for expressions exists in MySQL 8 alone.
_INDEXES = """
select * from information_schema.statistics
where table_schema in :schemas
order by table_schema, table_name, index_name, seq_in_index
"""

_FOREIGN_KEYS = """
select table_schema as `schema`, table_name as `table`, constraint_name as name,
  column_name as `column`, referenced_table_schema as referred_schema,
  referenced_table_name as referred_table, referenced_column_name as referred_column
from information_schema.key_column_usage
where table_schema in :schemas and referenced_table_name is not null
order by table_schema, table_name, constraint_name, ordinal_position
"""

# In MariaDB a name is unique in its table only, which this view of its names.
_CHECKS_OF_MARIADB = """
select constraint_schema as `schema`, table_name as `table`, check_clause as clause
from information_schema.check_constraints
where constraint_schema in :schemas
"""

_CHECKS = """
select t.table_schema as `schema`, t.table_name as `table`, c.check_clause as clause
from information_schema.check_constraints c
join information_schema.table_constraints t on t.constraint_schema = c.constraint_schema
  and t.constraint_name = c.constraint_name and t.constraint_type = 'CHECK'
where c.constraint_schema in :schemas
"""


class _TableRow(NamedTuple):
    kind: str
    rows: int | None
    description: str | None


class _ColumnRow(NamedTuple):
    name: str
    type: str
    plain_type: str
    is_nullable: int
    value: str | None
    extra: str
    generated: str | None
    description: str | None


class _IndexRow(NamedTuple):
    index_name: str
    non_unique: int | str
    column: str | None
    sub_part: int | None
    expression: str | None


class _ForeignKeyRow(NamedTuple):
    name: str
    column: str
    referred_schema: str
    referred_table: str
    referred_column: str


def read(connection: Connection, schemas: SchemaChoice, steps: Steps) -> Found:
    """All tables and views of *schemas*; the search path is the database connected to."""
    steps.begin("schemas")
    found = connection.execute(text(_SCHEMAS)).all()
    search_path = tuple({it.current_name for it in found if it.current_name})
    chosen = schemas.among([it.name for it in found], default=search_path)
    steps.go_on_from(found[0].source if found else "", search_path, chosen)
    is_mariadb = bool(getattr(connection.dialect, "is_mariadb", False))

    def rows(query: str) -> Rows:
        statement = text(query).bindparams(bindparam("schemas", expanding=True))
        return streamed(connection, statement, {"schemas": chosen})

    steps.read("tables", (_listed(it, search_path) for it in rows(_TABLES)))
    steps.read("columns", _parts("columns", rows(_COLUMNS)))
    steps.read("views", _parts("views", rows(_VIEWS)))
    steps.read("indexes", (_index_part(it) for it in rows(_INDEXES)))
    steps.read("foreign keys", _parts("foreign keys", rows(_FOREIGN_KEYS)))
    if any(it.has_checks for it in found):
        checks = _CHECKS_OF_MARIADB if is_mariadb else _CHECKS
        steps.read("checks", _parts("checks", rows(checks)))
    return Found(search_path, partial(_table, is_mariadb=is_mariadb))


def _listed(row: Row[Any], search_path: Sequence[str]) -> Listed:
    values = (row.kind, row.rows, row.description)
    place = place_of(row.schema, search_path)
    return Listed(joined(row.schema, row.name), place, row.schema, row.name, values)


def _parts(kind: str, rows: Rows) -> Facts:
    return (Part(kind, joined(row.schema, row.table), row[2:]) for row in rows)


def _index_part(row: Row[Any]) -> Part:
    part = {str(name).lower(): it for name, it in row._mapping.items()}  # noqa: SLF001
    values = _IndexRow(
        part["index_name"],
        part["non_unique"],
        part["column_name"],
        part["sub_part"],
        part.get("expression"),
    )
    return Part("indexes", joined(part["table_schema"], part["table_name"]), values)


def _table(gathered: Gathered, *, is_mariadb: bool) -> Table:
    said = _TableRow(*gathered.values)
    kind: TableKind = "view" if said.kind == "VIEW" else "table"
    draft = Draft(
        schema=shared(gathered.schema),
        name=gathered.name,
        kind=kind,
        # A view's comment is the word VIEW, or what is wrong with it.
        description="" if kind == "view" else said.description or "",
        row_estimate=None if kind == "view" or said.rows is None else int(said.rows),
        definition="".join(query_of(it or "") for (it,) in gathered.rows("views")),
        columns=[
            _column(it, is_mariadb=is_mariadb)
            for it in starmap(_ColumnRow, gathered.rows("columns"))
        ],
    )
    _add_indexes(draft, starmap(_IndexRow, gathered.rows("indexes")))
    _add_foreign_keys(draft, starmap(_ForeignKeyRow, gathered.rows("foreign keys")))
    for (clause,) in gathered.rows("checks"):
        name, values = _allowed_values(clause or "", is_mariadb=is_mariadb)
        if values:
            draft.allow(name, values)
    return draft.finished()


def _column(row: _ColumnRow, *, is_mariadb: bool) -> Column:
    kind = row.plain_type.lower()
    return Column(
        name=shared(row.name),
        type=shared(row.type),
        nullable=bool(row.is_nullable),
        default=_default(row, is_mariadb=is_mariadb),
        description=row.description or "",
        enum_values=_labels(row.type) if kind == "enum" else (),
        # A value is any of them, or several with commas in between.
        common_values=_labels(row.type) if kind == "set" else (),
    )


_NUMERIC = frozenset(
    "tinyint smallint mediumint int bigint decimal float double bit year boolean".split()
)


def _default(row: _ColumnRow, *, is_mariadb: bool) -> str | None:
    """The default as SQL text. MariaDB stores that; MySQL stores the value without quotes."""
    extra = row.extra.lower()
    if row.generated:
        stored = "STORED" if "stored" in extra or "persistent" in extra else "VIRTUAL"
        return f"GENERATED ALWAYS AS ({row.generated}) {stored}"
    if "auto_increment" in extra:
        return "AUTO_INCREMENT"
    if row.value is None:
        return None
    value = row.value
    if is_mariadb:
        return None if value.upper() == "NULL" else value
    is_expression = "default_generated" in extra or value.upper().startswith("CURRENT_TIMESTAMP")
    if is_expression or row.plain_type.lower() in _NUMERIC:
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


_LABEL = re.compile(r"'((?:[^'\\]|''|\\.)*)'", re.DOTALL)
_ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)
_CONTROLS = {"0": "\0", "n": "\n", "r": "\r"}


def _labels(column_type: str) -> tuple[str, ...]:
    """The labels of an ``enum('a','it''s')``, without the escapes."""

    def meant(escaped: re.Match[str]) -> str:
        return _CONTROLS.get(escaped[1], escaped[1]) if escaped[1] else "'"

    return tuple(_ESCAPED.sub(meant, it) for it in _LABEL.findall(column_type))


_VALUE = r"(?:_\w+)?'(?:[^'\\]|''|\\.)*'"
_ONE_OF = re.compile(
    rf"\(?`(?P<name>(?:[^`]|``)+)` in \((?P<values>{_VALUE}(?:,\s*{_VALUE})*)\)\)?",
    re.DOTALL | re.IGNORECASE,
)


def _allowed_values(clause: str, *, is_mariadb: bool) -> tuple[str, tuple[str, ...]]:
    r"""The column that a check allows a fixed list of texts, and the list; else nothing.

    MySQL shows ``(`status` in (_utf8mb4\'new\',_utf8mb4\'paid\'))``, escaped once more than it
    was written; MariaDB the text as it is, without the outer brackets.
    """
    if not is_mariadb:
        clause = _ESCAPED_ONCE.sub(r"\1", clause)
    match = _ONE_OF.fullmatch(clause)
    if match is None:
        return "", ()
    return match["name"].replace("``", "`"), _labels(match["values"])


_ESCAPED_ONCE = re.compile(r"\\(.)", re.DOTALL)


def _add_indexes(draft: Draft, rows: Iterable[_IndexRow]) -> None:
    for name, found in groupby(rows, key=lambda it: it.index_name):
        parts = list(found)
        columns = tuple(map(_shown, parts))
        is_plain = all(it.column and not it.sub_part for it in parts)
        is_unique = not int(parts[0].non_unique)
        if name == "PRIMARY":
            draft.primary_key = tuple(it.column or "" for it in parts)
        elif is_unique and is_plain:
            draft.unique_keys.append(UniqueKey(columns, name))
        else:
            draft.indexes.append(Index(name, columns, is_unique))


def _shown(part: _IndexRow) -> str:
    if not part.column:
        return f"({part.expression or ''})"
    prefix = f"({part.sub_part})" if part.sub_part else ""
    return f"{part.column}{prefix}"


def _add_foreign_keys(draft: Draft, rows: Iterable[_ForeignKeyRow]) -> None:
    for name, found in groupby(rows, key=lambda it: it.name):
        parts = list(found)
        draft.foreign_keys.append(
            ForeignKey(
                columns=tuple(it.column for it in parts),
                referred_table=parts[0].referred_table,
                referred_columns=tuple(it.referred_column for it in parts),
                referred_schema=parts[0].referred_schema,
                name=name,
            )
        )
