"""Descriptions as the database's own comments."""

from collections.abc import Iterator

from defog_metadata.catalog import Table
from defog_metadata.ddl.columns import literal
from defog_metadata.ddl.names import Names

__all__ = ["comment_text", "comments_on"]

_LONGEST_IN_MYSQL = {"column": 1024, "table": 2048}


def comment_text(description: str, dialect: str, *, is_column: bool) -> str:
    """*description* as a literal, as long as the engine lets it be; empty for an empty one."""
    text = description.replace("\0", "")
    if dialect == "mysql":
        longest = _LONGEST_IN_MYSQL["column" if is_column else "table"]
        text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return literal(text, dialect) if text else ""


def comments_on(table: Table, path: str, name: Names, dialect: str) -> Iterator[str]:
    """``COMMENT ON`` for the table, called *path*, and for each column that has a description."""
    if text := comment_text(table.description, dialect, is_column=False):
        yield f"COMMENT ON TABLE {path} IS {text};"
    for column in table.columns:
        if text := comment_text(column.description, dialect, is_column=True):
            yield f"COMMENT ON COLUMN {path}.{name(column.name)} IS {text};"
