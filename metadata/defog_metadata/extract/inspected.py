"""Every other engine, through SQLAlchemy's inspector.

How many queries that takes is up to the dialect; many need some for each table. What a dialect
does not know (comments, indexes) is left empty.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Inspector, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.engine.reflection import ObjectKind

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.extract.drafts import Draft, Drafts, shared
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.steps import Steps

__all__ = ["STEPS", "read"]

STEPS = 2

_SYSTEM = frozenset(
    "information_schema pg_catalog pg_internal performance_schema sys guest".split()
)
_Key = tuple[str, str]
_ByTable = Mapping[tuple[str | None, str], Any]


def read(
    connection: Connection, schemas: SchemaChoice, steps: Steps
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
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
    drafts: Drafts[_Key] = Drafts()
    steps.begin("tables")
    for schema in schemas.among(list(written)):
        steps.check()
        _read_schema(inspector, drafts, schema, written[schema])
    return drafts.finished(search_path), search_path


def _read_schema(inspector: Inspector, drafts: Drafts[_Key], schema: str, written: str) -> None:
    views = set(inspector.get_view_names(written))
    for (_, name), columns in _parts(inspector.get_multi_columns, written):
        kind = "view" if name in views else "table"
        draft = Draft(schema=shared(schema), name=name, kind="view" if kind == "view" else "table")
        draft.columns.extend(_column(inspector, it) for it in columns)
        drafts.add((schema, name), draft)

    def found(read: Callable[..., _ByTable]) -> Iterable[tuple[Draft, Any]]:
        for (_, name), part in _parts(read, written):
            draft = drafts.get((schema, name))
            if draft is not None and part is not None:
                yield draft, part

    for draft, comment in found(inspector.get_multi_table_comment):
        draft.description = comment["text"] or ""
    for draft, key in found(inspector.get_multi_pk_constraint):
        draft.primary_key = tuple(key["constrained_columns"])
    for draft, keys in found(inspector.get_multi_unique_constraints):
        draft.unique_keys.extend(
            UniqueKey(tuple(it["column_names"]), it["name"] or "") for it in keys
        )
    for draft, keys in found(inspector.get_multi_foreign_keys):
        draft.foreign_keys.extend(
            ForeignKey(
                columns=tuple(it["constrained_columns"]),
                referred_table=it["referred_table"],
                referred_columns=tuple(it["referred_columns"]),
                referred_schema=_last_part(it["referred_schema"] or schema),
                name=it["name"] or "",
            )
            for it in keys
        )
    for draft, indexes in found(inspector.get_multi_indexes):
        draft.indexes.extend(
            Index(it["name"] or "", _index_columns(it), bool(it["unique"]))
            for it in indexes
            if not it.get("duplicates_constraint")
        )


def _parts(read: Callable[..., _ByTable], schema: str) -> Iterable[tuple[Any, Any]]:
    try:
        return read(schema=schema, kind=ObjectKind.ANY).items()
    except NotImplementedError:
        return ()


def _column(inspector: Inspector, column: ReflectedColumn) -> Column:
    values = getattr(column["type"], "enums", ())
    return Column(
        name=shared(column["name"]),
        type=shared(column["type"].compile(dialect=inspector.dialect)),
        nullable=column["nullable"],
        default=column["default"],
        description=column.get("comment") or "",
        enum_values=tuple(map(str, values or ())),
    )


def _index_columns(index: Mapping[str, Any]) -> tuple[str, ...]:
    columns = index.get("expressions") or index["column_names"]
    return tuple(it or "" for it in columns)


def _is_system(schema: str) -> bool:
    database = schema.lower().rpartition(".")[0]
    return _last_part(schema).lower() in _SYSTEM or database in ("system", "temp")


def _last_part(schema: str) -> str:
    return schema.rpartition(".")[2].strip('"`[]')
