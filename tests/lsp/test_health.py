"""The report about the metadata as a whole, as a command gives it."""

import json
from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from tests.lsp.editor import running

TOML = """\
dialect = "postgres"
metadata = ["m.json"]
golden_queries = ["golden.json"]
glossary = ["glossary.md"]
"""


async def test_what_is_wrong_and_where(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text(TOML)
    columns = [{"column_name": "id", "data_type": "int", "column_description": "A number."}]
    long = {"column_name": "note", "data_type": "text", "column_description": "Words. " * 20}
    tables = {"public.users": {"columns": [*columns, long]}, "public.orders": {"columns": columns}}
    (folder / "m.json").write_text(json.dumps(tables))
    golden = '[\n{"question": "Who?", "sql": "select nope from users"}]'
    (folder / "golden.json").write_text(golden)
    (folder / "glossary.md").write_text("- Users are in `users`.\n")
    async with running(tmp_path, folder) as editor:
        await editor.state("ready", tables=2)
        (report,) = await editor.command("defog.checkHealth")
        with pytest.raises(JsonRpcException, match="one argument"):
            await editor.command("defog.checkHealth", 1)
    assert (report["connection"], report["tables"], report["goldenQueries"]) == (None, 2, 1)
    assert report["descriptions"]["columns_described"] == 3
    assert report["descriptions"]["long"] == ["public.users.note"]
    assert "orders" in report["coverage"]["uncovered_tables"]
    assert report["tableUris"] == {
        "public.users.note": "defog:/-/public/users.sql",
        "orders": "defog:/-/public/orders.sql",
    }
    problems = {it["name"]: it["problems"] for it in report["files"]}
    assert list(problems) == ["golden.json", "glossary.md", "m.json"]
    assert [it["code"] for it in problems["m.json"]] == ["description-long"]
    (problem,) = problems["golden.json"]
    assert problem["severity"] == "error"
    start = golden.split("\n")[1].index("nope")
    assert problem["range"]["start"] == {"line": 1, "character": start}
    assert problems["glossary.md"] == []
