"""``defog/tree {uri?}``: the metadata as a tree, a level at a time, for editors that show one.

Without *uri* the connections of all folders; with the URI of a node what is in it: schemas, tables,
columns. A node is ``{name, kind, uri, detail, description, hasChildren, table}``. A level has at
most a thousand; then a last node of the kind ``more`` has the URI of the next ones.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from defog_lsp.lsp import late_tables
from defog_lsp.lsp.table_documents import NOTHING, names_in, uri_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from defog_lsp.lsp.project import Feed
    from defog_metadata.catalog import Catalog, Table

__all__ = ["Node", "children", "connection_nodes"]

_MOST = 1000


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    kind: str
    uri: str
    detail: str = ""
    description: str = ""
    has_children: bool = True
    table: str = ""
    """The key of the table that it is, or is a column of: what commands take."""

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "kind": self.kind,
            "uri": self.uri,
            "detail": self.detail,
            "description": self.description,
            "hasChildren": self.has_children,
            "table": self.table,
        }


def connection_nodes(feeds: "Iterable[Feed]") -> "list[Node]":
    """A node for each connection, one for all folders that share its name."""
    found: dict[str, Node] = {}
    for feed in feeds:
        name = feed.name or ""
        count = f"{feed.tables:,} {'table' if feed.tables == 1 else 'tables'}"
        detail = count if feed.state in ("ready", "stale") else feed.state
        node = Node(name or "metadata files", "connection", uri_with(name), detail, feed.message)
        found.setdefault(name, node)
    return list(found.values())


def children(uri: str, catalog: "Catalog") -> "list[Node]":
    """What is in the node *uri* of a connection with the metadata *catalog*. Reads the mirror."""
    page = urlsplit(uri).query
    match names_in(uri):
        case [_]:
            return _schemas(uri, catalog)
        case [connection, schema]:
            return _tables(connection, _name(schema), int(page) if page.isdecimal() else 0, catalog)
        case [_, schema, *_, name]:
            found = catalog.source.named(name.casefold())
            table = next(
                (it for it in found if (it.schema, it.name) == (_name(schema), name)), None
            )
            return list(_columns(uri, table)) if table is not None else []
    return []


def _name(part: str) -> str:
    return "" if part == NOTHING else part


def _schemas(uri: str, catalog: "Catalog") -> "list[Node]":
    schemas = catalog.source.schemas()
    connection = _name(names_in(uri)[0])
    if len(schemas) == 1:
        return _tables(connection, schemas[0], 0, catalog)  # a level with one node tells nothing
    return [Node(it or "(no schema)", "schema", uri_with(connection, it)) for it in schemas]


def _tables(connection: str, schema: str, page: int, catalog: "Catalog") -> "list[Node]":
    start = page * _MOST
    summaries = catalog.source.summaries(schema=schema, limit=start + _MOST + 1)[start:]
    found = [
        Node(
            it.name,
            it.kind,
            f"{uri_with(connection, schema, it.name)}.sql",
            description=it.description,
            table=late_tables.key_of("", it.schema, it.name),
        )
        for it in summaries[:_MOST]
    ]
    if len(summaries) > _MOST:
        found.append(Node("more", "more", f"{uri_with(connection, schema)}?{page + 1}"))
    return found


def _columns(uri: str, table: "Table") -> "Iterator[Node]":
    for it in table.columns:
        keys: Sequence[str] = [
            *(["primary key"] if it.name in table.primary_key else []),
            *(f"→ {key.referred_table}" for key in table.foreign_keys_of(it.name)),
        ]
        detail = ", ".join([it.type, *keys] if it.type else keys)
        place = f"{uri}#{quote(it.name, safe='')}"
        key = late_tables.key_of(table.database, table.schema, table.name)
        yield Node(it.name, "column", place, detail, it.description, has_children=False, table=key)
