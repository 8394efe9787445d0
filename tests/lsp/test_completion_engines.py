"""Completion as each editor's engine takes it: only what it has announced, and the right SQL."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from lsprotocol import types as lsp
from lsprotocol.converters import get_converter

from defog_lsp.ide.completion import Completions, complete
from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.completion_list import completion_list
from defog_lsp.lsp.convert import EmbeddedPositions, Positions
from defog_lsp.lsp.encoded import encoded
from defog_lsp.lsp.item_data import read_data
from defog_lsp.lsp.session import View
from defog_metadata.catalog import Catalog, Column, ForeignKey, Table
from defog_metadata.documents.golden import read_golden_file
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span
from tests.lsp.engines import ENGINES, Engine
from tests.lsp.snippets import expanded

CATALOG = Catalog.of(
    Table(
        "customers",
        (
            Column("id", "integer"),
            Column("email", "text", description="Where **mail** goes."),
            Column("Full Name", "text"),
            Column("größe", "numeric"),
        ),
        "public",
        description="Who buys.",
        primary_key=("id",),
    ),
    Table(
        "orders",
        (
            Column("id", "integer"),
            Column("customer_id", "integer"),
            Column("status", "text", enum_values=("it's open", "paid")),
        ),
        "public",
        primary_key=("id",),
        foreign_keys=(ForeignKey(("customer_id",), "customers", ("id",), "public"),),
    ),
    Table("prices", (Column("in $", "numeric"), Column("a}b\\c", "text")), "public"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A query with its caret as ``|``, an item there, and the query once that is accepted."""

    query: str
    label: str
    accepted: str
    plain: str = ""
    """Where the engine knows no snippets, if that differs."""
    replaced: str = ""
    """Where the engine replaces the rest of the word, if there is one."""
    dialect: str = "postgres"

    @property
    def text(self) -> str:
        return self.query.replace("|", "")

    @property
    def caret(self) -> int:
        return self.query.index("|")


CASES = (
    Case("select '😀', c.em| from customers c", "email", "select '😀', c.email from customers c"),
    Case("select '😀é', c.em|xx from customers c", "email", "select '😀é', c.emailxx from customers c", replaced="select '😀é', c.email from customers c"),
    Case("select '😀' from cust|xx where true", "customers", "select '😀' from customersxx where true", replaced="select '😀' from customers where true"),
    Case("select '😀', c.e|m", "email", "select '😀', c.emailm from customers c", replaced="select '😀', c.email from customers c"),
    Case("SELECT 'ü', c.EM| FROM customers c", "email", "SELECT 'ü', c.email FROM customers c"),
    Case("select '😀', c.gr| from customers c", "größe", "select '😀', c.größe from customers c"),
    Case("select 'ü', o.cid| from orders o", "customer_id", "select 'ü', o.customer_id from orders o"),
    Case("select '😀', c.| from customers c", "Full Name", "select '😀', c.\"Full Name\" from customers c"),
    Case("select 'é', c.\"Fu|\" from customers c", "Full Name", "select 'é', c.\"Full Name\" from customers c"),
    Case("select 'é', c.\"Full N|a\" from customers c", "Full Name", "select 'é', c.\"Full Name\" from customers c"),
    Case("select '😀', p.| from prices p", "in $", "select '😀', p.\"in $\" from prices p"),
    Case("select '😀', p.| from prices p", "a}b\\c", "select '😀', p.\"a}b\\c\" from prices p"),
    Case("select 'ü', c.| from customers c", "Full Name", "select 'ü', c.`Full Name` from customers c", dialect="mysql"),
    Case("select '😀', coun| from orders", "count", "select '😀', count(*) from orders", "select '😀', count from orders"),
    Case("select '😀', rou| from orders", "round", "select '😀', round(value, digits) from orders", "select '😀', round from orders"),
    Case("select '😀', no| from orders", "now", "select '😀', now() from orders"),
    Case("select '😀' from orders o join |", "customers c ON c.id = o.customer_id", "select '😀' from orders o join customers c ON c.id = o.customer_id"),
    Case("select '😀' from orders o join customers c on |", "c.id = o.customer_id", "select '😀' from orders o join customers c on c.id = o.customer_id"),
    Case("/* 😀 */ insert into orders |", "(id, customer_id, status) VALUES (…)", "/* 😀 */ insert into orders (id, customer_id, status) VALUES (id, customer_id, status)", "/* 😀 */ insert into orders (id, customer_id, status) VALUES ()"),
    Case("/* 😀 */ insert into prices |", '("in $", "a}b\\c") VALUES (…)', '/* 😀 */ insert into prices ("in $", "a}b\\c") VALUES (in $, a}b\\c)', '/* 😀 */ insert into prices ("in $", "a}b\\c") VALUES ()'),
    Case("/* 😀 */ insert into prices |", "(`in $`, `a}b\\c`) VALUES (…)", "/* 😀 */ insert into prices (`in $`, `a}b\\c`) VALUES ()", dialect="mysql"),
    Case("select '😀', p.*| from prices p", '"in $", p."a}b\\c"', "select '😀', p.\"in $\", p.\"a}b\\c\" from prices p"),
    Case("select '😀', c.em|", "email", "select '😀', c.email from customers c"),
    Case("select '😀', c.em|, 1\nfrom orders o\njoin prices p on true\n", "email", "select '😀', c.email, 1\nfrom orders o\njoin prices p on true\njoin customers c on c.id = o.customer_id\n"),
    Case("select '😀' from orders where status = '|'", "it's open", "select '😀' from orders where status = 'it''s open'"),
    Case("select '😀' from orders where status = |", "'paid'", "select '😀' from orders where status = 'paid'"),
    Case("select cast('😀' as inte|)", "integer", "select cast('😀' as integer)"),
    Case("with ünits as (select 1) select '😀' from ün|", "ünits", "with ünits as (select 1) select '😀' from ünits"),
    Case("SELECT '😀' FROM ord|", "orders", "SELECT '😀' FROM orders"),
    Case("select '😀' fro|", "FROM", "select '😀' from"),
)  # fmt: skip


