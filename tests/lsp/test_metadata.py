"""From nothing, or from something old, to the metadata of a real database."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.editor import Editor, capabilities, make_database, running, write_cache

SQL = "select id, email, nickname from users"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace folder with a database and the ``defog.toml`` that names it."""
    folder = tmp_path / "shop"
    folder.mkdir()
    make_database(folder / "shop.db")
    configure(folder)
    return folder


def configure(folder: Path, more: str = "", database: str = "shop.db") -> None:
    (folder / "defog.toml").write_text(
        f'[connections.shop]\ndb_type = "sqlite"\ndatabase = "{database}"\n{more}'
    )


def columns(*names: str) -> dict[str, Any]:
    return {"users": [{"column_name": it, "data_type": "text"} for it in names]}


def uri(folder: Path, name: str = "a.sql") -> str:
    return (folder / name).as_uri()


async def test_empty_cache(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), SQL)
        [found] = await editor.codes(uri(shop), ["unknown-column"])
        assert found.range == lsp.Range(lsp.Position(0, 18), lsp.Position(0, 26))
        assert found.source == "defog"
        assert found.severity == lsp.DiagnosticSeverity.Error
        assert found.code_description is not None
        assert found.code_description.href.endswith("docs/rules/unknown-column.md")
        assert editor.diagnostics[uri(shop)].version == 1
        status = await editor.state("ready", connection="shop", folder=shop.as_uri(), tables=1)
        assert 0 <= status["age_seconds"] < 60
        states = [it["state"] for it in editor.statuses]
        assert states == ["loading", "stale", "refreshing", "ready"]
        assert editor.messages == []
    [cached] = (tmp_path / "defog/cache").glob("*.json")
    assert "users" in json.loads(cached.read_text())["metadata"]


async def test_stale_cache_is_served_at_once_and_refreshed(tmp_path: Path, shop: Path) -> None:
    write_cache(tmp_path, shop / "shop.db", columns("id", "nickname"), age_seconds=1e6)
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), SQL)
        await editor.codes(uri(shop), ["unknown-column"])
        await editor.state("ready")

        def told() -> list[str]:
            publications = [it for it in editor.publications if it.uri == uri(shop)]
            return [it.message for found in publications for it in found.diagnostics]

        await editor.until(lambda: any("nickname" in it for it in told()), "the new column")
        assert "email" in told()[0], "what the old metadata says, served first"
        assert "nickname" in told()[-1], "what the database says"


async def test_no_database_is_asked_in_a_workspace_without_trust(
    tmp_path: Path, shop: Path
) -> None:
    write_cache(tmp_path, shop / "shop.db", columns("id", "nickname"), age_seconds=1e6)
    async with running(tmp_path, shop, options={"trusted": False}) as editor:
        editor.open(uri(shop), SQL)
        [found] = await editor.codes(uri(shop), ["unknown-column"])
        assert "email" in found.message, "what was read before is used"
        [status] = await editor.command("defog.refreshMetadata")
        assert (status["state"], status["tables"]) == ("stale", 1)
        assert "not trusted" in status["message"]
        assert all(it["state"] != "refreshing" for it in editor.statuses)


async def test_fresh_cache_needs_no_database(tmp_path: Path, shop: Path) -> None:
    write_cache(tmp_path, shop / "shop.db", columns("id", "email"))
    (shop / "shop.db").unlink()
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), SQL)
        await editor.codes(uri(shop), ["unknown-column"])
        assert (await editor.state("ready"))["tables"] == 1
        assert "refreshing" not in [it["state"] for it in editor.statuses]


async def test_cache_written_by_another_program(tmp_path: Path, shop: Path) -> None:
    write_cache(tmp_path, shop / "shop.db", columns("id", "email"))
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), SQL)
        await editor.codes(uri(shop), ["unknown-column"])
        write_cache(tmp_path, shop / "shop.db", columns("id", "email", "nickname"))
        await editor.codes(uri(shop), [])


async def test_cache_change_told_by_the_client(tmp_path: Path, shop: Path) -> None:
    cached = write_cache(tmp_path, shop / "shop.db", columns("id", "email"))
    async with running(tmp_path, shop) as editor:
        await editor.state("ready")

        def watched() -> bool:
            options = [it.register_options for it in editor.registrations.values()]
            return len(options) == 1 and cached.name in repr(options)

        await editor.until(watched, "a watcher of the cache file, in place of the first ones")
        [registration] = editor.registrations.values()
        assert registration.method == lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
        assert "**/defog.toml" in repr(registration.register_options)


