"""Where data come from and go to: which relations are read by what.

The *callers* of a table, view or CTE are the statements, views and CTEs that read it; what these
read are their *callees*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from defog_metadata.catalog import Catalog, Table
from defog_metadata.sql.facts.flows import Called, Reader, ReaderKind, Source, readers, views_using
from defog_metadata.sql.facts.named import relation_named
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

__all__ = [
    "Flow",
    "Node",
    "callees",
    "callers",
    "made",
    "nodes",
    "prepared",
    "views_reading",
]

_LONGEST_NAME = 60
_MOST_VIEWS = 50
_LOOKED_AT = 300
"""Characters of a statement, for its name."""


@dataclass(frozen=True, slots=True)
class Node:
    """Something that data flow through. What has no ``place`` is not made by the text."""

    kind: ReaderKind
    name: str
    called: Called | None = None
    """Of a table or view: what other texts know it by."""
    place: Span | None = None
    extent: Span | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """``places``, in the text of who reads, are where it names what it reads."""

    node: Node
    """The other end, seen from what was asked about."""
    places: Sequence[Span]


def prepared(snapshot: Snapshot, offset: int) -> Node | None:
    """The table, view or CTE at *offset*."""
    named = relation_named(snapshot, offset)
    if named is None:
        return None
    if named.cte is not None:
        return _at(snapshot, named.cte)
    return _called(snapshot, named.called) if named.called is not None else None


def nodes(snapshot: Snapshot) -> list[Node]:
    """All that the text makes: statements, views, tables, CTEs."""
    return [_node(it, snapshot.text) for it in _all(snapshot)]


def made(snapshot: Snapshot, wanted: Sequence[Node]) -> list[tuple[Node, Node]]:
    """Those of *wanted* that the text makes, each with what it is there."""
    naming = snapshot.catalog.naming
    return [
        (node, _node(reader, snapshot.text))
        for reader in _all(snapshot)
        if reader.made is not None
        for node in wanted
        if node.called is not None and node.called.means(reader.made, naming)
    ]


def callers(snapshot: Snapshot, node: Node) -> list[Flow]:
    """Who in the text of *snapshot* reads *node*; a CTE is read in its own text alone."""
    naming = snapshot.catalog.naming

    def is_meant(source: Source) -> bool:
        if node.kind == "cte":
            return source.cte is not None and source.cte == node.place
        return (
            source.cte is None
            and node.called is not None
            and node.called.means(source.relation, naming)
        )

    found = []
    for reader in _all(snapshot):
        places = [it.span for it in reader.reads if is_meant(it)]
        if places:
            found.append(Flow(_node(reader, snapshot.text), places))
    return found


def views_reading(catalog: Catalog, node: Node) -> list[Table]:
    """The views of the database that read the table or view *node*."""
    table = node.called.stored(catalog) if node.called is not None else None
    return list(islice(views_using(table, catalog), _MOST_VIEWS)) if table is not None else []


def callees(snapshot: Snapshot, node: Node) -> list[Flow]:
    """What *node*, which the text makes, reads: in the order of the text, each once."""
    reader = next((it for it in _all(snapshot) if it.place == node.place), None)
    if reader is None:
        return []
    found: dict[Node, list[Span]] = {}
    for source in reader.reads:
        if source.cte is not None:
            target = _at(snapshot, source.cte)
        elif source.relation.kind in ("table", "view"):
            target = _called(snapshot, Called.of(source.relation))
        else:
            continue
        if target is not None:
            found.setdefault(target, []).append(source.span)
    return [Flow(target, places) for target, places in found.items()]


def _all(snapshot: Snapshot) -> Iterator[Reader]:
    for analysis in snapshot.analyses:
        yield from readers(analysis, snapshot.catalog.naming)


def _at(snapshot: Snapshot, place: Span) -> Node | None:
    analysis = snapshot.analysis_at(place.start)
    found = readers(analysis, snapshot.catalog.naming) if analysis is not None else ()
    return next((_node(it, snapshot.text) for it in found if it.place == place), None)


def _called(snapshot: Snapshot, called: Called) -> Node:
    """The node of a table or view: where the text makes it, or else what the catalog has."""
    naming = snapshot.catalog.naming
    for reader in _all(snapshot):
        if reader.made is not None and called.means(reader.made, naming):
            return _node(reader, snapshot.text)
    table = called.stored(snapshot.catalog)
    kind: ReaderKind = "view" if table is not None and "view" in table.kind else "table"
    return Node(kind, called.name, called)


def _node(reader: Reader, text: str) -> Node:
    name = reader.name
    if not name:
        name = " ".join(text[reader.extent.start : reader.extent.end][:_LOOKED_AT].split())
        name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    called = Called.of(reader.made) if reader.made is not None else None
    return Node(reader.kind, name, called, reader.place, reader.extent)