@cache
def snapshot(case: Case) -> Snapshot:
    return Snapshot(case.text, replace(CATALOG, dialect=case.dialect), case.dialect)


@cache
def found(case: Case) -> Completions:
    """What is offered: for all engines the same."""
    return complete(snapshot(case), case.caret)


@cache
def capabilities(name: str) -> Capabilities:
    """What the server makes of what the engine called *name* announces."""
    announced = {"textDocument": {"completion": ENGINES[name].completion}}
    sent = json.loads(json.dumps(announced))
    client = lsp.ClientInfo("Neovim", "0.11.4") if ENGINES[name].is_in_neovim else None
    return Capabilities.of(get_converter().structure(sent, lsp.ClientCapabilities), client)


@cache
def answer(case: Case, name: str, encoding: str) -> Any:
    """The list as it is sent to the engine called *name*."""
    positions = Positions(case.text, encoding)
    view = View("file:///a.sql", 1, positions, snapshot(case), {})
    listed = completion_list(found(case), view, capabilities(name))
    return json.loads(encoded(listed).body)


ALWAYS = {"label", "kind", "sortText", "filterText", "detail", "additionalTextEdits"}
"""What every client takes; all else has to be announced."""
FIRST_KINDS = range(1, 19)


def problems(listed: Any, engine: Engine, positions: Positions, caret: int) -> Iterator[str]:
    """What of an answer *engine* has not announced, or LSP does not allow."""
    announced = engine.completion.get("completionItem", {})
    defaults = listed.get("itemDefaults", {})
    yield from (
        f"a default {it}"
        for it in defaults
        if it not in engine.completion.get("completionList", {}).get("itemDefaults", ())
    )
    kinds = engine.completion.get("completionItemKind", {}).get("valueSet", FIRST_KINDS)
    formats = announced.get("documentationFormat", ("plaintext",))
    later = announced.get("resolveSupport", {}).get("properties", ())
    allowed = ALWAYS | ({"textEditText"} if "editRange" in defaults else {"textEdit"})
    allowed |= {"documentation"} | ({"data"} if "documentation" in later else set())
    allowed |= {"labelDetails"} if announced.get("labelDetailsSupport") else set()
    allowed |= {"insertTextFormat"} if announced.get("snippetSupport") else set()
    for item in listed["items"]:
        yield from (f"{item['label']}: {it}" for it in item.keys() - allowed)
        if "insertTextFormat" in item and "`" in text_of(item) and not engine.is_in_neovim:
            yield f"{item['label']}: a backtick in a snippet"
        if item["kind"] not in kinds:
            yield f"{item['label']}: the kind {item['kind']}"
        if "documentation" in item and item["documentation"]["kind"] not in formats:
            yield f"{item['label']}: documentation as {item['documentation']['kind']}"
        if len(ranges_of(item, defaults)) > 1 and not announced.get("insertReplaceSupport"):
            yield f"{item['label']}: an edit for two modes"
        yield from edit_problems(item, defaults, positions, caret)


