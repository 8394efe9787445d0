"""``defog.toml`` and the editor's settings: what is wrong is shown, what is right is used."""

import json
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, capabilities, make_database, running

WRONG = "select nope from users"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    make_folder(folder, "id")
    return folder


def make_folder(folder: Path, *columns: str, more: str = "") -> None:
    folder.mkdir(exist_ok=True)
    (folder / "defog.toml").write_text(f'metadata = ["metadata.json"]\n{more}')
    rows = [{"column_name": it, "data_type": "integer"} for it in columns]
    (folder / "metadata.json").write_text(json.dumps({"users": rows}))


def uri(folder: Path, name: str = "a.sql") -> str:
    return (folder / name).as_uri()


async def test_typo_in_the_buffer(tmp_path: Path, folder: Path) -> None:
    configuration = uri(folder, "defog.toml")
    async with running(tmp_path, folder) as editor:
        editor.open(configuration, '# 😀\ndialekt = "postgres"\n', "toml")
        [found] = await editor.codes(configuration, ["configuration"])
        assert found.range == lsp.Range(lsp.Position(1, 0), lsp.Position(1, 7))
        assert "dialect" in found.message
        assert found.code_description is not None
        assert found.code_description.href.endswith("docs/rules/configuration.md")
        editor.change(configuration, 2, ((1, 5), (1, 6), "c"))
        await editor.codes(configuration, [])
        assert editor.diagnostics[configuration].version == 2


async def test_typo_in_the_file(tmp_path: Path, folder: Path) -> None:
    """Also when nobody has opened it; and the buffer's problems replace the file's."""
    configuration = uri(folder, "defog.toml")
    make_folder(folder, "id", more='dialect = "postgers"\n')
    async with running(tmp_path, folder) as editor:
        [found] = await editor.codes(configuration, ["configuration"])
        assert found.range.start == lsp.Position(1, 10)
        editor.open(configuration, 'metadata = ["metadata.json"]\n', "toml")
        await editor.codes(configuration, [])
        editor.close(configuration)
        await editor.codes(configuration, ["configuration"])
        make_folder(folder, "id")
        await editor.codes(configuration, [])


async def test_password_in_plain_text(tmp_path: Path, folder: Path) -> None:
    configuration = uri(folder, "defog.toml")
    text = (
        '[connections.shop]\ndb_type = "postgres"\nhost = "h"\ndatabase = "d"\nuser = "u"\n'
        'password = "hunter2"\n'
    )
    async with running(tmp_path, folder) as editor:
        editor.open(configuration, text, "toml")
        [found] = await editor.codes(configuration, ["plain-text-password"])
        assert found.severity == lsp.DiagnosticSeverity.Warning
        assert found.range.start.line == 5
        assert found.code_description is not None
        editor.change(configuration, 2, text + '[rules]\nplain-text-password = "off"\n')
        await editor.codes(configuration, [])
    logs = [it.read_text() for it in (tmp_path / "defog/logs").iterdir()]
    assert "hunter2" not in "".join(logs) + "".join(editor.logged) + editor.stderr.decode()


async def test_saved_changes_are_used(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path, folder) as editor:
        editor.open(uri(folder), WRONG)
        await editor.codes(uri(folder), ["unknown-column"])
        make_folder(folder, "id", more='[rules]\nunknown-column = "hint"\n')
        await severity(editor, uri(folder), lsp.DiagnosticSeverity.Hint)
        make_folder(folder, "id", more='[rules]\nunknown-column = "off"\n')
        await editor.codes(uri(folder), [])


async def severity(editor: Editor, uri: str, expected: lsp.DiagnosticSeverity) -> None:
    """Wait until the one diagnostic of *uri* has the *expected* severity."""

    def found() -> bool:
        published = editor.diagnostics.get(uri)
        return published is not None and [it.severity for it in published.diagnostics] == [expected]

    await editor.until(found, f"a diagnostic of severity {expected}")


