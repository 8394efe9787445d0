"""Builds ``shop.db``, the sample database: a small web shop for tea and pottery, in SQLite.

Everything is computed, nothing is random: the same Python builds the same database every time.

    python examples/make_shop.py [--output FILE] [--force]
"""

import argparse
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

VERSION = 1
"""Kept in the database; raised when this script would build something else."""

SCHEMA = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    segment TEXT NOT NULL DEFAULT 'private' CHECK (segment IN ('private', 'trade', 'gift')),
    joined_on DATE NOT NULL,
    newsletter BOOLEAN NOT NULL DEFAULT 0
);
CREATE TABLE addresses (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    street TEXT NOT NULL,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL,
    country_code CHAR(2) NOT NULL
);
CREATE TABLE categories (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES categories (id),
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE suppliers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    country_code CHAR(2) NOT NULL,
    lead_time_days INTEGER NOT NULL
);
CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    sku VARCHAR(12) NOT NULL UNIQUE,
    name TEXT NOT NULL,
    category_id INTEGER NOT NULL REFERENCES categories (id),
    supplier_id INTEGER NOT NULL REFERENCES suppliers (id),
    price DECIMAL(10, 2) NOT NULL CHECK (price > 0),
    weight_g INTEGER,
    is_active BOOLEAN NOT NULL DEFAULT 1
);
CREATE TABLE stock (
    product_id INTEGER NOT NULL REFERENCES products (id),
    location TEXT NOT NULL CHECK (location IN ('shop', 'warehouse')),
    quantity INTEGER NOT NULL DEFAULT 0,
    reorder_level INTEGER NOT NULL DEFAULT 5,
    PRIMARY KEY (product_id, location)
) WITHOUT ROWID;
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    ship_to_address_id INTEGER NOT NULL REFERENCES addresses (id),
    ordered_on DATE NOT NULL,
    status TEXT NOT NULL DEFAULT 'new'
        CHECK (status IN ('new', 'paid', 'shipped', 'returned', 'cancelled')),
    note TEXT
);
CREATE TABLE order_items (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    line_no INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit_price DECIMAL(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line_no)
);
CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    paid_on DATE NOT NULL,
    amount DECIMAL(10, 2) NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('card', 'transfer', 'voucher'))
);
CREATE TABLE shipments (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id),
    carrier TEXT NOT NULL,
    sent_on DATE NOT NULL,
    delivered_on DATE
);
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    body TEXT,
    written_on DATE NOT NULL,
    UNIQUE (product_id, customer_id)
);
CREATE INDEX orders_by_customer ON orders (customer_id, ordered_on);
CREATE INDEX order_items_by_product ON order_items (product_id);
CREATE INDEX products_by_category ON products (category_id);
CREATE VIEW order_totals AS
    SELECT o.id AS order_id, o.customer_id, o.ordered_on,
        SUM(i.quantity) AS items, SUM(i.quantity * i.unit_price) AS total
    FROM orders AS o JOIN order_items AS i ON i.order_id = o.id
    GROUP BY o.id, o.customer_id, o.ordered_on;
