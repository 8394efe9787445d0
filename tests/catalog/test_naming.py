"""How dialects compare names and quote them; where an engine is at hand, it is asked."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pymysql
import pytest

from defog_metadata.catalog import Catalog, MemoryTables, Name, Table, naming_of
from tests.support.databases import Server

UPPERCASE = ["snowflake", "oracle"]
INSENSITIVE = ["sqlite", "mysql", "tsql", "bigquery", "duckdb", "redshift", "databricks", "trino"]


def written(text: str) -> Name:
    """A name as in a statement: in double quotes when it is quoted."""
    return Name(text.strip('"'), text.startswith('"'))


@pytest.mark.parametrize(
    ("dialects", "text", "stored", "is_same"),
    [
        (["postgres", ""], "users", "users", True),
        (["postgres", ""], "Users", "users", True),
        (["postgres", ""], "users", "Users", False),
        (["postgres", ""], "Users", "Users", False),
        (["postgres", ""], '"Users"', "Users", True),
        (["postgres", ""], '"Users"', "users", False),
        (["postgres", ""], '"users"', "users", True),
        (["postgres", ""], "user", "users", False),
        (["postgres"], "ÄPFEL", "Äpfel", True),
        (["postgres"], "ÄPFEL", "äpfel", True),
        (["postgres"], '"ÄPFEL"', "Äpfel", False),
        (UPPERCASE, "users", "USERS", True),
        (UPPERCASE, "Users", "USERS", True),
        (UPPERCASE, "users", "Users", False),
        (UPPERCASE, '"Users"', "Users", True),
        (UPPERCASE, '"users"', "USERS", False),
        # Metadata that was written by hand, in lower case.
        (UPPERCASE, "Users", "users", True),
        (INSENSITIVE, "users", "Users", True),
        (INSENSITIVE, "USERS", "Users", True),
        (INSENSITIVE, '"uSERS"', "Users", True),
        (INSENSITIVE, "user", "Users", False),
        (["clickhouse"], "users", "users", True),
        (["clickhouse"], "Users", "users", False),
        (["clickhouse"], '"Users"', "Users", True),
    ],
)
def test_same(dialects: list[str], text: str, stored: str, *, is_same: bool) -> None:
    for dialect in dialects:
        assert naming_of(dialect).same(written(text), stored) is is_same, dialect


@pytest.mark.parametrize(
    ("dialect", "left", "right", "is_equal"),
    [
        ("postgres", "u", "U", True),
        ("postgres", "u", '"u"', True),
        ("postgres", "u", '"U"', False),
        ("postgres", "U", '"U"', False),
        ("snowflake", "u", '"U"', True),
        ("snowflake", "u", '"u"', False),
        ("sqlite", '"u"', "U", True),
        ("clickhouse", "u", "U", False),
    ],
)
def test_equal(dialect: str, left: str, right: str, *, is_equal: bool) -> None:
    naming = naming_of(dialect)
    assert naming.equal(written(left), written(right)) is is_equal
    assert naming.equal(written(right), written(left)) is is_equal


@pytest.mark.parametrize(
    ("dialect", "stored", "expected"),
    [
        ("postgres", "users", "users"),
        ("postgres", "Users", '"Users"'),
        ("postgres", "order", '"order"'),
        ("postgres", "order lines", '"order lines"'),
        ("postgres", 'say "x"', '"say ""x"""'),
        ("postgres", "2024", '"2024"'),
        ("postgres", "", '""'),
        ("postgres", "größe", "größe"),
        ("mysql", "Users", "Users"),
        ("mysql", "order", "`order`"),
        ("mysql", "a`b", "`a``b`"),
        ("sqlite", "Users", "Users"),
        ("sqlite", "index", '"index"'),
        ("tsql", "user", "[user]"),
        ("tsql", "plan", "[plan]"),
        ("tsql", "a]b", "[a]]b]"),
        ("bigquery", "my-table", "`my-table`"),
        ("snowflake", "USERS", "USERS"),
        ("snowflake", "users", "users"),
        ("snowflake", "Users", '"Users"'),
        ("snowflake", "QUALIFY", '"QUALIFY"'),
    ],
)
def test_write(dialect: str, stored: str, expected: str) -> None:
    assert naming_of(dialect).write(stored) == expected


# Names as they are stored, and as people write them.
STORED = ["users", "Users", "ORDERS", "Äpfel", "order lines"]
WRITTEN = [
    *["users", "Users", "USERS", '"users"', '"Users"', '"USERS"', '"uSers"'],
    *["orders", "ORDERS", '"orders"', '"ORDERS"', "Äpfel", "ÄPFEL", "äpfel", '"Äpfel"', '"äpfel"'],
    *['"order lines"', '"Order Lines"', "customers"],
]