def edit_problems(item: Any, defaults: Any, positions: Positions, caret: int) -> Iterator[str]:
    ranges = ranges_of(item, defaults)
    if not ranges:
        yield f"{item['label']}: an edit without a range"
        return
    spans = [positions.span(structured(it)) for it in ranges]
    if any(it["start"]["line"] != it["end"]["line"] for it in ranges):
        yield f"{item['label']}: a range of several lines"
    if not all(it.touches(caret) for it in spans):
        yield f"{item['label']}: a range without the caret"
    if spans[0].start != spans[-1].start or spans[0].end > spans[-1].end:
        yield f"{item['label']}: what is inserted does not begin what is replaced"
    others = [positions.span(structured(it["range"])) for it in item.get("additionalTextEdits", ())]
    all_ = sorted([spans[-1], *others])
    if any(one.end > next_.start or one == next_ for one, next_ in pairwise(all_)):
        yield f"{item['label']}: edits that overlap"


def ranges_of(item: Any, defaults: Any) -> list[Any]:
    """What the item replaces: one range, or the shorter and the longer one."""
    edit = item.get("textEdit") or defaults.get("editRange") or {}
    found = edit if "start" in edit else edit.get("range")
    return [found] if found else [edit[it] for it in ("insert", "replace") if it in edit]


def called(label: str, made_of: Completions, listed: Any) -> Any:
    """The item that is called so; some clients are shown what it puts in as its label."""
    labels = [it.label for it in made_of.items]
    assert label in labels
    return listed["items"][labels.index(label)]


def text_of(item: Any) -> str:
    edit = item.get("textEdit")
    text: str = edit["newText"] if edit else item.get("textEditText", item["label"])
    return text


def structured(range_: Any) -> lsp.Range:
    return lsp.Range(lsp.Position(**range_["start"]), lsp.Position(**range_["end"]))


def accepted(case: Case, item: Any, defaults: Any, engine: Engine, positions: Positions) -> str:
    """The query once *engine* has put *item* into it."""
    written = text_of(item)
    if item.get("insertTextFormat") == lsp.InsertTextFormat.Snippet:
        written = expanded(written)
    elif engine.takes_first_word:
        written = written.split()[0]
    span = span_taken(item, defaults, engine, positions)
    end = span.end if engine.replaces_behind else case.caret
    edits = [(span.start, end, written)]
    for other in item.get("additionalTextEdits", ()):
        place = positions.span(structured(other["range"]))
        edits.append((place.start, place.end, other["newText"]))
    text = case.text
    for start, stop, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[stop:]
    return text


def span_taken(item: Any, defaults: Any, engine: Engine, positions: Positions) -> Span:
    ranges = ranges_of(item, defaults)
    return positions.span(structured(ranges[-1 if engine.prefers_replace else 0]))


def expected(case: Case, engine: Engine) -> str:
    if case.replaced and engine.prefers_replace:
        return case.replaced
    has_snippets = engine.completion.get("completionItem", {}).get("snippetSupport")
    return case.accepted if has_snippets or not case.plain else case.plain


@pytest.mark.parametrize("name", ENGINES)
def test_only_what_is_announced_is_sent(name: str) -> None:
    engine = ENGINES[name]
    for case in CASES:
        for encoding in engine.encodings:
            positions = Positions(case.text, encoding)
            listed = answer(case, name, encoding)
            assert listed["items"], case
            assert list(problems(listed, engine, positions, case.caret)) == [], case


@pytest.mark.parametrize("name", ENGINES)
def test_what_is_accepted_is_right(name: str) -> None:
    engine = ENGINES[name]
    for case in CASES:
        for encoding in engine.encodings:
            positions = Positions(case.text, encoding)
            listed = answer(case, name, encoding)
            defaults = listed.get("itemDefaults", {})
            item = called(case.label, found(case), listed)
            taken = span_taken(item, defaults, engine, positions)
            before = case.text[taken.start : case.caret]
            if engine.knows_no_ranges and before != engine.typed(before, 0, ""):
                continue
            written = accepted(case, item, defaults, engine, positions)
            rest = "" if engine.replaces_behind else case.text[case.caret : taken.end]
            if rest:
                at = len(written) - len(case.text) + case.caret
                assert written[at : at + len(rest)] == rest, case
                written = written[:at] + written[at + len(rest) :]
            assert written == expected(case, engine), (case, encoding)


