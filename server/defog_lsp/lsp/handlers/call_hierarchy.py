"""textDocument/prepareCallHierarchy, callHierarchy/incomingCalls and outgoingCalls: data flow.

Who calls a table is who reads it. An item says all that it takes to find it again, however the
text has changed by then: of which kind and name it is, and near which place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from lsprotocol import types as lsp

from defog_lsp.lsp import late, late_usage
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import stored_place, stored_text, table_text
from defog_lsp.lsp.table_documents import TableDocument
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import path_of
from defog_lsp.lsp.usage import files_around

if TYPE_CHECKING:
    from defog_lsp.ide.call_hierarchy import Flow, Node
    from defog_lsp.lsp.project import Feed

_Kind = Literal["cte", "view", "table", "statement"]
_KINDS: "Mapping[_Kind, tuple[lsp.SymbolKind, str]]" = {
    "cte": (lsp.SymbolKind.Struct, "CTE"),
    "view": (lsp.SymbolKind.Interface, "view"),
    "table": (lsp.SymbolKind.Class, "table"),
    "statement": (lsp.SymbolKind.Event, "statement"),
}


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)(on_prepare_call_hierarchy)
    server.feature(lsp.CALL_HIERARCHY_INCOMING_CALLS)(on_incoming_calls)
    server.feature(lsp.CALL_HIERARCHY_OUTGOING_CALLS)(on_outgoing_calls)


async def on_prepare_call_hierarchy(
    server: SqlLanguageServer, params: lsp.CallHierarchyPrepareParams
) -> list[lsp.CallHierarchyItem] | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    offset = view.positions.offset(params.position)
    files, feed = await files_around(server, view.uri, view)
    node = await in_thread(late_usage.prepared, view, offset)
    if node is None:
        return None
    items = _Items(server, view.uri, files, feed)
    if node.place is not None and node.extent is not None:
        place = view.positions.range_(node.extent), view.positions.range_(node.place)
        return [items.item(node, view.uri, *place)]
    return [it for it in await items.of([node]) if it is not None]


async def on_incoming_calls(
    server: SqlLanguageServer, params: lsp.CallHierarchyIncomingCallsParams
) -> list[lsp.CallHierarchyIncomingCall] | None:
    data = _Data.read(params.item.data)
    if data is None or data.kind == "statement":
        return None
    items, text = await _around(server, params.item, data)
    if data.kind == "cte":
        found = await in_thread(_of_cte, text, params.item, data, server.client.encoding)
    else:
        node = await in_thread(data.node)
        found = await in_thread(late_usage.callers, items.files, node)
        found += await _stored(items, node, found)
    return [items.incoming(*it) for it in found]


async def on_outgoing_calls(
    server: SqlLanguageServer, params: lsp.CallHierarchyOutgoingCallsParams
) -> list[lsp.CallHierarchyOutgoingCall] | None:
    data = _Data.read(params.item.data)
    if data is None:
        return None
    items, text = await _around(server, params.item, data)
    if text is None:
        return None
    encoding = server.client.encoding
    found = await in_thread(_near, text, params.item, data, encoding)
    if found is None:
        return None
    queries, node = found
    positions = Positions(text.text, encoding)
    flows = await in_thread(late_usage.callees, queries, node)
    elsewhere = [it.node for it in flows if it.node.place is None]
    others = dict(zip(elsewhere, await items.of(elsewhere), strict=True))
    calls = []
    for it in flows:
        item = others.get(it.node) or items.within(it.node, text, queries)
        if item is not None:
            ranges = [positions.range_(queries.in_file(place)) for place in it.places]
            calls.append(lsp.CallHierarchyOutgoingCall(item, ranges))
    return calls


@dataclass(frozen=True, slots=True)
class _Data:
    """What an item carries through the client."""

    uri: str
    """Of the document that was asked about first: its place says which database is meant."""
    kind: _Kind
    name: str
    schema: str = ""
    database: str = ""

    @classmethod
    def read(cls, data: object) -> "_Data | None":
        """The inverse of ``json``; ``None`` for what that cannot have made."""
        if not isinstance(data, Mapping) or not all(isinstance(it, str) for it in data.values()):
            return None
        kind = next((it for it in _KINDS if it == data.get("kind")), None)
        if kind is None or "uri" not in data or "name" not in data:
            return None
        return cls(
            data["uri"], kind, data["name"], data.get("schema", ""), data.get("database", "")
        )

    @classmethod
    def of(cls, uri: str, node: "Node") -> "_Data":
        called = node.called
        if called is None:
            return cls(uri, node.kind, node.name)
        return cls(uri, node.kind, called.name, called.schema, called.database)

    @property
    def json(self) -> dict[str, str]:
        names = {"schema": self.schema, "database": self.database}
        known = {key: value for key, value in names.items() if value}
        return {"uri": self.uri, "kind": self.kind, "name": self.name, **known}

    def node(self) -> "Node":
        return late_usage.node_called(self.kind, self.name, self.schema, self.database)


@dataclass(frozen=True, slots=True)
class _Items:
    """Makes the items of a hierarchy that began at the document ``uri``."""

    server: SqlLanguageServer
    uri: str
    files: late_usage.Files
    feed: "Feed | None"

    def item(
        self, node: "Node", uri: str, range_: lsp.Range, name: lsp.Range, question: str = ""
    ) -> lsp.CallHierarchyItem:
        kind, detail = _KINDS[node.kind]
        if question:
            kind, detail = lsp.SymbolKind.String, "golden query"
        schema = node.called.schema if node.called else ""
        return lsp.CallHierarchyItem(
            question or node.name,
            kind,
            uri,
            range_,
            name,
            detail=f"{detail} · {schema}" if schema else detail,
            data=_Data.of(self.uri, node).json,
        )

    def within(
        self, node: "Node", text: late_usage.Text, queries: late_usage.Queries
    ) -> lsp.CallHierarchyItem | None:
        """The item of what *text* makes."""
        if node.place is None or node.extent is None:
            return None
        positions = Positions(text.text, self.server.client.encoding)
        ranges = [positions.range_(queries.in_file(it)) for it in (node.extent, node.place)]
        question = queries.question if node.kind == "statement" else ""
        return self.item(node, text.uri, ranges[0], ranges[1], question)

    def incoming(
        self, text: late_usage.Text, queries: late_usage.Queries, flow: "Flow"
    ) -> lsp.CallHierarchyIncomingCall:
        positions = Positions(text.text, self.server.client.encoding)
        item = self.within(flow.node, text, queries)
        assert item is not None  # noqa: S101 - who reads is written somewhere
        ranges = [positions.range_(queries.in_file(it)) for it in flow.places]
        return lsp.CallHierarchyIncomingCall(item, ranges)

    async def of(self, nodes: "Sequence[Node]") -> list[lsp.CallHierarchyItem | None]:
        """The items of tables and views: in the file that makes each, else in its document."""
        made = await in_thread(late_usage.makers, self.files, nodes)
        found = []
        for node in nodes:
            item = None
            if node in made:
                text, queries, there = made[node]
                item = self.within(there, text, queries)
            elif node.called is not None:
                table = await in_thread(node.called.stored, self.files.snapshot.catalog)
                find = partial(late_usage.name_in, node=node, like=self.files.snapshot)
                if table is not None and (
                    place := await stored_place(self.server, self.feed, table, find)
                ):
                    item = self.item(node, place.uri, place.range, place.range)
            found.append(item)
        return found


async def _around(
    server: SqlLanguageServer, item: lsp.CallHierarchyItem, data: _Data
) -> tuple[_Items, late_usage.Text | None]:
    """What stands around *item*, and the text that it is in, as both are now."""
    view = await server.session.view(server.opened(data.uri))
    files, feed = await files_around(server, data.uri, view)
    items = _Items(server, data.uri, files, feed)
    own = await server.session.view(server.opened(item.uri))
    if own is not None and own.kind == "sql":
        return items, late_usage.text_with(own.uri, own.snapshot)
    if (document := TableDocument.at(item.uri)) is not None:
        written = await table_text(server, document)
    elif own is not None:
        written = own.positions.text
    else:
        written = await in_thread(_file, item.uri)
    if written is None:
        return items, None
    return items, await in_thread(late_usage.text_of, item.uri, written, files.snapshot)


def _file(uri: str) -> str | None:
    path = path_of(uri)
    try:
        return late.file_text(path) if path is not None else None
    except (OSError, ValueError):  # what a client made up can be no path at all
        return None


def _near(
    text: late_usage.Text, item: lsp.CallHierarchyItem, data: _Data, encoding: str
) -> "tuple[late_usage.Queries, Node] | None":
    offset = Positions(text.text, encoding).offset(item.selection_range.start)
    return late_usage.node_near(text, data.kind, data.name, offset)


def _of_cte(
    text: late_usage.Text | None, item: lsp.CallHierarchyItem, data: _Data, encoding: str
) -> list[late_usage.Caller]:
    found = _near(text, item, data, encoding) if text is not None else None
    if text is None or found is None:
        return []
    queries, node = found
    return late_usage.callers_in(late_usage.Text(text.uri, text.text, [queries]), node)


async def _stored(
    items: _Items, node: "Node", known: Sequence[late_usage.Caller]
) -> list[late_usage.Caller]:
    """The views of the database that read *node*, but those that *known* files make."""
    made = {it.node.name.casefold() for _, _, it in known if it.node.kind == "view"}
    snapshot = items.files.snapshot
    found: list[late_usage.Caller] = []
    for table in await in_thread(late_usage.views_reading, snapshot, node):
        if table.name.casefold() in made:
            continue
        stored = await stored_text(items.server, items.feed, table)
        if stored is not None:
            text = await in_thread(late_usage.text_of, *stored, snapshot)
            found += await in_thread(late_usage.callers_in, text, node)
    return found
