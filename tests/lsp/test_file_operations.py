"""Files that the editor makes, moves and deletes."""

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, running

COLUMNS = [{"column_name": "id", "data_type": "integer"}]
CAN = lsp.ClientCapabilities(
    workspace=lsp.WorkspaceClientCapabilities(
        workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True),
        file_operations=lsp.FileOperationClientCapabilities(
            will_rename=True, did_rename=True, did_create=True, did_delete=True
        ),
        semantic_tokens=lsp.SemanticTokensWorkspaceClientCapabilities(refresh_support=True),
        inlay_hint=lsp.InlayHintWorkspaceClientCapabilities(refresh_support=True),
    )
)
"""Without watching: what is tested here would otherwise be seen twice."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "metadata").mkdir(parents=True)
    (root / "metadata/orders.json").write_text(json.dumps({"orders": COLUMNS}))
    (root / "defog.toml").write_text(
        'dialect = "postgres"\nmetadata = ["metadata/orders.json", "more/*.json"]\n'
    )
    return root


def moved(old: Path, new: Path) -> lsp.RenameFilesParams:
    return lsp.RenameFilesParams([lsp.FileRename(old.as_uri(), new.as_uri())])


async def test_defog_toml_follows_its_files(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=CAN) as editor:
        await editor.settled()
        old, new = folder / "metadata", folder / "described"
        edit = await editor.workspace_will_rename_files_async(moved(old, new))
        assert changes(edit, folder) == (None, [(1, 12, 34, '"described/orders.json"')])
        uri = (folder / "defog.toml").as_uri()
        editor.open(uri, "\n" + (folder / "defog.toml").read_text(), "toml", version=5)
        edit = await editor.workspace_will_rename_files_async(moved(old, new))
        assert changes(edit, folder) == (5, [(2, 12, 34, '"described/orders.json"')])
        elsewhere = moved(folder / "a.sql", folder / "b.sql")
        assert await editor.workspace_will_rename_files_async(elsewhere) is None
        remote = lsp.RenameFilesParams([lsp.FileRename("vfs:/a", "vfs:/b")])
        assert await editor.workspace_will_rename_files_async(remote) is None


async def test_sql_goes_on_reading_its_files(tmp_path: Path, folder: Path) -> None:
    texts = {
        "all.sql": "\\i schema/tables.sql\n\\ir schema/views.sql\n\\i 'schema/my views.sql'\n",
        "schema/tables.sql": "\\ir views.sql\n\\i schema/views.sql\n",
        "schema/views.sql": "\\ir ./tables.sql\nselect '\n\\i schema/tables.sql\n'",
        "schema/my views.sql": "",
    }
    (folder / "schema").mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)

    async def after(old: str, new: str) -> dict[str, str]:
        edit = await editor.workspace_will_rename_files_async(moved(folder / old, folder / new))
        return {} if edit is None else edited(edit, folder, texts)

    async with running(tmp_path, folder, can=CAN) as editor:
        await editor.settled()
        texts["all.sql"] = "-- the whole\n" + texts["all.sql"]
        editor.open((folder / "all.sql").as_uri(), texts["all.sql"])
        assert await after("schema/tables.sql", "schema/t.sql") == {
            "all.sql": texts["all.sql"].replace("tables", "t"),
            "schema/views.sql": texts["schema/views.sql"].replace("./tables", "./t", 1),
        }
        # What is read by a name beside it moves along; what is not does not.
        assert await after("schema", "ddl/own") == {
            "all.sql": texts["all.sql"].replace("schema/", "ddl/own/"),
            "schema/tables.sql": texts["schema/tables.sql"].replace("schema/", "ddl/own/"),
        }
        assert await after("schema/tables.sql", "tables.sql") == {
            "all.sql": texts["all.sql"].replace("schema/tables", "tables"),
            "schema/tables.sql": texts["schema/tables.sql"].replace("ir v", "ir schema/v"),
            "schema/views.sql": texts["schema/views.sql"].replace("./tables", "../tables", 1),
        }
        # A name that would need other quotes is left to whoever moves the file.
        assert await after("schema/tables.sql", "schema/my tables.sql") == {}
        assert await after("schema/my views.sql", "v.sql") == {
            "all.sql": texts["all.sql"].replace("schema/my views", "v")
        }
        assert await after("all.sql", "schema/all.sql") == {
            "all.sql": texts["all.sql"].replace("ir schema/", "ir ")
        }


def edited(edit: lsp.WorkspaceEdit, folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """The files of *edit*, as they are afterwards; every edit is in one line."""
    found = {}
    for change in edit.document_changes or ():
        assert isinstance(change, lsp.TextDocumentEdit)
        path = Path(change.text_document.uri.removeprefix("file://"))
        name = path.relative_to(folder).as_posix()
        lines = texts[name].split("\n")
        for it in change.edits:
            assert isinstance(it, lsp.TextEdit)
            start, end = it.range.start, it.range.end
            line = lines[start.line]
            lines[start.line] = line[: start.character] + it.new_text + line[end.character :]
        found[name] = "\n".join(lines)
    return found


def changes(edit: lsp.WorkspaceEdit | None, folder: Path) -> tuple[int | None, list[Any]]:
    assert edit is not None
    assert edit.document_changes is not None
    [change] = edit.document_changes
    assert isinstance(change, lsp.TextDocumentEdit)
    assert change.text_document.uri == (folder / "defog.toml").as_uri()
    return change.text_document.version, [
        (it.range.start.line, it.range.start.character, it.range.end.character, it.new_text)
        for it in change.edits
        if isinstance(it, lsp.TextEdit)
    ]


async def test_what_the_editor_did_is_seen_at_once(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder, can=CAN, patch=NEVER) as editor:
        asked: list[str] = []
        hear(editor, asked)
        await editor.until(lambda: editor.statuses and editor.statuses[-1]["tables"] == 1, "orders")
        await editor.until(lambda: len(set(asked)) == 2, "asking for tokens and hints")
        asked.clear()
        (folder / "more").mkdir()
        new = folder / "more/users.json"
        new.write_text(json.dumps({"users": COLUMNS}))
        editor.workspace_did_create_files(lsp.CreateFilesParams([lsp.FileCreate(new.as_uri())]))
        await editor.until(lambda: editor.statuses[-1]["tables"] == 2, "the new file")
        await editor.until(lambda: len(set(asked)) == 2, "asking again")
        new.rename(folder / "users.json")
        editor.workspace_did_rename_files(moved(new, folder / "users.json"))
        await editor.until(lambda: editor.statuses[-1]["tables"] == 1, "that it is gone")
        (folder / "metadata/orders.json").unlink()
        gone = lsp.FileDelete((folder / "metadata/orders.json").as_uri())
        editor.workspace_did_delete_files(lsp.DeleteFilesParams([gone]))
        await editor.until(lambda: editor.statuses[-1]["tables"] == 0, "that nothing is left")


NEVER = """
import defog_lsp.lsp.watch as watch
watch._INTERVAL_SECONDS = watch._LONGEST_INTERVAL_SECONDS = 1000.0
"""
"""Nobody looks by himself."""


def hear(editor: Editor, asked: list[str]) -> None:
    for method in (lsp.WORKSPACE_SEMANTIC_TOKENS_REFRESH, lsp.WORKSPACE_INLAY_HINT_REFRESH):

        def again(_params: None, method: str = method) -> None:
            asked.append(method)
            editor._news.set()

        editor.feature(method)(again)
