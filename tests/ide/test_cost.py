"""What requests ask of a catalog: the same of ten tables and of a thousand.

Counted, not timed. Every feature is asked in front of catalogs of both sizes, in which the ten
tables that the texts are about are the same.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from benchmarks import warehouse
from defog_lsp.ide.call_hierarchy import callees, callers, prepared, views_reading
from defog_lsp.ide.code_actions import Wanted, code_actions, tables_at
from defog_lsp.ide.code_lens import golden_lenses
from defog_lsp.ide.completion import Subject, complete, documentation
from defog_lsp.ide.definition import definition
from defog_lsp.ide.diagnostics import diagnostics
from defog_lsp.ide.document_symbols import document_symbols
from defog_lsp.ide.formatting import Style, format_document
from defog_lsp.ide.glossary import (
    complete_glossary,
    glossary_links,
    glossary_name_at,
    glossary_names_of,
    hover_glossary,
)
from defog_lsp.ide.hover import hover
from defog_lsp.ide.implementation import implementations, made_of, views_stored
from defog_lsp.ide.inlay_hints import inlay_hints
from defog_lsp.ide.metadata import (
    complete_metadata,
    hover_metadata,
    metadata_name_at,
    metadata_names,
)
from defog_lsp.ide.references import references
from defog_lsp.ide.rename import rename, rename_stored, renaming, stored_at
from defog_lsp.ide.semantic_tokens import semantic_tokens
from defog_lsp.ide.signature_help import signature_help
from defog_lsp.ide.statement_lenses import statement_lenses
from defog_metadata.catalog import Catalog, MemoryTables, Name, OverlaidTables, Table, TableSource
from defog_metadata.checks.documents import Document, check_document
from defog_metadata.documents.golden import read_golden_file
from defog_metadata.documents.kinds import DocumentKind
from defog_metadata.pruning import glossary_of
from defog_metadata.rules import DEFAULT_SEVERITIES
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.usage import usage_of
from defog_metadata.text import Span, TextFile
from tests.support.watched_tables import WatchedTables

SMALL, LARGE = 10, 1000
GOLDEN = (
    "select c.name, sum(o.total_amount) from orders o join customers c "
    "on c.customer_id = o.customer_id group by c.name",
    "select avg(amount) from payments",
)
GLOSSARY = """\
- Revenue is `orders.total_amount` where status is not cancelled.
- Active customers have ordered in `order_dt`; see customers.segmnt.
- A late parcel: shipments.delivered_at > shipments.sent_at, `is_late`, in_progress or cancelled.
- SELECT sum(amuont) FROM payments WHERE paid_at > now()
"""
GOLDEN_FILE = json.dumps(
    [{"question": f"What about {index}?", "sql": it} for index, it in enumerate(GOLDEN)]
    + [{"question": "Wrong?", "sql": "select nme from custmers"}]
)
METADATA = json.dumps(
    {
        "sales.orders": {
            "table_description": "What was ordered.",
            "columns": [
                {"column_name": "order_id", "data_type": "bigint"},
                {"column_name": "odrered_at", "data_type": "timestamp"},
                {"column_name": "store_id", "data_type": "bigint", "foreign_key": "stors.store_id"},
            ],
        },
        "sales.custmers": {"columns": [{"column_name": "customer_id", "data_type": "bigint"}]},
    },
    indent=1,
)
Feature = Callable[[Catalog], object]


@cache
def memory(count: int) -> MemoryTables:
    return MemoryTables(warehouse.tables(count))


def watched(source: TableSource) -> tuple[Catalog, WatchedTables]:
    seen = WatchedTables(source)
    return Catalog(seen, "postgres", (warehouse.SCHEMAS[0],)), seen


def snapshot(text: str, catalog: Catalog) -> Snapshot:
    usage = usage_of(GOLDEN, catalog, "postgres")
    return Snapshot(text, catalog, "postgres", usage, glossary_of(GLOSSARY))


def completing(marked: str) -> Feature:
    head, _, tail = marked.partition("$0")
    return lambda catalog: complete(snapshot(head + tail, catalog), len(head))


def hovering(marked: str) -> Feature:
    head, _, tail = marked.partition("$0")
    return lambda catalog: hover(snapshot(head + tail, catalog), len(head))


def checked(sql: str) -> Feature:
    return lambda catalog: diagnostics(snapshot(sql, catalog), DEFAULT_SEVERITIES)


def document(kind: DocumentKind, name: str, text: str) -> Feature:
    def check(catalog: Catalog) -> object:
        file = TextFile(Path(name), text)
        files = {kind: (file,)}
        return check_document(
            kind, Document(file, catalog, "postgres", DEFAULT_SEVERITIES, files, catalog)
        )

    return check


def acting(sql: str) -> Feature:
    def act(catalog: Catalog) -> object:
        seen = snapshot(sql, catalog)
        at = sql.index(" from") + 6
        found = code_actions(seen, DEFAULT_SEVERITIES, Wanted(Span(at, at)))
        return found, tables_at(seen, at)

    return act


def navigating(feature: Callable[[Snapshot, int], object]) -> Feature:
    """*feature* asked about a column, in a query with a named column at 12."""
    text = "select 1 as x, o.total_amount, c.* from orders o, customers c"
    return lambda catalog: feature(snapshot(text, catalog), text.index("total_amount"))


def renaming_stored(seen: Snapshot, offset: int) -> object:
    found = stored_at(seen, offset)
    assert found
    return rename_stored(seen, renaming(found[1], "other", seen.catalog))


def stored(seen: Snapshot, offset: int) -> tuple[Table, str]:
    found = stored_at(seen, offset)
    assert found
    return found[1].table, found[1].column


JOINED = "select * from orders o join customers c on o.customer_id = c.customer_id "


def using(snapshot: Snapshot, offset: int) -> object:
    named = made_of(snapshot, offset)
    assert named is not None
    return implementations(snapshot, named), views_stored(named, snapshot.catalog)


def called(snapshot: Snapshot, offset: int) -> object:
    """Both directions, of the files and of the database."""
    node = prepared(snapshot, offset)
    assert node is not None
    return (
        callers(snapshot, node),
        callees(snapshot, node),
        views_reading(snapshot.catalog, node),
    )


FEATURES: dict[str, Feature] = {
    "columns behind a dot": completing("select o.$0 from orders o"),
    "columns of an alias without a table": completing("select oli.$0"),
    "columns of an alias before a join": completing("select c.$0 from orders o"),
    "columns before FROM": completing("select customer_na$0"),
    "columns before FROM, asked": completing("-- Which customers pay late?\nselect $0"),
    "columns in WHERE": completing(f"{JOINED}where $0"),
    "columns in ON": completing("select * from orders o join customers c on $0"),
    "tables": completing("select * from $0"),
    "tables that start so": completing("select * from ord$0"),
    "tables that are abbreviated": completing("select * from oli$0"),
    "tables that are misspelled": completing("select * from custmers$0"),
    "tables of a schema": completing("select * from sales.$0"),
    "tables that are asked for": completing("-- Money received by card\nselect * from $0"),
    "tables to join": completing("select * from orders o join $0"),
    "tables to join that start so": completing("select * from orders o join cu$0"),
    "tables for columns": completing("select paid_at, amount from $0"),
    "schemas": completing("grant usage on schema $0"),
    "statements": completing("$0"),
    "functions": completing("select cou$0"),
    "values": completing("select * from orders where status = '$0'"),
    "targets of INSERT": completing("insert into ord$0"),
    "columns of INSERT": completing("insert into orders ($0"),
    "a star": completing("select *$0 from orders"),
    "hover over a table": lambda it: hover(snapshot("select * from orders", it), 16),
    "hover over a column": lambda it: hover(snapshot("select amount from payments", it), 9),
    "hover over a computed column": hovering(f"with c as ({GOLDEN[0]}) select su$0m from c"),
    "hover over a star": hovering("select *$0 from orders o, customers c"),
    "hover over a CTE": hovering("with c as (select * from orders) select 1 from c$0"),
    "hover over a name in what does not parse": hovering("select 1 from orders$0 where ("),
    "documentation of a table": lambda it: documentation(
        Subject("table", table="orders", schema="sales"), it, "postgres"
    ),
    "documentation of a column": lambda it: documentation(
        Subject("column", "status", "orders", "sales"), it, "postgres"
    ),
    "signature of INSERT": lambda it: signature_help(
        snapshot("insert into orders values (1, ", it), 30
    ),
    "right": checked(GOLDEN[0]),
    "unknown table": checked("select * from custmers"),
    "unknown table of a schema": checked("select * from finance.custmers"),
    "unknown schema": checked("select * from slaes.orders"),
    "unknown column": checked("select nme, o.totl_amount from orders o, customers"),
    "unknown alias": checked("select x.name, custmers.name from orders o"),
    "column of a table to be joined": checked("select region_id from orders o"),
    "actions on a table": acting("select * from orders o join stores s on s.store_id = o.store_id"),
    "actions on a mistake": acting("select * from custmers"),
    "actions on a missing join": acting("select c.name from orders o"),
    "lenses": lambda it: golden_lenses(
        read_golden_file(GOLDEN_FILE, "json"), snapshot(GOLDEN_FILE, it), DEFAULT_SEVERITIES
    ),
    "lenses of statements": navigating(lambda it, _: statement_lenses(it, DEFAULT_SEVERITIES)),
    "golden queries": document("golden queries", "golden.json", GOLDEN_FILE),
    "glossary": document("glossary", "glossary.md", GLOSSARY),
    "metadata": document("metadata", "metadata.json", METADATA),
    "names in a glossary": lambda it: complete_glossary("- The ord", 9, it),
    "columns in a glossary": lambda it: complete_glossary("- orders.", 9, it),
    "hover in a glossary": lambda it: hover_glossary(GLOSSARY, GLOSSARY.index("total_"), it),
    "hover over a marked column": lambda it: hover_glossary("- `region_id`", 5, it),
    "tables in metadata": lambda it: complete_metadata('{"ord": []}', "json", 5, it),
    "definition": navigating(definition),
    "references": navigating(references),
    "views that use a table": navigating(using),
    "call hierarchy": navigating(called),
    "references to what is defined": lambda it: references(
        snapshot("create index i on orders (total_amount)", it), 29
    ),
    "rename": navigating(lambda it, _: rename(it, 12, "other")),
    "rename of a column": navigating(renaming_stored),
    "semantic tokens": navigating(lambda it, _: semantic_tokens(it)),
    "outline": navigating(lambda it, _: document_symbols(it)),
    "hints": navigating(lambda it, _: inlay_hints(it, Span(0, len(it.text)))),
    "formatting": navigating(lambda it, _: format_document(it, Style(width=20))),
    "links in a glossary": lambda it: glossary_links(GLOSSARY, it),
    "hover in metadata": lambda it: hover_metadata(METADATA, "json", METADATA.index("orders"), it),
    "a name in metadata": lambda it: metadata_name_at(
        METADATA, "json", METADATA.index("store_id"), it
    ),
    "names like it in metadata": navigating(
        lambda it, at: metadata_names(METADATA, "json", it.catalog, *stored(it, at))
    ),
    "a name in a glossary": lambda it: glossary_name_at("- `region_id`", 5, it),
    "names like it in a glossary": navigating(
        lambda it, at: glossary_names_of(GLOSSARY, it.catalog, *stored(it, at))
    ),
}
NAMED = {
    it
    for it in FEATURES
    if it.startswith(("columns behind", "columns in WHERE", "columns in ON", "hover over a", "doc"))
    or it in {"right", "values", "columns of INSERT", "a star", "signature of INSERT", "lenses"}
    or it in {"definition", "references", "semantic tokens", "outline", "hints", "formatting"}
} - {"hover over a marked column"}
"""Where every table is named in full: nothing is looked for that the larger catalog has more of."""
MOST_QUESTIONS, MOST_TABLES = 150, 250


@pytest.mark.parametrize("feature", FEATURES)
def test_what_a_request_asks_does_not_depend_on_the_catalog(feature: str) -> None:
    small, large = (watched(memory(it)) for it in (SMALL, LARGE))
    for catalog, _ in (small, large):
        FEATURES[feature](catalog)
    assert small[1].questions, "or the feature was not asked in a way that needs the catalog"
    if feature in NAMED:
        assert large[1].questions == small[1].questions
        assert large[1].answered == small[1].answered
    assert large[1].questions.total() <= MOST_QUESTIONS
    assert large[1].given_tables <= MOST_TABLES


@pytest.mark.parametrize("feature", FEATURES)
def test_nor_with_files_over_a_database(feature: str) -> None:
    """Definitions of a workspace lie over it: the database below is not read as a whole either."""
    below = WatchedTables(memory(LARGE))
    above = [it for it in memory(SMALL).tables() if it.name in {"orders", "customers"}]
    overlaid = OverlaidTables(MemoryTables(above), below)
    FEATURES[feature](Catalog(overlaid, "postgres", (warehouse.SCHEMAS[0],)))
    assert below.given_tables <= MOST_TABLES


def test_what_is_meant_is_found_among_a_thousand_tables() -> None:
    catalog, _ = watched(memory(LARGE))
    assert catalog.table(Name("orders")) is not None

    def first(marked: str, count: int = 3) -> list[str]:
        head, _, tail = marked.partition("$0")
        found = complete(snapshot(head + tail, catalog), len(head))
        return [it.label for it in found.items[:count]]

    assert "orders" in first("select * from ord$0")
    joins = [it for it in first("select * from orders o join $0", 20) if " ON " in it]
    assert "customers c ON c.customer_id = o.customer_id" in joins
    assert "customers" in first("-- Everybody who has ever ordered\nselect * from $0", 12)
    assert "payment_id" in first("-- Money received\nselect $0", 12)
    assert "order_line_id" in first("select oli.$0", 12)
