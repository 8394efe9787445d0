"""A made-up warehouse of any size: ten schemas, realistic names, keys and descriptions.

The same tables for the same number, always. The first ten, the shop at its heart, are the same
whatever the number, so that one statement can be measured in front of catalogs of every size.

``python -m benchmarks.warehouse 100000`` writes it as a cache file (2,000,000 columns, 0.6 GB)
into ``DEFOG_HOME``, and says under which connection a ``defog.toml`` finds it.
"""

import argparse
import json
import random
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

from defog_metadata.catalog import Column, ForeignKey, Table
from defog_metadata.catalog.shapes import table_to_json
from defog_metadata.store.cache import MetadataCache

__all__ = ["CONFIGURATION", "CREDENTIALS", "SCHEMAS", "tables", "write_cache_file"]

CREDENTIALS = {
    "host": "warehouse.invalid",
    "port": 5432,
    "database": "warehouse",
    "user": "analyst",
    "password": "",
}
CONFIGURATION = """\
[connections.warehouse]
db_type = "postgres"
host = "warehouse.invalid"
port = 5432
database = "warehouse"
user = "analyst"
password = ""

[cache]
ttl_seconds = 1000000000
"""
"""The ``defog.toml`` under which a server finds the cache file, and never asks a database."""

SCHEMAS = ("sales", "finance", "billing", "logistics", "marketing", "support", "people", "risk",
           "manufacturing", "web")  # fmt: skip

_LAYERS = {
    "": "", "stg": "As loaded: ", "raw": "Unchanged from the source: ", "dim": "Dimension: ",
    "fct": "Facts: ", "mart": "For reports: ", "hist": "Former states: ", "agg": "Summed up: ",
    "ref": "For look-ups: ", "snap": "At month's end: ",
}  # fmt: skip
_ENTITIES = """account address agent agreement asset audit_event batch benefit booking branch budget
campaign card carrier cart category channel claim commission company complaint component consent
contact container contract cost_center coupon credit_note currency customer delivery department
deposit device discount dispute document driver employee equipment exchange_rate experiment
expense facility fee forecast fund goods_receipt household incident ingredient installment
insurance inventory invoice item journal_entry lead lease ledger license loan location loyalty_plan
machine mandate merchant meter mortgage notification offer opportunity order outage package
page_view partner patient payment payroll penalty permit plant policy position price process
product project promotion purchase quality_check quote reading rebate recipe refund region
reservation return review risk_score role route salary segment sensor session settlement shift
shipment signature store subscription supplier survey tax team tender territory ticket tour
trade transaction transfer trip user vehicle vendor visit voucher warehouse warranty workflow
work_order""".split()
_FACETS = (
    "",
    *"""header line detail status history attribute mapping summary daily monthly yearly
approval attachment comment correction exception group hierarchy link log note option plan profile
queue rule schedule score setting tag target template type version""".split(),
)
_STEMS = """amount net_amount gross_amount tax_amount discount_amount balance quantity unit_price
unit_cost weight volume length rate share score count name short_name code type status reason
channel priority currency language country city postal_code email phone description comment
external_reference serial_number starts_on ends_on due_on valid_from valid_to booked_at approved_at
shipped_at received_at closed_at last_seen_at is_active is_test is_default is_approved is_archived
region segment category grade position sequence_number revision fiscal_year fiscal_period""".split()
_OWNERS = ("", "", "", "primary", "original", "billing", "shipping", "expected", "reported")
_AUDIT = (
    Column("created_at", "timestamp with time zone", nullable=False, default="now()",
           description="When the row was written"),
    Column("updated_at", "timestamp with time zone", description="When the row last changed"),
    Column("source_system", "character varying(20)", description="Where the row comes from",
           common_values=("sap", "salesforce", "web", "legacy")),
)  # fmt: skip
_MEANINGS = (
    "{what} of the {entity}",
    "{what} of the {entity}, as the source system reports it",
    "{what} of the {entity} when it was last checked; empty if unknown",
    "{what} that was agreed with the {other}",
    "",
)
_TABLE_MEANINGS = (
    "{layer}each {entity} with its {facet}, one row a day",
    "{layer}{facet} of every {entity} that {schema} deals with",
    "{layer}the {facet} of a {entity}, by {other}",
    "",
)


