"""Additions to TOML: what is there stays, byte for byte, and what comes says what it should."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from defog_metadata.documents.toml_edits import item_added, keys_added, section_added
from defog_metadata.text import Edit

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.dictionaries(
    TEXTS,
    st.one_of(TEXTS, st.integers(), st.booleans(), st.lists(TEXTS), st.just({"ask": True})),
    min_size=1,
)


def made(text: str, edit: Edit) -> str:
    assert edit.span.start == edit.span.end, "nothing is taken away"
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def test_a_section_comes_last() -> None:
    values = {"db_type": "sqlite", "port": 3, "password": {"ask": True}}
    added = '[connections.a]\ndb_type = "sqlite"\nport = 3\npassword = { ask = true }\n'
    path = ("connections", "a")
    assert made("", section_added("", path, values)) == added
    for before, between in (("x = 1\n", "\n"), ("x = 1", "\n\n"), ("[y]\r\nx = 1 # z\r\n", "\r\n")):
        newline = "\r\n" if "\r" in before else "\n"
        after = made(before, section_added(before, path, values))
        assert after == before + between + added.replace("\n", newline)


def test_keys_come_before_the_sections() -> None:
    values = {"metadata": ["a/*.json"]}
    line = 'metadata = ["a/*.json"]\n'
    for before, after in (
        ("", line),
        ("# a file\n[x]\na = 1\n", f"{line}\n# a file\n[x]\na = 1\n"),
        ('dialect = "x"  # y\n\n[x]\n', f'dialect = "x"  # y\n{line}\n[x]\n'),
        ("a = [\n  '[b]',\n]\n[x.y]\n", f"a = [\n  '[b]',\n]\n{line}[x.y]\n"),
        ("a = 1", f"a = 1\n{line}"),
        ("\ufeff[x]\n", f"\ufeff{line}\n[x]\n"),
    ):
        assert made(before, keys_added(before, values)) == after


def test_an_item_comes_last() -> None:
    for before, after in (
        ('a = ["x"]  # y\n[b]\n', 'a = ["x", "z"]  # y\n[b]\n'),
        ("a = [\r\n  'x', # y\r\n]", "a = [\r\n  'x', \"z\", # y\r\n]"),
        ("a = [ ]\n", 'a = ["z"]\n'),
    ):
        edit = item_added(before, "a", "z")
        assert before[: edit.span.start] + edit.text + before[edit.span.end :] == after


@given(TEXTS, VALUES)
def test_whatever_is_written_is_read_again(name: str, values: dict[str, Any]) -> None:
    before = "a = 1\n[b]\nc = 2\n"
    after = tomllib.loads(made(before, section_added(before, ("d", name), values)))
    assert after == {"a": 1, "b": {"c": 2}, "d": {name: values}}
    text = "[sec-tion]\nc = 2\n"
    if "sec-tion" not in values:
        assert tomllib.loads(made(text, keys_added(text, values))) == {
            **values,
            "sec-tion": {"c": 2},
        }
