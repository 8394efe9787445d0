from pathlib import Path

from defog_metadata.text import TextFile
from defog_metadata.workspace import Workspace
from defog_metadata.workspace.named_files import named_files, plain, read_named_files


def opened(folder: Path, text: str, *files: str) -> Workspace:
    for it in files:
        (folder / it).parent.mkdir(parents=True, exist_ok=True)
        (folder / it).write_text(it, encoding="utf-8")
    (folder / "defog.toml").write_text(text, encoding="utf-8")
    return Workspace.open(folder)


def test_what_a_file_is(tmp_path: Path) -> None:
    text = """
metadata = ["m/*.json", "both.json"]
golden_queries = ["both.json", "../outside.json", "missing.json", "g/**/*.csv"]
glossary = ["*.md"]
"""
    workspace = opened(
        tmp_path / "w", text, "both.json", "../outside.json", "g/x/a.csv", "m/a.json", "n.md"
    )
    root = tmp_path / "w"
    assert list(named_files(workspace.configuration).items()) == [
        (root / "both.json", "golden queries"),
        (tmp_path / "outside.json", "golden queries"),
        (root / "g/x/a.csv", "golden queries"),
        (root / "n.md", "glossary"),
        (root / "m/a.json", "metadata"),
    ]
    assert plain(root / "g" / ".." / "n.md") == root / "n.md"


def test_files_go_with_their_connection(tmp_path: Path) -> None:
    text = """
golden_queries = ["b.json", "a.json", "c.json"]
glossary = ["n.md"]
[connections.one]
db_type = "sqlite"
database = "one.db"
[connections.two]
db_type = "sqlite"
database = "two.db"
[[files]]
include = ["a.json"]
connection = "two"
"""
    workspace = opened(tmp_path, text, "a.json", "b.json", "c.json", "n.md")
    (tmp_path / "c.json").write_bytes(b"\xef\xbb\xbfc\xff")
    one, two = workspace.connections
    assert read_named_files(workspace, one) == {
        "golden queries": (
            TextFile(tmp_path / "b.json", "b.json"),
            TextFile(tmp_path / "c.json", "c\ufffd"),
        ),
        "glossary": (TextFile(tmp_path / "n.md", "n.md"),),
    }
    assert read_named_files(workspace, two) == {
        "golden queries": (TextFile(tmp_path / "a.json", "a.json"),)
    }
