"""Columns that joins by USING make one, under another name: the engines' rows stay the same."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from defog_lsp.ide.rename import CannotRename, rename_stored, renaming, stored_at
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from tests.support.databases import Server, connected

ROWS: dict[str, tuple[tuple[str, ...], list[tuple[int | None, ...]]]] = {
    "a": (("id", "x", "u"), [(1, 1, 10), (2, 1, 20), (3, 2, 30), (None, 3, 40), (2, 2, 50)]),
    "b": (("id", "x", "v"), [(1, 1, -1), (2, 2, -2), (2, 1, -3), (None, 1, -4), (7, 7, -5)]),
    "c": (("id", "w"), [(1, 100), (2, 200), (2, 201), (9, 900)]),
}
TABLES = tuple(
    Table(name, tuple(Column(it, "integer") for it in columns), "public")
    for name, (columns, _) in ROWS.items()
)
DIFFERENT = Table("d", (Column("id", "text"), Column("z", "integer")), "public")
KNOWN_BY_NOBODY = Table("e", (Column("id", ""),), "public")

WRITTEN_OUT = [
    (
        "select id, u, v from a join b using (id) where b.$0id > 1 order by id, u, v",
        "select a.id, u, v from a join b on a.id = b.no where b.no > 1 order by a.id, u, v",
    ),
    (
        "SELECT id, a.$0id, v FROM a LEFT JOIN b USING (id)",
        "SELECT a.no, a.no, v FROM a LEFT JOIN b ON a.no = b.id",
    ),
    (
        "select id, count(*), count(b.$0id) from a left join b using (id) group by id",
        "select a.id, count(*), count(b.no) from a left join b on a.id = b.no group by a.id",
    ),
    # All columns of the list, and all such joins of the query.
    (
        "select id, x, u, v, w from a as l left join b using (id, x)join c r using(id)"
        " where r.$0id < 9 and x > 0",
        "select l.id, l.x, u, v, w from a as l left join b on l.id = b.id and l.x = b.x join c r"
        " on l.id = r.no where r.no < 9 and l.x > 0",
    ),
    (
        "select u from a left join b using (id) where exists"
        " (select 1 from c where c.id = b.$0id and w > b.x and u > 0)",
        "select u from a left join b on a.id = b.no where exists"
        " (select 1 from c where c.id = b.no and w > b.x and u > 0)",
    ),
    (
        "select u, (select max(w) from (select w from c) s where w > 99 * id) from a join b using (id)"
        " where b.$0id = 2",
        "select u, (select max(w) from (select w from c) s where w > 99 * a.id) from a"
        " join b on a.id = b.no where b.no = 2",
    ),
    (
        "select s.id from (select id from a left join b using (id) where b.$0id is null) s",
        "select s.id from (select a.id from a left join b on a.id = b.no where b.no is null) s",
    ),
    # What is called so in the select list is what it is called there.
    (
        "select max(id) as id, u from a join b using (id) where b.$0id > 0 group by u order by id",
        "select max(a.id) as id, u from a join b on a.id = b.no where b.no > 0 group by u"
        " order by id",
    ),
    (
        "select id from a join b using (id) where b.$0id > 1 union select 5 order by id",
        "select a.id from a join b on a.id = b.no where b.no > 1 union select 5 order by id",
    ),
    # A query is a side like any other.
    (
        "select id, s.m from a join (select id, max(w) as m from c group by id) s using (id)"
        " where a.$0id > 0",
        "select a.no, s.m from a join (select id, max(w) as m from c group by id) s on a.no = s.id"
        " where a.no > 0",
    ),
    # Both sides have the new name.
    (
        "select l.$0id, r.u from a l join a r using (id)",
        "select l.no, r.u from a l join a r using (no)",
    ),
]


def renamed(marked: str, dialect: str, *more: Table) -> tuple[str, Table]:
    """The text with the column at ``$0`` called ``no``, and the table that has it."""
    catalog = Catalog.of(*TABLES, *more, dialect=dialect)
    snapshot = Snapshot(marked.replace("$0", ""), catalog, dialect)
    found = stored_at(snapshot, marked.index("$0"))
    assert found
    wanted = renaming(found[1], "no", catalog)
    return applied(snapshot.text, rename_stored(snapshot, wanted)), found[1].table


def created(owner: str) -> list[str]:
    """What makes the tables, that of *owner* with ``no`` in the place of ``id``."""
    made = []
    for name, (columns, rows) in ROWS.items():
        names = [("no" if it == "id" and name == owner else it) for it in columns]
        values = ", ".join(str(row).replace("None", "null") for row in rows)
        made.append(f"create table {name} ({', '.join(f'{it} integer' for it in names)})")
        made.append(f"insert into {name} values {values}")
    return made


Rows = Callable[[list[str], str], list[tuple[object, ...]]]


def check(marked: str, dialect: str, rows: Rows) -> None:
    text, owner = renamed(marked, dialect)
    before = rows(created(""), marked.replace("$0", ""))
    after = rows(created(owner.name), text)
    assert len(before) > 0
    assert sorted(map(str, after)) == sorted(map(str, before))


@pytest.mark.parametrize(("marked", "expected"), WRITTEN_OUT)
def test_written_out(marked: str, expected: str) -> None:
    assert renamed(marked, "postgres")[0] == expected

    def rows(tables: list[str], query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(":memory:")) as database:
            for it in tables:
                database.execute(it)
            return database.execute(query).fetchall()

    check(marked, "sqlite", rows)


def test_written_out_in_postgres(postgres_server: Server) -> None:
    with connected(postgres_server.credentials("postgres")) as database:

        def rows(tables: list[str], query: str) -> list[tuple[object, ...]]:
            database.execute("drop schema if exists joined cascade; create schema joined")
            database.execute("set search_path to joined")
            for it in tables:
                database.execute(it)
            return database.execute(query).fetchall()

        for marked, _ in WRITTEN_OUT:
            check(marked, "postgres", rows)
        database.execute("drop schema joined cascade")


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("select * from a join b using (id) where b.$0id = 1", "a star shows it once"),
        ("select b.*, u from a join b using (id) where b.$0id = 1", "a star shows it once"),
        ("select id from a right join b using (id) where b.$0id = 1", "either table"),
        ("select id from a full join b using (id) where b.$0id = 1", "either table"),
        (
            "select id from a join b using (id) full join c using (id) where b.$0id = 1",
            "either table",
        ),
        ("select u from a join d using (id) where d.$0id = '1'", "the same type"),
        ("select u from a join e using (id) where e.$0id = 1", "the same type"),
        ("select u from c, a join b using (id) where b.$0id = 1", "one after the other"),
        ("select u from a join (b join c using (id)) using (id) where b.$0id = 1", "one after"),
        ("update a set u = 1 from b join c using (id) where b.$0id = a.id", "by a SELECT"),
        ("select u from a join b using (id /* of both */) where b.$0id = 1", "a comment"),
        ("select {{ u }} from a join b using (id) where b.$0id = 1", "a template"),
        # Of three columns of that name, what USING makes one is not one of the left side.
        ("select u from a join b on u = v join c using (id) where c.$0id = 1", "not one column"),
        # No name before it would say whose column it is there.
        (
            "select u from a join b using (id) where b.$0id = 1"
            " and exists (select 1 from (select w from c) a where w = id)",
            "cannot be named before its columns",
        ),
        ("select u from a natural join c where c.$0id = 1", "NATURAL JOIN"),
    ],
)
def test_refused(marked: str, reason: str) -> None:
    with pytest.raises(CannotRename, match=reason):
        renamed(marked, "postgres", DIFFERENT, KNOWN_BY_NOBODY)


@pytest.mark.parametrize("kind", ["asof join", "semi join", "asof left join"])
def test_other_kinds_of_joins(kind: str) -> None:
    with pytest.raises(CannotRename, match="is what USING joins by"):
        renamed(f"select u from a {kind} b using (id, x) where a.$0id = 1", "duckdb")


def test_an_upsert_joins_by_nothing() -> None:
    marked = "insert into a (id, $0u) values (1, 2) on conflict (id) do update set u = excluded.u"
    assert renamed(marked, "sqlite")[0].endswith("set no = excluded.no")
