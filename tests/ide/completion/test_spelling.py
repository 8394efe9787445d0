"""How an accepted name is written: quotes, letter case and schema, as each dialect wants them."""

import pytest

from defog_metadata.catalog import Catalog, Column, MemoryTables, Table
from tests.ide.completion.offers import ALL, Case, cases, check, items_at

_COLUMNS = ("plain", "Mixed", "UPPER", "order", "two words", "ünï", "1st", 'quo"te')
_PUBLIC = Table("things", tuple(Column(it, "integer") for it in _COLUMNS), schema="public")
_MIXED = Table("MixedThings", (Column("id", "integer"),), schema="public")
_HIDDEN = Table("parts", (Column("id", "integer"), Column("Weight", "integer")), schema="Depot")
_LOUD = Table("ORDERS", (Column("ID", "integer"), Column("Total", "integer")), schema="PUBLIC")

_QUOTES = {"mysql": ("`", "`"), "bigquery": ("`", "`"), "tsql": ("[", "]")}


def catalog(dialect: str) -> Catalog:
    return Catalog(MemoryTables((_PUBLIC, _MIXED, _HIDDEN)), dialect, ("public",))


def quoted(name: str, dialect: str) -> str:
    opening, closing = _QUOTES.get(dialect, ('"', '"'))
    return f"{opening}{name.replace(closing, closing * 2)}{closing}"


def inserted(sql: str, dialect: str) -> dict[str, str]:
    return {it.label: it.insert for it in items_at(sql, dialect, catalog(dialect))}


@pytest.mark.parametrize("dialect", ALL.split())
@pytest.mark.parametrize("sql", ["select $0 from things", "select t.$0 from things t"])
def test_a_column_is_quoted_only_where_it_must_be(sql: str, dialect: str) -> None:
    found = inserted(sql, dialect)
    for name in ("order", "two words", "1st", 'quo"te'):
        assert found[name] == quoted(name, dialect)
    assert found["plain"] == "plain"
    folds = dialect in ("postgres", "snowflake")
    assert found["Mixed"] == (quoted("Mixed", dialect) if folds else "Mixed")
    assert found["UPPER"] == (quoted("UPPER", dialect) if dialect == "postgres" else "UPPER")


@pytest.mark.parametrize("dialect", ALL.split())
def test_a_table_is_qualified_and_quoted_where_it_must_be(dialect: str) -> None:
    found = inserted("select * from $0", dialect)
    folds = dialect in ("postgres", "snowflake")
    schema = quoted("Depot", dialect) if folds else "Depot"
    assert found["things"] == "things"
    assert found["parts"] == f"{schema}.parts"
    assert found["MixedThings"] == (quoted("MixedThings", dialect) if folds else "MixedThings")
    assert inserted(f"select * from {schema}.$0", dialect)["parts"] == "parts"


@pytest.mark.parametrize("dialect", ALL.split())
def test_a_quoted_prefix_is_replaced_with_its_quote(dialect: str) -> None:
    opening, closing = _QUOTES.get(dialect, ('"', '"'))
    for sql in (
        f"select {opening}two$0 from things",
        f"select {opening}two$0{closing} from things",
        f"select t.{opening}two$0 from things t",
        f"select * from things where {opening}two$0",
    ):
        before, _, after = sql.partition("$0")
        found = items_at(sql, dialect, catalog(dialect))
        item = next(it for it in found if it.label == "two words")
        text = before + after
        result = text[: item.span.start] + item.insert + text[item.span.end :]
        assert result.startswith(before[: before.index(opening)] + quoted("two words", dialect))
        assert not [it for it in found if it.kind == "keyword"]


@pytest.mark.parametrize("sql", ['select "two$0" from things', 'select "t$0wo" from things'])
def test_a_name_in_quotes_is_replaced_with_both_of_them(sql: str) -> None:
    found = items_at(sql, "postgres", catalog("postgres"))
    item = next(it for it in found if it.label == "two words")
    text = sql.replace("$0", "")
    result = text[: item.span.start] + item.insert + text[item.span.end :]
    assert result == 'select "two words" from things'


_LOUD_CATALOG = Catalog(MemoryTables((_LOUD,)), "snowflake", ("PUBLIC",))
FOLDED: list[Case] = [
    ("snowflake", "select $0 from orders", "ID Total", "plain"),
    ("snowflake", "select o.$0 from Orders o", "ID Total", "plain"),
    ("snowflake", 'select $0 from "ORDERS"', "ID Total", "plain"),
    ("snowflake", 'select o.$0 from "ORDERS" O', "ID Total", "plain"),
    ("snowflake", "select * from $0", "ORDERS", "ID"),
    ("snowflake", "select * from public.$0", "ORDERS", "ID"),
    ("snowflake", "with x as (select id as n from orders) select X.$0 from x", "n", "ID"),
    ("snowflake", "select id as Total2 from orders order by $0", "Total2 ID", "plain"),
]


@cases(FOLDED)
def test_names_in_upper_case(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted, _LOUD_CATALOG)


def test_only_mixed_case_is_quoted_where_names_are_raised() -> None:
    found = {
        it.label: it.insert for it in items_at("select $0 from orders", "snowflake", _LOUD_CATALOG)
    }
    assert (found["ID"], found["Total"]) == ("ID", '"Total"')


_DATABASES = Catalog(
    MemoryTables(
        (
            Table("sales", (Column("amount", "integer"),), schema="core", database="shop"),
            Table("visits", (Column("page", "text"),), schema="web", database="shop"),
        )
    ),
    "",
    ("core",),
)
QUALIFIED: list[Case] = [
    (ALL, "select $0 from sales", "amount", "page"),
    (ALL, "select $0 from core.sales", "amount", "page"),
    (ALL, "select $0 from shop.core.sales", "amount", "page"),
    (ALL, "select s.$0 from shop.core.sales s", "amount", "page"),
    (ALL, "select sales.$0 from core.sales", "amount", "page"),
    (ALL, "select core.sales.$0 from core.sales", "amount", "page"),
    (ALL, "select * from web.$0", "visits", "sales"),
    (ALL, "select * from shop.web.$0", "visits", "sales"),
    (ALL, "select * from $0", "sales visits core web", "amount"),
    (ALL, "insert into web.visits ($0", "page", "amount"),
    (ALL, "update core.sales set $0", "amount", "page"),
    (ALL, "delete from web.visits where $0", "page", "amount"),
    ("bigquery", "select $0 from `shop.core.sales`", "amount", "page"),
    ("bigquery", "select $0 from `shop`.core.sales", "amount", "page"),
    ("tsql", "select $0 from [shop].[core].[sales]", "amount", "page"),
    ("tsql", "select $0 from shop..sales", "amount", "page"),
]


@cases(QUALIFIED)
def test_schemas_and_databases(dialect: str, sql: str, wanted: str, unwanted: str) -> None:
    check(dialect, sql, wanted, unwanted, _DATABASES)