_Known = dict[tuple[str, str], None]
"""Tables made so far with their keys, in order: a set of which the last ones can be had."""


def tables(count: int) -> Iterator[Table]:
    """The first *count* tables, with twenty columns each on the average."""
    yield from islice(_shop(), count)
    yield from islice(_others(random.Random(6)), max(count - len(_SHOP), 0))


def write_cache_file(folder: Path, count: int) -> Path:
    """The warehouse as ``cache`` in *folder* has it, unless it is there already."""
    cache = MetadataCache(cache_dir=folder)
    key = cache.generate_cache_key(db_type="postgres", db_creds=CREDENTIALS)
    path = cache.path(key)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partly = path.with_suffix(".part")
        with partly.open("w", encoding="ascii") as file:
            file.write('{\n  "metadata": {')
            for number, table in enumerate(tables(count)):
                # A name without a schema says that the schema is on the search path.
                name = table.name if table.schema == SCHEMAS[0] else table.qualified_name
                file.write(",\n" if number else "\n")
                file.write(f"{json.dumps(name)}: {json.dumps(table_to_json(table), indent=2)}")
            file.write('},\n  "timestamp": 1760000000.0,\n  "db_type": "postgres",\n')
            file.write('  "dev": false\n}')
        partly.replace(path)
    return path


_SHOP: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "customers": ("Everybody who has ever ordered", {
        "customer_id": "Number of the customer", "name": "Full name",
        "email": "Where invoices are sent", "region_id": "Where the customer lives",
        "segment": "Consumer, corporate or public", "credit_limit": "How much may be owed",
        "registered_at": "When the account was opened",
    }, {"region_id": "regions"}),
    "orders": ("Orders as placed; cancelled ones stay", {
        "order_id": "Number of the order", "customer_id": "Who ordered",
        "store_id": "Where it was ordered", "status": "new, paid, shipped or cancelled",
        "ordered_at": "When it was placed", "shipped_at": "When it left the warehouse",
        "total_amount": "Sum of all lines with tax",
    }, {"customer_id": "customers", "store_id": "stores"}),
    "order_lines": ("What was ordered", {
        "order_line_id": "Number of the line", "order_id": "The order it belongs to",
        "product_id": "What was ordered", "quantity": "How many pieces",
        "unit_price": "Price of one piece when it was ordered", "discount_rate": "From 0 to 1",
    }, {"order_id": "orders", "product_id": "products"}),
    "products": ("What is sold", {
        "product_id": "Number of the product", "name": "As on the shelf",
        "category_id": "Where it is found", "supplier_id": "Who delivers it",
        "list_price": "Before discounts", "discontinued_on": "Last day of sale",
    }, {"category_id": "categories", "supplier_id": "suppliers"}),
    "categories": ("Kinds of products", {
        "category_id": "Number of the category", "name": "As on the sign",
        "parent_category_id": "The category it is part of",
    }, {"parent_category_id": "categories"}),
    "suppliers": ("Who delivers products", {
        "supplier_id": "Number of the supplier", "name": "Company name",
        "region_id": "Where its seat is", "rating": "From 1 to 5",
    }, {"region_id": "regions"}),
    "regions": ("Sales regions", {
        "region_id": "Number of the region", "name": "Name in English",
        "country_code": "Two letters",
    }, {}),
    "stores": ("Shops and the web shop", {
        "store_id": "Number of the store", "name": "Name on the door",
        "region_id": "Where it stands", "opened_on": "First day of sale",
    }, {"region_id": "regions"}),
    "payments": ("Money received", {
        "payment_id": "Number of the payment", "order_id": "What it was for",
        "paid_at": "When it arrived", "amount": "In the order's currency",
        "method": "card, transfer or voucher",
    }, {"order_id": "orders"}),
    "shipments": ("Parcels on their way", {
        "shipment_id": "Number of the parcel", "order_id": "What is in it",
        "carrier_id": "Who brings it", "sent_at": "When it left", "delivered_at": "When it came",
    }, {"order_id": "orders"}),
}  # fmt: skip


