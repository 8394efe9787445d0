"""The statements as a person reads them, one feature a test."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from defog_metadata import Column, ConfigurationError, ForeignKey, Index, Table, UniqueKey
from defog_metadata.catalog.shapes import write_columns, write_seed, write_tables
from defog_metadata.ddl import create_ddl_from_metadata

CUSTOMERS = Table(
    "customers",
    (
        Column("id", "integer", nullable=False, default="nextval('customers_id_seq'::regclass)"),
        Column("name", "character varying(255)", description="Full name, it's required"),
        Column("status", "text", nullable=False, default="'new'::text", enum_values=("new", "old")),
    ),
    schema="public",
    description="Who buys.",
    primary_key=("id",),
    unique_keys=(UniqueKey(("name",), "customers_name_key"),),
    indexes=(Index("by_status", ("status", "lower(name)")),),
)
ORDERS = Table(
    "orders",
    (
        Column("Id", "bigint", nullable=False, default="GENERATED ALWAYS AS IDENTITY"),
        Column("customer_id", "integer"),
        Column("placed", "timestamp without time zone", default="now()"),
    ),
    schema="sales",
    primary_key=("Id",),
    foreign_keys=(ForeignKey(("customer_id",), "customers", ("id",), "public", "orders_customer"),),
)
VIEW = Table("seen", (Column("id", "integer"),), schema="public", kind="view")
TABLES = (ORDERS, CUSTOMERS, VIEW)


def check(dialect: str | None, expected: str, *tables: Table, **options: object) -> None:
    written = create_ddl_from_metadata(tables or TABLES, dialect, **options)  # type: ignore[arg-type]
    assert "\n".join(written) == dedent(expected).strip()


def test_postgres() -> None:
    check(
        None,
        """
        CREATE SCHEMA IF NOT EXISTS sales;
        CREATE TABLE public.customers (
            id serial PRIMARY KEY,
            name character varying(255),
            status text DEFAULT 'new'::text NOT NULL CHECK (status IN ('new', 'old')),
            CONSTRAINT customers_name_key UNIQUE (name)
        );
        CREATE INDEX by_status ON public.customers (status, (lower(name)));
        COMMENT ON TABLE public.customers IS 'Who buys.';
        COMMENT ON COLUMN public.customers.name IS 'Full name, it''s required';
        CREATE TABLE sales.orders (
            "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_id integer,
            placed timestamp without time zone DEFAULT now(),
            CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES public.customers (id)
        );
        """,
    )


def test_sqlite() -> None:
    check(
        "sqlite",
        """
        CREATE TABLE customers ( -- Who buys.
            id INTEGER PRIMARY KEY,
            name TEXT(255), -- Full name, it's required
            status TEXT DEFAULT 'new' NOT NULL CHECK (status IN ('new', 'old')),
            CONSTRAINT customers_name_key UNIQUE (name)
        );
        CREATE TABLE orders (
            Id INTEGER PRIMARY KEY,
            customer_id INTEGER,
            placed TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
            CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id)
        );
        """,
    )


def test_mysql() -> None:
    check(
        "mysql",
        """
        CREATE TABLE customers (
            id INT AUTO_INCREMENT PRIMARY KEY,
            name VARCHAR(255) COMMENT 'Full name, it''s required',
            status TEXT DEFAULT ('new') NOT NULL CHECK (status IN ('new', 'old')),
            CONSTRAINT customers_name_key UNIQUE (name)
        ) DEFAULT CHARSET=utf8mb4 COMMENT='Who buys.';
        """,
        CUSTOMERS,
    )


@pytest.mark.parametrize("shape", [write_seed, write_tables, write_columns])
def test_every_shape(shape: Callable[[list[Table]], dict[str, object]]) -> None:
    written = create_ddl_from_metadata(shape([CUSTOMERS]))
    assert written[0].startswith("CREATE TABLE public.customers (\n    id ")


def test_a_choice_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match="no table 'custmers'; did you mean 'customers'"):
        create_ddl_from_metadata(TABLES, tables=["custmers"])
    with pytest.raises(ConfigurationError, match="no schema 'sale'; did you mean 'sales'"):
        create_ddl_from_metadata(TABLES, schemas=["sale"])


@pytest.mark.parametrize("dialect", ["prql", "nonsense"])
def test_dialects_without_ddl(dialect: str) -> None:
    with pytest.raises(ConfigurationError):
        create_ddl_from_metadata(TABLES, dialect)
