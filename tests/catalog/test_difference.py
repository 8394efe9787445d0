"""What ``difference`` says of two readings of a database."""

from dataclasses import replace

import pytest

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.catalog.difference import Difference, difference

ID = Column("id", "integer", nullable=False)
USERS = Table("users", (ID, Column("email", "text")), "public", primary_key=("id",))
ORDERS = Table(
    "orders",
    (ID, Column("user_id", "integer"), Column("state", "state", enum_values=("new", "paid"))),
    "public",
    foreign_keys=(ForeignKey(("user_id",), "users", ("id",)),),
)
RECENT = Table("recent", (ID,), "public", kind="view", definition="SELECT id\n  FROM users")


def said(found: Difference) -> list[str]:
    """A line for each thing that differs."""
    lines = [f"+ {it.qualified_name}" for it in found.added]
    lines += [f"- {it.qualified_name}" for it in found.removed]
    for table in found.changed:
        name = table.after.name
        lines += [f"+ {name}.{it.name}" for it in table.added]
        lines += [f"- {name}.{it.name}" for it in table.removed]
        lines += [f"~ {name}: {it.aspect}: {it.before} > {it.after}" for it in table.changes]
        lines += [
            f"~ {name}.{column.after.name}: {it.aspect}: {it.before} > {it.after}"
            for column in table.changed
            for it in column.changes
        ]
    return lines


def column(table: Table, name: str, /, **changes: object) -> Table:
    """*table* with one column changed."""
    columns = tuple(
        replace(it, **changes) if it.name == name else it  # type: ignore[arg-type]
        for it in table.columns
    )
    return replace(table, columns=columns)


def test_nothing() -> None:
    assert not difference([USERS, ORDERS], [ORDERS, USERS])
    assert not difference([], [])


def test_tables_come_and_go() -> None:
    assert said(difference([USERS], [ORDERS])) == ["+ public.orders", "- public.users"]


def test_columns_come_and_go() -> None:
    renamed = column(USERS, "email", name="mail")
    assert said(difference([USERS], [renamed])) == ["+ users.mail", "- users.email"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (column(USERS, "id", type="bigint"), "~ users.id: type: integer > bigint"),
        (column(USERS, "email", nullable=False), "~ users.email: nullable: NULL > NOT NULL"),
        (column(USERS, "email", default="'x'"), "~ users.email: default:  > 'x'"),
        (column(USERS, "email", description="Mail."), "~ users.email: description:  > Mail."),
        (column(USERS, "email", enum_values=("a", "b")), "~ users.email: values:  > a, b"),
        (replace(USERS, kind="view"), "~ users: kind: table > view"),
        (replace(USERS, primary_key=()), "~ users: primary key: id > "),
        (replace(USERS, description="People."), "~ users: description:  > People."),
        (
            replace(USERS, unique_keys=(UniqueKey(("email",), "k"),)),
            "~ users: unique keys:  > email",
        ),
        (
            replace(USERS, indexes=(Index("by_mail", ("email",), unique=True),)),
            "~ users: indexes:  > unique by_mail(email)",
        ),
        (
            replace(USERS, foreign_keys=(ForeignKey(("id",), "people", ("id",), "hr"),)),
            "~ users: foreign keys:  > id → hr.people(id)",
        ),
    ],
)
def test_changes(after: Table, expected: str) -> None:
    assert said(difference([USERS], [after])) == [expected]


@pytest.mark.parametrize(
    "after",
    [
        replace(USERS, row_estimate=7),
        column(USERS, "email", common_values=("a",)),
        replace(USERS, columns=USERS.columns[::-1]),
        column(USERS, "email", type="TEXT"),
        column(USERS, "email", type=""),
    ],
)
def test_what_is_no_difference(after: Table) -> None:
    assert not difference([USERS], [after])
    assert not difference([after], [USERS])


def test_another_query_of_a_view() -> None:
    after = replace(RECENT, definition="SELECT id FROM orders")
    assert said(difference([RECENT], [after])) == [
        "~ recent: definition: SELECT id FROM users > SELECT id FROM orders"
    ]
    for same in ("SELECT id FROM users", ""):  # laid out otherwise; not said
        assert not difference([RECENT], [replace(RECENT, definition=same)])
        assert not difference([replace(RECENT, definition=same)], [RECENT])


def test_names_of_keys_and_a_schema_that_goes_without_saying() -> None:
    key = ForeignKey(("user_id",), "users", ("id",), "public", "fk_orders_users")
    assert not difference([ORDERS], [replace(ORDERS, foreign_keys=(key,))])


def test_letter_case_and_a_missing_schema_do_not_hide_a_table() -> None:
    assert not difference([replace(USERS, name="Users", schema="")], [USERS])
    assert not difference([column(USERS, "email", name="EMail")], [USERS])


def test_in_doubt_nothing_is_paired() -> None:
    other = replace(USERS, schema="archive")
    found = difference([replace(USERS, schema="")], [USERS, other])
    assert said(found) == ["+ public.users", "+ archive.users", "- users"]


def test_an_exact_name_comes_before_one_alike() -> None:
    upper = replace(USERS, name="USERS", description="Other.")
    assert not difference([USERS, upper], [upper, USERS])
