"""SQL fixtures, written the way a person would point at a query.

``$0`` marks the caret. A comment of carets under a line marks a span there, with
the code and message expected for it::

    select nope from customers
    --     ^^^^ unknown-column: there is no column nope here
"""

import re
from dataclasses import dataclass

from defog_metadata.catalog import Catalog, Column, ForeignKey, Table
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

CUSTOMERS = Table(
    "customers",
    (
        Column("id", "integer", nullable=False),
        Column("name", "text"),
        Column("email", "text", description="Where receipts are sent."),
        Column("Region", "text"),
    ),
    schema="public",
    description="People who have bought something.",
    primary_key=("id",),
    row_estimate=1200,
)
ORDERS = Table(
    "orders",
    (
        Column("id", "integer", nullable=False),
        Column("customer_id", "integer", description="Who bought."),
        Column("total", "numeric(10,2)", description="In euros, with tax."),
        Column("status", "text", enum_values=("open", "paid")),
        Column("placed_at", "timestamp"),
    ),
    schema="public",
    primary_key=("id",),
    foreign_keys=(ForeignKey(("customer_id",), "customers", ("id",), "public"),),
)
ORDER_LINES = Table(
    "order_lines",
    (
        Column("order_id", "integer"),
        Column("line", "integer"),
        Column("product_id", "integer"),
        Column("quantity", "integer"),
    ),
    schema="public",
    primary_key=("order_id", "line"),
    foreign_keys=(ForeignKey(("order_id",), "orders", ("id",), "public"),),
)
LEADS = Table(
    "leads", (Column("id", "integer"), Column("source", "text")), schema="marketing", kind="view"
)
TABLES = (CUSTOMERS, ORDERS, ORDER_LINES, LEADS)
CATALOG = Catalog.of(*TABLES)

_ANNOTATION = re.compile(r"^\s*--\s*(?P<carets>\^+) (?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Caret:
    snapshot: Snapshot
    offset: int


def catalog_for(dialect: str) -> Catalog:
    """The sample catalog as *dialect* would look names up in it."""
    return Catalog(CATALOG.source, dialect, CATALOG.search_path)


def snapshot_of(sql: str, dialect: str = "postgres") -> Snapshot:
    return Snapshot(sql, catalog_for(dialect), dialect)


def caret(sql: str, dialect: str = "postgres") -> Caret:
    before, marker, after = sql.partition("$0")
    assert marker, "the fixture needs a $0"
    assert "$0" not in after, "the fixture has more than one $0"
    return Caret(snapshot_of(before + after, dialect), len(before))


def annotations(sql: str) -> list[tuple[Span, str]]:
    """Every ``-- ^^^ text`` in *sql*, as a span of the line above it."""
    found: list[tuple[Span, str]] = []
    offset = target = 0
    for line in sql.splitlines(keepends=True):
        if match := _ANNOTATION.match(line.rstrip("\n")):
            start, end = match.span("carets")
            found.append((Span(target + start, target + end), match["text"]))
        else:
            target = offset
        offset += len(line)
    return found


def shown(snapshot: Snapshot, span: Span) -> str:
    """The text with *span* in guillemets, for assertions a person can read."""
    before, name, after = (
        snapshot.text[: span.start],
        snapshot.text[span.start : span.end],
        snapshot.text[span.end :],
    )
    return f"{before}«{name}»{after}"
