"""SQLite, from its table-valued pragmas: six statements, seven after an ``ANALYZE``.

The schema is called ``main``, as in SQLite itself. The tables behind a virtual table are left
out; so are SQLite's own. A view that no longer works, or a virtual table whose module is not
there, makes SQLite refuse the whole statement that reads views: only then each is read alone,
and the broken ones have no columns.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, starmap
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.extract.drafts import Draft, shared
from defog_metadata.extract.found import Found
from defog_metadata.extract.rows import Rows, streamed
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.spool import Facts, Gathered, Listed, Part, Spool, parts
from defog_metadata.extract.sqlite_ddl import TableText, index_parts, read_create_table
from defog_metadata.extract.steps import Steps
from defog_metadata.extract.view_texts import query_of

__all__ = ["STEPS", "read"]

STEPS = 6

_SCHEMA = "main"

# The number changes with each change of the schema.
_SOURCE = """
select schema_version as source,
  exists (select 1 from main.sqlite_master where name = 'sqlite_stat1') as has_statistics
from pragma_schema_version
"""

_OBJECTS = """
select type, name, tbl_name as "table", sql, {is_shadow} as is_shadow from main.sqlite_master
"""
_IS_SHADOW = (
    "name in (select name from pragma_table_list where schema = 'main' and type = 'shadow')"
)
_SHADOWS_SINCE = (3, 37)

_COLUMNS = """
select t.name as "table", c.name, c.type, c."notnull" as not_null,
  c.dflt_value as value, c.pk, c.hidden
from main.sqlite_master t join pragma_table_xinfo(t.name, 'main') c
where {which}
order by t.name, c.cid
"""
_IS_VIRTUAL = "t.sql like 'create virtual table%'"
_ORDINARY = f"t.type = 'table' and t.sql is not null and not {_IS_VIRTUAL}"
_DEPENDENT = f"(t.type = 'view' or {_IS_VIRTUAL})"
_ONE = "t.name = :name and t.type in ('table', 'view')"

_FOREIGN_KEYS = f"""
select t.name as "table", f.id, f."table" as referred_table, f."from" as "column",
  f."to" as referred_column
from main.sqlite_master t join pragma_foreign_key_list(t.name, 'main') f
where {_ORDINARY}
order by t.name, f.id desc, f.seq
"""

_INDEXES = f"""
select t.name as "table", i.name, i."unique" and not i.partial as is_unique, i.origin,
  c.name as "column", c.seqno as place
