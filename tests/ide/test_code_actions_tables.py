"""What is offered for the tables and columns that a query names."""

import pytest

from defog_lsp.ide.code_actions import CodeAction, Task
from defog_lsp.ide.code_actions.actions import ActionKind
from tests.ide.actions import offered

TWO = "select o.to$0tal from orders o join customers c on c.id = o.customer_id"
KINDS: dict[ActionKind, str] = {
    "defog.describe": "describe",
    "defog.ddl": "ddl",
    "defog.database": "database",
}


def tasks(sql: str, dialect: str = "postgres", *kinds: str) -> dict[str, Task]:
    found = offered(sql, dialect, kinds=kinds or tuple(KINDS))
    assert all(it.task and not it.edits for it in found)
    return {it.title: it.task for it in found if it.task}


def check(sql: str, title: str, task: Task | None, dialect: str = "postgres") -> None:
    """The action with *title* does *task*; ``None``: there is none that begins so."""
    found = tasks(sql, dialect)
    if task is None:
        assert [it for it in found if it.startswith(title)] == []
    else:
        assert found.get(title) == task, found


@pytest.mark.parametrize(
    ("sql", "title", "task"),
    [
        (TWO, "Describe orders.total…", Task("describe", ("public.orders",), ("total",))),
        ("select 1 from ord$0ers", "Describe orders…", Task("describe", ("public.orders",))),
        (
            "select o$0.total from orders o",
            "Describe orders…",
            Task("describe", ("public.orders",)),
        ),
        (
            'select "Reg$0ion" from customers',
            'Describe customers."Region"…',
            Task("describe", ("public.customers",), ("Region",)),
        ),
        (
            "with x as (select total as t from orders) select $0t from x",
            "Describe orders.total…",
            Task("describe", ("public.orders",), ("total",)),
        ),
        (
            TWO,
            "Describe the 3 undescribed columns of orders…",
            Task("describe", ("public.orders",), ("id", "status", "placed_at")),
        ),
        ("select $01", "Describe", None),
        ("select nop$0e from orders", "Describe", None),
        ("select a from (select 1 as a) x where x.$0a = 1", "Describe", None),
    ],
)
def test_describing(sql: str, title: str, task: Task | None) -> None:
    check(sql, title, task)


BOTH = ("public.orders", "public.customers")


@pytest.mark.parametrize(
    ("sql", "title", "task"),
    [
        (
            TWO,
            "Generate DDL for orders",
            Task("generateDdl", ("public.orders",), dialect="postgres"),
        ),
        (
            TWO,
            "Generate DDL for orders in another dialect…",
            Task("generateDdl", ("public.orders",)),
        ),
        (
            TWO,
            "Generate DDL for the 2 tables of this statement",
            Task("generateDdl", BOTH, dialect="postgres"),
        ),
        (TWO, "Generate DDL for the 2 tables of this file", None),
        (
            f"{TWO}; select * from marketing.leads",
            "Generate DDL for the 3 tables of this file",
            Task("generateDdl", (*BOTH, "marketing.leads"), dialect="postgres"),
        ),
        # The caret on no name, then in no statement.
        (
            "select 1$0 from orders, customers",
            "Generate DDL for the 2 tables of this statement in another dialect…",
            Task("generateDdl", BOTH),
        ),
        (
            "select 1 from orders, customers;\n\n$0",
            "Generate DDL for the 2 tables of this file",
            Task("generateDdl", BOTH, dialect="postgres"),
        ),
        ("select 1$0", "Generate DDL", None),
        ("create table mine (a int); select 1 from m$0ine", "Generate DDL", None),
    ],
)
def test_generating_ddl(sql: str, title: str, task: Task | None) -> None:
    check(sql, title, task)


@pytest.mark.parametrize(
    ("sql", "title", "task", "dialect"),
    [
        (
            TWO,
            "Create the 2 tables of this statement in a database, without rows…",
            Task("createTables", BOTH),
            "postgres",
        ),
        (
            "select 1 from or$0ders",
            "Create orders in a database, without rows…",
            Task("createTables", ("public.orders",)),
            "sqlite",
        ),
        ("select 1 from marketing.le$0ads", "Create", None, "postgres"),  # a view
        (
            TWO,
            "Write the descriptions of orders to a database…",
            Task("commentDatabase", ("public.orders",)),
            "postgres",
        ),
        (TWO, "Write the descriptions", None, "sqlite"),  # it has no comments
        ("select 1 from marketing.le$0ads", "Write the descriptions", None, "postgres"),
    ],
)
def test_changing_the_database(sql: str, title: str, task: Task | None, dialect: str) -> None:
    check(sql, title, task, dialect)


def test_they_come_last_and_only_when_asked_for() -> None:
    found = offered("select $0* from orders o join customers c on c.id = o.nope")
    kinds = [it.kind for it in found]
    assert kinds == sorted(kinds, key=lambda it: it in KINDS), "after all that changes the text"
    assert kinds[-1] == "defog.database"
    assert not any(it.task for it in offered(TWO, is_automatic=True))
    assert not any(it.task for it in offered(TWO, kinds=["refactor"]))
    assert {it.kind for it in offered(TWO, kinds=["defog"])} == {*KINDS, "defog.golden"}
    assert [it.kind for it in offered(TWO, kinds=["defog.describe"])] == ["defog.describe"] * 2


def test_without_metadata_there_is_nothing() -> None:
    from defog_lsp.ide.code_actions import Wanted, code_actions
    from defog_metadata.catalog import Catalog
    from defog_metadata.rules import DEFAULT_SEVERITIES
    from defog_metadata.sql.snapshot import Snapshot
    from defog_metadata.text import Span

    snapshot = Snapshot("select a from t", Catalog(dialect="postgres"), "postgres")
    found: list[CodeAction] = code_actions(snapshot, DEFAULT_SEVERITIES, Wanted(Span(15, 15)))
    assert not [it for it in found if it.task]


def test_comments_are_offered_where_they_can_be_written() -> None:
    from defog_lsp.ide.code_actions.change_database import WITH_COMMENTS
    from defog_metadata.execution import comments

    assert {*comments._COMMENT_ON, "mysql"} == WITH_COMMENTS
