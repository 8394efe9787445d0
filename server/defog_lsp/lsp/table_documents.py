"""Tables of databases as read-only documents: ``defog:/CONNECTION/SCHEMA/TABLE.sql``.

Clients that can show such a document ask for its text (``workspace/textDocumentContent``), and say
so by that capability or by ``experimental.defog.tableDocuments``. Others are given a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from defog_metadata.catalog import Table, TableSummary

__all__ = ["NOTHING", "TableDocument", "connection_of", "names_in", "uri_with"]

SCHEME = "defog"
NOTHING = "-"
"""In the place of a name that there is none of."""


@dataclass(frozen=True, slots=True)
class TableDocument:
    """The document about one table, as its URI names it."""

    connection: str
    """Empty for the metadata that belong to none."""
    path: Sequence[str]
    """Database, if it is known, schema and table."""

    @classmethod
    def of(cls, connection: str | None, table: "Table") -> "TableDocument":
        path = (table.database, table.schema or NOTHING, table.name)
        return cls(connection or "", tuple(filter(None, path)))

    @classmethod
    def of_summary(cls, connection: str | None, summary: "TableSummary") -> "TableDocument":
        return cls(connection or "", (summary.schema or NOTHING, summary.name))

    @classmethod
    def at(cls, uri: str) -> "TableDocument | None":
        """What *uri* names; ``None`` for one of another kind."""
        names = names_in(uri)
        if len(names) < 3:  # noqa: PLR2004 - connection, schema, table
            return None
        connection, *path = names
        return cls("" if connection == NOTHING else connection, tuple(path))

    @property
    def uri(self) -> str:
        return f"{uri_with(self.connection, *self.path)}.sql"


def names_in(uri: str) -> list[str]:
    """The names that a ``defog:`` URI consists of; none for another URI, or one that lacks one."""
    parts = urlsplit(uri)
    names = [unquote(it) for it in parts.path.removesuffix(".sql").split("/")[1:]]
    return names if parts.scheme == SCHEME and all(names) else []


def uri_with(*names: str) -> str:
    """The URI that consists of *names*, which may be empty."""
    return f"{SCHEME}:/{'/'.join(quote(it or NOTHING, safe='') for it in names)}"


def connection_of(uri: str) -> str | None:
    """The connection that a ``defog:`` URI is about; ``None`` for any other URI."""
    names = names_in(uri)
    if not names:
        return None
    return "" if names[0] == NOTHING else names[0]
