"""Every other engine, through SQLAlchemy's inspector.

How many queries that takes is up to the dialect; many need some for each table. What a dialect
does not know (comments, indexes) is left empty; so are the queries of views, which the inspector
would ask for one by one, and the numbers of rows, which it does not know: but for DuckDB, which
tells all at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import starmap
from typing import Any

from sqlalchemy import Connection, Inspector, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.engine.reflection import ObjectKind

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.extract.drafts import Draft, place_of, shared
from defog_metadata.extract.found import Found
from defog_metadata.extract.rows import streamed
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.spool import Facts, Gathered, Listed, Part, joined
from defog_metadata.extract.steps import Steps
from defog_metadata.extract.view_texts import query_of

__all__ = ["STEPS", "read"]

_SYSTEM = frozenset(
    "information_schema pg_catalog pg_internal performance_schema sys guest".split()
)
_VIEWS_OF_DUCKDB = """
select schema_name as schema, view_name as name, sql as value from duckdb_views()
where not internal and database_name = current_database()
"""
_ROWS_OF_DUCKDB = """
select schema_name as schema, table_name as name, estimated_size as value from duckdb_tables()
where not internal and database_name = current_database()
"""
_Read = Callable[..., Mapping[tuple[str | None, str], Any]]
"""A method of the inspector that answers for all tables of a schema."""


def read(connection: Connection, schemas: SchemaChoice, steps: Steps) -> Found:
    """All tables and views of *schemas*; the search path is the default schema."""
    steps.begin("schemas")
    inspector = inspect(connection)
    # DuckDB calls a schema "database.schema", and lists those of its own two databases.
    written: dict[str, str] = {}
    for name in inspector.get_schema_names():
        if not _is_system(name):
            written.setdefault(_last_part(name), name)
    default = inspector.default_schema_name
    search_path = (_last_part(default),) if default else ()
    chosen = {it: written[it] for it in schemas.among(list(written))}
    steps.go_on_from(search_path, chosen)
    steps.read("columns", _tables(inspector, chosen, search_path))
    for kind, get, values in _FURTHER:
        steps.read(kind, _parts(kind, chosen, getattr(inspector, get), values))
    steps.read("views", _of_duckdb(connection, "views", _VIEWS_OF_DUCKDB))
    steps.read("row estimates", _of_duckdb(connection, "row estimates", _ROWS_OF_DUCKDB))
    return Found(search_path, _table)


def _tables(inspector: Inspector, chosen: Mapping[str, str], search_path: Sequence[str]) -> Facts:
    for schema, written in chosen.items():
        views = set(inspector.get_view_names(written))
        for name, columns in _answers(inspector.get_multi_columns, written):
            kind = "view" if name in views else "table"
            key = joined(schema, name)
            yield Listed(key, place_of(schema, search_path), schema, name, (kind,))
            for column in columns:
                yield Part("columns", key, _column_values(inspector, column))


def _parts(
    kind: str, chosen: Mapping[str, str], read: _Read, values: Callable[[Any, str], Iterator[Any]]
) -> Facts:
    for schema, written in chosen.items():
        for name, part in _answers(read, written):
            if part is not None:
                for it in values(part, schema):
                    yield Part(kind, joined(schema, name), it)


def _of_duckdb(connection: Connection, kind: str, query: str) -> Facts:
    """The value that *query* has for each table or view."""
    if connection.dialect.name == "duckdb":
        for row in streamed(connection, query):
            yield Part(kind, joined(row.schema, row.name), (row.value,))


def _answers(read: _Read, schema: str) -> Iterator[tuple[str, Any]]:
    try:
        found = read(schema=schema, kind=ObjectKind.ANY)
    except NotImplementedError:
        return
    for (_, name), part in found.items():
        yield name, part


def _comment(comment: Mapping[str, Any], _schema: str) -> Iterator[Any]:
    yield (comment["text"] or "",)


def _primary_key(key: Mapping[str, Any], _schema: str) -> Iterator[Any]:
    yield key["constrained_columns"]


def _unique_keys(keys: Sequence[Mapping[str, Any]], _schema: str) -> Iterator[Any]:
    return ((it["column_names"], it["name"] or "") for it in keys)


def _foreign_keys(keys: Sequence[Mapping[str, Any]], schema: str) -> Iterator[Any]:
    for it in keys:
        referred_schema = _last_part(it["referred_schema"] or schema)
        yield (
            it["constrained_columns"],
            it["referred_table"],
            it["referred_columns"],
            referred_schema,
            it["name"] or "",
        )


def _indexes(indexes: Sequence[Mapping[str, Any]], _schema: str) -> Iterator[Any]:
    for it in indexes:
        if not it.get("duplicates_constraint"):
            yield it["name"] or "", _index_columns(it), bool(it["unique"])


_FURTHER = (
    ("comments", "get_multi_table_comment", _comment),
    ("primary keys", "get_multi_pk_constraint", _primary_key),
    ("unique keys", "get_multi_unique_constraints", _unique_keys),
    ("foreign keys", "get_multi_foreign_keys", _foreign_keys),
    ("indexes", "get_multi_indexes", _indexes),
)
STEPS = 4 + len(_FURTHER)


def _table(gathered: Gathered) -> Table:
    [kind] = gathered.values
    draft = Draft(
        schema=shared(gathered.schema),
        name=gathered.name,
        kind="view" if kind == "view" else "table",
        columns=[_column(*it) for it in gathered.rows("columns")],
        unique_keys=[UniqueKey(tuple(it), name) for it, name in gathered.rows("unique keys")],
        foreign_keys=list(starmap(_foreign_key, gathered.rows("foreign keys"))),
        indexes=[Index(it[0], tuple(it[1]), it[2]) for it in gathered.rows("indexes")],
        definition="".join(query_of(it or "", "duckdb") for (it,) in gathered.rows("views")),
    )
    for (rows,) in gathered.rows("row estimates"):
        draft.row_estimate = rows
    for (comment,) in gathered.rows("comments"):
        draft.description = comment
    for key in gathered.rows("primary keys"):
        draft.primary_key = tuple(key)
    return draft.finished()


def _foreign_key(
    columns: Sequence[str], table: str, referred: Sequence[str], schema: str, name: str
) -> ForeignKey:
    return ForeignKey(tuple(columns), table, tuple(referred), schema, name)


def _column_values(inspector: Inspector, column: ReflectedColumn) -> Sequence[Any]:
    values = getattr(column["type"], "enums", ())
    return (
        column["name"],
        column["type"].compile(dialect=inspector.dialect),
        column["nullable"],
        column["default"],
        column.get("comment") or "",
        tuple(map(str, values or ())),
    )


def _column(  # noqa: PLR0913, PLR0917 - as kept
    name: str, kind: str, nullable: bool, default: str | None, comment: str, values: Sequence[str]
) -> Column:
    return Column(
        name=shared(name),
        type=shared(kind),
        nullable=nullable,
        default=default,
        description=comment,
        enum_values=tuple(values),
    )


def _index_columns(index: Mapping[str, Any]) -> tuple[str, ...]:
    columns = index.get("expressions") or index["column_names"]
    return tuple(it or "" for it in columns)


def _is_system(schema: str) -> bool:
    database = schema.lower().rpartition(".")[0]
    return _last_part(schema).lower() in _SYSTEM or database in ("system", "temp")


def _last_part(schema: str) -> str:
    return schema.rpartition(".")[2].strip('"`[]')
