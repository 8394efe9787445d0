"""SQLite, from its table-valued pragmas: six statements, seven after an ``ANALYZE``.

The schema is called ``main``, as in SQLite itself. The tables behind a virtual table are left
out; so are SQLite's own. A view that no longer works, or a virtual table whose module is not
there, makes SQLite refuse the whole statement that reads views: only then each is read alone,
and the broken ones have no columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import OperationalError

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.extract.drafts import Draft, Drafts, shared
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.sqlite_ddl import TableText, index_parts, read_create_table
from defog_metadata.extract.steps import Steps

__all__ = ["STEPS", "read"]

STEPS = 6

_SCHEMA = "main"

_OBJECTS = "select type, name, sql from main.sqlite_master"

_SHADOWS = "select name from pragma_table_list where schema = 'main' and type = 'shadow'"
_SHADOWS_SINCE = (3, 37)

_COLUMNS = """
select t.name as "table", c.cid, c.name, c.type, c."notnull" as not_null,
  c.dflt_value as value, c.pk, c.hidden
from main.sqlite_master t join pragma_table_xinfo(t.name, 'main') c
where {which}
order by t.name, c.cid
"""
_IS_VIRTUAL = "t.sql like 'create virtual table%'"
_ORDINARY = f"t.type = 'table' and t.sql is not null and not {_IS_VIRTUAL}"
_DEPENDENT = f"(t.type = 'view' or {_IS_VIRTUAL})"
_ONE = "t.name = ? and t.type in ('table', 'view')"

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


def read(
    connection: Connection, schemas: SchemaChoice, steps: Steps
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """All tables and views of the file; its one schema is ``main``."""
    search_path = (_SCHEMA,)
    if not schemas.among(search_path):
        return (), search_path

    def rows(what: str, query: str) -> Sequence[Row[Any]]:
        steps.begin(what)
        return connection.exec_driver_sql(query).all()

    objects = rows("tables", _OBJECTS)
    is_list_there = (connection.dialect.server_version_info or ()) >= _SHADOWS_SINCE
    shadows = {it.name for it in rows("virtual tables", _SHADOWS)} if is_list_there else set()
    texts: dict[str, TableText] = {}
    drafts: Drafts[str] = Drafts()
    for row in objects:
        if row.type in ("table", "view") and not _is_internal(row.name) and row.name not in shadows:
            texts[row.name] = read_create_table(row.sql) if row.type == "table" else TableText()
            drafts.add(row.name, _draft(row, texts[row.name]))
    columns = [*rows("columns", _COLUMNS.format(which=_ORDINARY)), *_dependents(connection, steps)]
    for name, parts in _by_table(columns):
        if draft := drafts.get(name):
            _add_columns(draft, parts, texts[name])
    _add_foreign_keys(drafts, rows("foreign keys", _FOREIGN_KEYS))
    index_texts = {it.name: it.sql or "" for it in objects if it.type == "index"}
    _add_indexes(drafts, rows("indexes", _INDEXES), index_texts)
    if any(it.name == "sqlite_stat1" for it in objects):
        _add_row_estimates(drafts, connection.exec_driver_sql(_STATISTICS).all())
    return drafts.finished(search_path), search_path


def _is_internal(name: str) -> bool:
    return name.lower().startswith("sqlite_")


def _draft(row: Row[Any], written: TableText) -> Draft:
    return Draft(
        schema=_SCHEMA,
        name=row.name,
        kind="view" if row.type == "view" else "table",
        description=written.description,
    )


def _dependents(connection: Connection, steps: Steps) -> Sequence[Row[Any]]:
    """The columns of views and virtual tables."""
    steps.begin("columns of views")
    try:
        return connection.exec_driver_sql(_COLUMNS.format(which=_DEPENDENT)).all()
    except OperationalError:
        found: list[Row[Any]] = []
        names = f"select t.name from main.sqlite_master t where {_DEPENDENT}"
        for name in connection.exec_driver_sql(names).scalars().all():
            steps.check()
            try:
                found += connection.exec_driver_sql(_COLUMNS.format(which=_ONE), (name,)).all()
            except OperationalError:
                continue
        return found


def _by_table(rows: Sequence[Row[Any]]) -> Iterator[tuple[str, Sequence[Row[Any]]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    yield from found.items()


def _add_columns(draft: Draft, rows: Sequence[Row[Any]], written: TableText) -> None:
    keys = sorted((it for it in rows if it.pk), key=lambda it: int(it.pk))
    draft.primary_key = tuple(it.name for it in keys)
    # Such a column is another name for the row's number. In any other primary key SQLite
    # does allow NULL, by an old mistake that it keeps.
    row_number = keys[0].name if len(keys) == 1 and keys[0].type.upper() == "INTEGER" else None
    for row in rows:
        text = written.columns.get(row.name.casefold())
        default = row.value
        if text is not None and row.hidden in _HIDDEN_GENERATED and text.generated:
            default = f"GENERATED ALWAYS AS ({text.generated}) {_HIDDEN_GENERATED[row.hidden]}"
        draft.columns.append(
            Column(
                name=shared(row.name),
                type=shared(row.type or ""),
                nullable=not row.not_null and row.name != row_number,
                default=default,
                description=text.description if text else "",
                enum_values=text.allowed if text else (),
            )
        )


def _add_foreign_keys(drafts: Drafts[str], rows: Sequence[Row[Any]]) -> None:
    names = {it.name.casefold(): it for it in drafts}
    keys: dict[tuple[str, int], list[Row[Any]]] = {}
    for row in rows:
        keys.setdefault((row.table, row.id), []).append(row)
    for (table, _), parts in keys.items():
        draft = drafts.get(table)
        referred = names.get(parts[0].referred_table.casefold())
        if draft is None:
            continue
        columns = tuple(it.column for it in parts)
        # Columns that are not named are the other table's primary key.
        stored = {it.name.casefold(): it.name for it in referred.columns} if referred else {}
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


def _add_indexes(drafts: Drafts[str], rows: Sequence[Row[Any]], texts: Mapping[str, str]) -> None:
    indexes: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in rows:
        indexes.setdefault((row.table, row.name), []).append(row)
    for (table, name), parts in indexes.items():
        draft = drafts.get(table)
        if draft is None or parts[0].origin == "pk":
            continue
        if parts[0].origin == "u":
            draft.unique_keys.append(UniqueKey(tuple(it.column for it in parts)))
            continue
        written = index_parts(texts.get(name, "")) if any(it.column is None for it in parts) else ()
        columns = tuple(
            it.column if it.column is not None else "".join(written[it.place : it.place + 1])
            for it in parts
        )
        draft.indexes.append(Index(name, columns, bool(parts[0].is_unique)))


def _add_row_estimates(drafts: Drafts[str], rows: Sequence[Row[Any]]) -> None:
    for row in rows:
        draft = drafts.get(row.name)
        rows_text = (row.stat or "").split(" ")[0]
        if draft is not None and rows_text.isdecimal():
            draft.row_estimate = int(rows_text)
