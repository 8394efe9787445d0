"""The published golden queries: all valid, so `check` has nothing to report on any of them."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.support.databases import PUBLISHED

# All are run on a real PostgreSQL when the data set is made.
VALID_POSTGRES_QUERIES = 419


def golden_queries() -> dict[str, list[tuple[str, str]]]:
    """Name and SQL of the valid PostgreSQL queries, by database."""
    path = PUBLISHED / "queries.jsonl"
    if not path.is_file():
        pytest.skip("the public data sets are not beside the repository")
    found: dict[str, list[tuple[str, str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        if query["dialect"] == "postgres" and query.get("engine", {}).get("valid"):
            found.setdefault(query["db"], []).append((query["id"], query["sql"]))
    return found


def test_check_finds_no_error_in_any_golden_query(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    defog_databases: Mapping[str, dict[str, object]],
) -> None:
    queries = golden_queries()
    assert sum(map(len, queries.values())) == VALID_POSTGRES_QUERIES
    for database, named in queries.items():
        creds = defog_databases[database]
        folder = tmp_path / database
        folder.mkdir()
        (folder / "defog.toml").write_text(configuration(creds), encoding="utf-8")
        for name, sql in named:
            (folder / f"{name}.sql").write_text(sql, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOLDEN_PASSWORD", str(next(iter(defog_databases.values()))["password"]))
    for database in queries:
        shown = run(capsys, "extract", "--config", tmp_path / database / "defog.toml")
        assert shown.status == 0, shown.err
    shown = run(capsys, "check", "--offline", "--format", "json")
    found = json.loads(shown.out)
    assert [it for it in found if it["severity"] == 1] == []
    assert shown.status == 0


def configuration(creds: Mapping[str, object]) -> str:
    return f"""
[connections.golden]
db_type = "postgres"
host = "{creds["host"]}"
port = {creds["port"]}
database = "{creds["database"]}"
user = "{creds["user"]}"
password = {{ env = "GOLDEN_PASSWORD" }}
"""
