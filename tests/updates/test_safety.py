"""An update that is killed leaves the old or the new file; of several writers none loses any."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from defog_metadata.catalog import Name
from defog_metadata.workspace import Workspace
from tests.support.shop import make_shop
from tests.support.tools import REPOSITORY

CONNECTION = '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'
METADATA = {
    "customers": [{"column_name": "email", "data_type": "text"}],
    "orders": [{"column_name": "id", "data_type": "integer"}],
}
WRITER = """
import sys
from pathlib import Path
from defog_metadata.updates import update_metadata
from defog_metadata.workspace import Workspace

workspace = Workspace.open(Path(sys.argv[1]))
connection = workspace.connections[0]
for number in range(int(sys.argv[3])):
    text = f"{sys.argv[2]} {number}"
    update_metadata(workspace, connection, {sys.argv[2]: {"columns": {"id": text}}})
    update_metadata(workspace, connection, {sys.argv[2]: {"table_description": text}})
"""
READER = """
import sys, json
from pathlib import Path

path, end = Path(sys.argv[1]), Path(sys.argv[2])
count = 0
while not end.exists():
    json.loads(path.read_bytes())
    count += 1
print(count)
"""


@pytest.fixture(params=["file", "cache"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """A workspace, and the file in it that updates write."""
    make_shop().build(tmp_path / "shop.db")
    (tmp_path / "defog.toml").write_text(CONNECTION)
    workspace = Workspace.open(tmp_path)
    workspace.refresh(workspace.connections[0])
    path = workspace.cache_file(workspace.connections[0])
    if request.param == "file":
        path = tmp_path / "metadata.json"
        path.write_text(json.dumps(METADATA, indent=4))
        (tmp_path / "defog.toml").write_text(f'metadata = ["metadata.json"]\n{CONNECTION}')
    assert path is not None
    return tmp_path, path


def started(*arguments: str, out: int | None = None) -> "subprocess.Popen[str]":
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=out, text=True)


def test_killed_at_every_point(target: tuple[Path, Path]) -> None:
    process = started("-m", "tests.updates.killed", *map(str, target), out=subprocess.PIPE)
    out, _ = process.communicate(timeout=280)
    assert process.returncode == 0
    found = json.loads(out)
    assert (found["broken"], found["stuck"]) == (0, 0), found
    # Enough points before and behind the one where the new file takes the old one's place.
    assert found["killed"] >= 20, found
    assert found["old"] >= 5, found
    assert found["new"] >= 1, found


def test_several_writers_lose_nothing(target: tuple[Path, Path]) -> None:
    folder, path = target
    tables = ["customers", "orders", "products"]
    done = folder / "done"
    reader = started("-c", READER, str(path), str(done), out=subprocess.PIPE)
    writers = [started("-c", WRITER, str(folder), it, "15") for it in tables]
    assert [it.wait(250) for it in writers] == [0, 0, 0]
    done.touch()
    out, _ = reader.communicate(timeout=60)
    assert reader.returncode == 0, "a reader saw a broken file"
    assert int(out) > 0
    workspace = Workspace.open(folder)
    catalog = workspace.metadata(workspace.connections[0]).catalog
    for it in tables:
        table = catalog.table(Name(it))
        assert table is not None
        id_column = table.column("id")
        assert id_column is not None
        assert (table.description, id_column.description) == (f"{it} 14", f"{it} 14")


def test_extractions_meanwhile_lose_nothing(target: tuple[Path, Path]) -> None:
    folder, _ = target
    workspace = Workspace.open(folder)
    writer = started("-c", WRITER, str(folder), "orders", "10")
    give_up = time.monotonic() + 250
    while writer.poll() is None and time.monotonic() < give_up:
        workspace.refresh(workspace.connections[0])
    assert writer.wait(1) == 0
    loaded = workspace.refresh(workspace.connections[0])
    table = loaded.catalog.table(Name("orders"))
    assert table is not None
    assert table.description == "orders 9"
