"""What each ``db_type`` is: its credential fields, its dialect, where bare names are looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = [
    "ENGINES",
    "SECRET_FIELDS",
    "Engine",
    "canonical_db_type",
    "canonical_dialect",
    "default_search_path",
]


@dataclass(frozen=True, slots=True)
class Engine:
    """``required`` and ``defaults`` are the library's ``db_creds`` of this ``db_type``.

    The defaults are filled in, since the cache key is a hash of all fields and the library always
    has them all.
    """

    dialect: str
    required: tuple[str, ...]
    defaults: Mapping[str, str | int] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """The fields that name a file, relative to ``defog.toml``."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.required, *self.defaults, *self.optional)


ENGINES: Mapping[str, Engine] = MappingProxyType(
    {
        "postgres": Engine(
            "postgres", ("host", "database", "user"), {"port": 5432, "password": ""}
        ),
        "mysql": Engine("mysql", ("host", "database", "user"), {"port": 3306, "password": ""}),
        "redshift": Engine(
            "redshift", ("host", "database", "user", "password"), {"port": 5439}, ("schema",)
        ),
        "sqlite": Engine("sqlite", ("database",), paths=("database",)),
        "duckdb": Engine("duckdb", ("database",), paths=("database",)),
        "snowflake": Engine("snowflake", ("account", "warehouse", "user", "password")),
        "bigquery": Engine("bigquery", ("json_key_path",), paths=("json_key_path",)),
        "databricks": Engine("databricks", ("server_hostname", "access_token", "http_path")),
        "sqlserver": Engine("tsql", ("server", "database", "user", "password")),
    }
)

SECRET_FIELDS = frozenset({"password", "access_token"})

_DB_TYPE_ALIASES = {
    "postgresql": "postgres",
    "mariadb": "mysql",
    "sqlite3": "sqlite",
    "mssql": "sqlserver",
}
_DIALECT_ALIASES = {
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


def canonical_db_type(written: str) -> str:
    """The library's name of a ``db_type``, whatever usual name was written."""
    lowered = written.strip().lower()
    return _DB_TYPE_ALIASES.get(lowered, lowered)


def canonical_dialect(written: str) -> str:
    """What sqlglot calls a dialect, whatever usual name was written; may be unknown to it."""
    lowered = written.strip().lower()
    return _DIALECT_ALIASES.get(lowered, lowered)


def default_search_path(dialect: str, database: str = "") -> tuple[str, ...]:
    """Where *dialect* looks for a bare table name when the metadata does not say."""
    if dialect == "mysql":
        return (database,) if database else ()
    return _SEARCH_PATHS.get(dialect, ())