async def test_configuration_that_comes_and_goes(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    async with running(tmp_path, folder) as editor:
        editor.open(uri(folder), "select nope from users")
        await editor.codes(uri(folder), [])
        make_folder(folder, "id")
        await editor.codes(uri(folder), ["unknown-column"])
        (folder / "defog.toml").unlink()
        await editor.codes(uri(folder), [])


async def test_several_folders_and_nested_configurations(tmp_path: Path) -> None:
    one, two, inner = tmp_path / "one", tmp_path / "two", tmp_path / "two/inner"
    make_folder(one, "first")
    make_folder(two, "second")
    make_folder(inner, "third")
    sql = "select first, second, third from users"
    async with running(tmp_path, one, two) as editor:
        for folder, own in ((one, "first"), (two, "second"), (inner, "third")):
            editor.open(uri(folder), sql)
            found = await editor.codes(uri(folder), ["unknown-column"] * 2)
            assert not any(f'"{own}"' in it.message or f"{own} " in it.message for it in found)
        folders = {it["folder"] for it in await editor.command("defog.showStatus")}
        assert folders == {one.as_uri(), two.as_uri(), inner.as_uri()}
        editor.close(uri(inner))
        await editor.codes(uri(inner), [])
        change = lsp.WorkspaceFoldersChangeEvent(
            added=[], removed=[lsp.WorkspaceFolder(one.as_uri(), "one")]
        )
        editor.close(uri(one))
        editor.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(change))
        editor.open(uri(two, "b.sql"), "select 1")
        await editor.codes(uri(two, "b.sql"), [])
        folders = {it["folder"] for it in await editor.command("defog.showStatus")}
        assert folders == {two.as_uri()}, "what nobody needs is closed"


async def test_folder_added_later(tmp_path: Path, folder: Path) -> None:
    async with running(tmp_path) as editor:
        change = lsp.WorkspaceFoldersChangeEvent(
            added=[lsp.WorkspaceFolder(folder.as_uri(), "folder")], removed=[]
        )
        editor.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(change))
        assert (await editor.state("ready"))["folder"] == folder.as_uri()


async def test_file_outside_of_every_folder(tmp_path: Path, folder: Path) -> None:
    deep = folder / "some/where"
    deep.mkdir(parents=True)
    async with running(tmp_path) as editor:
        editor.open(uri(deep), "select nope from users")
        await editor.codes(uri(deep), ["unknown-column"])
        assert (await editor.state("ready"))["folder"] == folder.as_uri()


async def test_files_with_a_connection_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "warehouse").mkdir(parents=True)
    make_database(folder / "one.db", "create table t (first integer)")
    make_database(folder / "two.db", "create table t (second integer)")
    (folder / "defog.toml").write_text(
        "".join(
            f'[connections.{it}]\ndb_type = "sqlite"\ndatabase = "{it}.db"\n'
            for it in ("one", "two")
        )
        + '[[files]]\ninclude = ["warehouse/**"]\nconnection = "two"\n'
    )
    async with running(tmp_path, folder) as editor:
        editor.open(uri(folder), "select first, second from t")
        [found] = await editor.codes(uri(folder), ["unknown-column"])
        assert "second" in found.message
        assert {it["connection"] for it in editor.statuses} == {"one"}, "the other is not needed"
        editor.open(uri(folder / "warehouse"), "select first, second from t")
        [found] = await editor.codes(uri(folder / "warehouse"), ["unknown-column"])
        assert "first" in found.message


@pytest.mark.parametrize("way", ["options", "pull", "push"])
async def test_editor_settings_over_the_file(tmp_path: Path, folder: Path, way: str) -> None:
    make_folder(folder, "id", more='[rules]\nunknown-column = "warning"\n')
    settings = {"rules": {"unknown-column": "hint"}, "diagnostics": {"run": None, "debounce": 10}}
    pulled = {None: settings, folder.as_uri(): settings} if way == "pull" else {}
    options = {"defog": settings} if way == "options" else None
    async with running(tmp_path, folder, options=options, settings=pulled) as editor:
        if way == "push":
            params = lsp.DidChangeConfigurationParams({"defog": settings})
            editor.workspace_did_change_configuration(params)
        editor.open(uri(folder), WRONG)
        await severity(editor, uri(folder), lsp.DiagnosticSeverity.Hint)
        assert editor.messages == []


