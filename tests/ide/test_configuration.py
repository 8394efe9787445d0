"""Completion and hover in defog.toml. ``$0`` is the caret."""

import tomllib
from pathlib import Path

import pytest

from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.configuration import complete_configuration, hover_configuration
from defog_metadata.rules.about import ABOUT
from defog_metadata.rules.findings import DEFAULT_SEVERITIES
from defog_metadata.workspace import read_configuration
from defog_metadata.workspace.settings import settings

FILES = (
    "golden.yaml",
    "glossary.md",
    "metadata/shop.json",
    "metadata/more.csv",
    "shop.db",
    "x.sql",
)
SHOP = '[connections.shop]\ndb_type = "postgres"\nhost = "h"\n'


def items(marked: str) -> list[Item]:
    text = marked.replace("$0", "")
    return list(complete_configuration(text, marked.index("$0"), settings(), FILES).items)


def check(marked: str, *expected: str) -> None:
    """The labels are exactly *expected*, sorted."""
    assert sorted(it.label for it in items(marked)) == sorted(expected)


def accepted(marked: str, label: str) -> str:
    """The text after the item *label* has been taken."""
    item = next(it for it in items(marked) if it.label == label)
    text = marked.replace("$0", "")
    return text[: item.span.start] + item.insert + text[item.span.end :]


def test_keys_at_the_top() -> None:
    found = [it.label for it in items("$0")]
    assert found[:4] == ["dialect", "metadata", "golden_queries", "glossary"]
    assert "[rules]" in found
    assert "[[files]]" in found
    assert "[connections.name]" in found
    # What is there already is not offered again, but for sections of which there can be several.
    found = [it.label for it in items(f'dialect = "duckdb"\n$0\n{SHOP}[rules]\n')]
    assert "dialect" not in found
    assert "[rules]" not in found
    assert "[connections.name]" in found


def test_keys_of_sections() -> None:
    check("[cache]\nt$0 = 1", "ttl_seconds", *headers("[cache]"))
    check("[diagnostics]\nrun = 'onSave'\n$0", "debounce_ms", *headers("[diagnostics]"))
    check("[[files]]\ninclude = []\n$0", "connection", *headers())
    found = [it.label for it in items("[rules]\nselect-star = 'off'\nunk$0\n[cache]\n")]
    assert set(DEFAULT_SEVERITIES) - {"select-star"} <= set(found)
    assert "select-star" not in found
    check("pruning.$0", "prune_max_tokens", "prune_bm25_num_columns")


def headers(*there: str) -> set[str]:
    every = {
        "[rules]",
        "[diagnostics]",
        "[cache]",
        "[formatting]",
        "[code_lens]",
        "[pruning]",
        "[[files]]",
        "[connections.name]",
    }
    return every - set(there)


def test_fields_of_a_connection_are_those_of_its_kind() -> None:
    found = {it.label for it in items(f"{SHOP}$0")}
    assert {"port", "database", "password", "sslmode", "schema_whitelist"} <= found
    assert not {"host", "db_type", "account", "unix_socket"} & found
    found = {it.label for it in items("[connections.shop]\n$0")} - headers()
    assert found == {"db_type", "schema_whitelist", "schema_blacklist", "frequent_values"}
    # Names of connections are one's own.
    check("connections.$0 = 1")


def test_headers() -> None:
    check("[$0]", *headers())
    check("[ru$0", *headers())
    check("[connections.$0]", "[connections.name]")
    check("[rules.$0]")
    assert accepted("[ru$0]\n", "[rules]") == "[rules]\n"
    assert accepted("[f$0", "[[files]]") == "[[files]]"
    assert next(it for it in items("[f$0") if it.label == "[[files]]").filter_text == "[files"[:6]


def test_values() -> None:
    check("[diagnostics]\nrun = $0", "onType", "onSave")
    check('[rules]\nunknown-table = "w$0"', "error", "warning", "information", "hint", "off")
    check("[connections.a]\nfrequent_values = $0", "true", "false")
    check(f"{SHOP}[connections.dwh]\n[[files]]\nconnection = $0", "shop", "dwh")
    assert "postgres" in {it.label for it in items("dialect = '$0'")}
    assert "sqlite" in {it.label for it in items("[connections.a]\ndb_type = $0")}
    check(
        f"{SHOP}password = $0", "{ ask = true }", '{ env = "VARIABLE" }', '{ keyring = "service" }'
    )
    check("[cache]\nttl_seconds = $0")
    check("nothing = $0")
    assert accepted('[diagnostics]\nrun = "on$0"', "onSave") == '[diagnostics]\nrun = "onSave"'
    assert accepted("[diagnostics]\nrun = on$0", "onSave") == '[diagnostics]\nrun = "onSave"'


