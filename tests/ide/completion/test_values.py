"""The values of a column, where it is compared with one or given one."""

import pytest

from defog_metadata.catalog import Catalog, Column, Table
from tests.ide.completion.offers import ALL, items_at

TICKETS = Table(
    "tickets",
    (
        Column("id", "integer"),
        Column("status", "text", enum_values=("new", "in work", "O'Brien's", "back\\slash")),
        Column("colour", "text", common_values=("red", "dark blue")),
        Column("size", "text", enum_values=("S", "L"), common_values=("M", "L")),
        Column("title", "text"),
    ),
    "public",
)
CATALOG = Catalog.of(TICKETS)
STATUSES = ["new", "in work", "O'Brien's", "back\\slash"]
COLOURS = ["red", "dark blue"]


def offered(sql: str, dialect: str = "postgres") -> list[str]:
    return [it.label for it in items_at(sql, dialect, CATALOG) if it.kind == "value"]


def taken(sql: str, label: str, dialect: str = "postgres") -> str:
    item = next(it for it in items_at(sql, dialect, CATALOG) if it.label == label)
    text = sql.replace("$0", "")
    return text[: item.span.start] + item.insert + text[item.span.end :]


@pytest.mark.parametrize("dialect", ALL.split())
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from tickets where status = '$0", STATUSES),
        ("select * from tickets where status = '$0'", STATUSES),
        ("select * from tickets t where t.status <> '$0' and id = 1", STATUSES),
        ("select * from tickets where status != '$0", STATUSES),
        ("select * from tickets where status like '$0", STATUSES),
        ("select * from tickets where status not like '$0", STATUSES),
        ("select * from tickets where status in ('$0", STATUSES),
        ("select * from tickets where status not in ('$0')", STATUSES),
        ("select * from tickets where status in ('new', '$0')", STATUSES[1:]),
        ("select * from tickets where status in ('x', 'in work', '$0", ["new", *STATUSES[2:]]),
        ("select * from tickets where status = 'ne$0'", ["new"]),
        ("select * from tickets where status = 'O''B$0'", ["O'Brien's"]),
        ("select * from tickets where colour = '$0", COLOURS),
        ("select * from tickets where colour in ('red', 'da$0", ["dark blue"]),
        ("select * from tickets where size = '$0", ["S", "L", "M"]),
        ("with x as (select status as s from tickets) select * from x where s = '$0", STATUSES),
        ("update tickets set colour = '$0' where id = 1", COLOURS),
        ("delete from tickets where colour = '$0", COLOURS),
        ("insert into tickets values (1, '$0", STATUSES),
        ("insert into tickets (id, colour) values (1, '$0')", COLOURS),
        ("insert into tickets (id, colour) values (1, 'red'), (2, 'da$0')", ["dark blue"]),
        ("select case status when '$0", STATUSES),
        ("select case t.status when 'new' then 1 when '$0' then 2 end from tickets t", STATUSES),
        # a string that is compared with no such column, or part of something else
        ("select * from tickets where title = '$0", []),
        ("select * from tickets where lower(status) = '$0", []),
        ("select '$0' from tickets where status = 'new'", []),
        ("select * from tickets where status = 'new' and '$0", []),
        ("select case when '$0' from tickets", []),
        ("insert into tickets values (1, lower('$0", []),
        ("insert into tickets values (1, 'new', 'red', 'S', '$0", []),
    ],
)  # fmt: skip
def test_inside_a_string(dialect: str, sql: str, expected: list[str]) -> None:
    if "''" in sql and dialect == "bigquery":
        expected = []  # there it is two strings
    if sql.startswith("select case status"):
        sql += "' then 1 end from tickets"
    assert sorted(offered(sql, dialect)) == sorted(expected)
    if "size" in sql:
        assert offered(sql, dialect) == expected


@pytest.mark.parametrize("dialect", ALL.split())
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from tickets where colour = $0", ["'red'", "'dark blue'"]),
        ("select * from tickets where colour <> $0", ["'red'", "'dark blue'"]),
        ("select * from tickets where colour in ($0)", ["'red'", "'dark blue'"]),
        ("select * from tickets where colour in ('red', $0)", ["'dark blue'"]),
        ("select * from tickets where colour = da$0", ["'dark blue'"]),
        ("insert into tickets (id, colour) values (1, $0)", ["'red'", "'dark blue'"]),
    ],
)
def test_outside_of_a_string(dialect: str, sql: str, expected: list[str]) -> None:
    assert offered(sql, dialect) == expected


@pytest.mark.parametrize(
    ("dialect", "sql", "label", "expected"),
    [
        ("postgres", "status = '$0'", "O'Brien's", "status = 'O''Brien''s'"),
        ("postgres", "status = 'O''B$0'", "O'Brien's", "status = 'O''Brien''s'"),
        ("postgres", "status = $0", "'O''Brien''s'", "status = 'O''Brien''s'"),
        ("postgres", "status = E'$0'", "O'Brien's", "status = E'O''Brien''s'"),
        ("postgres", "status = '$0'", "back\\slash", "status = 'back\\slash'"),
        ("postgres", "status = E'$0'", "back\\slash", "status = E'back\\\\slash'"),
        ("postgres", "status = $$$0$$", "O'Brien's", "status = $$O'Brien's$$"),
        ("tsql", "status = N'$0'", "O'Brien's", "status = N'O''Brien''s'"),
        ("mysql", "status = '$0'", "back\\slash", "status = 'back\\\\slash'"),
        ("mysql", 'status = "$0"', "O'Brien's", "status = \"O'Brien's\""),
        ("mysql", "status = '$0'", "O'Brien's", "status = 'O''Brien''s'"),
        ("bigquery", "status = '$0'", "O'Brien's", "status = 'O\\'Brien\\'s'"),
        ("bigquery", 'status = "$0"', "O'Brien's", "status = \"O'Brien's\""),
        # what is in the string already
        ("postgres", "status = 'n$0ew'", "new", "status = 'new'"),
        ("postgres", "status = '$0new' and 1 = 1", "new", "status = 'new' and 1 = 1"),
        ("postgres", "status = '$0 and id = 1", "new", "status = 'new and id = 1"),
    ],
)  # fmt: skip
def test_what_is_written(dialect: str, sql: str, label: str, expected: str) -> None:
    head = "select * from tickets where "
    assert taken(head + sql, label, dialect) == head + expected