async def test_settings_that_change(tmp_path: Path, folder: Path) -> None:
    mysql = {folder.as_uri(): {"dialect": "mysql"}}
    async with running(tmp_path, folder, settings=mysql) as editor:
        editor.open(uri(folder), "select `id` from users")
        await editor.codes(uri(folder), [])
        editor.settings = {folder.as_uri(): {"dialect": "postgres"}}
        editor.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(None))
        await editor.codes(uri(folder), ["syntax-error"])


async def test_wrong_settings_are_named_once(tmp_path: Path, folder: Path) -> None:
    settings = {"dialect": "postgers", "cache": {"ttlSeconds": "long"}, "configuration": 7}
    scopes = {None: settings, folder.as_uri(): settings}
    async with running(tmp_path, folder, settings=scopes) as editor:
        editor.open(uri(folder), "select nope from users")
        await editor.codes(uri(folder), ["unknown-column"])
        editor.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(None))
        await editor.until(lambda: len(editor.messages) == 3, "three messages")
        told = " ".join(editor.messages)
        assert all(it in told for it in ("postgers", "ttlSeconds", "configuration"))


async def test_configuration_named_by_a_setting(tmp_path: Path, folder: Path) -> None:
    (folder / "defog.toml").rename(folder / "other.toml")
    settings = {folder.as_uri(): {"configuration": "other.toml"}}
    async with running(tmp_path, folder, settings=settings) as editor:
        editor.open(uri(folder), "select nope from users")
        await editor.codes(uri(folder), ["unknown-column"])
        editor.open(uri(folder, "other.toml"), "dialekt = 1", "toml")
        await editor.codes(uri(folder, "other.toml"), ["configuration"])


async def test_configuration_that_a_setting_names_wrongly(tmp_path: Path, folder: Path) -> None:
    settings = {folder.as_uri(): {"configuration": "none.toml"}}
    async with running(tmp_path, folder, settings=settings) as editor:
        editor.open(uri(folder), "select nope from")
        await editor.codes(uri(folder), ["syntax-error"])
        [message] = await editor.until(lambda: editor.messages, "a message")
        assert "none.toml" in message
        (folder / "none.toml").write_bytes((folder / "defog.toml").read_bytes())
        editor.change(uri(folder), 2, "select nope from users")
        await editor.codes(uri(folder), ["unknown-column"])


async def test_diagnostics_on_save(tmp_path: Path, folder: Path) -> None:
    make_folder(folder, "id", more='[diagnostics]\nrun = "onSave"\n')
    async with running(tmp_path, folder) as editor:
        editor.open(uri(folder), "select nope from users")
        await editor.codes(uri(folder), ["unknown-column"])
        editor.change(uri(folder), 2, "select id from users")
        # Another document's answer shows that the change has been seen, and passed over.
        editor.open(uri(folder, "b.sql"), "select nope from users")
        await editor.codes(uri(folder, "b.sql"), ["unknown-column"])
        assert editor.diagnostics[uri(folder)].version == 1
        editor.save(uri(folder))
        await editor.codes(uri(folder), [])


async def test_client_without_workspace_configuration(tmp_path: Path, folder: Path) -> None:
    can = capabilities()
    assert can.workspace is not None
    can.workspace.configuration = False
    options = {"rules": {"unknown-column": "information"}}
    async with running(tmp_path, folder, can=can, options=options) as editor:
        editor.open(uri(folder), WRONG)
        await severity(editor, uri(folder), lsp.DiagnosticSeverity.Information)


async def test_not_utf8(tmp_path: Path, folder: Path) -> None:
    (folder / "defog.toml").write_bytes(b'metadata = ["metadata.json"]\n# \xff\n')
    async with running(tmp_path, folder) as editor:
        [found] = await editor.codes(uri(folder, "defog.toml"), ["configuration"])
        assert found.range.start == lsp.Position(1, 2)
        assert "UTF-8" in found.message
