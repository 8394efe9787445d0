"""The command that describes tables and columns, in clients that can do more and less."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp.convert import Positions
from tests.lsp.editor import Editor, make_database, running
from tests.lsp.person import OURS, SHOWING, Person

METADATA = """{
  "orders": [
    {"column_name": "id", "data_type": "integer", "column_description": "Order number – unique."},
    {"column_name": "total", "data_type": "numeric"}
  ],
  "notes": {"table_description": "First line.\\nSecond line.", "columns": []}
}
"""
CONNECTION = '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
QUERY = "select o.id, o.total from orders o;\nselect 1 from notes, customers\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database, and a metadata file about a part of it."""
    root = tmp_path / "shop"
    (root / "metadata").mkdir(parents=True)
    (root / "metadata/shop.json").write_text(METADATA)
    (root / "defog.toml").write_text(f'metadata = ["metadata/*.json"]\n{CONNECTION}')
    make_database(
        root / "shop.db",
        "create table customers (id integer primary key, name text)",
        "create table orders (id integer primary key, total numeric, status text)",
        "create table notes (id integer)",
    )
    return root


def without_files(folder: Path) -> None:
    (folder / "defog.toml").write_text(CONNECTION)


async def open_query(editor: Editor, folder: Path) -> str:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, QUERY)
    await editor.state("ready", tables=3)
    return uri


def at(line: int, character: int) -> dict[str, Any]:
    position = {"line": line, "character": character}
    return {"start": position, "end": position}


async def hovered(editor: Editor, uri: str, line: int, character: int) -> str:
    found = await editor.hover(uri, line, character)
    assert found is not None
    assert isinstance(found.contents, lsp.MarkupContent)
    return found.contents.value


async def said(editor: Editor, true: Callable[[str], bool]) -> None:
    await editor.until(lambda: any(map(true, editor.messages)), f"a message: {editor.messages}")


async def test_a_line_is_asked_for_and_seen_at_once(tmp_path: Path, folder: Path) -> None:
    file = folder / "metadata/shop.json"
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor, 'In "euros" – gross. ')
        asked = {"uri": uri, "range": at(0, 16)}
        assert await editor.command("defog.describe", asked) is True
        assert person.asked == [("Describe orders.total", "What orders.total means", "")]
        # Nothing but the description has changed.
        written = '"numeric", "column_description": "In \\"euros\\" – gross."}'
        assert file.read_text() == METADATA.replace('"numeric"}', written)
        assert 'In "euros" – gross.' in await hovered(editor, uri, 0, 16)

        person.answers = ["A number."]
        assert await editor.command("defog.describe", {"uri": uri, "range": at(0, 10)})
        assert person.asked[1][2] == "Order number – unique."
        assert "A number." in await hovered(editor, uri, 0, 10)
        # A column that the file does not have, of a table that it has; then a table by its name.
        asked = {"uri": uri, "tables": ["orders"], "columns": ["status"], "text": "open or paid"}
        assert await editor.command("defog.describe", asked)
        assert await editor.command(
            "defog.describe", {"uri": uri, "tables": ["customers"], "text": "Who has bought."}
        )
        # As people say it; in the letter case of the metadata, or another.
        named = {"uri": uri, "name": "Orders.STATUS", "text": "open, paid or sent"}
        assert await editor.command("defog.describe", named)
        assert len(person.asked) == 2
        assert "Who has bought." in await hovered(editor, uri, 1, 22)
        found = json.loads(file.read_text())
        assert found["customers"]["table_description"] == "Who has bought."
        columns = {it["column_name"]: it["column_description"] for it in found["orders"]}
        assert columns["status"] == "open, paid or sent"
        assert (person.edits, person.saved) == ([], []), "nothing of it was open"
        assert editor.messages == []


