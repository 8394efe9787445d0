"""What uses what, imported when first asked for; as ``late``, called in threads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp import late, late_files
from defog_lsp.lsp.loading import warm_up
from defog_lsp.lsp.uris import path_of, uri_of

if TYPE_CHECKING:
    from defog_lsp.ide.call_hierarchy import Flow, Node
    from defog_lsp.lsp.session import View
    from defog_metadata.catalog import Table
    from defog_metadata.sql.facts.flows import Called, ReaderKind
    from defog_metadata.sql.facts.named import Named
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.text import Span

__all__ = [
    "Caller",
    "Files",
    "Queries",
    "Text",
    "callees",
    "callers",
    "callers_in",
    "implementations",
    "made_of",
    "makers",
    "name_in",
    "node_called",
    "node_near",
    "place_in_view",
    "prepared",
    "text_of",
    "text_with",
    "views_reading",
    "views_stored",
]

Caller = tuple["Text", "Queries", "Flow"]
"""What reads, in which text, and where it does."""


# ruff: noqa: PLC0415 - importing late is what this module is for


@dataclass(frozen=True, slots=True)
class Files:
    """The files that may use a table."""

    snapshot: "Snapshot"
    """Of ``own``, or of nothing: its catalog and dialect are those of the others too."""
    own: "Text | None" = None
    """The document that is asked about; it is among them, wherever it is."""
    around: late_files.Files | None = None
    """Those of its workspace."""


@dataclass(frozen=True, slots=True)
class Queries:
    """SQL in a text, which may be one of several; ``in_file`` places its spans in the file."""

    snapshot: "Snapshot"
    in_file: "Callable[[Span], Span]"
    question: str = ""
    """That it answers, if it is a golden query."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file with SQL in it."""

    uri: str
    text: str
    queries: "Sequence[Queries]"


def text_of(uri: str, text: str, like: "Snapshot") -> Text:
    """*text* about the database of *like*, with golden queries taken out of where they stand."""
    warm_up()
    path = path_of(uri)
    there = late.snapshot(text, like.catalog, like.dialect)
    return Text(uri, text, _queries(there, path))


def text_with(uri: str, snapshot: "Snapshot") -> Text:
    """The SQL of *snapshot*, as it is."""
    return Text(uri, snapshot.text, [Queries(snapshot, _unmoved)])


def _texts(files: Files, names: Sequence[str]) -> Iterator[Text]:
    """The document itself, and the files that have one of *names* in them, in any letter case."""
    own, around = files.own, files.around
    if own is not None:
        yield own
    if around is None:
        return
    keys = [it.casefold() for it in names]
    found = late_files.files_with(
        around,
        path_of(own.uri) if own is not None else None,
        lambda text: any(it in text.casefold() for it in keys),
    )
    with_queries = (it for it in found if it.kind in ("sql", "golden queries"))
    # What makes a table is first looked for where tables are made.
    for it in sorted(with_queries, key=lambda it: it.path.suffix.lower() != ".sql"):
        dialect = around.workspace.dialect_for(it.path) or files.snapshot.dialect
        there = late.snapshot(it.text, files.snapshot.catalog, dialect)
        yield Text(uri_of(it.path), it.text, _queries(there, it.path))


def _queries(snapshot: "Snapshot", path: Path | None) -> list[Queries]:
    return [
        Queries(sql, _unmoved)
        if entry is None
        else Queries(sql, entry.sql.span, entry.question.text)
        for sql, entry in late_files.queries_in(snapshot, path)
    ]


def _unmoved(span: "Span") -> "Span":
    return span


# Implementation


def made_of(view: "View", offset: int) -> "Named | None":
    warm_up()
    from defog_lsp.ide import implementation as feature

    return feature.made_of(view.snapshot, offset) if view.kind == "sql" else None


