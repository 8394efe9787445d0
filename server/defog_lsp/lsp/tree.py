"""``defog/tree {uri?}``: the metadata as a tree, a level at a time, for editors that show one.

Without *uri* the connections of all folders; with the URI of a node what is in it: schemas, tables,
columns. A node is ``{name, kind, uri, detail, description, hasChildren, table, written, key}``. A
level has at most a thousand; then a last node of the kind ``more`` has the URI of the next ones.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from defog_lsp.lsp import late_tables
from defog_lsp.lsp.table_documents import NOTHING, names_in, uri_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    written: str = ""
    """How a statement names it: quoted, and with its schema, where that is needed."""
    key: str = ""
    """Whether the column is part of the ``primary`` key, else of a ``foreign`` one."""

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "kind": self.kind,
            "uri": self.uri,
            "detail": self.detail,
            "description": self.description,
            "hasChildren": self.has_children,
            "table": self.table,
            "written": self.written,
            "key": self.key,
        }


def connection_nodes(feeds: "Iterable[Feed]") -> "list[Node]":
    """A node for each connection, one for all folders that share its name."""
    found: dict[str, Node] = {}
    for feed in feeds:
        name = feed.name or ""
        count = f"{feed.tables:,} {'table' if feed.tables == 1 else 'tables'}"
        detail = count if feed.tables or feed.state in ("ready", "stale") else feed.state
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
            return list(_columns(uri, table, catalog)) if table is not None else []
    return []


def _name(part: str) -> str:
    return "" if part == NOTHING else part


def _schemas(uri: str, catalog: "Catalog") -> "list[Node]":
    schemas = catalog.source.schemas()
    connection = _name(names_in(uri)[0])
    if len(schemas) == 1:
        return _tables(connection, schemas[0], 0, catalog)  # a level with one node tells nothing
    write = catalog.naming.write
    return [
        Node(it or "(no schema)", "schema", uri_with(connection, it), written=it and write(it))
        for it in schemas
    ]


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
            written=late_tables.written_name(it, catalog),
        )
        for it in summaries[:_MOST]
    ]
    if len(summaries) > _MOST:
        found.append(Node("more", "more", f"{uri_with(connection, schema)}?{page + 1}"))
    return found


def _columns(uri: str, table: "Table", catalog: "Catalog") -> "Iterator[Node]":
    key = late_tables.key_of(table.database, table.schema, table.name)
    for it in table.columns:
        is_primary = it.name in table.primary_key
        referred = [f"→ {found.referred_table}" for found in table.foreign_keys_of(it.name)]
        facts = [it.type, "primary key" if is_primary else "", *referred]
        yield Node(
            it.name,
            "column",
            f"{uri}#{quote(it.name, safe='')}",
            ", ".join(filter(None, facts)),
            it.description,
            has_children=False,
            table=key,
            written=catalog.naming.write(it.name),
            key="primary" if is_primary else "foreign" if referred else "",
        )
