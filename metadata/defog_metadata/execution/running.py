"""Statements on a connection that can write, and what is said when one is refused."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from defog_metadata.catalog.dialects import canonical_dialect
from defog_metadata.errors import ExecutionError
from defog_metadata.extract.connect import writable
from defog_metadata.extract.credentials import Credentials, engine_name, read_credentials
from defog_metadata.extract.failures import is_lost, said
from defog_metadata.progress import Stopped, check_stopped, tell_progress

__all__ = ["dialect_of", "execute", "is_transactional", "run_all", "run_statements"]

_TRANSACTIONAL = frozenset(("postgres", "sqlite", "duckdb", "redshift", "sqlserver"))
_LONGEST_SHOWN = 80


def dialect_of(db_type: str) -> str:
    """What sqlglot calls the dialect of *db_type*. Raises ``ConfigurationError``."""
    return canonical_dialect(engine_name(db_type))


def is_transactional(engine: str) -> bool:
    """Whether *engine* can take back that a table was created; others commit it at once."""
    return engine in _TRANSACTIONAL


def run_statements(db_type: str, db_creds: Mapping[str, object], statements: Sequence[str]) -> None:
    """Run *statements*: all or none, where the engine can.

    Raises ``ExecutionError`` for one that is refused, which says what has been done before, and
    stays, where the engine commits each by itself (MySQL); ``ExtractionError`` for a database that
    cannot be reached.
    """
    credentials = read_credentials(db_type, db_creds)
    with writable(credentials) as connection:
        run_all(connection, credentials, statements)
        connection.commit()


def run_all(connection: Connection, credentials: Credentials, statements: Sequence[str]) -> None:
    """Run *statements*, without a commit; raises as ``run_statements``.

    It may be stopped between two of them: by ``Stopped`` where nothing stays, else with an
    ``ExecutionError`` that says what does.
    """
    stays = not is_transactional(credentials.engine)
    for place, statement in enumerate(statements):
        done = tuple(statements[:place]) if stays else ()
        tell_progress(place, len(statements), _shown(statement))
        try:
            check_stopped()
            execute(connection, statement)
        except Stopped:
            if not done:
                raise
            what = f"Stopped before {_shown(statement)}. {_consequence(done)}"
            raise ExecutionError(what, statement, "it was stopped", done) from None
        except SQLAlchemyError as error:
            if is_lost(error):
                raise
            raise _refusal(statement, said(error, credentials), done) from error


def execute(connection: Connection, statement: str) -> None:
    """Run *statement* as it is: a ``%`` in it is no placeholder."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True}).close()


def _refusal(statement: str, reason: str, done: tuple[str, ...]) -> ExecutionError:
    what = f"The database refuses {_shown(statement)}: {reason or 'it does not say why'}."
    return ExecutionError(f"{what} {_consequence(done)}", statement, reason, done)


def _consequence(done: tuple[str, ...]) -> str:
    if not done:
        return "Nothing was changed."
    return f"What was run before it stays: {', '.join(map(_shown, done))}."


def _shown(statement: str) -> str:
    line = statement.strip().partition("\n")[0].rstrip(" (;")
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"