def check_against_engine(
    dialect: str, stored: list[str], names: list[str], exists: Callable[[str], bool]
) -> None:
    """What the catalog finds is what the engine finds."""
    catalog = Catalog(MemoryTables([Table(it) for it in stored]), dialect)
    found = {it for it in names if catalog.table(written(it)) is not None}
    assert found == {it for it in names if exists(it)}


def test_sqlite_finds_the_same_tables() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        # Names that differ in letter case only are one name there.
        stored = [it for it in STORED if it != "Users"]
        for name in stored:
            connection.execute(f'CREATE TABLE "{name}" (id)')

        def exists(name: str) -> bool:
            try:
                connection.execute(f"SELECT 1 FROM {name}")
            except sqlite3.OperationalError:
                return False
            return True

        # It knows the letter case of ASCII only.
        names = [it for it in WRITTEN if it.isascii()]
        check_against_engine("sqlite", stored, names, exists)


@pytest.fixture(scope="module")
def postgres(postgres_server: Server) -> Iterator[psycopg.Connection]:
    creds = postgres_server.credentials("postgres")
    with psycopg.connect(
        host=str(creds["host"]),
        port=postgres_server.port,
        user=postgres_server.user,
        password=postgres_server.password,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        yield connection


def test_postgres_finds_the_same_tables(postgres: psycopg.Connection) -> None:
    for name in STORED:
        postgres.execute(f'CREATE TEMPORARY TABLE "{name}" (id int)'.encode())

    def exists(name: str) -> bool:
        try:
            postgres.execute(f"SELECT 1 FROM {name}".encode())
        except psycopg.errors.UndefinedTable:
            return False
        return True

    # A database in another encoding would find äpfel too: there, it could be meant.
    names = [it for it in WRITTEN if it not in ("äpfel", "ÄPFEL")]
    check_against_engine("postgres", STORED, names, exists)


def check_quoting(dialect: str, words: list[str], runs: Callable[[str, str], bool]) -> None:
    """Every word, as we write it, names a table and its column."""
    naming = naming_of(dialect)
    assert len(words) > 50
    assert [it for it in words if not runs(it, naming.write(it))] == []


SQLITE_KEYWORDS = """
    abort action add after all alter always analyze and as asc attach autoincrement before begin
    between by cascade case cast check collate column commit conflict constraint create cross
    current current_date current_time current_timestamp database default deferrable deferred delete
    desc detach distinct do drop each else end escape except exclude exclusive exists explain fail
    filter first following for foreign from full generated glob group groups having if ignore
    immediate in index indexed initially inner insert instead intersect into is isnull join key last
    left like limit match materialized natural no not nothing notnull null nulls of offset on or
    order others outer over partition plan pragma preceding primary query raise range recursive
    references regexp reindex release rename replace restrict returning right rollback row rows
    savepoint select set table temp temporary then ties to transaction trigger unbounded union
    unique update using vacuum values view virtual when where window with without
""".split()


def test_sqlite_takes_every_keyword_as_we_write_it() -> None:
    def runs(word: str, name: str) -> bool:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(f'CREATE TABLE "{word}" ("{word}" INT)')
            connection.execute(f'INSERT INTO "{word}" VALUES (42)')
            try:
                found = connection.execute(
                    f"SELECT {name}, t.{name} FROM {name} AS t WHERE {name} = 42 ORDER BY {name}"
                ).fetchall()
            except sqlite3.OperationalError:
                return False
            return found == [(42, 42)]

    check_quoting("sqlite", SQLITE_KEYWORDS, runs)


def test_postgres_takes_every_keyword_as_we_write_it(postgres: psycopg.Connection) -> None:
    # Words of categories "U" and "C" are plain names to it.
    rows = postgres.execute("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")
    words = [word for (word,) in rows.fetchall()]

    def runs(word: str, name: str) -> bool:
        try:
            postgres.execute(f'CREATE TEMPORARY TABLE "{word}" ("{word}" int)'.encode())
            postgres.execute(f"SELECT {name}, t.{name} FROM {name} AS t".encode())
        except psycopg.errors.SyntaxError:
            return False
        return True

    check_quoting("postgres", words, runs)


def test_mariadb_takes_every_keyword_as_we_write_it(mariadb_server: Server) -> None:
    mariadb_server.create_database("keywords")
    with (
        closing(
            pymysql.connect(
                host="127.0.0.1",
                port=mariadb_server.port,
                user=mariadb_server.user,
                password=mariadb_server.password.encode(),
                database="keywords",
            )
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT word FROM information_schema.keywords")
        # It lists operators too.
        words = [word.lower() for (word,) in cursor.fetchall() if word.isidentifier()]

        def runs(word: str, name: str) -> bool:
            cursor.execute(f"CREATE TEMPORARY TABLE `{word}` (`{word}` int)")
            try:
                cursor.execute(f"SELECT {name}, t.{name} FROM {name} AS t WHERE {name} = 1")
            except pymysql.err.ProgrammingError:
                return False
            return True

        check_quoting("mysql", words, runs)
