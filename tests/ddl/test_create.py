"""The statements as a person reads them, one feature a test."""

from collections.abc import Callable
from dataclasses import replace
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


def test_views_are_left_out_unless_asked_for() -> None:
    assert not any("seen" in it for it in create_ddl_from_metadata(TABLES))
    written = create_ddl_from_metadata(TABLES, kinds=("table", "view"), tables=["seen"])
    assert written == ["CREATE TABLE public.seen (\n    id integer\n);"]


RECENT = Table(
    "recent",
    (Column("id", "integer", description="Its number."),),
    "public",
    kind="view",
    description="New ones.",
    definition="SELECT orders.id\n   FROM orders\n  WHERE (orders.total > (3)::numeric)",
)
COUNTED = Table(
    "a counted one",
    (Column("n", "bigint"),),
    "reports",
    kind="materialized view",
    indexes=(Index("by_n", ("n",)),),
    definition="SELECT count(*) AS n\n   FROM recent",
)
BOUGHT = Table("orders", (Column("id", "integer"), Column("total", "numeric")), "public")


def test_views_come_last_each_after_those_that_it_reads() -> None:
    check(
        "postgres",
        """
        CREATE SCHEMA IF NOT EXISTS reports;
        CREATE TABLE public.orders (
            id integer,
            total numeric
        );
        CREATE VIEW public.recent AS
        SELECT orders.id
           FROM orders
          WHERE (orders.total > (3)::numeric);
        COMMENT ON VIEW public.recent IS 'New ones.';
        COMMENT ON COLUMN public.recent.id IS 'Its number.';
        CREATE MATERIALIZED VIEW reports."a counted one" AS
        SELECT count(*) AS n
           FROM recent;
        CREATE INDEX by_n ON reports."a counted one" (n);
        """,
        COUNTED,
        RECENT,
        BOUGHT,
    )


def test_views_in_another_dialect() -> None:
    written = create_ddl_from_metadata([COUNTED, RECENT, BOUGHT], "tsql", source_dialect="postgres")
    assert [" ".join(it.split()) for it in written[2:]] == [
        "CREATE VIEW dbo.recent AS SELECT orders.id FROM dbo.orders"
        " WHERE ( orders.total > CAST(( 3 ) AS NUMERIC) );",
        "CREATE VIEW reports.[a counted one] AS SELECT COUNT_BIG(*) AS n FROM dbo.recent;",
    ]
    # What cannot be said is left out.
    odd = replace(RECENT, definition="SELECT id FROM orders FOR UPDATE NOWAIT X")
    assert len(create_ddl_from_metadata([odd, BOUGHT], "tsql", source_dialect="postgres")) == 1


def test_views_where_schemas_are_databases() -> None:
    view = replace(
        RECENT,
        schema="shop",
        definition="select `shop`.`orders`.`id` AS `id` from `shop`.`orders`",
        description="",
    )
    written = create_ddl_from_metadata([view, replace(BOUGHT, schema="shop")], "mysql")
    assert " ".join(written[-1].split()) == (
        "CREATE VIEW recent AS SELECT `orders`.`id` AS `id` FROM orders;"
    )


def test_columns_of_a_view_that_its_query_gives_other_names() -> None:
    view = replace(RECENT, schema="main", definition="select total from orders")
    assert create_ddl_from_metadata([view], "sqlite", source_dialect="sqlite") == [
        "CREATE VIEW recent (id) AS\nselect total from orders;"
    ]


def test_views_that_may_be_created_twice() -> None:
    view, kept = create_ddl_from_metadata([RECENT, COUNTED], if_not_exists=True)[1::3][:2]
    assert view.startswith("DO $defog$ BEGIN CREATE VIEW public.recent AS\n")
    assert view.endswith("EXCEPTION WHEN duplicate_table THEN NULL; END $defog$;")
    assert kept.startswith("CREATE MATERIALIZED VIEW IF NOT EXISTS reports.")


def test_what_may_be_run_twice() -> None:
    mood = Table("m", (Column("now", "mood", enum_values=("good", "bad")),), schema="public")
    first = ForeignKey(("now",), "n", ("now",), name="m_n")
    circle = (
        replace(mood, foreign_keys=(first,), unique_keys=(UniqueKey(("now",), "m_now"),)),
        replace(
            mood,
            name="n",
            foreign_keys=(ForeignKey(("now",), "m", ("now",)),),
            unique_keys=(UniqueKey(("now",), "n_now"),),
        ),
    )
    check(
        "postgres",
        """
        DO $defog$ BEGIN CREATE TYPE mood AS ENUM ('good', 'bad'); EXCEPTION WHEN duplicate_object THEN NULL; END $defog$;
        CREATE TABLE IF NOT EXISTS public.m (
            now mood,
            CONSTRAINT m_now UNIQUE (now)
        );
        CREATE TABLE IF NOT EXISTS public.n (
            now mood,
            CONSTRAINT n_now UNIQUE (now),
            FOREIGN KEY (now) REFERENCES public.m (now)
        );
        DO $defog$ BEGIN ALTER TABLE public.m ADD CONSTRAINT m_n FOREIGN KEY (now) REFERENCES public.n (now); EXCEPTION WHEN duplicate_object THEN NULL; END $defog$;
        """,
        *circle,
        if_not_exists=True,
    )


def test_columns_that_refer_together() -> None:
    lines = Table(
        "lines",
        (Column("o", "integer"), Column("n", "integer"), Column("email", "text")),
        primary_key=("o", "n"),
    )
    notes = Table(
        "notes",
        (*(Column(it, "integer") for it in ("lo", "ln", "part")), Column("mail", "text")),
        foreign_keys=(
            ForeignKey(("lo",), "lines", ("o",)),
            ForeignKey(("ln",), "lines", ("n",)),
            ForeignKey(("mail",), "lines", ("email",)),
        ),
    )
    parts = Table(
        "parts", (Column("o", "integer"),), foreign_keys=(ForeignKey(("o",), "lines", ("o",)),)
    )
    check(
        "postgres",
        """
        CREATE TABLE lines (
            o integer,
            n integer,
            email text,
            PRIMARY KEY (o, n),
            UNIQUE (email)
        );
        CREATE TABLE notes (
            lo integer,
            ln integer,
            part integer,
            mail text,
            FOREIGN KEY (lo, ln) REFERENCES lines (o, n),
            FOREIGN KEY (mail) REFERENCES lines (email)
        );
        CREATE TABLE parts (
            o integer
        );
        """,
        notes,
        lines,
        parts,
    )


def test_names_that_two_schemas_have() -> None:
    there = replace(
        CUSTOMERS, schema="old", indexes=(), columns=CUSTOMERS.columns[1:2], primary_key=()
    )
    written = create_ddl_from_metadata([CUSTOMERS, there], "sqlite")
    assert [it.partition(" (")[0] for it in written] == [
        "CREATE TABLE public_customers",
        "CREATE TABLE old_customers",
    ]
