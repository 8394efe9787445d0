"""The type of an expression, where it can be told without guessing.

``engine_of(dialect).of(node, context)`` is all of it. Nothing here changes a tree: sqlglot's own
annotator would, and takes a hundred times as long.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from defog_metadata.sql.types.bigquery import BigQuery
from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.duckdb import DuckDb
from defog_metadata.sql.types.engine import Engine
from defog_metadata.sql.types.mysql import MySql
from defog_metadata.sql.types.postgres import Postgres
from defog_metadata.sql.types.snowflake import Snowflake
from defog_metadata.sql.types.sqlite import Sqlite
from defog_metadata.sql.types.standard import Redshift, Spark, Standard, Trino
from defog_metadata.sql.types.tables import columns_of
from defog_metadata.sql.types.tsql import TSql
from defog_metadata.sql.types.type_text import NULL, UNTYPED

__all__ = ["NULL", "UNTYPED", "Context", "Engine", "columns_of", "engine_of"]

_ENGINES: Mapping[str, type[Engine]] = MappingProxyType(
    {
        "athena": Trino,
        "bigquery": BigQuery,
        "databricks": Spark,
        "duckdb": DuckDb,
        "fabric": TSql,
        "hive": Spark,
        "materialize": Postgres,
        "mysql": MySql,
        "postgres": Postgres,
        "presto": Trino,
        "redshift": Redshift,
        "snowflake": Snowflake,
        "spark": Spark,
        "spark2": Spark,
        "sqlite": Sqlite,
        "trino": Trino,
        "tsql": TSql,
    }
)


@cache
def engine_of(dialect: str) -> Engine:
    """The engine that speaks *dialect*, a sqlglot dialect name."""
    return _ENGINES.get(dialect, Standard)(dialect)
