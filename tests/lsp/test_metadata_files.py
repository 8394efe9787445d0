"""Metadata files and ``defog.toml`` in an editor: found, completed, explained and mended."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import make_database, running
from tests.lsp.test_code_actions import ABLE, applied, ask
from tests.lsp.test_pull import by_name, codes, pulling

CONFIGURATION = 'metadata = ["tables.json", "more.csv"]\n[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
GOOD = '{\n  "users": [\n    {"column_name": "email", "data_type": "text"}\n  ]\n}\n'
DRIFTED = GOOD.replace('"email"', '"emial"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    make_database(folder / "shop.db")
    (folder / "defog.toml").write_text(CONFIGURATION)
    (folder / "tables.json").write_text(GOOD)
    return folder


async def test_while_it_is_written(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "tables.json").as_uri()
    async with running(tmp_path, folder, can=ABLE) as editor:
        await editor.state("ready")
        editor.open(uri, DRIFTED, "json")
        [found] = await editor.codes(uri, ["metadata-drift"])
        assert found.range == lsp.Range(lsp.Position(2, 21), lsp.Position(2, 26))
        assert found.message.endswith(
            "users has no column emial in the database; did you mean email?"
        )
        actions = await ask(editor, uri, (2, 22), [found])
        assert applied(DRIFTED, actions["Change to email"].edit) == GOOD
        editor.change(uri, 2, GOOD)
        await editor.codes(uri, [])
        # A file that is no JSON is told of where it is none.
        editor.change(uri, 3, GOOD.replace('"users":', '"users"'))
        [found] = await editor.codes(uri, ["configuration"])
        assert found.range.start.line == 1
        editor.close(uri)
        await editor.codes(uri, [])


async def test_what_is_wrong_on_disk_is_told_until_it_is_opened(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "tables.json").write_text("[1")
    uri = (folder / "tables.json").as_uri()
    async with running(tmp_path, folder) as editor:
        await editor.until(lambda: uri in editor.diagnostics, "a report of the file")
        assert editor.diagnostics[uri].diagnostics[0].message.startswith("not used: not JSON")
        editor.open(uri, GOOD, "json")
        await editor.codes(uri, [])
        await editor.settled()
        assert not editor.diagnostics[uri].diagnostics


async def test_pulled_whether_open_or_not(tmp_path: Path, folder: Path) -> None:
    (folder / "tables.json").write_text(DRIFTED)
    (folder / "more.csv").write_text("table_name,column_name,data_type\nuser,id,integer\n")
    uri = (folder / "tables.json").as_uri()
    async with running(tmp_path, folder, can=pulling()) as editor:
        await editor.state("ready")
        found = by_name(await editor.pull_workspace())
        assert codes(found["tables.json"]) == ["metadata-drift"]
        assert codes(found["more.csv"]) == ["metadata-drift"]
        assert found["more.csv"].items[0].range.start == lsp.Position(1, 0)
        editor.open(uri, GOOD, "json")
        assert codes(await editor.pull(uri)) == []
        (folder / "more.csv").write_text("[1")
        await editor.settled()
        found = by_name(await editor.pull_workspace())
        assert codes(found["more.csv"]) == ["configuration"]


async def test_completion_and_hover_in_metadata(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "tables.json").as_uri()
    async with running(tmp_path, folder) as editor:
        await editor.state("ready")
        editor.open(uri, GOOD.replace("]", ', {"column_name": ""}]'), "json")
        hover = await editor.hover(uri, 1, 5)
        assert hover is not None
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert "users" in hover.contents.value
        found = await editor.complete(uri, 3, 21)
        assert found is not None
        assert [it.label for it in found.items] == ["id"]
        assert isinstance(found.items[0].text_edit, lsp.TextEdit)
        assert found.items[0].text_edit.new_text == "id"


async def test_completion_and_hover_in_the_configuration(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "defog.toml").as_uri()
    async with running(tmp_path, folder) as editor:
        await editor.state("ready")
        editor.open(
            uri, f'{CONFIGURATION}[diagnostics]\nrun = ""\n[cache]\nttl_seconds = 3', "toml"
        )
        found = await editor.complete(uri, 5, 7)
        assert found is not None
        assert [it.label for it in found.items] == ["onType", "onSave"]
        found = await editor.complete(uri, 0, 13)
        assert found is not None
        assert [it.label for it in found.items] == ["tables.json"]
        hover = await editor.hover(uri, 7, 3)
        assert hover is not None
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert hover.contents.value.startswith("Seconds after which a database is read again.")
