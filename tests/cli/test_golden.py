"""The published databases and their golden queries, from a real PostgreSQL to what a user sees."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from defog_lsp.ide.hover import hover
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.workspace import Workspace
from tests.cli.command import run
from tests.support.databases import PUBLISHED, published_schema

# All are run on a real PostgreSQL when the data set is made.
VALID_POSTGRES_QUERIES = 419
DESCRIBED_COLUMNS = 487


@pytest.fixture
def folders(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    defog_databases: Mapping[str, dict[str, object]],
    capsys: pytest.CaptureFixture[str],
) -> Mapping[str, Path]:
    """A workspace for each published database, with its metadata extracted."""
    found: dict[str, Path] = {}
    for database, creds in defog_databases.items():
        folder = found[database] = tmp_path / database
        folder.mkdir()
        (folder / "defog.toml").write_text(configuration(creds), encoding="utf-8")
        monkeypatch.setenv("GOLDEN_PASSWORD", str(creds["password"]))
        extracted = run(capsys, "extract", "--config", folder / "defog.toml")
        assert extracted.status == 0, extracted.err
    monkeypatch.chdir(tmp_path)
    return found


def configuration(creds: Mapping[str, object]) -> str:
    return f"""
metadata = ["published/*.json"]
[connections.golden]
db_type = "postgres"
host = "{creds["host"]}"
port = {creds["port"]}
database = "{creds["database"]}"
user = "{creds["user"]}"
password = {{ env = "GOLDEN_PASSWORD" }}
"""


def golden_queries() -> Iterator[tuple[str, str, str]]:
    """Database, name and SQL of every valid PostgreSQL query."""
    for line in (PUBLISHED / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        if query["dialect"] == "postgres" and query.get("engine", {}).get("valid"):
            yield query["db"], query["id"], query["sql"]


def test_check_finds_no_error_in_any_golden_query(
    capsys: pytest.CaptureFixture[str], folders: Mapping[str, Path]
) -> None:
    queries = list(golden_queries())
    assert len(queries) == VALID_POSTGRES_QUERIES
    for database, name, sql in queries:
        (folders[database] / f"{name}.sql").write_text(sql, encoding="utf-8")
    shown = run(capsys, "check", "--offline", "--format", "json")
    found = json.loads(shown.out)
    assert [it for it in found if it["severity"] == 1] == []
    assert shown.status == 0
    # Silence is only worth something from a checker that knows these databases.
    for folder in folders.values():
        (folder / "mistake.sql").write_text("select 1 from no_such_table", encoding="utf-8")
    shown = run(capsys, "check", "--offline", "--format", "json")
    assert sorted(it["path"] for it in json.loads(shown.out) if it["code"] == "unknown-table") == [
        f"{it}/mistake.sql" for it in sorted(folders)
    ]


def test_hover_on_every_described_column_shows_its_published_description(
    folders: Mapping[str, Path],
) -> None:
    checked = 0
    for database, folder in folders.items():
        (folder / "published").mkdir()
        published = (PUBLISHED / "schemas" / f"{database}.published.json").read_bytes()
        (folder / "published" / "metadata.json").write_bytes(published)
        workspace = Workspace.open(folder)
        loaded = workspace.metadata(workspace.connections[0])
        assert loaded.problems == ()
        for table, column, description in described_columns(database):
            before = "select t."
            sql = f'{before}"{column}" from {table} as t'
            shown = hover(Snapshot(sql, loaded.catalog, "postgres"), len(before) + 1)
            assert shown is not None, sql
            assert description.strip() in shown.markdown, sql
            checked += 1
    assert checked == DESCRIBED_COLUMNS


def described_columns(database: str) -> Iterator[tuple[str, str, str]]:
    """Table as written, column and description, of what the published schema describes."""
    tables = published_schema(database)["table_metadata"]
    assert isinstance(tables, list)
    for table in tables:
        for column in table["column_metadata"]:
            if column["column_description"]:
                name = f'"{table["table_schema"]}"."{table["table_name"]}"'
                yield name, column["column_name"], column["column_description"]
