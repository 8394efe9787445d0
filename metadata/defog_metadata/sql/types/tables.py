"""The columns of functions in FROM."""

import re
from collections.abc import Sequence

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine
from defog_metadata.sql.types.named import rows_of
from defog_metadata.sql.types.type_text import element_of, members_of

__all__ = ["columns_of"]

_TABLE = re.compile(r"(?:table|record)\s*\(.*\)", re.DOTALL)
# These return ``setof`` something, and yet have a name for their column.
_VALUE = re.compile(r"jsonb?_array_elements(?:_text)?")

_SERIES = {"duckdb": "generate_series", "sqlite": "value", "tsql": "value"}


def columns_of(engine: Engine, function: exp.Expr, context: Context) -> Sequence[tuple[str, str]]:
    """The name and type of each column; an empty name where the alias gives it.

    Nothing where the columns are not known. Types may be empty.
    """
    match function:
        case exp.Unnest():
            name = "unnest" if engine.dialect == "duckdb" else ""
            return [(name, element_of(engine.of(it, context))) for it in function.expressions]
        case exp.ExplodingGenerateSeries():
            return [("", engine.of(function, context))]
        case exp.GenerateSeries():
            name = _SERIES.get(engine.dialect, "")
            is_range = name == "generate_series" and function.args.get("is_end_exclusive")
            shown = engine.of(function, context)
            return [("range" if is_range else name, element_of(shown) or shown)]
        case exp.JSONTable():
            return _json_columns(engine, function)
        case exp.Anonymous():
            return _listed(engine, function.name.lower())
        case _:
            return ()


def _json_columns(engine: Engine, function: exp.JSONTable) -> Sequence[tuple[str, str]]:
    schema = function.args.get("schema")
    columns = schema.expressions if isinstance(schema, exp.JSONSchema) else []
    found: list[tuple[str, str]] = []
    for it in columns:
        kind = it.args.get("kind")
        if it.args.get("nested_schema") or not isinstance(it.this, exp.Identifier):
            return ()
        found.append((it.name, engine.cast(kind) if isinstance(kind, exp.DataType) else ""))
    return found


def _listed(engine: Engine, name: str) -> Sequence[tuple[str, str]]:
    rows = rows_of(name, engine.dialect)
    if _TABLE.fullmatch(rows):
        return [(it, engine.spelling.full(shown)) for it, shown in members_of(rows)]
    shown = engine.named_type(rows)
    return [("value" if _VALUE.fullmatch(name) else "", shown)] if shown else ()
