"""Dialects by the names that people give them, and the schemas that they look into by default."""

from collections.abc import Mapping

from sqlglot.dialects.dialect import Dialect

__all__ = ["canonical_dialect", "default_search_path", "is_dialect"]

_ALIASES = {
    "postgresql": "postgres",
    "mariadb": "mysql",
    "sqlite3": "sqlite",
    "mssql": "tsql",
    "sqlserver": "tsql",
    "transact-sql": "tsql",
}
_SEARCH_PATHS: Mapping[str, tuple[str, ...]] = {
    "postgres": ("public",),
    "redshift": ("public",),
    "tsql": ("dbo",),
    "sqlite": ("main",),
    "duckdb": ("main",),
    "snowflake": ("PUBLIC",),
    "databricks": ("default",),
}


def canonical_dialect(written: str) -> str:
    """What sqlglot calls a dialect, whatever usual name was written; may be unknown to it."""
    lowered = written.strip().lower()
    return _ALIASES.get(lowered, lowered)


def is_dialect(name: str) -> bool:
    """Whether sqlglot knows a dialect *name*; the empty one is standard SQL."""
    return Dialect.get(name) is not None if name else True


def default_search_path(dialect: str, database: str = "") -> tuple[str, ...]:
    """Where *dialect* looks for a bare table name when the metadata does not say."""
    if dialect == "mysql":
        return (database,) if database else ()
    return _SEARCH_PATHS.get(dialect, ())
