"""Joins by foreign keys: composite ones, several between two tables, those of a table to itself."""

import pytest

from defog_metadata.catalog import Catalog, Column, ForeignKey, MemoryTables, Table
from tests.ide.completion.offers import ALL, items_at


def _table(name: str, columns: str, *keys: ForeignKey, schema: str = "public") -> Table:
    found = tuple(Column(it, "integer") for it in columns.split())
    return Table(name, found, schema=schema, primary_key=(found[0].name,), foreign_keys=keys)


_STAFF = _table(
    "staff",
    "id manager_id team_id site_id",
    ForeignKey(("manager_id",), "staff", ("id",), "public"),
    ForeignKey(("team_id", "site_id"), "team", ("id", "site_id"), "public"),
)
_TEAM = _table("team", "id site_id lead_id", ForeignKey(("lead_id",), "staff", ("id",), "public"))
_FLIGHT = _table(
    "flight",
    "id from_id to_id",
    ForeignKey(("from_id",), "airport", ("id",), "public"),
    ForeignKey(("to_id",), "airport", ("id",), "public"),
)
_AIRPORT = _table("airport", "id code")
_ORDER = _table("order_notes", "id staff_id", ForeignKey(("staff_id",), "staff", ("id",), "public"))
_AWAY = _table(
    "badges", "id staff_id", ForeignKey(("staff_id",), "staff", ("id",), "public"), schema="hr"
)
_SOURCE = MemoryTables((_STAFF, _TEAM, _FLIGHT, _AIRPORT, _ORDER, _AWAY))


def _joins(sql: str, dialect: str = "postgres") -> list[str]:
    found = items_at(sql, dialect, Catalog(_SOURCE, dialect, ("public",)))
    return [it.insert for it in found if it.kind == "join"]


@pytest.mark.parametrize("dialect", ALL.split())
@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        # composite keys, from both sides
        ("select * from staff s join te$0", "team t ON t.id = s.team_id AND t.site_id = s.site_id"),
        ("select * from team t join sta$0", "staff s ON s.team_id = t.id AND s.site_id = t.site_id"),
        ("select * from staff s join team t on $0", "t.id = s.team_id AND t.site_id = s.site_id"),
        ("select * from team t join staff s on $0", "s.team_id = t.id AND s.site_id = t.site_id"),
        # another key between the same two
        ("select * from staff s join team t on $0", "t.lead_id = s.id"),
        ("select * from team t join sta$0", "staff s ON s.id = t.lead_id"),
        # to the table itself, to the parent and to the children
        ("select * from staff s join sta$0", "staff s2 ON s2.id = s.manager_id"),
        ("select * from staff s join sta$0", "staff s2 ON s2.manager_id = s.id"),
        ("select * from staff join sta$0", "staff s ON s.id = staff.manager_id"),
        ("select * from staff s left join staff m on $0", "m.id = s.manager_id"),
        ("select * from staff s left join staff m on $0", "m.manager_id = s.id"),
        # two keys to one table
        ("select * from flight f join air$0", "airport a ON a.id = f.from_id"),
        ("select * from flight f join air$0", "airport a ON a.id = f.to_id"),
        # an alias that reads as no keyword
        ("select * from staff s join ord$0", "order_notes on2 ON on2.staff_id = s.id"),
        # by the schema that is typed, or in front where the search path wants it
        ("select * from staff s join hr.$0", "badges b ON b.staff_id = s.id"),
        ("select * from staff s join ba$0", "hr.badges b ON b.staff_id = s.id"),
        ("select * from staff s join public.$0", "order_notes on2 ON on2.staff_id = s.id"),
    ],
)  # fmt: skip
def test_every_key_is_a_join(dialect: str, sql: str, wanted: str) -> None:
    assert wanted in _joins(sql, dialect)


def test_the_key_that_ties_nothing_yet_comes_first() -> None:
    both = "select * from flight f join airport a on a.id = f.{} join airport b on $0"
    assert _joins(both.format("from_id"))[0] == "b.id = f.to_id"
    assert _joins(both.format("to_id"))[0] == "b.id = f.from_id"


def test_names_that_are_alike_say_nothing_where_there_are_keys() -> None:
    sql = "select * from flight f join airport a on a.id = f.from_id join airport b on $0"
    assert not [it for it in _joins(sql) if "code" in it]
    assert _joins("select * from staff s join hr.$0") == ["badges b ON b.staff_id = s.id"]
