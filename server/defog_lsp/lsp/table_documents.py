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

__all__ = ["NOTHING", "SCHEME", "TableDocument", "connection_of"]

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
        parts = urlsplit(uri)
        names = [unquote(it) for it in parts.path.removesuffix(".sql").split("/")[1:]]
        if parts.scheme != SCHEME or len(names) < 3 or not all(names):  # noqa: PLR2004
            return None
        connection, *path = names
        return cls("" if connection == NOTHING else connection, tuple(path))

    @property
    def uri(self) -> str:
        names = (self.connection or NOTHING, *self.path)
        return f"{SCHEME}:/{'/'.join(quote(it, safe='') for it in names)}.sql"


def connection_of(uri: str) -> str | None:
    """The connection that a ``defog:`` URI is about; ``None`` for any other URI."""
    parts = urlsplit(uri)
    if parts.scheme != SCHEME:
        return None
    name = unquote(parts.path.removesuffix(".sql").split("/")[1:2][0]) if "/" in parts.path else ""
    return "" if name == NOTHING else name
