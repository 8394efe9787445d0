"""Descriptions as the database's own comments."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from defog_metadata.catalog import Table, naming_of
from defog_metadata.ddl.columns import literal
from defog_metadata.ddl.comments import comment_on_column, comment_on_table, comment_text
from defog_metadata.errors import ConfigurationError
from defog_metadata.execution.mysql_columns import with_comment
from defog_metadata.execution.running import dialect_of, run_all
from defog_metadata.extract.connect import writable
from defog_metadata.extract.credentials import read_credentials

__all__ = ["Descriptions", "comment_statements", "write_comments"]

logger = logging.getLogger(__name__)

_COMMENT_ON = frozenset(("postgres", "redshift", "snowflake", "duckdb"))


@dataclass(frozen=True)
class Descriptions:
    """What is to be said of a table and of some of its columns. ``None`` stays as it is."""

    table: Table
    """As the database has it: its schema, name and kind."""
    description: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


def write_comments(
    db_type: str, db_creds: Mapping[str, object], descriptions: Sequence[Descriptions]
) -> tuple[str, ...]:
    """Write *descriptions* as comments; the statements that did it. An empty text takes one away.

    One transaction, but in MySQL, which commits each. There a column's comment is a part of its
    definition: the rest of it is repeated as the server shows it. Raises ``ConfigurationError``
    for an engine that has no comments (SQLite) or whose comments we cannot write, and for a
    table or column that is not there; ``ExecutionError`` and ``ExtractionError`` as
    ``run_statements`` does.
    """
    dialect = dialect_of(db_type)
    if dialect not in _COMMENT_ON and dialect != "mysql":
        what = "has no comments" if dialect == "sqlite" else "is not one whose comments we write"
        raise ConfigurationError(f"{dialect} {what}: keep the descriptions in a metadata file.")
    credentials = read_credentials(db_type, db_creds)
    with writable(credentials) as connection:
        statements = comment_statements(connection, dialect, descriptions)
        run_all(connection, credentials, statements)
        connection.commit()
    logger.info("wrote %d comments into a %s database", len(statements), credentials.engine)
    return tuple(statements)


def comment_statements(
    connection: Connection, dialect: str, descriptions: Sequence[Descriptions]
) -> list[str]:
    """The statements that ``write_comments`` runs; of MySQL's tables the definition is read."""
    found: list[str] = []
    for it in descriptions:
        if dialect == "mysql":
            found += _in_mysql(connection, it)
            continue
        if it.description is not None:
            found.append(comment_on_table(it.table, it.description, dialect))
        found += [
            comment_on_column(it.table, name, text, dialect) for name, text in it.columns.items()
        ]
    return found


def _in_mysql(connection: Connection, descriptions: Descriptions) -> list[str]:
    table = descriptions.table
    if table.kind != "table":
        raise ConfigurationError(f"MySQL keeps no comments of a {table.kind}: {table.name}.")
    write = naming_of("mysql").write
    path = ".".join(write(it) for it in (table.schema, table.name) if it)
    found = []
    if descriptions.description is not None:
        text = comment_text(descriptions.description, "mysql", is_column=False)
        found.append(f"ALTER TABLE {path} COMMENT = {text or literal('', 'mysql')};")
    if descriptions.columns:
        shown = connection.exec_driver_sql(
            f"SHOW CREATE TABLE {path}", execution_options={"no_parameters": True}
        ).one()[1]
        changes = []
        for name, description in descriptions.columns.items():
            text = comment_text(description, "mysql", is_column=True) or literal("", "mysql")
            definition = with_comment(shown, name, text)
            if definition is None:
                raise ConfigurationError(f"The table {table.name} has no column {name!r}.")
            changes.append(f"MODIFY COLUMN {definition}")
        found.append(f"ALTER TABLE {path} {', '.join(changes)};")
    return found