def _shop() -> Iterator[Table]:
    for name, (description, columns, keys) in _SHOP.items():
        first = next(iter(columns))
        yield Table(
            name,
            tuple(
                Column(it, _type(it), nullable=it != first, description=meaning)
                for it, meaning in columns.items()
            ),
            "sales",
            description=description,
            primary_key=(first,),
            foreign_keys=tuple(
                ForeignKey((it,), other, (next(iter(_SHOP[other][1])),), "sales")
                for it, other in keys.items()
            ),
            row_estimate=1000 * len(columns),
        )


def _others(chosen: random.Random) -> Iterator[Table]:
    places = list(product(_LAYERS, _ENTITIES, _FACETS))
    chosen.shuffle(places)
    orders = []
    for _ in SCHEMAS:
        chosen.shuffle(places)
        orders.append(places[:])
    known: dict[str, _Known] = {it: {} for it in SCHEMAS}
    for row in zip(*orders, strict=True):
        for schema, (layer, entity, facet) in zip(SCHEMAS, row, strict=True):
            yield _table(chosen, schema, layer, entity, facet, known)


def _table(  # noqa: PLR0913, PLR0917 - what a name is made of
    chosen: random.Random,
    schema: str,
    layer: str,
    entity: str,
    facet: str,
    known: dict[str, _Known],
) -> Table:
    name = "_".join(filter(None, (layer, entity, facet)))
    key = "_".join(filter(None, (entity, facet, "id")))
    other = chosen.choice(_ENTITIES)

    def said(meanings: tuple[str, ...], **more: str) -> str:
        text = chosen.choice(meanings).format(
            entity=entity.replace("_", " "), other=other.replace("_", " "), schema=schema,
            facet=facet or "record", **more,
        )  # fmt: skip
        return text[:1].upper() + text[1:]

    columns = {key: Column(key, "bigint", nullable=False, description=f"Number of the {entity}")}
    keys = []
    referred = _last(known[schema], 200) + _last(known[chosen.choice(SCHEMAS)], 20)
    for referred_name, referred_key in chosen.sample(referred, min(len(referred), 2)):
        if referred_key not in columns:
            columns[referred_key] = Column(referred_key, "bigint")
            owner = schema if (referred_name, referred_key) in known[schema] else ""
            if owner:
                keys.append(ForeignKey((referred_key,), referred_name, (referred_key,), owner))
    for stem in chosen.sample(_STEMS, chosen.randint(8, 22)):
        owner = chosen.choice(_OWNERS)
        column = f"{owner}_{stem}" if owner and not stem.startswith("is_") else stem
        what = stem.replace("_", " ")
        columns[column] = Column(column, _type(stem), description=said(_MEANINGS, what=what))
    columns |= {it.name: it for it in _AUDIT}
    known[schema][name, key] = None
    return Table(
        name,
        tuple(columns.values()),
        schema,
        kind="view" if layer == "mart" else "table",
        description=said(_TABLE_MEANINGS, layer=_LAYERS[layer]),
        primary_key=(key,),
        foreign_keys=tuple(keys),
        row_estimate=chosen.randint(0, 10_000_000),
    )


def _last(known: _Known, count: int) -> list[tuple[str, str]]:
    return [*islice(reversed(known), count)][::-1]


def _type(name: str) -> str:
    if name.endswith("_id"):
        return "bigint"
    if name.startswith("is_"):
        return "boolean"
    if name.endswith(("_at", "_on")) or name.startswith("valid_"):
        return "date" if name.endswith("_on") else "timestamp with time zone"
    if name.endswith(("amount", "price", "cost", "limit", "balance", "weight", "volume", "length")):
        return "numeric(18,2)"
    if name.endswith(("rate", "share", "score")):
        return "double precision"
    if name.endswith(("quantity", "count", "number", "year", "period", "rating", "position")):
        return "integer"
    return "character varying(200)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", type=int)
    count = parser.parse_args().tables
    from defog_metadata.store.home import defog_home  # noqa: PLC0415 - only here

    print(write_cache_file(defog_home() / "cache", count))
    print(f"\nThe defog.toml for it:\n\n{CONFIGURATION}")


if __name__ == "__main__":
    main()
