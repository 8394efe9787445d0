"""Descriptions as the database's own comments."""

from collections.abc import Iterator

from defog_metadata.catalog import Table, TableKind
from defog_metadata.ddl.columns import literal
from defog_metadata.ddl.names import Names

__all__ = ["comment_on_column", "comment_on_table", "comment_text", "comments_on"]

_LONGEST_IN_MYSQL = {"column": 1024, "table": 2048}
_WORDS: dict[TableKind, str] = {
    "table": "TABLE",
    "view": "VIEW",
    "materialized view": "MATERIALIZED VIEW",
    "foreign table": "FOREIGN TABLE",
}


def comment_text(description: str, dialect: str, *, is_column: bool) -> str:
    """*description* as a literal, as long as the engine lets it be; empty for an empty one."""
    text = description.replace("\0", "")
    if dialect == "mysql":
        longest = _LONGEST_IN_MYSQL["column" if is_column else "table"]
        text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return literal(text, dialect) if text else ""


def comments_on(table: Table, dialect: str, what: str = "TABLE") -> Iterator[str]:
    """``COMMENT ON`` for *table*, created as *what*, and for each column with a description."""
    if table.description:
        yield _comment_on(what, _path(table, dialect), table.description, dialect)
    for column in table.columns:
        if column.description:
            yield comment_on_column(table, column.name, column.description, dialect)


def comment_on_table(table: Table, description: str, dialect: str) -> str:
    """``COMMENT ON`` for *table*, whatever it is; an empty *description* takes it away."""
    return _comment_on(_WORDS[table.kind], _path(table, dialect), description, dialect)


def comment_on_column(table: Table, column: str, description: str, dialect: str) -> str:
    """The same for a column."""
    path = f"{_path(table, dialect)}.{Names(dialect)(column)}"
    return _comment_on("COLUMN", path, description, dialect)


def _comment_on(what: str, path: str, description: str, dialect: str) -> str:
    nothing = "NULL" if dialect in ("postgres", "redshift", "duckdb") else literal("", dialect)
    text = comment_text(description, dialect, is_column=True)
    return f"COMMENT ON {what} {path} IS {text or nothing};"


def _path(table: Table, dialect: str) -> str:
    return Names(dialect).path(table.database, table.schema, table.name)
