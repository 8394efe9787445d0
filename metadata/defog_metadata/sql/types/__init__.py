"""The type of an expression, where it can be told without guessing.

``engine_of(dialect).of(node, context)`` is all of it. Nothing here changes a tree: sqlglot's own
annotator would, and takes a hundred times as long.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.duckdb import DuckDb
from defog_metadata.sql.types.engine import Engine
from defog_metadata.sql.types.postgres import Postgres
from defog_metadata.sql.types.tables import columns_of
from defog_metadata.sql.types.type_text import NULL, UNTYPED

__all__ = ["NULL", "UNTYPED", "Context", "Engine", "columns_of", "engine_of"]


@cache
def engine_of(dialect: str) -> Engine:
    """The engine that speaks *dialect*."""
    return _ENGINES.get(dialect, Postgres)(dialect)


_ENGINES: Mapping[str, type[Engine]] = MappingProxyType({"duckdb": DuckDb, "postgres": Postgres})
