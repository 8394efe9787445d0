"""A glossary in Markdown, in an editor: found, mended, completed and explained."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import make_database, running
from tests.lsp.test_code_actions import ABLE, applied, ask
from tests.lsp.test_pull import by_name, codes, pulling

CONFIGURATION = 'glossary = ["first.md", "words/*.md"]\ngolden_queries = ["golden.json"]\n[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
GOOD = "# Words\n\n- A reader has a `users.email`.\n- Reach = COUNT(email)\n"
WRONG = GOOD.replace("users.email", "users.emial")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "words").mkdir(parents=True)
    make_database(folder / "shop.db")
    (folder / "defog.toml").write_text(CONFIGURATION)
    (folder / "first.md").write_text("- Users are people\n")
    (folder / "golden.json").write_text("[]")
    (folder / "words" / "glossary.md").write_text(GOOD)
    return folder


async def test_while_it_is_written(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "words" / "glossary.md").as_uri()
    async with running(tmp_path, folder, can=ABLE) as editor:
        await editor.state("ready")
        editor.open(uri, WRONG, "markdown")
        [found] = await editor.codes(uri, ["glossary-unknown-name"])
        assert found.range == lsp.Range(lsp.Position(2, 24), lsp.Position(2, 29))
        assert found.message == "users has no column emial; did you mean email?"
        actions = await ask(editor, uri, (2, 25), [found])
        assert applied(WRONG, actions["Change to email"].edit) == GOOD
        editor.change(uri, 2, GOOD)
        await editor.codes(uri, [])
        editor.change(uri, 3, f"{GOOD}- Reach = COUNT(DISTINCT users.id)\n")
        [found] = await editor.codes(uri, ["glossary-contradiction"])
        assert found.range.start.line == 4
        editor.close(uri)
        await editor.codes(uri, [])


async def test_other_files_count(tmp_path: Path, folder: Path) -> None:
    first = folder / "first.md"
    first.write_text("- Reach = COUNT(DISTINCT users.id)\n- Never use users.email\n")
    (folder / "golden.json").write_text('[{"question": "Who?", "sql": "select email from users"}]')
    uri = (folder / "words" / "glossary.md").as_uri()
    async with running(tmp_path, folder, can=pulling()) as editor:
        await editor.state("ready")
        found = by_name(await editor.pull_workspace())
        assert codes(found["glossary.md"]) == ["glossary-contradiction"]
        assert codes(found["first.md"]) == ["glossary-contradiction"]
        (related,) = found["first.md"].items[0].related_information or []
        assert related.location.uri.endswith("golden.json")
        editor.open(uri, GOOD, "markdown")
        report = await editor.pull(uri)
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        [told] = report.items
        assert told.message == "Reach is defined in another way before (line 1 of first.md)"
        assert told.related_information is not None
        assert told.related_information[0].location.uri == first.as_uri()


async def test_completion_and_hover(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "words" / "glossary.md").as_uri()
    async with running(tmp_path, folder) as editor:
        await editor.state("ready")
        editor.open(uri, "- see users.em\n- see users.email\n- see u\n- see \n", "markdown")
        found = await editor.complete(uri, 0, 14)
        assert found is not None
        assert [it.label for it in found.items] == ["email"]
        found = await editor.complete(uri, 2, 7)
        assert found is not None
        assert "users" in [it.label for it in found.items]
        hover = await editor.hover(uri, 1, 13)
        assert hover is not None
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert "users.email" in hover.contents.value


async def test_sql_shows_what_it_says(tmp_path: Path, folder: Path) -> None:
    uri = (folder / "q.sql").as_uri()
    async with running(tmp_path, folder) as editor:
        await editor.state("ready")
        editor.open(uri, "select email from users\n", "sql")

        shown = ""
        for _ in range(50):  # the glossary is read after the metadata are there
            hover = await editor.hover(uri, 0, 9)
            assert hover is not None
            assert isinstance(hover.contents, lsp.MarkupContent)
            shown = hover.contents.value
            if "glossary" in shown:
                break
            await editor.settled()
        assert "A reader has a `users.email`." in shown