async def test_a_name_that_means_nothing_is_said(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        Person(editor, "What?")
        for name, message in (
            ("ordres.total", "there is no table ordres.total"),
            ("orders.totl", "orders has no column totl"),
        ):
            assert await editor.command("defog.describe", {"uri": uri, "name": name}) is False
            await said(editor, lambda it, message=message: message in it)  # type: ignore[misc]
        assert (folder / "metadata/shop.json").read_text() == METADATA


async def test_whoever_does_not_answer_changes_nothing(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        Person(editor, None)
        assert await editor.command("defog.describe", {"uri": uri, "range": at(0, 16)}) is False
        assert (folder / "metadata/shop.json").read_text() == METADATA


async def test_an_open_file_is_edited_and_saved_for_the_person(
    tmp_path: Path, folder: Path
) -> None:
    file = folder / "metadata/shop.json"
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor)
        person.open_file(file.as_uri(), METADATA, "json")
        asked = {"uri": uri, "tables": ["orders"], "columns": ["total"]}
        assert await editor.command("defog.describe", {**asked, "text": "In euros."})
        assert person.edits == [(file.as_uri(), 1)]
        assert person.saved == [file.as_uri()]
        assert file.read_text() == person.text(file.as_uri())
        assert "In euros." in await hovered(editor, uri, 0, 16)

        # What the person has not saved yet stays unsaved, and is not lost.
        changed = person.text(file.as_uri()).replace("First line.", "First of two.")
        person.open[file.as_uri()] = 3, changed
        editor.change(file.as_uri(), 3, changed)
        before = file.read_text()
        assert await editor.command("defog.describe", {**asked, "text": "In cents."})
        assert file.read_text() == before
        assert len(person.saved) == 1
        assert "First of two." in person.text(file.as_uri())
        assert "In cents." in person.text(file.as_uri())
        await said(editor, lambda it: it.endswith("which is open: save it to use it"))


async def test_an_open_file_in_a_client_that_cannot_save(tmp_path: Path, folder: Path) -> None:
    file = folder / "metadata/shop.json"
    async with running(tmp_path, folder, can=SHOWING) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor)
        person.open_file(file.as_uri(), METADATA, "json")
        asked = {"uri": uri, "tables": ["orders"], "columns": ["total"], "text": "In euros."}
        assert await editor.command("defog.describe", asked) is True
        assert (person.edits, person.saved) == ([(file.as_uri(), 1)], [])
        assert "In euros." in person.text(file.as_uri())
        await said(editor, lambda it: it.endswith("which is open: save it to use it"))


async def test_an_open_file_in_a_client_that_makes_no_edits(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=lsp.ClientCapabilities()) as editor:
        uri = await open_query(editor, folder)
        editor.open((folder / "metadata/shop.json").as_uri(), METADATA, "json")
        asked = {"uri": uri, "tables": ["orders"], "text": "What was bought."}
        assert await editor.command("defog.describe", asked) is False
        await said(editor, lambda it: "could not be edited: nothing was written" in it)
        assert (folder / "metadata/shop.json").read_text() == METADATA


@pytest.mark.parametrize(
    ("asked", "before", "selected"),
    [
        # Without a place for it: that is made, and empty.
        ({"range": at(0, 16)}, '"numeric", "column_description": "', ""),
        ({"tables": ["orders"], "columns": ["status"]}, '"column_description": "', ""),
        ({"tables": ["customers"]}, '"table_description": "', ""),
        # With one: it is selected.
        ({"range": at(0, 10)}, '"column_description": "', "Order number – unique."),
        ({"range": at(1, 15)}, '"table_description": "', "First line.\\nSecond line."),
    ],
)
async def test_without_an_input_box_the_file_is_opened_at_the_place(
    tmp_path: Path, folder: Path, asked: dict[str, Any], before: str, selected: str
) -> None:
    file = folder / "metadata/shop.json"
    async with running(tmp_path, folder, can=SHOWING) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor)
        assert await editor.command("defog.describe", {"uri": uri, **asked}) is False
        (shown,) = person.shown
        assert (shown.uri, shown.take_focus) == (file.as_uri(), True)
        assert shown.selection is not None
        text = person.text(file.as_uri()) if person.edits else file.read_text()
        assert bool(person.edits) == (not selected)
        span = Positions(text, "utf-16").span(shown.selection)
        assert text[span.start : span.end] == selected
        assert text[: span.start].endswith(before)
        assert file.read_text() == METADATA, "the person saves"
        if not selected:
            # What is typed there is used as soon as it is saved.
            typed = text[: span.start] + "Typed." + text[span.end :]
            person.open[file.as_uri()] = 9, typed
            editor.change(file.as_uri(), 9, typed)
            file.write_text(typed)
            editor.save(file.as_uri())
            event = lsp.FileEvent(file.as_uri(), lsp.FileChangeType.Changed)
            editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
            line, character = (1, 22) if "customers" in str(asked) else (0, 16)
            if "status" not in str(asked):
                while "Typed." not in await hovered(editor, uri, line, character):
                    pass


