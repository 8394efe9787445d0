"""A ``defog.toml`` goes on naming the files that it names, wherever they are moved."""

import tomllib
from pathlib import Path

import pytest

from defog_metadata.rules.fixes import applied
from defog_metadata.workspace.moved_files import Move, edits_for_moves

TEXT = """\
metadata = ["metadata/orders.json", "./extra.yaml",  # by hand
  "tables/*.json"]
golden_queries = ['../golden.json']
glossary = ["terms.md"]

[[files]]
include = ["reports/**/*.sql", "old"]
connection = "shop"

[connections.shop]
db_type = "sqlite"
database = "data/shop.db"
"""
FILES = (
    "w/metadata/orders.json w/extra.yaml w/tables/a.json w/tables/b.json golden.json w/terms.md "
    "w/reports/x/r.sql w/old/a.sql w/data/shop.db"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for it in FILES.split():
        (tmp_path / it).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / it).touch()
    return tmp_path / "w"


def after(root: Path, *moves: tuple[str, str], text: str = TEXT) -> str:
    """*moves* are relative to *root*."""
    found = edits_for_moves(
        text, root / "defog.toml", [Move(root / old, root / new) for old, new in moves]
    )
    changed = applied(text, found)
    tomllib.loads(changed)
    return changed


@pytest.mark.parametrize(
    ("old", "new", "written", "instead"),
    [
        ("metadata/orders.json", "metadata/sales.json", "metadata/orders.json", "metadata/sales.json"),
        ("metadata", "described", "metadata/orders.json", "described/orders.json"),
        ("metadata/orders.json", "../o.json", "metadata/orders.json", "../o.json"),
        ("extra.yaml", "more/extra.yaml", '"./extra.yaml"', '"./more/extra.yaml"'),
        ("../golden.json", "golden.json", "'../golden.json'", '"golden.json"'),
        ("terms.md", 'a "b"\\c.md', '"terms.md"', r'"a \"b\"\\c.md"'),
        ("terms.md", "a[1]*.md", "terms.md", "a[[]1][*].md"),
        ("tables", "of/tables", "tables/*.json", "of/tables/*.json"),
        ("tables/a.json", "a.json", '"tables/*.json"', '"tables/*.json", "a.json"'),
        ("reports", "r", "reports/**/*.sql", "r/**/*.sql"),
        ("reports/x/r.sql", "r.sql", '"reports/**/*.sql"', '"reports/**/*.sql", "r.sql"'),
        ("data/shop.db", "shop.db", "data/shop.db", "shop.db"),
        ("data", "../data", "data/shop.db", "../data/shop.db"),
    ],
)  # fmt: skip
def test_what_is_moved(root: Path, old: str, new: str, written: str, instead: str) -> None:
    assert TEXT.count(written) == 1
    assert after(root, (old, new)) == TEXT.replace(written, instead)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tables/a.json", "tables/c.json"),  # its pattern matches it still
        ("reports/x", "reports/y"),
        ("old/a.sql", "old/b.sql"),
        ("other.json", "metadata/other.json"),  # nothing names it
        ("terms", "words"),  # a folder whose name only begins so
        ("defog.toml", "sub/defog.toml"),
        (".", "../elsewhere"),
    ],
)
def test_what_makes_no_difference(root: Path, old: str, new: str) -> None:
    assert after(root, (old, new)) == TEXT


def test_several_at_once(root: Path) -> None:
    changed = after(
        root,
        ("tables/a.json", "a.json"),
        ("tables/b.json", "b.json"),
        ("metadata", "m"),
        ("terms.md", "m/terms.md"),
    )
    read = tomllib.loads(changed)
    assert read["metadata"] == [
        "m/orders.json", "./extra.yaml", "tables/*.json", "a.json", "b.json"
    ]  # fmt: skip
    assert read["glossary"] == ["m/terms.md"]
    assert "# by hand" in changed


def test_absolute_paths_stay_absolute(root: Path) -> None:
    text = f"glossary = ['{(root / 'terms.md').as_posix()}']\n"
    assert after(root, ("terms.md", "t.md"), text=text) == (
        f'glossary = ["{(root / "t.md").as_posix()}"]\n'
    )


@pytest.mark.parametrize(
    "text",
    ["metadata = 7", "metadata = [7, {}]", "files = [1]", "[connections]\nx = 1", "metadata = [", ""],
)  # fmt: skip
def test_broken_configurations_are_left(root: Path, text: str) -> None:
    moves = [Move(root / "metadata", root / "m")]
    assert edits_for_moves(text, root / "defog.toml", moves) == []
