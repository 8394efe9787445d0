"""What is found in an edited text is what is found in it by itself, and what it costs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.catalog import Catalog
from defog_metadata.rules import check, check_sections
from defog_metadata.sql import analysis as analyses
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import CATALOG, TABLES

_STATEMENTS = st.sampled_from(
    [
        "select id from orders;\n", "select nothing from orders;\r\n", "select * from custmers;\n",
        "select o.id\n  from orders o\n  join customers c on true;\n",
        "-- defog: ignore unknown-column\nselect nothing from orders;\n",
        "select nothing -- defog: ignore\n from orders;\n",
        "create table t (a int, b text);\n", "create table t (a int);\n", "drop table t;\n",
        "alter table t add column c int;\n", "create table custmers (id int);\n",
        "select a, b, c from t;\n", "select a into t from orders;\n", "insert into t (a) values (1);\n",
        "create function nothing_of(a int) returns int as $$ select 1; $$ language sql;\n",
        "select nothing_of(1), cuont(1);\n", "set ansi_nulls off;\n",
        "select id from orders where status = null;\n", "declare @t table (a int)\n",
        "select a from @t\n", "select {{ x }}.id from orders;\n", "select x from {{ ref('orders') }};\n",
        "select {nothing} from t where x = %s;\n", "copy t from stdin;\n1\n\\.\n", "\n", "-- note\n",
        "create table {{ x }} (a int);\n", "select 'open;\n", "',\n", "select 1 from t; select", " from u;\n",
        "begin", " end;\n", "GO\n", "{% if x %}\n", "{% endif %}\n", ";\n", ")", "(",
    ]
)  # fmt: skip
_TEXTS = st.lists(_STATEMENTS, max_size=12)


def told(snapshot: Snapshot) -> object:
    return [
        (it.statement, it.known_after, [(x.kind, x.span, x.status) for x in it.absolute()])
        for it in snapshot.analyses
    ], check(snapshot)


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "tsql", "clickhouse"])
@given(before=_TEXTS, old=st.lists(_STATEMENTS, max_size=2), new=_TEXTS, after=_TEXTS)
def test_an_edited_text_is_checked_as_it_is_by_itself(
    dialect: str, before: list[str], old: list[str], new: list[str], after: list[str]
) -> None:
    texts = ["".join((*before, *it, *after)) for it in (old, new, old[1:], new[1:])]
    catalog = Catalog.of(*TABLES, dialect=dialect)
    snapshot = Snapshot(texts[0], catalog, dialect)
    told(snapshot)
    for text in texts[1:]:
        snapshot = snapshot.edited(text)
        # Before another catalog nothing is remembered.
        alone = Snapshot(text, Catalog.of(*TABLES, dialect=dialect), dialect)
        assert told(snapshot) == told(alone)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that are really analysed meanwhile."""
    found: list[str] = []
    real = analyses._analysed

    def counting(*arguments: object) -> object:
        found.append(str(arguments[1]))
        return real(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(analyses, "_analysed", counting)
        yield found


def analysed(
    monkeypatch: pytest.MonkeyPatch, text: str, edits: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """What each of *edits* (what is written in the place of what) has analysed."""
    snapshot = Snapshot(text, Catalog.of(*TABLES, dialect="postgres"), "postgres")
    check(snapshot)
    found = []
    for old, new in edits:
        text = text.replace(old, new, 1)
        snapshot = snapshot.edited(text)
        with counted(monkeypatch) as counts:
            check(snapshot)
        found.append(counts)
    return found


def test_an_edit_analyses_its_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"select {i}, id from orders;\n" for i in range(300))
    [one, moved, same] = analysed(
        monkeypatch,
        text,
        [("select 7,", "select 7777,"), ("select 9,", "\n\nselect 9,"), ("select 9,", "select 9,")],
    )
    assert one == ["select 7777, id from orders"]
    assert moved == same == []


def test_a_definition_that_stays_what_it_was_changes_nothing_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "create table t (a int, b text);\n" + "".join(
        f"select {i}, a, c from t;\nselect {i} from orders;\n" for i in range(100)
    )
    [spaced, added, other] = analysed(
        monkeypatch,
        text,
        [
            ("(a int,", "(  a int,"),
            ("b text", "c text"),
            ("create", "create table u (x int);\ncreate"),
        ],
    )
    assert spaced == ["create table t (  a int, b text)"]
    assert sum(" from t" in it for it in added) == 100
    assert not any("orders" in it for it in added)
    assert other == ["create table u (x int)"]


def test_what_is_found_elsewhere_is_the_very_same() -> None:
    text = "select nothing from orders;\n" * 3
    before = Snapshot(text, CATALOG, "postgres")
    found = check_sections(before)
    after = before.edited("\n" + text.replace("nothing", "nowhere", 1))
    assert [it for _, it in check_sections(after)][1:] == [it for _, it in found][1:]
    assert all(
        new is old for (_, new), (_, old) in zip(check_sections(after)[1:], found[1:], strict=True)
    )
    assert [start for start, _ in check_sections(after)] == [0, 29, 57]
