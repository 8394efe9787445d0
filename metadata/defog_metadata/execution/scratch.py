"""Databases that are there to be tried out: nothing that is made in them stays."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from defog_metadata.catalog import Table
from defog_metadata.ddl.create import CREATED_KINDS, Plan, planned
from defog_metadata.ddl.ordering import Ordered
from defog_metadata.errors import ConfigurationError
from defog_metadata.execution.queries import explain_one
from defog_metadata.execution.running import dialect_of, execute, is_transactional
from defog_metadata.extract.connect import IN_MEMORY, writable
from defog_metadata.extract.credentials import Credentials, read_credentials
from defog_metadata.extract.failures import is_lost, said

__all__ = ["Refused", "Scratch", "scratch_database"]

_VIEWS_TOO = (*CREATED_KINDS, "view", "materialized view")


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement that the database refuses, and of which table it is, where of one alone."""

    statement: str
    reason: str
    table: Table | None = None
    """As the metadata have it."""


_ELSEWHERE = re.compile(r"Table '.*' doesn't exist|Unknown database")


@dataclass(frozen=True)
class Scratch:
    """A database of empty tables. Views are tables in it, since metadata tell no more of them."""

    refused: tuple[Refused, ...]
    _connection: Connection = field(repr=False)
    _credentials: Credentials = field(repr=False)
    _database: str = field(default="", repr=False)

    def explain(self, query: str) -> str | None:
        """What the database has against *query*; ``None`` where nothing.

        MySQL's is not called as the real one: nothing is said of what is looked for elsewhere.
        """
        reason = explain_one(self._connection, self._credentials, query)
        if reason is None or not self._database:
            return reason
        if _ELSEWHERE.match(reason) and self._database not in reason:
            return None
        return reason.replace(f"{self._database}.", "")


@contextmanager
def scratch_database(
    metadata: object,
    db_type: str = "sqlite",
    db_creds: Mapping[str, object] | None = None,
    *,
    source_dialect: str | None = None,
) -> Iterator[Scratch]:
    """An empty database made from *metadata*, to ask about statements and queries; then gone.

    SQLite's is in memory and needs no *db_creds*. PostgreSQL's is a transaction in the database
    that is given, which is rolled back; MySQL's is a database beside the one that is given, which
    is dropped. Each needs a user who may create tables. Raises ``ExtractionError`` where the
    database cannot be reached, and ``ConfigurationError`` for any other engine.
    """
    if db_creds is None:
        db_creds = {"database": IN_MEMORY} if dialect_of(db_type) == "sqlite" else {}
    credentials = read_credentials(db_type, db_creds)
    plan = planned(metadata, dialect_of(db_type), source_dialect=source_dialect, kinds=_VIEWS_TOO)
    if credentials.engine not in ("sqlite", "postgres", "mysql"):
        raise ConfigurationError(
            f"{credentials.engine} cannot be tried out: use sqlite, postgres or mysql."
        )
    with writable(credentials) as connection:
        if is_transactional(credentials.engine):
            yield Scratch(_tried(connection, credentials, plan), connection, credentials)
            connection.rollback()
            return
        name = f"defog_scratch_{secrets.token_hex(4)}"
        with _databases(connection, plan, name) as renamed:
            yield Scratch(_tried(connection, credentials, renamed), connection, credentials, name)


def _tried(connection: Connection, credentials: Credentials, plan: Plan) -> tuple[Refused, ...]:
    """Run every statement of *plan*, whatever becomes of those before it."""
    found = []
    for it in plan.statements():
        try:
            if credentials.engine == "mysql":
                execute(connection, it.text)
            else:
                with connection.begin_nested():
                    execute(connection, it.text)
        except SQLAlchemyError as error:
            if is_lost(error):
                raise
            table = None if it.place is None else plan.originals[it.place]
            found.append(Refused(it.text, said(error, credentials), table))
    return tuple(found)


@contextmanager
def _databases(connection: Connection, plan: Plan, prefix: str) -> Iterator[Plan]:
    """*plan* with names of its own, which begin with *prefix*, for its databases, then dropped."""
    schemas = {it.table.schema for it in plan.ordered}
    names = {it: f"{prefix}_{place}" if it else prefix for place, it in enumerate(sorted(schemas))}
    try:
        for name in {prefix, *names.values()}:
            execute(connection, f"CREATE DATABASE `{name}`")
        execute(connection, f"USE `{prefix}`")
        yield replace(plan, ordered=tuple(_renamed(plan, names)))
    finally:
        execute(connection, "SET foreign_key_checks = 0")  # tables of one refer to another's
        for name in {prefix, *names.values()}:
            execute(connection, f"DROP DATABASE IF EXISTS `{name}`")


def _renamed(plan: Plan, names: Mapping[str, str]) -> Iterator[Ordered]:
    for it in plan.ordered:
        keys = [
            replace(key, referred_schema=names.get(key.referred_schema, key.referred_schema))
            for key in it.table.foreign_keys
        ]
        table = replace(it.table, schema=names[it.table.schema], foreign_keys=tuple(keys))
        yield replace(it, table=table)