def implementations(
    files: Files, named: "Named"
) -> "list[tuple[Text, Sequence[tuple[Called, Span]]]]":
    """The views that SQL files make of *named*. Reads the files."""
    from defog_lsp.ide import implementation as feature

    found: list[tuple[Text, Sequence[tuple[Called, Span]]]] = []
    name = named.called.name if named.called is not None else ""
    for text in _texts(files, [name]):
        views = [
            (view, queries.in_file(span))
            for queries in text.queries
            for view, span in feature.implementations(queries.snapshot, named)
        ]
        if views:
            found.append((text, views))
    return found


def views_stored(snapshot: "Snapshot", named: "Named") -> "list[Table]":
    from defog_lsp.ide import implementation as feature

    return feature.views_stored(named, snapshot.catalog)


def place_in_view(text: str, named: "Named", snapshot: "Snapshot") -> "Span":
    """Where *text*, which makes a view of the database of *snapshot*, names *named*."""
    from defog_lsp.ide import implementation as feature

    there = late.snapshot(text, snapshot.catalog, snapshot.dialect)
    return feature.place_in_view(there, named)


# Call hierarchy


def prepared(view: "View", offset: int) -> "Node | None":
    warm_up()
    from defog_lsp.ide import call_hierarchy as feature

    return feature.prepared(view.snapshot, offset) if view.kind == "sql" else None


def node_near(text: Text, kind: str, name: str, offset: int) -> "tuple[Queries, Node] | None":
    """What is of that kind and name in *text*, the nearest to *offset* that there is now."""
    from defog_lsp.ide import call_hierarchy as feature

    found = [
        (queries, node)
        for queries in text.queries
        for node in feature.nodes(queries.snapshot)
        if node.name == name and (node.kind == kind or {kind, node.kind} == {"table", "view"})
    ]

    def distance(it: "tuple[Queries, Node]") -> int:
        queries, node = it
        return abs(queries.in_file(node.place).start - offset) if node.place else offset

    return min(found, key=distance, default=None)


def callers(files: Files, node: "Node") -> "list[Caller]":
    """Who reads the table or view *node*, in the files. Reads them."""
    warm_up()
    return [it for text in _texts(files, [node.name]) for it in callers_in(text, node)]


def callers_in(text: Text, node: "Node") -> "list[Caller]":
    from defog_lsp.ide import call_hierarchy as feature

    return [
        (text, queries, flow)
        for queries in text.queries
        for flow in feature.callers(queries.snapshot, node)
    ]


def callees(queries: Queries, node: "Node") -> "list[Flow]":
    from defog_lsp.ide import call_hierarchy as feature

    return feature.callees(queries.snapshot, node)


def makers(files: Files, nodes: "Sequence[Node]") -> "dict[Node, tuple[Text, Queries, Node]]":
    """The files that make the tables and views *nodes*, with what they are there."""
    from defog_lsp.ide import call_hierarchy as feature

    found: dict[Node, tuple[Text, Queries, Node]] = {}
    for text in _texts(files, [it.name for it in nodes]) if nodes else ():
        for queries in text.queries:
            for node, made in feature.made(queries.snapshot, nodes):
                found.setdefault(node, (text, queries, made))
    return found


def node_called(kind: "ReaderKind", name: str, schema: str, database: str) -> "Node":
    """A table or view as other texts know it."""
    warm_up()
    from defog_lsp.ide.call_hierarchy import Node
    from defog_metadata.sql.facts.flows import Called

    return Node(kind, name, Called(name, schema, database))


def views_reading(snapshot: "Snapshot", node: "Node") -> "list[Table]":
    """The views of the database that read the table or view *node*."""
    from defog_lsp.ide import call_hierarchy as feature

    return feature.views_reading(snapshot.catalog, node)


def name_in(text: str, node: "Node", like: "Snapshot") -> "Span":
    """Where *text*, the document of *node*, makes it; the beginning if it does not."""
    from defog_lsp.ide import call_hierarchy as feature
    from defog_metadata.text import Span

    there = late.snapshot(text, like.catalog, like.dialect)
    found = (made.place for _, made in feature.made(there, [node]) if made.place is not None)
    return next(found, Span(0, 0))
