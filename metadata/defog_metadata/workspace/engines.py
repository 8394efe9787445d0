"""What each ``db_type`` is: its credential fields, its dialect, where bare names are looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from defog_metadata.catalog.dialects import canonical_dialect, default_search_path
from defog_metadata.errors import ConfigurationError
from defog_metadata.extract import engine_name, fields_of

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
    """One engine, as ``defog.toml`` sees it.

    ``defaults`` are filled in, since the cache key is a hash of all fields and the ``defog``
    library always has them all.
    """

    db_type: str
    dialect: str
    defaults: Mapping[str, str | int] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    """The fields that name a file, relative to ``defog.toml``."""
    takes_empty: bool = False
    """Whether its client takes a default of its own for a field that is there and empty."""

    @property
    def required(self) -> tuple[str, ...]:
        return fields_of(self.db_type).required

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields of the library's ``db_creds`` of this ``db_type``."""
        known = fields_of(self.db_type)
        return (*known.required, *known.optional)


ENGINES: Mapping[str, Engine] = MappingProxyType(
    {
        it.db_type: it
        for it in (
            Engine("postgres", "postgres", {"port": 5432, "password": ""}, takes_empty=True),
            Engine("mysql", "mysql", {"port": 3306, "password": ""}, takes_empty=True),
            Engine("redshift", "redshift", {"port": 5439}),
            Engine("sqlite", "sqlite", paths=("database",)),
            Engine("duckdb", "duckdb", paths=("database",)),
            Engine("snowflake", "snowflake"),
            Engine("bigquery", "bigquery", paths=("json_key_path",)),
            Engine("databricks", "databricks"),
            Engine("sqlserver", "tsql"),
        )
    }
)

SECRET_FIELDS = frozenset({"password", "access_token"})


def canonical_db_type(written: str) -> str:
    """The library's name of a ``db_type``, whatever usual name was written; may be unknown."""
    try:
        return engine_name(written)
    except ConfigurationError:
        return written.strip().lower()