"""

FIRST_NAMES = "Ada Bruno Chloé Dagny Emre Femke Goran Hana Ivo Jana Kofi Lucía".split()
LAST_NAMES = "Lindgren Okafor Rossi Weiß Novák Haddad".split()
CITIES = (
    ("Lyon", "FR", "69001"),
    ("Graz", "AT", "8010"),
    ("Malmö", "SE", "211 20"),
    ("Porto", "PT", "4000-322"),
)
SEGMENTS = ("private", "private", "trade", "gift")
CATEGORIES = (
    (1, None, "Tea"),
    (2, 1, "Green tea"),
    (3, 1, "Black tea"),
    (4, None, "Pottery"),
    (5, 4, "Cups"),
    (6, 4, "Teapots"),
)
SUPPLIERS = (
    (1, "Uji Garden Cooperative", "JP", 35),
    (2, "Darjeeling Hill Estates", "IN", 28),
    (3, "Töpferei Brandt", "DE", 10),
    (4, "Olaria do Rio", "PT", 14),
)
PRODUCTS = (
    ("GT-SENCHA", "Sencha, first flush", 2, 1, 1450, 100),
    ("GT-MATCHA", "Matcha, ceremonial", 2, 1, 2990, 40),
    ("GT-GENMAI", "Genmaicha", 2, 1, 990, 100),
    ("GT-GYOKURO", "Gyokuro", 2, 1, 3490, 50),
    ("BT-DARJ-1", "Darjeeling, first flush", 3, 2, 1890, 100),
    ("BT-DARJ-2", "Darjeeling, second flush", 3, 2, 1690, 100),
    ("BT-ASSAM", "Assam, broken leaf", 3, 2, 890, 250),
    ("BT-SMOKED", "Smoked black tea", 3, 2, 1290, 100),
    ("CU-RAKU", "Raku cup", 5, 3, 3200, 260),
    ("CU-WHITE", "White porcelain cup", 5, 3, 1200, 180),
    ("CU-BLUE", "Blue glazed cup", 5, 4, 1600, 210),
    ("CU-CHILD", "Small cup for children", 5, 4, 900, 120),
    ("TP-IRON", "Cast iron teapot", 6, 1, 7900, 1450),
    ("TP-CLAY", "Clay teapot, 0.4 l", 6, 3, 5400, 610),
    ("TP-GLASS", "Glass teapot, 0.8 l", 6, 4, 3900, 480),
    ("TP-TRAVEL", "Travel set", 6, 4, 4500, None),
)
INACTIVE = frozenset({"CU-CHILD"})
STATUSES = ("shipped", "shipped", "paid", "shipped", "new", "returned", "shipped", "cancelled")
METHODS = ("card", "card", "transfer", "voucher")
CARRIERS = ("Posten", "Rapido", "Courrier Vert")
REVIEWS = ("Lovely.", "As described.", None, "Arrived broken, replaced at once.", "Too small.")
ORDERS = 36


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def day(number: int) -> str:
    return (date(2024, 1, 8) + timedelta(days=number)).isoformat()


def order_lines() -> Iterator[tuple[int, int, int, int, int]]:
    """Order, line, product, quantity and unit price in cents."""
    for order in range(1, ORDERS + 1):
        for line in range(1, 2 + order % 3):
            # The last product is new: nobody has ordered it yet.
            product = (order * 4 + line * 7) % (len(PRODUCTS) - 1) + 1
            yield order, line, product, 1 + (order + line) % 4, PRODUCTS[product - 1][4]


def fill(database: sqlite3.Connection) -> None:
    def insert(table: str, rows: list[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    customers = range(1, 25)
    names = [
        (FIRST_NAMES[it % len(FIRST_NAMES)], LAST_NAMES[it % len(LAST_NAMES)]) for it in customers
    ]
    insert(
        "customers",
        [
            (
                it, f"customer{it}@example.com", f"{first} {last}",
                SEGMENTS[it % len(SEGMENTS)], day(it * 3 - 60), it % 2,
            )
            for it, (first, last) in zip(customers, names, strict=True)
        ],
    )  # fmt: skip
    insert(
        "addresses",
        [
            (it, it, f"{last} Street {it * 7 % 90 + 1}", city, postcode, country)
            for it, (_, last) in zip(customers, names, strict=True)
            for city, country, postcode in [CITIES[it % len(CITIES)]]
        ],
    )
    insert("categories", list(CATEGORIES))
    insert("suppliers", list(SUPPLIERS))
    insert(
        "products",
        [
            (number, sku, name, category, supplier, euros(cents), weight, int(sku not in INACTIVE))
            for number, (sku, name, category, supplier, cents, weight) in enumerate(PRODUCTS, 1)
        ],
    )
    insert(
        "stock",
        [
            (product, location, (product * factor) % modulus, 5)
            for product in range(1, len(PRODUCTS) + 1)
            for location, factor, modulus in (("shop", 3, 10), ("warehouse", 11, 14))
        ],
    )
    orders = [
        (it, it * 7 % 24 + 1, day(it * 5), STATUSES[it % len(STATUSES)])
        for it in range(1, ORDERS + 1)
    ]
    insert(
        "orders",
        [
            (it, customer, customer, ordered, status, "Gift wrap, please." if it % 9 == 0 else None)
            for it, customer, ordered, status in orders
        ],
    )
    insert("order_items", [(*it[:4], euros(it[4])) for it in order_lines()])
    totals: dict[int, int] = {}
    for order, _, _, quantity, cents in order_lines():
        totals[order] = totals.get(order, 0) + quantity * cents
    paid = [it for it in orders if it[3] in ("paid", "shipped", "returned")]
    insert(
        "payments",
        [
            (number, order, ordered, euros(totals[order]), METHODS[order % len(METHODS)])
            for number, (order, _, ordered, _) in enumerate(paid, 1)
        ],
    )
    sent = [it for it in orders if it[3] in ("shipped", "returned")]
    insert(
        "shipments",
        [
            (
                number, order, CARRIERS[order % len(CARRIERS)], day(order * 5 + 1),
                None if order > ORDERS - 4 else day(order * 5 + 2 + order % 4),
            )
            for number, (order, _, _, _) in enumerate(sent, 1)
        ],
    )  # fmt: skip
    insert(
        "reviews",
        [
            (it, it, it * 5 % 24 + 1, 5 - it * it % 5, REVIEWS[it % len(REVIEWS)], day(it * 6 + 9))
            for it in range(1, len(PRODUCTS) + 1)
        ],
    )


def is_current(path: Path) -> bool:
    """Whether *path* already is what this script would build."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(version == VERSION)


def build(path: Path) -> None:
    """Write the database beside *path*, then put it in place whole."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(unfinished)) as database:
            database.execute("PRAGMA foreign_keys = ON")
            database.executescript(SCHEMA)
            fill(database)
            database.execute(f"PRAGMA user_version = {VERSION}")
            database.commit()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the sample database.")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "shop" / "shop.db")
    parser.add_argument("--force", action="store_true", help="build it even if it is there")
    arguments = parser.parse_args()
    if not arguments.force and is_current(arguments.output):
        print(f"{arguments.output} is there already")
        return 0
    build(arguments.output)
    print(f"built {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