@pytest.mark.parametrize("text", ["{broken", '{"metadata": {"users": 7}}'])
async def test_corrupt_cache_file_is_reported_and_left(
    tmp_path: Path, shop: Path, text: str
) -> None:
    cached = write_cache(tmp_path, shop / "shop.db", columns("id"))
    cached.write_text(text)
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), SQL)
        await editor.state("error")
        [message] = await editor.until(lambda: editor.messages, "a message")
        assert cached.name in message
        assert cached.read_text() == text, "nothing of the user's is overwritten"
        await editor.codes(uri(shop), [])
        cached.unlink()
        await editor.codes(uri(shop), ["unknown-column"])
        await editor.state("ready")
        assert len(editor.messages) == 1


async def test_cache_file_that_becomes_corrupt(tmp_path: Path, shop: Path) -> None:
    cached = write_cache(tmp_path, shop / "shop.db", columns("id", "email"))
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), SQL)
        await editor.codes(uri(shop), ["unknown-column"])
        text = cached.read_text()
        cached.write_text(text[: len(text) // 2])
        status = await editor.state("error", tables=1)
        assert editor.messages == [status["message"]]
        await editor.codes(uri(shop), ["unknown-column"])
        write_cache(tmp_path, shop / "shop.db", columns("id", "email", "nickname"))
        await editor.codes(uri(shop), [])
        await editor.state("ready")


async def test_two_servers_share_what_one_has_read(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop) as one, running(tmp_path, shop) as two:
        for editor in (one, two):
            await editor.state("ready")
            editor.open(uri(shop), SQL)
            await editor.codes(uri(shop), ["unknown-column"])
        make_database(shop / "shop.db", "alter table users add column nickname text")
        await one.command("defog.refreshMetadata")
        for editor in (one, two):
            await editor.codes(uri(shop), [])


async def test_unreadable_database(tmp_path: Path, shop: Path) -> None:
    (shop / "shop.db").write_bytes(b"this is no database" * 100)
    old = columns("id", "email", "nickname")
    write_cache(tmp_path, shop / "shop.db", old, age_seconds=1e6)
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), "select nope from users")
        status = await editor.state("error")
        assert status["tables"] == 1, "what was known stays"
        await editor.codes(uri(shop), ["unknown-column"])
        assert editor.messages == [status["message"]]
        [again] = await editor.command("defog.refreshMetadata")
        assert again["state"] == "error"
        assert len(editor.messages) == 1, "the same error is not shown again"
        (shop / "shop.db").unlink()
        make_database(shop / "shop.db")
        [repaired] = await editor.command("defog.refreshMetadata", shop.as_uri())
        assert repaired["state"] == "ready"


async def test_refresh_command(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), SQL)
        await editor.codes(uri(shop), ["unknown-column"])
        await editor.state("ready")
        make_database(shop / "shop.db", "alter table users add column nickname text")
        [status] = await editor.command("defog.refreshMetadata", shop.as_uri())
        assert (status["folder"], status["state"]) == (shop.as_uri(), "ready")
        await editor.codes(uri(shop), [])
        assert await editor.command("defog.refreshMetadata", "file:///nowhere/else") == []
        [shown] = await editor.command("defog.showStatus")
        assert shown["connection"] == "shop"


async def test_metadata_grows_old_while_the_editor_is_open(tmp_path: Path, shop: Path) -> None:
    configure(shop, "[cache]\nttl_seconds = 3\n")
    write_cache(tmp_path, shop / "shop.db", columns("id"), age_seconds=0)
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), "select email from users")
        await editor.codes(uri(shop), ["unknown-column"])
        await editor.codes(uri(shop), [])


async def test_progress(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop) as editor:
        await editor.state("ready")
        await editor.until(
            lambda: [it for it in editor.progress_values if it["kind"] == "end"], "progress"
        )
        begin, *reports, end = editor.progress_values
        assert (begin["kind"], begin["cancellable"], begin["percentage"]) == ("begin", True, 0)
        assert "shop" in begin["title"]
        assert {it["kind"] for it in reports} <= {"report"}
        assert end["kind"] == "end"


async def test_no_progress_for_a_client_that_cannot(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop, can=lsp.ClientCapabilities()) as editor:
        await editor.state("ready")
        assert editor.progress_tokens == []
        assert editor.progress_values == []
        assert editor.registrations == {}


