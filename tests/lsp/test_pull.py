"""Diagnostics that a client asks for: result ids, the whole workspace, and nothing told twice."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.editor import Editor, capabilities, running

WRONG = "select nope from users"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "defog.toml").write_text('metadata = ["metadata.json"]\ndialect = "postgres"\n')
    describe(folder, "id", "email")
    return folder


def describe(folder: Path, *columns: str) -> None:
    rows = [{"column_name": it, "data_type": "text"} for it in columns]
    (folder / "metadata.json").write_text(json.dumps({"users": rows}))


def pulling() -> lsp.ClientCapabilities:
    can = capabilities()
    assert can.text_document
    assert can.workspace
    can.text_document.diagnostic = lsp.DiagnosticClientCapabilities(
        related_information=True,
        tag_support=lsp.ClientDiagnosticsTagOptions([lsp.DiagnosticTag.Unnecessary]),
    )
    can.workspace.diagnostics = lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    return can


@pytest.fixture
async def editor(tmp_path: Path, folder: Path) -> AsyncIterator[Editor]:
    async with running(tmp_path, folder, can=pulling()) as editor:
        await editor.state("ready")
        yield editor


def codes(report: Any) -> list[str]:
    assert report.kind == "full"
    return [it.code for it in report.items]


def by_name(reports: Any) -> dict[str, Any]:
    return {it.uri.rpartition("/")[2]: it for it in reports}


async def test_it_is_offered_and_nothing_is_pushed(editor: Editor, folder: Path) -> None:
    provider = editor.agreed.diagnostic_provider
    assert isinstance(provider, lsp.DiagnosticOptions)
    assert provider.workspace_diagnostics
    assert not provider.inter_file_dependencies
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, WRONG)
    report = await editor.pull(uri)
    assert codes(report) == ["unknown-column"]
    editor.change(uri, 2, "select id from users")
    assert codes(await editor.pull(uri)) == []
    editor.close(uri)
    await editor.command("defog.refreshMetadata")
    assert editor.publications == []


async def test_a_client_that_cannot_be_told_to_pull_again_is_sent_them(
    tmp_path: Path, folder: Path
) -> None:
    can = pulling()
    assert can.workspace
    can.workspace.diagnostics = None
    async with running(tmp_path, folder, can=can) as editor:
        assert editor.agreed.diagnostic_provider is None, "or it would show them twice"
        uri = (folder / "a.sql").as_uri()
        editor.open(uri, WRONG)
        await editor.codes(uri, ["unknown-column"])
        describe(folder, "id", "nope")
        editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
        await editor.codes(uri, [])


async def test_what_has_not_changed_is_not_sent_again(
    tmp_path: Path, editor: Editor, folder: Path
) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, WRONG)
    first = await editor.pull(uri)
    assert first.result_id
    same = await editor.pull(uri, first.result_id)
    assert (same.kind, same.result_id) == ("unchanged", first.result_id)
    editor.change(uri, 2, WRONG + " ")
    other = await editor.pull(uri, first.result_id)
    assert codes(other) == ["unknown-column"]
    editor.change(uri, 3, WRONG)
    assert (await editor.pull(uri, first.result_id)).kind == "unchanged"
    # Nothing has to be remembered for that, not even by the same process.
    async with running(tmp_path / "other", folder, can=pulling()) as another:
        await another.state("ready")
        another.open(uri, WRONG)
        assert (await another.pull(uri, first.result_id)).kind == "unchanged"


async def test_new_metadata_are_a_reason_to_pull_again(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, WRONG)
    first = await editor.pull(uri)
    before = editor.refreshes
    describe(folder, "id", "nope")
    await editor.command("defog.refreshMetadata")
    editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
    await editor.until(lambda: editor.refreshes > before, "a request to pull again")
    assert codes(await editor.pull(uri, first.result_id)) == []


async def test_settings_are_a_reason_to_pull_again(editor: Editor, folder: Path) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, WRONG)
    first = await editor.pull(uri)
    before = editor.refreshes
    editor.settings = {folder.as_uri(): {"rules": {"unknown-column": "hint"}}}
    editor.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(None))
    await editor.until(lambda: editor.refreshes > before, "a request to pull again")
    report = await editor.pull(uri, first.result_id)
    assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
    assert [it.severity for it in report.items] == [lsp.DiagnosticSeverity.Hint]


async def test_on_save_it_is_about_what_was_saved(tmp_path: Path, folder: Path) -> None:
    settings = {folder.as_uri(): {"diagnostics": {"run": "onSave"}}}
    async with running(tmp_path, folder, can=pulling(), settings=settings) as editor:
        await editor.state("ready")
        uri = (folder / "a.sql").as_uri()
        editor.open(uri, WRONG)
        first = await editor.pull(uri)
        assert codes(first) == ["unknown-column"]
        editor.change(uri, 2, "select nope, nope from users")
        assert (await editor.pull(uri, first.result_id)).kind == "unchanged"
        assert codes(await editor.pull(uri)) == ["unknown-column"]
        before = editor.refreshes
        editor.save(uri)
        await editor.until(lambda: editor.refreshes > before, "a request to pull again")
        assert codes(await editor.pull(uri, first.result_id)) == ["unknown-column"] * 2


async def test_nothing_is_said_about_a_text_that_has_changed(tmp_path: Path, folder: Path) -> None:
    settings = {folder.as_uri(): {"diagnostics": {"debounce": 2000}}}
    async with running(tmp_path, folder, can=pulling(), settings=settings) as editor:
        await editor.state("ready")
        uri = (folder / "a.sql").as_uri()
        editor.open(uri, "select 1")
        await editor.pull(uri)
        editor.change(uri, 2, WRONG)
        params = lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri))
        asked = editor.protocol.send_request(lsp.TEXT_DOCUMENT_DIAGNOSTIC, params)
        await editor.hover(uri, 0, 0)  # the server has begun
        editor.change(uri, 3, "select id from users")
        with pytest.raises(JsonRpcException) as raised:
            await asyncio.wrap_future(asked)
        assert raised.value.code == lsp.LSPErrorCodes.ServerCancelled
        assert raised.value.data == {"retriggerRequest": True}
        assert codes(await editor.pull(uri)) == []


async def test_the_configuration_is_pulled_while_it_is_open(editor: Editor, folder: Path) -> None:
    path = folder / "defog.toml"
    uri, text = path.as_uri(), path.read_text()
    wrong = text + "nope = 1\n"
    editor.open(uri, wrong, "toml")
    assert codes(await editor.pull(uri)) == ["configuration"]
    assert uri not in editor.diagnostics
    editor.close(uri)
    path.write_text(wrong)
    editor.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
    await editor.codes(uri, ["configuration"])
    editor.open(uri, wrong, "toml")
    await editor.codes(uri, [])
    assert codes(await editor.pull(uri)) == ["configuration"]


async def test_related_places_and_tags(tmp_path: Path, folder: Path) -> None:
    script = """
