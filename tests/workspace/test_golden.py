import json
from pathlib import Path

import pytest

from defog_metadata.workspace import Workspace
from defog_metadata.workspace.golden import GoldenQuery, read_golden_queries

ENTRY = {"question": "How many?", "sql": "select count(*) from t"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps([ENTRY])),
        ("a.json", "\ufeff" + json.dumps({"golden_queries": [ENTRY, "noise", {"question": "x"}]})),
        ("a.json", json.dumps([{"question": "How many?", "query": "select count(*) from t"}])),
        ("a.csv", "question,sql\nHow many?,select count(*) from t\nno answer,\n"),
        ("a.csv", "Id,Query,Question\r\n1,select count(*) from t,How many?\r\n"),
        ("a.yaml", "- question: How many?\n  sql: select count(*) from t\n"),
        ("a.sql", "-- How many?\nselect count(*) from t;\n"),
    ],
)
def test_every_shape_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    assert read_golden_queries([path]) == (GoldenQuery("How many?", "select count(*) from t"),)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1, 2]", b'{"golden_queries": 3}'])
def test_what_cannot_be_read_is_left_out(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(content)
    assert read_golden_queries([broken, tmp_path / "missing.json"]) == ()


def test_a_connection_has_the_golden_queries_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "defog.toml").write_text(
        """
golden_queries = ["*.json"]
[connections.one]
db_type = "sqlite"
database = "one.db"
[connections.two]
db_type = "sqlite"
database = "two.db"
[[files]]
include = ["b.json"]
connection = "two"
"""
    )
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.json").write_text(json.dumps([{"question": name, "sql": "select 1"}]))
    workspace = Workspace.open(tmp_path)
    asked = [
        [query.question for query in workspace.metadata(it).golden_queries]
        for it in workspace.connections
    ]
    assert asked == [["a", "c"], ["b"]]
