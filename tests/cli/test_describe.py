"""``defog-lsp describe`` and ``vet``: descriptions written from the terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.command import program, run
from tests.support.databases import Server

LONG = (
    "This column contains the total amount of the order in US dollars, including taxes but "
    "excluding shipping."
)


@pytest.fixture
def known(shop: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(capsys, "extract").status == 0
    return shop


def described(folder: Path, table: str) -> dict[str, str]:
    """What the shop's metadata file says of a table and of its columns."""
    document = json.loads((folder / "metadata" / "descriptions.json").read_text())
    entry = document[table]
    rows = entry["columns"] if isinstance(entry, dict) else entry
    found = {it["column_name"]: it.get("column_description", "") for it in rows}
    if isinstance(entry, dict):
        found[""] = entry.get("table_description", "")
    return found


@pytest.mark.parametrize("name", ["customers.email", "main.customers.email", "CUSTOMERS.Email"])
def test_a_column(name: str, known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "describe", name, "Where to write.")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "described 1 column in metadata/descriptions.json\n"
    assert described(known, "customers")["email"] == "Where to write."


def test_a_table(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "describe", "customers", "Who buys.", "--format", "json")
    assert json.loads(ran.out) == {
        "described": [{"table": "main.customers", "column": None, "description": "Who buys."}],
        "files": [str(known / "metadata" / "descriptions.json")],
    }
    assert described(known, "customers")[""] == "Who buys."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("custmers", "there is no table custmers (did you mean customers?)"),
        ("customers.emial", "has no column emial (did you mean email?). Nothing was changed"),
        ("nowhere.nothing", "there is no table"),
    ],
)
def test_unknown_names(
    name: str, words: str, known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run(capsys, "describe", name, "x")
    assert ran.status == 2
    assert words in ran.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "u.json",
            '{"customers": {"table_description": "Who.", "columns": {"email": "Mail."}},'
            ' "orders": {"columns": {"id": "Number."}}}',
        ),
        (
            "m.json",
            '{"table_metadata": [{"table_name": "customers", "table_schema": "",'
            ' "table_description": "Who.", "column_metadata": [{"column_name": "email",'
            ' "data_type": "text", "column_description": "Mail."}]}, {"table_name": "orders",'
            ' "column_metadata": [{"column_name": "id", "data_type": "int",'
            ' "column_description": "Number."}]}]}',
        ),
        (
            "b.json",
            '[{"table": "customers", "updates": {"table_description": "Who."}},'
            ' {"table": "customers", "updates": {"columns": {"email": "Mail."}}},'
            ' {"table": "orders", "updates": {"columns": {"id": "Number."}}}]',
        ),
        (
            "c.csv",
            "table_name,column_name,column_description,table_description\n"
            "customers,email,Mail.,Who.\norders,id,Number.,\n",
        ),
    ],
)
def test_several_at_once(
    name: str, content: str, known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (known / name).write_text(content)
    ran = run(capsys, "describe", "--from", name)
    assert ran.out == "described 1 table and 2 columns in metadata/descriptions.json\n"
    assert described(known, "customers")[""] == "Who."
    assert described(known, "customers")["email"] == "Mail."
    assert described(known, "orders")["id"] == "Number."


def test_from_standard_input(known: Path) -> None:
    ran = program(
        "describe",
        "--from",
        "-",
        folder=known,
        stdin=b'{"customers": {"columns": {"email": "\xc3\xa9"}}}',
    )
    assert (ran.status, ran.err) == (0, "")
    assert described(known, "customers")["email"] == "é"


def test_wrong_usage(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["describe"],
        ["describe", "customers"],
        ["describe", "a", "b", "--from", "c"],
    ):
        assert run(capsys, *arguments).status == 2
    assert "cannot be read" in run(capsys, "describe", "--from", "nothing.json").err
    (known / "x.json").write_text("{broken")
    assert "is not JSON" in run(capsys, "describe", "--from", "x.json").err


def test_comments_need_somebody_who_agrees(known: Path) -> None:
    ran = program("describe", "customers", "Who.", "--to-database", folder=known)
    assert ran.status == 2
    assert "nobody is there to be asked: say --yes" in ran.err
    ran = program("describe", "customers", "Who.", "--to-database", "--yes", folder=known)
    assert ran.status == 2
    assert "sqlite has no comments" in ran.err
    assert described(known, "customers")[""] != "Who."


def test_vet_proposes_and_writes(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "describe", "orders.id", LONG)
    ran = run(capsys, "vet")
    assert ran.status == 1
    shorter = "The total amount of the order in US dollars, including taxes but excluding shipping."
    assert ran.out.splitlines() == [
        f"main.orders.id ({len(LONG)} → {len(shorter)})",
        f"  - {LONG}",
        f"  + {shorter}",
    ]
    (found,) = json.loads(run(capsys, "vet", "--format", "json").out)
    assert found["description"] == LONG
    assert len(found["proposal"]) <= 100
    assert {"excluding", "including"} <= set(found["kept"])
    ran = run(capsys, "vet", "--write")
    assert ran.status == 0
    assert described(known, "orders")["id"] == found["proposal"]
    assert run(capsys, "vet").status == 0
    assert run(capsys, "vet", "--limit", "0").status == 2
    assert run(capsys, "vet", "--limit", "20").status == 1


def test_comments_in_a_database(
    postgres_server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    creds = postgres_server.create_database("described", "create table people (id int, name text)")
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in creds.items())
    (tmp_path / "defog.toml").write_text(f'[connections.pg]\ndb_type = "postgres"\n{lines}')
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "extract").status == 0
    ran = run(capsys, "describe", "people.name", "Said.", "--to-database", "--yes")
    assert (ran.status, ran.out.partition(" in ")[0]) == (0, "described 1 column")
    # What is known, and what the database says, are the same: there is no difference but that.
    (found,) = json.loads(run(capsys, "diff", "--format", "json").out)["changed"]
    assert found["changed"] == [
        {
            "column": "name",
            "changes": [{"aspect": "description", "before": "", "after": "Said."}],
        }
    ]
    assert run(capsys, "extract").status == 0
    assert run(capsys, "diff").status == 0
    # It is the database's own now: what is taken away there is taken away.
    postgres_server.execute("comment on column people.name is null", "described")
    assert run(capsys, "extract").status == 0
    assert run(capsys, "vet", "--limit", "1").status == 0