# A database that takes its time, where the server would ask a real one.
SLOW = """
import time
from defog_metadata import extract
from defog_metadata.errors import ExtractionCancelled
def slow(*_arguments, progress, cancelled, **_options):
    for step in range(1, 1000):
        progress(step, 1000, f"table {step}")
        time.sleep(0.05)
        if %s:
            raise ExtractionCancelled("stopped")
extract.extracting = slow
"""


async def test_cancelling_progress_keeps_what_was_known(tmp_path: Path, shop: Path) -> None:
    write_cache(tmp_path, shop / "shop.db", columns("id", "email"), age_seconds=1e6)
    async with running(tmp_path, shop, patch=SLOW % "cancelled()") as editor:
        editor.open(uri(shop), SQL)
        await editor.codes(uri(shop), ["unknown-column"])
        await editor.until(
            lambda: any(it["kind"] == "report" for it in editor.progress_values), "a report"
        )
        report = editor.progress_values[-1]
        assert report["message"].startswith("table ")
        assert 0 <= report["percentage"] < 100
        [token] = editor.progress_tokens
        editor.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(token))
        await editor.state("stale", tables=1)
        await editor.until(lambda: editor.progress_values[-1]["kind"] == "end", "its end")
        assert editor.messages == []
        await editor.codes(uri(shop), ["unknown-column"])


@pytest.mark.parametrize("stops", ["cancelled()", "False"])
async def test_shutdown_during_extraction(tmp_path: Path, shop: Path, stops: str) -> None:
    """Also where the database does not listen: the process ends all the same."""
    async with running(tmp_path, shop, patch=SLOW % stops) as editor:
        await editor.state("refreshing")
        began = time.monotonic()
        await editor.leave()
        assert editor.exit_code == 0
        assert time.monotonic() - began < 20, "50 seconds are what the database would take"


async def test_server_stays_responsive_during_extraction(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop, patch=SLOW % "cancelled()") as editor:
        await editor.state("refreshing")
        editor.open(uri(shop), "select count(*) from")
        await editor.codes(uri(shop), ["syntax-error"])
        [status] = await editor.command("defog.showStatus")
        assert status["state"] == "refreshing"


async def test_waiting_for_a_refresh_can_be_cancelled(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop, patch=SLOW % "cancelled()") as editor:
        await editor.state("refreshing")
        params = lsp.ExecuteCommandParams("defog.refreshMetadata")
        waiting = editor.protocol.send_request(lsp.WORKSPACE_EXECUTE_COMMAND, params, msg_id="w")
        editor.cancel_request(lsp.CancelParams("w"))
        await editor.until(waiting.done, "the answer")
        with pytest.raises(JsonRpcException, match="canceled"):
            waiting.result()


