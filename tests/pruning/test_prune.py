"""Pruning as a whole: what is kept of a catalog for a question."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.catalog import Catalog, Column, ForeignKey, Table
from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.pruning.evidence import Evidence, Example, Tie
from defog_metadata.pruning.prune import prune
from defog_metadata.pruning.pruned import Pruned
from defog_metadata.pruning.tokens import count_tokens


def table(name: str, *columns: str, schema: str = "public", **more: object) -> Table:
    """Columns as ``name: description``; ``customer_id -> customers.id`` is a foreign key."""
    made, keys = [], []
    for it in columns:
        declared, _, referred = it.partition(" -> ")
        column, _, description = declared.partition(": ")
        made.append(Column(column, "text", description=description))
        if referred:
            owner, _, key = referred.rpartition(".")
            keys.append(ForeignKey((column,), owner, (key,)))
    return Table(name, tuple(made), schema, foreign_keys=tuple(keys), **more)  # type: ignore[arg-type]


SHOP = Catalog.of(
    table("customers", "id", "name", "city", primary_key=("id",)),
    table("orders", "id", "customer_id -> customers.id", "placed_on", "status", "total"),
    table("order_lines", "order_id -> orders.id", "product_id -> products.id", "qty", "unit_price"),
    table("products", "id", "title", "weight: in grams", "supplier_id -> suppliers.id"),
    table("suppliers", "id", "company", "country"),
    table("audit_log", "id", "entry", "written_at", schema="admin"),
    table("sessions", "id", "token", "started_at", schema="admin"),
)


def kept(pruned: Pruned) -> dict[str, set[str]]:
    return {it.table.name: {column.name for column in it.table.columns} for it in pruned.tables}


def conditions(pruned: Pruned) -> set[str]:
    return {it.condition for it in pruned.joins}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where do our customers live: which city?", "customers.city"),
        ("total of the orders placed last week", "orders.total"),
        # abbreviated, misspelled, of the same root, described
        ("What quantity was sold?", "order_lines.qty"),
        ("Which supliers are from abroad?", "suppliers.company"),
        ("Which country supplies us?", "suppliers.country"),
        ("How many grams is it?", "products.weight"),
        ("the unit price", "order_lines.unit_price"),
    ],
)
def test_what_a_question_is_about_comes_first(question: str, expected: str) -> None:
    owner, _, column = expected.partition(".")
    found = kept(prune(question, SHOP, prune_bm25_num_columns=3))
    assert column in found.get(owner, ())


def test_tables_between_are_kept_with_their_keys() -> None:
    pruned = prune("customers by title of products", SHOP, prune_bm25_num_columns=4)
    assert {"customers", "orders", "order_lines", "products"} <= set(kept(pruned))
    assert conditions(pruned) >= {
        "orders.customer_id = customers.id",
        "order_lines.order_id = orders.id",
        "order_lines.product_id = products.id",
    }
    assert kept(pruned)["order_lines"] >= {"order_id", "product_id"}


def test_joins_are_written_once_and_only_between_kept_tables() -> None:
    pruned = prune("orders of customers", SHOP, prune_bm25_num_columns=3)
    assert set(kept(pruned)) == {"customers", "orders", "order_lines"}
    assert sorted(it.condition for it in pruned.joins) == [
        "order_lines.order_id = orders.id",
        "orders.customer_id = customers.id",
    ]
    assert {it.origin for it in pruned.joins} == {"foreign key"}


def test_golden_queries_like_the_question_speak_for_what_they_read() -> None:
    example = Example(
        "Who bought the heaviest goods?",
        frozenset({"public.suppliers"}),
        frozenset({("public.suppliers", "company")}),
    )
    question = "who sold the heaviest goods?"
    without = prune(question, SHOP, prune_bm25_num_columns=1)
    given = prune(question, SHOP, Evidence((example,)), prune_bm25_num_columns=1)
    assert kept(given) == {"suppliers": {"company"}} != kept(without)
    (column,) = given.tables[0].columns
    assert column.why == ("golden query: Who bought the heaviest goods?",)


def test_golden_queries_say_how_to_join() -> None:
    tie = Tie("public.customers", ("city",), "public.suppliers", ("country",))
    evidence = Evidence((Example("unlike anything", ties=(tie,)),))
    pruned = prune("customers and suppliers", SHOP, evidence, prune_bm25_num_columns=4)
    assert "customers.city = suppliers.country" in conditions(pruned)


@pytest.mark.parametrize(
    "glossary",
    [
        "- Turnover is the sum of `order_lines.qty * order_lines.unit_price`.",
        "Turnover (TO) = SUM(qty * unit_price) from order_lines",
        "# Terms\n* Turnover: see order_lines.unit_price and order_lines.qty",
    ],
)
def test_the_glossary_says_what_a_term_is_made_of(glossary: str) -> None:
    pruned = prune(
        "What was the turnover in each city over the whole of last year?",
        SHOP,
        Evidence(glossary=glossary),
        prune_bm25_num_columns=6,
    )
    assert kept(pruned)["order_lines"] >= {"qty", "unit_price"}


def test_the_glossary_says_how_to_join() -> None:
    catalog = Catalog.of(table("shops", "nr", "town"), table("tills", "serial", "shop"))
    evidence = Evidence(glossary="- shops.nr can be joined to tills.shop")
    pruned = prune("town of the tills", catalog, evidence, prune_bm25_num_columns=2)
    assert [(it.condition, it.origin) for it in pruned.joins] == [
        ("shops.nr = tills.shop", "glossary")
    ]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        # without foreign keys, by name: the table that is called after it comes first
        (
            [table("author", "authorid", "name"), table("writes", "paperid", "authorid")],
            {"author.authorid = writes.authorid"},
        ),
        (
            [table("business", "business_id", "x"), table("tip", "business_id", "y")],
            {"business.business_id = tip.business_id"},
        ),
        # set off by a prefix
        (
            [
                table("nation", "n_name", "n_regionkey", "n_nationkey", "n_comment"),
                table("supplier", "s_name", "s_nationkey", "s_phone", "s_comment"),
            ],
            {"nation.n_nationkey = supplier.s_nationkey"},
        ),
        # a bare id says nothing
        ([table("cats", "id", "name"), table("dogs", "id", "name")], set()),
    ],
    ids=["own key", "with a separator", "prefixed", "bare"],
)
def test_joins_are_guessed_from_names(tables: list[Table], expected: set[str]) -> None:
    question = " and ".join(it.name for it in tables)
    pruned = prune(question, Catalog.of(*tables))
    found = {frozenset(it.split(" = ")) for it in conditions(pruned)}
    assert found == {frozenset(it.split(" = ")) for it in expected}


def test_what_is_known_leaves_nothing_to_guess() -> None:
    catalog = Catalog.of(
        table("users", "user_id", "mail"),
        table("visits", "user_id -> users.user_id", "day"),
        table("bills", "user_id -> users.user_id", "total"),
    )
    pruned = prune("visits and bills of users", catalog)
    assert {it.origin for it in pruned.joins} == {"foreign key"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"schema_whitelist": ["admin"]}, {"admin"}),
        ({"schema_whitelist": ["ADMIN", "public"]}, {"admin", "public"}),
        ({"schema_blacklist": ["admin"]}, {"public"}),
        ({"schema_whitelist": ["admin"], "schema_blacklist": ["Admin"]}, set()),
        ({"schema_whitelist": ["nowhere"]}, set()),
        ({}, {"admin", "public"}),
    ],
)
@pytest.mark.parametrize("question", ["orders written to the log", "nothing of this"])
def test_schemas_are_chosen(
    arguments: dict[str, list[str]], expected: set[str], question: str
) -> None:
    evidence = Evidence((Example(question, frozenset({"admin.audit_log", "public.orders"})),))
    pruned = prune(question, SHOP, evidence, **arguments)  # type: ignore[arg-type]
    assert {it.table.schema for it in pruned.tables} == expected


def test_whole_tables_are_kept_or_left_out() -> None:
    pruned = prune("orders of customers", SHOP, subtable_pruning=False, prune_max_tokens=60)
    assert 0 < len(pruned.tables) < 7
    for it in pruned.tables:
        (source,) = SHOP.source.named(it.table.name)
        assert it.table.columns == source.columns


def test_a_small_catalog_is_kept_as_a_whole() -> None:
    assert len(kept(prune("something else entirely", SHOP))) == 7


def test_nothing_fits_in_no_tokens() -> None:
    pruned = prune("orders", SHOP, prune_max_tokens=3)
    assert (pruned.tables, pruned.joins, pruned.text, pruned.tokens) == ((), (), "", 0)


def test_an_empty_catalog_has_nothing() -> None:
    assert prune("orders", Catalog.of()).text == ""


def test_the_text() -> None:
    catalog = Catalog.of(
        Table(
            "Order",
            (
                Column("id", "int"),
                Column("state", "text", description="How far\nit is.", enum_values=("new", "paid")),
                Column("by", "int"),
            ),
            "public",
            description="What was bought.",
            primary_key=("id",),
            foreign_keys=(ForeignKey(("by",), "people", ("nr",), "hr"),),
        ),
        Table("people", (Column("nr", "int"),), "hr", kind="view"),
    )
    pruned = prune("the order's people", catalog)
    assert (
        pruned.text
        == """\