@pytest.mark.parametrize("name", ENGINES)
def test_what_is_typed_finds_every_item(name: str) -> None:
    """An engine's filter takes nothing away of what has been chosen and put in order here."""
    engine = ENGINES[name]
    for case in CASES:
        before = case.text[: case.caret]
        listed = answer(case, name, engine.encodings[0])
        positions = Positions(case.text, engine.encodings[0])
        for item in listed["items"]:
            defaults = listed.get("itemDefaults", {})
            start = span_taken(item, defaults, engine, positions).start
            if engine.begins_behind_quotes and '"' in case.text[start : case.caret]:
                continue
            text = item["label"] if engine.filters_labels else item.get("filterText", item["label"])
            typed = engine.typed(before, start, text)
            assert engine.matches(typed, text), (case, item)


@pytest.mark.parametrize("name", ENGINES)
def test_documentation_comes_as_it_is_announced(name: str) -> None:
    announced = ENGINES[name].completion.get("completionItem", {})
    asks = "documentation" in announced.get("resolveSupport", {}).get("properties", ())
    case = CASES[0]
    listed = answer(case, name, "utf-16")
    item = next(it for it in listed["items"] if it["label"] == "email")
    if asks:
        data = read_data(item["data"])
        assert data is not None
        assert "documentation" not in item
        assert "Where **mail** goes." in late.documentation(data, CATALOG)
    elif "markdown" in announced.get("documentationFormat", ()):
        assert item["documentation"] == {"kind": "markdown", "value": "Where **mail** goes."}
    else:
        assert item["documentation"] == {"kind": "plaintext", "value": "Where mail goes."}
    assert ("labelDetails" in item) == bool(announced.get("labelDetailsSupport"))
    assert ("detail" in item) != ("labelDetails" in item), "the type is said once"


@pytest.mark.parametrize("name", ENGINES)
def test_inside_a_golden_query_an_item_is_written_as_the_file_needs_it(name: str) -> None:
    engine = ENGINES[name]
    file = '[{"question": "😀?", "sql": "select \'é\', c.\\"Fu\\" from customers c"}]'
    sql = read_golden_file(file, "json").entries[0].sql
    caret = sql.text.index("Fu") + 2
    known = Snapshot(sql.text, CATALOG, "postgres")
    for encoding in engine.encodings:
        around = Positions(file, encoding)
        view = View(
            "file:///a.json", 1, EmbeddedPositions(sql, around), known, {}, is_embedded=True
        )
        offered = complete(known, caret)
        listed = json.loads(encoded(completion_list(offered, view, capabilities(name))).body)
        case = Case(file.replace("Fu", "Fu|"), "Full Name", file.replace("Fu", "Full Name"))
        assert list(problems(listed, engine, around, case.caret)) == []
        item = called(case.label, offered, listed)
        written = accepted(case, item, {}, engine, around)
        taken = span_taken(item, {}, engine, around)
        rest = "" if engine.replaces_behind else case.text[case.caret : taken.end]
        assert written == case.accepted.replace('\\" from', f'\\"{rest} from')


@pytest.mark.parametrize(
    ("made_for", "given_to", "wrong"),
    [
        ("VS Code", "lsp-mode", {"a default editRange", "email: labelDetails"}),
        ("VS Code", "Zed", {"email: an edit without a range"}),
        ("lsp-mode", "eglot", {"email: data"}),
        ("Sublime Text", "Kate", {"email: labelDetails"}),
        ("Neovim", "eglot", {"email: documentation as markdown"}),
        ("VS Code", "Neovim", {"email: an edit for two modes"}),
    ],
)
def test_what_is_not_announced_is_seen(made_for: str, given_to: str, wrong: set[str]) -> None:
    """The checks of this file, held against answers that are another engine's."""
    case = Case("select c.|x from customers c", "email", "")
    listed = dict(answer(case, made_for, "utf-16"))
    if given_to == "Zed":
        del listed["itemDefaults"]
    told = set(problems(listed, ENGINES[given_to], Positions(case.text), case.caret))
    assert wrong <= told


def test_an_edit_out_of_place_is_seen() -> None:
    def told(edits: Sequence[tuple[int, int, int, int]]) -> list[str]:
        ranges: list[Mapping[str, Any]] = [
            {"start": {"line": a, "character": b}, "end": {"line": c, "character": d}}
            for a, b, c, d in edits
        ]
        item = {
            "label": "x",
            "textEdit": {"range": ranges[0], "newText": ""},
            "additionalTextEdits": [{"range": it, "newText": ""} for it in ranges[1:]],
        }
        return list(edit_problems(item, {}, Positions("select a\nfrom b"), 8))

    assert told([(0, 7, 0, 8), (1, 5, 1, 6)]) == []
    assert told([(0, 7, 1, 1)]) == ["x: a range of several lines"]
    assert told([(0, 0, 0, 3)]) == ["x: a range without the caret"]
    assert told([(0, 7, 0, 8), (0, 0, 0, 8)]) == ["x: edits that overlap"]
