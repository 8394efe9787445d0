"""Which module reads which engine."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from defog_metadata.extract import inspected, mysql, postgres, sqlite
from defog_metadata.extract.found import Found
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.steps import Steps

__all__ = ["Reader", "reader_of"]


@dataclass(frozen=True, slots=True)
class Reader:
    """``read`` begins ``queries`` steps at most, and keeps what they find in their spool."""

    read: Callable[[Connection, SchemaChoice, Steps], Found]
    queries: int

    @property
    def steps(self) -> int:
        """The steps of reading a database that is connected to."""
        return self.queries + 1


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
