"""Empty tables, from metadata."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

from defog_metadata.ddl.create import Plan, planned
from defog_metadata.execution.running import dialect_of, run_all
from defog_metadata.extract.connect import writable
from defog_metadata.extract.credentials import read_credentials

__all__ = ["Created", "create_tables"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Created:
    """Names as ``schema.table``, as they are in the database."""

    tables: tuple[str, ...]
    existing: tuple[str, ...]
    """Those that were there already, and were left as they are."""
    statements: tuple[str, ...]


def create_tables(  # noqa: PLR0913 - what to create, and where
    db_type: str,
    db_creds: Mapping[str, object],
    metadata: object,
    *,
    table_names: Sequence[str] = (),
    schemas: Sequence[str] = (),
    if_not_exists: bool = False,
    source_dialect: str | None = None,
) -> Created:
    """Create the tables of *metadata*, empty, in the order that their keys ask for.

    In one transaction where the engine can take a table back: PostgreSQL and SQLite, not MySQL.
    With *if_not_exists*, tables that are there stay as they are, whatever they look like. What
    *metadata*, *table_names* and *schemas* can be, ``create_ddl_from_metadata`` says.

    Raises ``ExecutionError`` for a statement that is refused, ``ExtractionError`` for a database
    that cannot be reached, ``ConfigurationError`` for a table that is not in the metadata, and
    ``MetadataError`` for metadata in no known shape.
    """
    credentials = read_credentials(db_type, db_creds)
    plan = planned(
        metadata,
        dialect_of(db_type),
        source_dialect=source_dialect,
        tables=table_names,
        schemas=schemas,
    )
    with writable(credentials) as connection:
        existing = _existing(connection, plan) if if_not_exists else frozenset()
        left = plan.without(existing)
        statements = [it.text for it in left.statements(if_not_exists=if_not_exists)]
        if not left.ordered:
            statements = []
        run_all(connection, credentials, statements)
        connection.commit()
    made = {it.place for it in left.ordered}
    logger.info("created %d tables in a %s database", len(made), credentials.engine)
    return Created(
        tuple(it.table.qualified_name for it in left.ordered),
        tuple(it.table.qualified_name for it in plan.ordered if it.place not in made),
        tuple(statements),
    )


def _existing(connection: Connection, plan: Plan) -> frozenset[tuple[str, str]]:
    """Schema and name of what is there and has the name of a table of *plan*."""
    inspector = inspect(connection)
    known = set(inspector.get_schema_names())
    found = set()
    for schema in {it.table.schema for it in plan.ordered}:
        if schema and schema not in known:
            continue
        names = [
            *inspector.get_table_names(schema or None),
            *inspector.get_view_names(schema or None),
        ]
        if plan.flavour.dialect == "postgres":
            names += inspector.get_materialized_view_names(schema or None)
        # Engines that ignore letter case in a name have one table for both.
        wanted = {it.table.name.casefold(): it.table.name for it in plan.ordered}
        is_exact = plan.flavour.dialect == "postgres"
        for name in names:
            found.add((schema, name if is_exact else wanted.get(name.casefold(), name)))
    return frozenset(found)