async def test_one_database_of_two_folders_is_asked_once(tmp_path: Path, shop: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    configure(other, database="../shop/shop.db")
    counted = """
from defog_metadata import extract
real = extract.extracting
def counting(*arguments, **options):
    with open({!r}, "a") as log:
        log.write("asked\\n")
    return real(*arguments, **options)
extract.extracting = counting
""".format(str(tmp_path / "asked.txt"))
    async with running(tmp_path, shop, other, patch=counted) as editor:
        await editor.until(lambda: ready(editor) == {shop.as_uri(), other.as_uri()}, "both")
    assert (tmp_path / "asked.txt").read_text() == "asked\n"


def ready(editor: Editor) -> set[str]:
    last = {it["folder"]: it["state"] for it in editor.statuses}
    return {folder for folder, state in last.items() if state == "ready"}


async def test_no_configuration_uses_the_newest_cache_entry(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    write_cache(tmp_path, tmp_path / "old.db", columns("id"), age_seconds=1e6)
    newest = write_cache(tmp_path, tmp_path / "new.db", columns("id", "email"))
    async with running(tmp_path, folder) as editor:
        editor.open(uri(folder), SQL)
        await editor.codes(uri(folder), ["unknown-column"])
        status = await editor.state("ready", connection=None, tables=1)
        assert newest.stem in status["message"], "it says which"


async def test_nothing_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    async with running(tmp_path, folder) as editor:
        editor.open(uri(folder), "select nope from nowhere where")
        await editor.codes(uri(folder), ["syntax-error"])
        assert (await editor.state("none"))["tables"] == 0
        assert await editor.hover(uri(folder), 0, 8) is None


async def test_refresh_without_a_database(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    async with running(tmp_path, folder) as editor:
        await editor.state("none")
        for _ in range(2):
            [status] = await editor.command("defog.refreshMetadata")
            assert status["state"] == "none"
        await editor.until(lambda: len(editor.messages) == 2, "a message each time")
        assert "[connections.NAME]" in editor.messages[0], "it says what to do"


async def test_metadata_files(tmp_path: Path) -> None:
    """Without a database, defined by files alone; a bad file is marked, the others used."""
    folder = tmp_path / "files"
    (folder / "metadata").mkdir(parents=True)
    good, bad = folder / "metadata/good.json", folder / "metadata/bad.json"
    good.write_text(json.dumps(columns("id", "email")))
    (folder / "defog.toml").write_text('metadata = ["metadata/*.json"]\ndialect = "postgres"\n')
    async with running(tmp_path, folder) as editor:
        editor.open(uri(folder), SQL)
        await editor.codes(uri(folder), ["unknown-column"])
        bad.write_text("{broken")
        [problem] = await editor.codes(bad.as_uri(), ["None"])
        assert "not JSON" in problem.message
        await editor.codes(uri(folder), ["unknown-column"])
        bad.write_text(json.dumps(columns("nickname")))
        await editor.codes(bad.as_uri(), [])
        await editor.codes(uri(folder), [])


@pytest.mark.parametrize(
    "make_can",
    [capabilities, lsp.ClientCapabilities],
    ids=["every capability", "none"],
)
async def test_any_client_gets_the_same(
    tmp_path: Path, shop: Path, make_can: Callable[[], lsp.ClientCapabilities]
) -> None:
    async with running(tmp_path, shop, can=make_can()) as editor:
        editor.open(uri(shop), SQL)
        await editor.codes(uri(shop), ["unknown-column"])
        make_database(shop / "shop.db", "create table orders (id integer)")
        await editor.command("defog.refreshMetadata")
        editor.change(uri(shop), 2, "select id from orders")
        await editor.codes(uri(shop), [])


async def test_golden_queries_show_how_tables_are_joined(tmp_path: Path, shop: Path) -> None:
    make_database(shop / "shop.db", "create table visits (visitor text, page text)")
    golden = [
        {
            "question": "Pages?",
            "sql": "select v.page from users u join visits v on v.visitor = u.email",
        }
    ]
    (shop / "golden.json").write_text(json.dumps(golden))
    toml = (shop / "defog.toml").read_text()
    (shop / "defog.toml").write_text(f'golden_queries = ["golden.json"]\n{toml}')
    sql = "select * from users u join "
    async with running(tmp_path, shop) as editor:
        editor.open(uri(shop), sql)
        await editor.state("ready")
        labels: list[str] = []
        for _ in range(200):  # the queries are counted after the metadata is served
            found = await editor.complete(uri(shop), 0, len(sql))
            labels = [it.label for it in found.items] if found else []
            if "visits v ON v.visitor = u.email" in labels:
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"not offered among {labels}")


async def test_the_glossary_and_the_file_name_say_what_comes_first(
    tmp_path: Path, shop: Path
) -> None:
    make_database(shop / "shop.db", "create table sales (day text, city text, gross real)")
    glossary, toml = shop / "glossary.md", (shop / "defog.toml").read_text()
    glossary.write_text("# What we mean\n\n- Turnover means the sum of `sales.gross`.\n")
    (shop / "defog.toml").write_text(f'glossary = ["*.md"]\n{toml}')
    sql = "-- turnover\nselect  from sales"
    async with running(tmp_path, shop) as editor:

        async def until_first(label: str, name: str, line: int) -> None:
            labels: list[str] = []
            for _ in range(200):  # the glossary is read after the metadata is served
                found = await editor.complete(uri(shop, name), line, 7)
                labels = [it.label for it in found.items] if found else []
                if labels[:1] == [label]:
                    return
                await asyncio.sleep(0.05)
            pytest.fail(f"{label} is not the first of {labels}")

        editor.open(uri(shop), sql)
        await editor.state("ready")
        await until_first("gross", "a.sql", 1)
        glossary.write_text("- Turnover is told apart by `sales.city`.\n")
        await until_first("city", "a.sql", 1)
        glossary.unlink()
        await until_first("day", "a.sql", 1)
        editor.open(uri(shop, "query1.sql"), "select  from sales")
        await until_first("day", "query1.sql", 0)
        editor.open(uri(shop, "sales_by_city.sql"), "select  from sales")
        await until_first("city", "sales_by_city.sql", 0)


async def test_the_log_says_which_database_is_in_use(tmp_path: Path, shop: Path) -> None:
    async with running(tmp_path, shop) as editor:
        await editor.state("ready")
    logs = "".join(it.read_text() for it in (tmp_path / "defog/logs").iterdir())
    assert "1 tables, from connection shop" in logs