from main.sqlite_master t
join pragma_index_list(t.name, 'main') i
join pragma_index_xinfo(i.name, 'main') c
where {_ORDINARY} and c.key
order by t.name, i.name, c.seqno
"""

_STATISTICS = "select tbl as name, stat from main.sqlite_stat1"

_HIDDEN_GENERATED = {2: "VIRTUAL", 3: "STORED"}


class _ColumnRow(NamedTuple):
    name: str
    type: str | None
    not_null: int
    value: str | None
    pk: int
    hidden: int


class _ForeignKeyRow(NamedTuple):
    id: int
    referred_table: str
    column: str
    referred_column: str | None


class _IndexRow(NamedTuple):
    name: str
    is_unique: int
    origin: str
    column: str | None
    place: int


def read(connection: Connection, schemas: SchemaChoice, steps: Steps) -> Found:
    """All tables and views of the file; its one schema is ``main``."""
    search_path = (_SCHEMA,)
    tables = _Tables(steps.spool)
    if not schemas.among(search_path):
        return Found(search_path, tables.table)

    def rows(query: str) -> Rows:
        return streamed(connection, query)

    steps.begin("version")
    [(source, has_statistics)] = connection.exec_driver_sql(_SOURCE).all()
    steps.go_on_from(source)
    has_shadows = (connection.dialect.server_version_info or ()) >= _SHADOWS_SINCE
    objects = _OBJECTS.format(is_shadow=_IS_SHADOW if has_shadows else 0)
    steps.read("tables", _objects(rows(objects)))
    steps.read("columns", parts("columns", rows(_COLUMNS.format(which=_ORDINARY))))
    steps.begin("columns of views")
    try:
        dependents = parts("columns", rows(_COLUMNS.format(which=_DEPENDENT)))
        steps.keep("columns of views", dependents)
    except OperationalError:
        steps.keep("columns of views", parts("columns", _each_alone(connection)))
    steps.read("foreign keys", parts("foreign keys", rows(_FOREIGN_KEYS)))
    steps.read("indexes", parts("indexes", rows(_INDEXES)))
    if has_statistics:
        steps.keep("statistics", parts("statistics", rows(_STATISTICS)))
    return Found(search_path, tables.table)


def _objects(rows: Rows) -> Facts:
    for row in rows:
        if row.type == "index" and row.sql:
            yield Part("index texts", row.table, (row.name, row.sql))
        elif row.type in ("table", "view") and not (_is_internal(row.name) or row.is_shadow):
            yield Listed(row.name, 0, _SCHEMA, row.name, (row.type, row.sql))
            # Foreign keys may write it in another letter case.
            yield Part("names", row.name.casefold(), (row.name,))


def _each_alone(connection: Connection) -> Rows:
    """The columns of views and virtual tables, as far as SQLite can tell them."""
    names = f"select t.name from main.sqlite_master t where {_DEPENDENT}"
    one = text(_COLUMNS.format(which=_ONE))
    for name in connection.exec_driver_sql(names).scalars().all():
        try:
            found = connection.execute(one, {"name": name}).all()
        except OperationalError:
            continue
        yield from found


def _is_internal(name: str) -> bool:
    return name.lower().startswith("sqlite_")


_REFERRED_AT_HAND = 50


class _Tables:
    """Makes the tables of what *spool* has."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._referred = lru_cache(_REFERRED_AT_HAND)(self._looked_up)

    def table(self, gathered: Gathered) -> Table:
        kind, sql = gathered.values
        written = read_create_table(sql) if kind == "table" else TableText()
        draft = Draft(
            schema=_SCHEMA,
            name=gathered.name,
            kind="view" if kind == "view" else "table",
            description=written.description,
            definition=query_of(sql or "", "sqlite") if kind == "view" else "",
        )
        columns = [_ColumnRow(*it) for it in gathered.rows("columns")]
        _add_columns(draft, columns, written)
        for _, rows in groupby(starmap(_ForeignKeyRow, gathered.rows("foreign keys")), _id):
            self._add_foreign_key(draft, list(rows))
        texts = {it[0]: it[1] for it in gathered.rows("index texts")}
        for _, found in groupby(starmap(_IndexRow, gathered.rows("indexes")), _name):
            _add_index(draft, list(found), texts)
        for (stat,) in gathered.rows("statistics"):
            rows_text = (stat or "").split(" ")[0]
            if rows_text.isdecimal():
                draft.row_estimate = int(rows_text)
        return draft.finished()

    def _add_foreign_key(self, draft: Draft, parts: Sequence[_ForeignKeyRow]) -> None:
        referred = self._referred(parts[0].referred_table.casefold())
        columns = tuple(it.column for it in parts)
        # Columns that are not named are the other table's primary key.
        stored = {it.casefold(): it for it in referred.columns} if referred else {}
        named = [it.referred_column for it in parts if it.referred_column is not None]
        referred_columns = tuple(stored.get(it.casefold(), it) for it in named) or (
            referred.primary_key if referred else ()
        )
        if len(referred_columns) == len(columns):
            draft.foreign_keys.append(
                ForeignKey(
                    columns=columns,
                    referred_table=referred.name if referred else parts[0].referred_table,
                    referred_columns=referred_columns,
                    referred_schema=_SCHEMA,
                )
            )

    def _looked_up(self, folded: str) -> "_Referred | None":
        for (name,) in self._spool.rows("names", folded):
            columns = [_ColumnRow(*it) for it in self._spool.rows("columns", name)]
            return _Referred(name, tuple(it.name for it in columns), _primary_key(columns))
        return None


class _Referred(NamedTuple):
    """What foreign keys need of the table that they refer to."""

    name: str
    columns: tuple[str, ...]
    primary_key: tuple[str, ...]


def _id(row: _ForeignKeyRow) -> int:
    return row.id


def _name(row: _IndexRow) -> str:
    return row.name


def _primary_key(columns: Iterable[_ColumnRow]) -> tuple[str, ...]:
    keys = sorted((it for it in columns if it.pk), key=lambda it: it.pk)
    return tuple(it.name for it in keys)


def _add_columns(draft: Draft, rows: Sequence[_ColumnRow], written: TableText) -> None:
    draft.primary_key = _primary_key(rows)
    # Such a column is another name for the row's number. In any other primary key SQLite
    # does allow NULL, by an old mistake that it keeps.
    keys = [it for it in rows if it.pk]
    is_row_number = len(keys) == 1 and (keys[0].type or "").upper() == "INTEGER"
    row_number = keys[0].name if is_row_number else None
    for row in rows:
        said = written.columns.get(row.name.casefold())
        default = row.value
        if said is not None and row.hidden in _HIDDEN_GENERATED and said.generated:
            default = f"GENERATED ALWAYS AS ({said.generated}) {_HIDDEN_GENERATED[row.hidden]}"
        draft.columns.append(
            Column(
                name=shared(row.name),
                type=shared(row.type or ""),
                nullable=not row.not_null and row.name != row_number,
                default=default,
                description=said.description if said else "",
                enum_values=said.allowed if said else (),
            )
        )


def _add_index(draft: Draft, parts: Sequence[_IndexRow], texts: Mapping[str, str]) -> None:
    name, origin = parts[0].name, parts[0].origin
    if origin == "pk":
        return
    if origin == "u":
        draft.unique_keys.append(UniqueKey(tuple(it.column or "" for it in parts)))
        return
    written = index_parts(texts.get(name, "")) if any(it.column is None for it in parts) else ()
    columns = tuple(
        it.column if it.column is not None else "".join(written[it.place : it.place + 1])
        for it in parts
    )
    draft.indexes.append(Index(name, columns, bool(parts[0].is_unique)))
