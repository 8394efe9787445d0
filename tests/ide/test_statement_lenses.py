"""What stands above statements and CTEs."""

import pytest

from defog_lsp.ide.statement_lenses import statement_lenses
from defog_metadata.rules.findings import DEFAULT_SEVERITIES
from tests.fixture import snapshot_of


def lenses(sql: str, **severities: str) -> list[str]:
    """Each lens as what is under it, what it says, and what a click does."""
    snapshot = snapshot_of(sql)
    found = statement_lenses(snapshot, {**DEFAULT_SEVERITIES, **severities})  # type: ignore[dict-item]
    said = []
    for it in found:
        click = f" [{it.fix.title}]" if it.fix else ""
        said.append(f"{sql[it.span.start : it.span.end]}: {it.title}{click}")
    return said


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select *\nfrom orders\njoin customers\non true", ["select: reads orders, customers"]),
        # What a look tells is not said.
        ("select * from orders join customers on true", []),
        ("select *\nfrom\norders\nwhere\ntrue", []),
        ("insert into orders (id)\nvalues\n(1),\n(2)\n", []),
        (
            "insert into orders (id)\nselect id\nfrom customers\nwhere true",
            ["insert: reads customers · writes orders"],
        ),
        (
            "create view v as\nselect *\nfrom orders\njoin customers on true",
            ["v: reads orders, customers"],
        ),
        (
            "with c as (select 1)\nselect *\nfrom c\njoin c as d on true",
            ["c: used 2 times"],
        ),
        ("with c as (select 1) select * from c", []),
        ("with $ as (select 1) select", []),
        (
            "with c as (select * from orders),\nd as (select 1)\nselect *\nfrom d join customers on true",
            ["with: reads customers, orders", "c: unused CTE [Remove c]"],
        ),
        (
            "select *\nfrom orders\njoin nowhere on true\njoin orders o on true",
            [],
        ),
        (
            "create table a (x int); create table b (x int);\n"
            "delete from a\nusing b\nwhere a.x = b.x\n;\n",
            [],
        ),
        (
            "create table a (x int); create table b (x int);\n"
            "delete from a\nusing b\nwhere\na.x = b.x\n;\n",
            ["delete: reads b · writes a"],
        ),
    ],
)  # fmt: skip
def test_lenses(sql: str, expected: list[str]) -> None:
    assert lenses(sql) == expected


def test_many_names_are_cut() -> None:
    made = "".join(f"create table t{it} (x int);" for it in range(6))
    joined = "\n".join(f"cross join t{it}" for it in range(1, 6))
    assert lenses(f"{made}select * from t0\n{joined}") == [
        "select: reads t0, t1, t2, t3 and 2 more"
    ]


def test_an_unused_cte_is_one_where_the_rule_says_so() -> None:
    sql = "with c as (select 1) select * from orders"
    assert lenses(sql) == ["c: unused CTE [Remove c]"]
    assert lenses(sql, **{"unused-cte": "off"}) == []
    assert lenses(f"-- defog: ignore unused-cte\n{sql}") == []
