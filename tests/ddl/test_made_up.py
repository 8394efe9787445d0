"""Tables that nobody has thought of: any names, texts and keys, through real engines and back."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defog_metadata.catalog import Column, ForeignKey, Index, Table, UniqueKey
from defog_metadata.catalog.reserved import reserved_words
from defog_metadata.ddl import create_ddl_from_metadata
from defog_metadata.extract import extract
from tests.support.databases import Server

KEYWORDS = sorted(reserved_words("postgres") | reserved_words("mysql") | {"key", "index", "period"})
# What no engine lets into a name: control characters, halves of characters; and SQLite's own names.
letters = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
names = st.one_of(
    st.sampled_from(KEYWORDS),
    st.sampled_from(["Orders", "order lines", 'say "x"', "it's", "a.b", "été", "日本", "x--y", "/*",
                     "`", "[a]", "%s", "{{x}}", ":a", "$1", "\\", "a;b", "İ", "ß", "1st"]),
    st.text(letters, min_size=1, max_size=12),
).filter(lambda it: not it.casefold().startswith("sqlite_") and len(it.encode()) <= 50 and it.strip())  # fmt: skip
texts = st.one_of(
    st.sampled_from(
        ["", "it's", 'a "b"', "-- x", "/* y */", "100 %", "\\n", "a;b", "{{ x }}", "$$"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=30),
)
unique_names = st.lists(names, min_size=1, max_size=5, unique_by=lambda it: it.casefold())


@st.composite
def made_up(draw: st.DrawFn, schema: str, text: str, types: tuple[str, ...]) -> tuple[Table, ...]:
    found: list[Table] = []
    for name in draw(unique_names):
        columns = draw(unique_names)
        key = columns[: draw(st.integers(0, min(2, len(columns))))]
        texted = [draw(st.booleans()) for _ in columns]
        made = tuple(
            Column(
                column,
                text if is_text else draw(st.sampled_from(types)),
                nullable=column not in key and draw(st.booleans()),
                default=draw(st.none() | texts.map(_literal)) if is_text else None,
                description=draw(texts),
                enum_values=(),
            )
            for column, is_text in zip(columns, texted, strict=True)
        )
        made = tuple(
            replace(
                it, enum_values=tuple(draw(st.lists(texts, min_size=2, max_size=3, unique=True)))
            )
            if it.type == text and it.default is None and draw(st.booleans())
            else it
            for it in made
        )
        others = [it for it in (*found, None) if it is None or len(it.primary_key) == 1]
        other = draw(st.sampled_from(others))
        kind = other and other.column(other.primary_key[0])
        referring = next((it for it in made if kind and it.type == kind.type), None)
        unique = draw(st.sampled_from(columns))
        found.append(
            Table(
                name,
                made,
                schema=schema,
                description=draw(texts),
                primary_key=tuple(key),
                unique_keys=(UniqueKey((unique,)),)
                if [unique] != key and draw(st.booleans())
                else (),
                foreign_keys=(
                    (ForeignKey((referring.name,), other.name, other.primary_key, schema),)
                    if other and referring
                    else ()
                ),
                indexes=((Index(f"{name}_i", tuple(columns[-2:])),) if draw(st.booleans()) else ()),
            )
        )
    return tuple(draw(st.permutations(found)))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(table: Table, *, in_lines: bool) -> Table:
    """*table* without what is not written: names of keys; of SQLite, more than one line."""

    def text(it: str) -> str:
        return " ".join(it.split()) if in_lines else it

    return replace(
        table,
        description=text(table.description),
        columns=tuple(
            replace(
                it,
                description=text(it.description),
                default=it.default and it.default.removesuffix("::text"),
            )
            for it in table.columns
        ),
        unique_keys=tuple(replace(it, name="") for it in table.unique_keys),
        foreign_keys=tuple(replace(it, name="") for it in table.foreign_keys),
        row_estimate=None,
    )


def check(found: tuple[Table, ...], made: tuple[Table, ...], *, in_lines: bool) -> None:
    expected = {it.name: _plain(it, in_lines=in_lines) for it in made}
    assert {it.name: _plain(it, in_lines=in_lines) for it in found} == expected


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(made=made_up("main", "TEXT", ("INTEGER", "varchar(20)", "")))
def test_sqlite(tmp_path_factory: object, made: tuple[Table, ...]) -> None:
    path = Path(str(tmp_path_factory.mktemp("made") / "made.db"))  # type: ignore[attr-defined]
    with closing(sqlite3.connect(path)) as connection:
        for statement in create_ddl_from_metadata(made, "sqlite", source_dialect="sqlite"):
            connection.execute(statement)
    check(extract("sqlite", {"database": str(path)}).tables, made, in_lines=True)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(made=made_up("made up", "text", ("integer", "character varying(20)", "date")))
def test_postgres(postgres_server: Server, made: tuple[Table, ...]) -> None:
    with closing(postgres_server.postgres("postgres")) as connection:
        connection.execute('drop schema if exists "made up" cascade')
        for statement in create_ddl_from_metadata(made, "postgres"):
            connection.execute(statement.encode())
        found = extract(
            "postgres", postgres_server.credentials("postgres"), schema_whitelist=["made up"]
        )
    check(found.tables, made, in_lines=False)


def _fits_mysql(made: tuple[Table, ...]) -> bool:
    """Whether MariaDB lets the names be, and has letters for the texts.

    It compares names without accents, and its dictionary knows the first 65,536 letters.
    """
    columns = [column for it in made for column in it.columns]
    names = [*(it.name for it in made), *(it.name for it in columns)]
    texts = [*(it.description for it in made), *(it.description for it in columns)]
    texts += [label for it in columns for label in it.enum_values]
    return all(it.isascii() and not it.endswith(" ") for it in names) and all(
        max(it, default="") <= "\uffff" for it in texts
    )


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(made=made_up("made up", "varchar(30)", ("int(11)", "date")).filter(_fits_mysql))
def test_mariadb(mariadb_server: Server, made: tuple[Table, ...]) -> None:
    # A default comes back with other escapes than those it was written with.
    made = tuple(
        replace(it, columns=tuple(replace(c, default=None) for c in it.columns)) for it in made
    )
    mariadb_server.execute("drop database if exists `made up`; create database `made up`")
    with (
        closing(mariadb_server.mysql("made up")) as connection,
        connection.cursor() as cursor,
    ):
        for statement in create_ddl_from_metadata(made, "mysql", source_dialect="mysql"):
            cursor.execute(statement)
    found = extract("mysql", mariadb_server.credentials("made up")).tables
    written = {it.name: {index.name for index in it.indexes} for it in made}
    # InnoDB makes an index for each foreign key.
    kept = (
        replace(it, indexes=tuple(i for i in it.indexes if i.name in written[it.name]))
        for it in found
    )
    check(tuple(kept), made, in_lines=False)