from defog_lsp.lsp import late
from defog_metadata.rules import Finding, Related
from defog_metadata.text import Span
found = Finding(
    Span(0, 2), "unused-cte", "warning", "m", related=(Related(Span(3, 4), "here"),), is_unneeded=True
)
late.findings = lambda *_: [found]
late.findings_by_section = lambda *_: [(0, (found,))]
from defog_lsp.lsp.server import start_io
raise SystemExit(start_io())
"""
    uri = (folder / "a.sql").as_uri()
    async with running(tmp_path, folder, can=pulling(), script=script) as editor:
        editor.open(uri, "ab\ncd")
        report = await editor.pull(uri)
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        [found] = report.items
        place = lsp.Range(lsp.Position(1, 0), lsp.Position(1, 1))
        related = lsp.DiagnosticRelatedInformation(lsp.Location(uri, place), "here")
        assert list(found.related_information or ()) == [related]
        assert list(found.tags or ()) == [lsp.DiagnosticTag.Unnecessary]
        assert found.code_description is not None
        assert found.code_description.href.endswith("docs/rules/unused-cte.md")
    async with running(tmp_path, folder, script=script) as editor:
        editor.open(uri, "ab\ncd")
        [found] = await editor.codes(uri, ["unused-cte"])
        assert found.related_information is None
        assert found.tags is None


# --- the workspace ---


async def test_every_file_of_the_workspace(editor: Editor, folder: Path) -> None:
    for name in ("a.sql", "sub/b.SQL", "good.sql", "node_modules/c.sql", ".hidden/d.sql", "e.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("select 1" if "good" in name else WRONG)
    (folder / "latin.sql").write_bytes(b"select '\xe9'")
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, "select id, nope from users where nope = 1", version=7)
    reports = by_name(await editor.pull_workspace())
    assert {name: codes(it) for name, it in reports.items()} == {
        "a.sql": ["unknown-column"] * 2,
        "b.SQL": ["unknown-column"],
        "good.sql": [],
        "metadata.json": [],
    }
    assert (reports["a.sql"].version, reports["b.SQL"].version) == (7, None)
    assert reports["a.sql"].result_id == (await editor.pull(uri)).result_id


async def test_the_second_time_only_what_has_changed_is_sent(editor: Editor, folder: Path) -> None:
    for name in ("a.sql", "b.sql", "c.sql"):
        (folder / name).write_text(WRONG)
    before = {it.uri: it.result_id for it in await editor.pull_workspace()}
    (folder / "b.sql").write_text("select id from users")
    (folder / "c.sql").unlink()
    reports = by_name(await editor.pull_workspace(before))
    assert {name: it.kind for name, it in reports.items()} == {
        "a.sql": "unchanged",
        "b.sql": "full",
        "c.sql": "full",
        "metadata.json": "unchanged",
    }
    assert reports["a.sql"].result_id == before[(folder / "a.sql").as_uri()]
    assert codes(reports["b.sql"]) == codes(reports["c.sql"]) == []


async def test_a_client_that_takes_parts_waits_until_there_is_something(
    editor: Editor, folder: Path
) -> None:
    (folder / "a.sql").write_text(WRONG)
    assert await editor.pull_workspace(token="one") == []
    told = {it["uri"]: it for part in editor.progress_values for it in part["items"]}
    report = told[(folder / "a.sql").as_uri()]
    assert told.keys() == {report["uri"], (folder / "metadata.json").as_uri()}
    assert (report["kind"], report["items"][0]["code"]) == ("full", "unknown-column")
    before = {uri: it["resultId"] for uri, it in told.items()}
    editor.open((folder / "defog.toml").as_uri(), (folder / "defog.toml").read_text(), "toml")
    waiting = asyncio.ensure_future(editor.pull_workspace(before, token="two"))
    await editor.hover((folder / "defog.toml").as_uri(), 0, 0)
    assert not waiting.done()
    editor.open((folder / "b.sql").as_uri(), "select 1")
    assert codes(await editor.pull((folder / "b.sql").as_uri())) == []
    assert await waiting == []
    last = [it["uri"] for it in editor.progress_values[-1]["items"]]
    assert last == [(folder / "b.sql").as_uri()]


async def test_waiting_can_be_cancelled_and_is_in_nobody_s_way(
    editor: Editor, folder: Path
) -> None:
    uri = (folder / "a.sql").as_uri()
    editor.open(uri, WRONG)
    first = await editor.pull(uri)
    assert first.result_id
    params = lsp.WorkspaceDiagnosticParams(
        [lsp.PreviousResultId(uri, first.result_id)], partial_result_token="parts"
    )
    waiting = editor.protocol.send_request(lsp.WORKSPACE_DIAGNOSTIC, params, msg_id="waiting")
    assert await editor.hover(uri, 0, 18) is not None
    assert not waiting.done()
    editor.cancel_request(lsp.CancelParams("waiting"))
    with pytest.raises(JsonRpcException) as raised:
        await asyncio.wrap_future(waiting)
    assert raised.value.code == lsp.LSPErrorCodes.RequestCancelled
    assert editor.progress_values == []


async def test_files_of_no_known_dialect_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "a.sql").write_text("selec 1")
    async with running(tmp_path, folder, can=pulling()) as editor:
        assert await editor.pull_workspace() == []
        uri = (folder / "a.sql").as_uri()
        editor.open(uri, "selec 1")
        assert [it.uri for it in await editor.pull_workspace()] == [uri]


async def test_the_last_pull_of_a_document_that_was_closed(editor: Editor, folder: Path) -> None:
    path = folder / "a.sql"
    path.write_text(WRONG)
    editor.open(path.as_uri(), "select 1")
    assert codes(await editor.pull(path.as_uri())) == []
    editor.close(path.as_uri())
    assert codes(await editor.pull(path.as_uri())) == ["unknown-column"]
    assert codes(await editor.pull("untitled:Untitled-1")) == []