async def test_several_at_once_are_typed_into_the_file(tmp_path: Path, folder: Path) -> None:
    file = folder / "metadata/shop.json"
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor)
        asked = {"uri": uri, "tables": ["orders"], "columns": ["total", "status"]}
        assert await editor.command("defog.describe", asked) is False
        assert person.asked == []
        found = json.loads(person.text(file.as_uri()))
        assert [it.get("column_description") for it in found["orders"]] == [
            "Order number – unique.",
            "",
            "",
        ]
        assert len(person.shown) == 1
        # So is what has several lines already.
        assert await editor.command("defog.describe", {"uri": uri, "tables": ["notes"]}) is False
        assert len(person.shown) == 2


async def test_a_client_that_can_neither_ask_nor_show(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=lsp.ClientCapabilities()) as editor:
        uri = await open_query(editor, folder)
        asked = {"uri": uri, "range": at(0, 16)}
        assert await editor.command("defog.describe", asked) is False
        file = folder / "metadata/shop.json"
        await said(editor, lambda it: it == f"The description belongs into {file}, line 4")


async def test_without_a_file_the_cache_keeps_it(tmp_path: Path, folder: Path) -> None:
    without_files(folder)
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor, "In euros.", "Its number.", None)
        assert await editor.command("defog.describe", {"uri": uri, "range": at(0, 16)})
        assert "In euros." in await hovered(editor, uri, 0, 16)
        # Several at once are asked for in turn, up to one that is not answered.
        asked = {"uri": uri, "tables": ["orders"], "columns": ["id", "status"]}
        assert await editor.command("defog.describe", asked)
        assert [it[0] for it in person.asked] == [
            "Describe orders.total",
            "Describe orders.id (1 of 2)",
            "Describe orders.status (2 of 2)",
        ]
        assert "Its number." in await hovered(editor, uri, 0, 10)
        await said(editor, lambda it: "are kept in the cache" in it)
        assert len(editor.messages) == 1, "once is enough"
        # Reading the database again does not take it away.
        await editor.command("defog.refreshMetadata")
        assert "In euros." in await hovered(editor, uri, 0, 16)
    (entry,) = (tmp_path / "defog/cache").glob("*.json")
    assert "In euros." in entry.read_text()


async def test_without_a_file_and_an_input_box_it_is_said_what_to_do(
    tmp_path: Path, folder: Path
) -> None:
    without_files(folder)
    async with running(tmp_path, folder, can=SHOWING) as editor:
        uri = await open_query(editor, folder)
        person = Person(editor)
        assert await editor.command("defog.describe", {"uri": uri, "range": at(0, 16)}) is False
        await said(editor, lambda it: it.startswith("There is no metadata file to write"))
        assert person.shown == []


async def test_what_cannot_be_done_is_said(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=OURS) as editor:
        uri = await open_query(editor, folder)
        Person(editor)

        async def refused(**asked: object) -> str:
            before = len(editor.messages)
            assert await editor.command("defog.describe", {"uri": uri, **asked}) is False
            await editor.until(lambda: len(editor.messages) > before, "a message")
            return editor.messages[-1]

        assert (
            await refused(range=at(0, 1))
            == "There is no table or column of the metadata at the caret"
        )
        assert "there is no table odders (did you mean orders?)" in await refused(tables=["odders"])
        assert "no column nope" in await refused(tables=["orders"], columns=["nope"])
        file = folder / "metadata/shop.json"
        file.chmod(0o444)
        (folder / "metadata").chmod(0o555)
        try:
            if not _may_write(folder / "metadata"):
                assert "cannot be written" in await refused(tables=["orders"], text="x")
        finally:
            (folder / "metadata").chmod(0o755)
        asked = {"uri": uri, "tables": ["orders"], "columns": ["id", "total"], "text": "x"}
        with pytest.raises(JsonRpcException):
            await editor.command("defog.describe", asked)


def _may_write(folder: Path) -> bool:
    try:
        (folder / "probe").write_text("")
    except OSError:
        return False
    (folder / "probe").unlink()
    return True
