"""Offers as editors show them: each filters, and some sort, what they have been sent.

A client asks once, filters by itself with every further letter, and asks again only where the
answer was incomplete.
"""

from collections.abc import Callable, Iterator, Sequence

import pytest

from defog_lsp.ide.completion import Completions, Item, complete
from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import CATALOG

Client = Callable[[Sequence[Item], str, int], list[Item]]


def visual(items: Sequence[Item], text: str, offset: int) -> list[Item]:
    """VS Code: letters in order whatever their case; the better match first, then our order."""

    def score(item: Item) -> int | None:
        word, name = text[item.span.start : offset].casefold(), item.filter_text.casefold()
        letters = iter(name)
        if not all(it in letters for it in word):
            return None
        exact_case = item.filter_text.startswith(text[item.span.start : offset])
        return 3 * name.startswith(word) + 2 * exact_case + (name == word)

    scored = [(value, it) for it in items if (value := score(it)) is not None]
    return [it for _, it in sorted(scored, key=lambda it: -it[0])]


def prefixed(items: Sequence[Item], text: str, offset: int) -> list[Item]:
    """What only compares beginnings, letter case and all."""
    return [it for it in items if it.filter_text.startswith(text[it.span.start : offset])]


def shown(
    client: Client, sql: str, typed: str, catalog: Catalog = CATALOG, dialect: str = "postgres"
) -> Iterator[list[str]]:
    """The labels in the client's list after each letter of *typed*, the first before any."""
    before, _, after = sql.partition("$0")
    own = Catalog(catalog.source, dialect, catalog.search_path)
    answer = Completions(is_incomplete=True)
    for size in range(len(typed) + 1):
        text, offset = before + typed[:size] + after, len(before) + size
        if answer.is_incomplete or not answer.items:
            answer = complete(Snapshot(text, own, dialect), offset)
        yield [it.label for it in client(answer.items, text, offset)]


CLIENTS = pytest.mark.parametrize("client", [visual, prefixed])


@CLIENTS
@pytest.mark.parametrize(
    ("sql", "typed", "label"),
    [
        ("select $0 from orders", "customer_id", "customer_id"),
        # an abbreviation, a part, letters in order, another letter case
        ("select $0 from orders", "cid", "customer_id"),
        ("select $0 from orders", "id", "customer_id"),
        ("select $0 from orders", "plat", "placed_at"),
        ("select $0 from orders", "TOT", "total"),
        ("select $0 from customers", "reg", "Region"),
        ("select * from $0", "ol", "order_lines"),
        ("select * from $0", "lines", "order_lines"),
        ("select * from $0", "LEADS", "leads"),
        # the name behind the dot of a label
        ("select $0 from orders o, customers c", "id", "o.id"),
        ("select $0 from orders o, customers c", "ID", "c.id"),
        # behind an opening quote, with and without the closing one
        ('select "$0 from customers', "Reg", "Region"),
        ('select "$0" from customers', "reg", "Region"),
        ('select c."$0 from customers c', "em", "email"),
        # functions and keywords, whole answers, values
        ("select $0 from orders", "count", "count"),
        ("select * from orders o $0", "order", "ORDER BY"),
        ("select * from orders $0", "WHERE", "WHERE"),
        ("select * from orders o join $0", "cust", "customers c ON c.id = o.customer_id"),
        ("select * from orders o join $0", "lin", "order_lines ol ON ol.order_id = o.id"),
        ("select *$0 from orders", "", "id, customer_id, total, status, placed_at"),
        ("select * from orders where status = '$0", "open", "open"),
        ("select * from orders where status = '$0'", "OP", "open"),
        ("select * from orders where status = $0", "op", "'open'"),
    ],
)  # fmt: skip
def test_what_is_wanted_stays_in_the_list(client: Client, sql: str, typed: str, label: str) -> None:
    for size, labels in enumerate(shown(client, sql, typed)):
        assert label in labels, f"lost after {typed[:size]!r}; shown: {labels}"


@CLIENTS
@pytest.mark.parametrize(
    ("sql", "typed", "label"),
    [
        # not offered before anything is typed, or for a single letter
        ("select $0 from orders", "date_trunc", "date_trunc"),
        ("select $0 from orders", "trunc", "date_trunc"),
        ("select * from orders where $0", "coalesce", "coalesce"),
        ("select sum($0) from orders", "lower", "lower"),
        # one of very many
        ("select * from $0", "t1999", "t1999"),
        ("select * from $0", "T19", "t1919"),
    ],
)
def test_what_comes_with_more_typed_is_asked_for(
    client: Client, sql: str, typed: str, label: str
) -> None:
    tables = (Table(f"t{it:04}", (Column("id"),), "public") for it in range(2000))
    catalog = Catalog.of(*tables, *CATALOG.source.tables())
    *_, labels = shown(client, sql, typed, catalog)
    assert label in labels


@pytest.mark.parametrize(
    ("sql", "typed"),
    [
        ("select $0 from orders", "customer_id"),
        ("select $0 from orders", "id"),
        ("select $0 from orders o, customers c", "id"),
        ("select $0 from orders o join order_lines l on l.order_id = o.id", "order_id"),
        ("select * from $0", "orders"),
        ("select $0", "total"),
        ("select * from orders where $0", "status"),
    ],
)
def test_the_order_is_ours_and_stays_while_typing(sql: str, typed: str) -> None:
    before, _, after = sql.partition("$0")
    previous: list[str] = []
    for size, labels in enumerate(shown(visual, sql, typed)):
        text, offset = before + typed[:size] + after, len(before) + size
        answer = complete(Snapshot(text, CATALOG, "postgres"), offset)
        assert labels == [it.label for it in answer.items], "the editor has moved something"
        # What goes on to begin as typed is what the user sees stay.
        staying = [it for it in labels if it in previous and it.startswith(typed[:size])]
        staying = [it for it in staying if it != typed[:size]]
        assert [it for it in previous if it in staying] == staying
        previous = labels


def test_an_editor_may_filter_by_itself_what_only_begins_as_typed() -> None:
    def answer(sql: str) -> Completions:
        return complete(Snapshot(sql, CATALOG, "postgres"), len(sql))

    narrow = answer("select * from orde")
    assert {it.filter_text for it in narrow.items} == {"orders", "order_lines"}
    assert not narrow.is_incomplete
    assert {it.filter_text for it in answer("select * from ORDE").items} == {"ORDE"}
    assert answer("select * from ORDE").is_incomplete
    assert answer("select * from ").is_incomplete
    assert answer("select 1 as x") == Completions()
