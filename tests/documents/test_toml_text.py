"""TOML with places: every key and value where it stands, and no text that cannot be read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.documents.toml_text import read_toml
from defog_metadata.workspace.configuration import read_configuration
from tests.workspace.test_configuration import COMPLETE

ROOT = Path("/somewhere/shop")


@pytest.mark.parametrize(
    "text",
    ["[", "]", "=", "a", "a =", "[[a]", '"""', "'", "a = [[[", "\x00", "# \x01", "a = 1\rb = 2",
     "\r", "a = {b = {", "[a]\n[a]", "a.b = 1\n[a]\nb = 2", "[" * 3000, "a = " + "[" * 3000,
     "\ufeff\ufeff", "a = '''\n\n", "[files]", "files = [1]", "[connections]\nx.y.z = 1", "\x85",
     "a = 1\n# \x7f\nb = 2", 'a = "\x00"\n', "[a]\nb = [\n[c]\nd = 1"],
)  # fmt: skip
def test_broken_text_never_raises(text: str) -> None:
    configuration, problems = read_configuration(text, ROOT / "defog.toml")
    assert configuration.root == ROOT
    assert all(0 <= it.span.start <= it.span.end <= len(text) for it in problems)


def test_places_of_every_kind_of_key_and_value() -> None:
    text = """
a.b . "c d" = 'x, # ]' # comment
[e.f]
g = [ 1, # one ]
  "]", { h = 1, i.j = [[2], 3] },
]
[[k]]
l = '''
]'''''
[[k]]
m = 07:32:00
[[k.n]]
o = +1.5e3
"""
    places = read_toml(text).places

    def key(*path: str | int) -> str:
        span = places.at(*path).key
        return text[span.start : span.end]

    def value(*path: str | int) -> str:
        span = places.at(*path).value
        return text[span.start : span.end]

    assert (key("a", "b"), key("a", "b", "c d")) == ("b", '"c d"')
    assert value("a", "b", "c d") == "'x, # ]'"
    assert value("e", "f") == "e.f"
    assert [value("e", "f", "g", it) for it in range(2)] == ["1", '"]"']
    assert value("e", "f", "g", 2, "i", "j") == "[[2], 3]"
    assert value("e", "f", "g", 2, "i", "j", 0, 0) == "2"
    assert value("k", 0, "l") == "'''\n]'''''"
    assert (value("k", 1), value("k", 1, "m")) == ("k", "07:32:00")
    assert value("k", 1, "n", 0, "o") == "+1.5e3"


@given(
    st.integers(0, len(COMPLETE)), st.integers(0, 8), st.text("[]{}'\"=.,#\n\r ab1é", max_size=6)
)
def test_whatever_is_typed_the_rest_is_read(at: int, removed: int, typed: str) -> None:
    text = COMPLETE[:at] + typed + COMPLETE[at + removed :]
    configuration, problems = read_configuration(text, ROOT / "defog.toml")
    assert configuration.root == ROOT
    assert all(0 <= it.span.start <= it.span.end <= len(text) for it in problems)


@given(st.integers(0, len(COMPLETE)))
def test_a_file_cut_off_anywhere_keeps_what_comes_before(at: int) -> None:
    whole, _ = read_configuration(COMPLETE, ROOT / "defog.toml")
    start = COMPLETE.rfind("\n", 0, at) + 1
    configuration, _ = read_configuration(COMPLETE[:at], ROOT / "defog.toml")
    if start > COMPLETE.index("[connections.warehouse]"):
        assert configuration.metadata == whole.metadata
        assert configuration.connections[0] == whole.connections[0]
