"""Which module reads which engine."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from defog_metadata.catalog import Table
from defog_metadata.extract import inspected, mysql, postgres, sqlite
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.steps import Steps

__all__ = ["Reader", "reader_of"]


@dataclass(frozen=True, slots=True)
class Reader:
    """``read`` begins ``steps`` steps at most, and returns the tables and the search path."""

    read: Callable[[Connection, SchemaChoice, Steps], tuple[tuple[Table, ...], tuple[str, ...]]]
    steps: int


def reader_of(engine: str) -> Reader:
    """The reader for *engine*; SQLAlchemy's inspector for all but our own three."""
    match engine:
        case "postgres":
            return Reader(postgres.read, postgres.STEPS)
        case "mysql":
            return Reader(mysql.read, mysql.STEPS)
        case "sqlite":
            return Reader(sqlite.read, sqlite.STEPS)
        case _:
            return Reader(inspected.read, inspected.STEPS)