def test_files() -> None:
    check(
        'metadata = ["$0"]',
        "metadata/*.json",
        "metadata/*.csv",
        "metadata/shop.json",
        "metadata/more.csv",
    )
    assert accepted("glossary = $0", "glossary.md") == 'glossary = ["glossary.md"]'
    assert accepted('glossary = ["g$0', "glossary.md") == 'glossary = ["glossary.md"'
    check('[connections.a]\ndb_type = "sqlite"\ndatabase = "$0"', "shop.db")
    check('[connections.a]\ndb_type = "postgres"\ndatabase = "$0"')
    check('[[files]]\ninclude = ["$0"]', "x.sql")


def test_lists_over_several_lines_and_inline_tables() -> None:
    check('glossary = [\n  "a.md",\n  $0\n]', "glossary.md")
    check("cache = { $0 }", "ttl_seconds")
    check("diagnostics = { run = $0 }", "onType", "onSave")
    # A list that is not closed ends where the next statement begins.
    check('glossary = [\n  "a.md",\n[cache]\n$0', "ttl_seconds", *headers("[cache]"))


def test_where_nothing_can_stand() -> None:
    check("# $0")
    check('dialect = "duckdb" $0')
    check('dialect = "duckdb"$0')
    check("[cache] $0")
    check("dialect duck$0")


def test_a_key_keeps_its_value() -> None:
    assert accepted("[diagnostics]\nde$0 = 1", "debounce_ms") == "[diagnostics]\ndebounce_ms = 1"
    assert accepted("[diagnostics]\nde$0", "debounce_ms") == "[diagnostics]\ndebounce_ms = "


def hovered(marked: str) -> str:
    found = hover_configuration(marked.replace("$0", ""), marked.index("$0"), settings())
    return found.markdown if found else ""


def test_hover() -> None:
    assert hovered("[cache]\nttl$0_seconds = 7") == (
        "Seconds after which a database is read again.\n\nDefault: `3600`"
    )
    assert hovered("[ca$0che]").startswith("How long what was read")
    assert hovered("[[fil$0es]]").startswith("Files that are about another connection")
    assert hovered(f"{SHOP}pass$0word = 1").startswith("The password: asked for, ")
    rule = hovered("[rules]\nselect-$0star = 'off'")
    assert rule.startswith("A star stands where")
    assert "docs/rules/select-star.md" in rule
    assert "One of `error`, `warning`" in rule
    for nothing in ("[connections.sh$0op]", "# cach$0e", "dialect = 'du$0ckdb'", "x$0 = 1", "$0"):
        assert hovered(nothing) == ""


def every(setting: object = None) -> list[str]:
    return [it.name for child in settings().children for it in (child, *child.every_child)]


def test_every_key_has_a_sentence() -> None:
    assert set(ABOUT) == set(DEFAULT_SEVERITIES)
    assert len(every()) > 60
    for child in settings().children:
        for it in (child, *child.every_child):
            assert it.about, it.name


@pytest.mark.parametrize(
    "text", ["[", "[[", "]", "a.", "= ", '"""', "'''", "{", "a = [[{", "[a\n[b", "\x00", ","]
)
def test_broken_text_never_raises(text: str) -> None:
    for whole in (text, f"{SHOP}{text}", f"{text}\n{SHOP}"):
        for offset in range(len(whole) + 1):
            complete_configuration(whole, offset, settings(), FILES)
            hover_configuration(whole, offset, settings())


def test_what_is_offered_is_accepted() -> None:
    """Each key, with a value that is offered or its default, is one that the reader takes."""
    lines = [
        f"[rules]\n{it.label} = {items(f'[rules]{chr(10)}{it.label} = $0')[0].insert}"
        for it in items("[rules]\n$0")
        if not it.label.startswith("[")
    ]
    assert len(lines) == len(DEFAULT_SEVERITIES)
    for text in lines:
        tomllib.loads(text)
        assert read_configuration(text, Path("defog.toml"))[1] == ()