CREATE TABLE "Order" ( -- What was bought.
  id int PRIMARY KEY,
  state text, -- How far it is.; one of 'new', 'paid'
  "by" int,
);
CREATE VIEW hr.people (
  nr int,
);
-- Joins:
-- "Order"."by" = hr.people.nr
"""
    )


def test_descriptions_are_what_a_tight_budget_leaves_out() -> None:
    question = "weight of products in grams"
    full = prune(question, SHOP, prune_bm25_num_columns=3)
    assert "in grams" in full.text
    tight = prune(question, SHOP, prune_bm25_num_columns=3, prune_max_tokens=full.tokens - 1)
    assert "in grams" not in tight.text
    assert kept(tight) == kept(full)


def test_keys_that_are_not_whole_are_not_kept() -> None:
    catalog = Catalog.of(table("t", "a", "b", "wanted", "c", primary_key=("a", "b")))
    (only,) = prune("wanted", catalog, prune_bm25_num_columns=1).tables
    assert (only.table.primary_key, len(only.table.columns)) == ((), 1)


def test_json_can_be_read_back() -> None:
    pruned = prune("orders of customers", SHOP, prune_bm25_num_columns=4)
    document = pruned.to_json()
    read = {it.qualified_name: it for it in read_metadata(document["metadata"]).tables}
    assert read == {it.table.qualified_name: it.table for it in pruned.tables}
    assert document["joins"][0]["condition"] in pruned.text
    assert set(document["why"]) == set(read)


_WORDS = st.sampled_from(
    "order customer customers cust id name orderdate qty quantity city total x".split()
)
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map("_".join)


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    names = draw(st.lists(_NAMES, max_size=6, unique=True))
    tables = []
    for name in names:
        columns = draw(st.lists(_NAMES, min_size=1, max_size=6, unique=True))
        text = draw(st.sampled_from(("", "who bought, and when", "a " * 40)))
        keys = tuple(
            ForeignKey((columns[0],), other, (columns[0],))
            for other in draw(st.lists(st.sampled_from(names), max_size=2))
        )
        schema = draw(st.sampled_from(("public", "other")))
        made = tuple(Column(it, "text", description=text) for it in columns)
        tables.append(Table(name, made, schema, description=text, foreign_keys=keys))
    return Catalog.of(*tables)


@given(
    catalogs(),
    st.lists(_WORDS | st.text(max_size=5), max_size=6).map(" ".join),
    st.integers(0, 200),
    st.integers(0, 12),
    st.booleans(),
)
def test_what_always_holds(
    catalog: Catalog, question: str, tokens: int, columns: int, is_fine: bool
) -> None:
    arguments = {
        "subtable_pruning": is_fine,
        "prune_max_tokens": tokens,
        "prune_bm25_num_columns": columns,
    }
    evidence = Evidence(glossary="- An order is customer.name\n- cust can be joined to order on id")
    pruned = prune(question, catalog, evidence, **arguments)  # type: ignore[arg-type]
    # The number of tokens is that of the text, and never more than allowed.
    assert count_tokens(pruned.text) == pruned.tokens <= tokens
    # The same question has the same answer, whatever was asked before.
    assert prune(question, Catalog.of(*catalog.source.tables()), evidence, **arguments) == pruned  # type: ignore[arg-type]
    # Whatever is kept is in the catalog, and each once.
    sources = {it.qualified_name: it for it in catalog.source.tables()}
    found = {it.table.qualified_name: it for it in pruned.tables}
    assert len(found) == len(pruned.tables)
    for name, it in found.items():
        assert set(it.table.columns) <= set(sources[name].columns)
        assert [column.name for column in it.columns] == [x.name for x in it.table.columns]
        assert it.table.columns
    # Joins are between kept tables, on kept columns.
    for join in pruned.joins:
        for name, joined in ((join.table, join.columns), (join.other, join.other_columns)):
            own = {it.name for it in found[name].columns}
            assert own.issuperset(it for it in joined if sources[name].column(it))


@given(catalogs(), st.lists(_WORDS, max_size=4).map(" ".join))
def test_more_tokens_never_keep_fewer_tables(catalog: Catalog, question: str) -> None:
    counts = [
        len(prune(question, catalog, prune_max_tokens=it, subtable_pruning=False).tables)
        for it in (20, 60, 5000)
    ]
    assert counts == sorted(counts)


def test_a_key_to_a_column_that_is_not_there_leads_nowhere() -> None:
    def keyed(name: str) -> Table:
        key = ForeignKey((f"{name}_key",), "middle", ("gone",))
        columns = (Column(f"{name}_key", "int"), Column(name, "text"))
        return Table(name, columns, "public", foreign_keys=(key,))

    middle = Table("middle", (Column("other", "text"),), "public")
    catalog = Catalog.of(keyed("apple"), keyed("pear"), middle)
    found = prune("apple and pear", catalog, prune_bm25_num_columns=2)
    assert {it.table.name for it in found.tables} == {"apple", "pear"}
    there = replace(middle, columns=(Column("gone", "int"),))
    catalog = Catalog.of(keyed("apple"), keyed("pear"), there)
    found = prune("apple and pear", catalog, prune_bm25_num_columns=2)
    assert {it.table.name for it in found.tables} == {"apple", "pear", "middle"}
