import json
from pathlib import Path

from defog_metadata.workspace import Workspace
from defog_metadata.workspace.glossary import read_glossaries


def test_reads_what_it_can(tmp_path: Path) -> None:
    marked, broken = tmp_path / "a.md", tmp_path / "b.txt"
    marked.write_bytes("\ufeff- größer\r\n".encode())
    broken.write_bytes(b"- caf\xe9\n")
    read = read_glossaries([marked, tmp_path / "missing.md", broken, tmp_path])
    found = [it.text for it in read]
    assert found == ["- größer\r\n", "- caf\ufffd\n"]


def test_a_workspace_has_the_glossaries_of_its_metadata_and_of_its_files(tmp_path: Path) -> None:
    metadata = {"table_metadata": {"t": []}, "glossary": "- inner"}
    (tmp_path / "m.json").write_text(json.dumps(metadata))
    (tmp_path / "g.json").write_text("[]")
    for name in ("b.md", "a.md", "c.txt"):
        (tmp_path / name).write_text(f"- {name}")
    (tmp_path / "defog.toml").write_text(
        'metadata = ["m.json"]\nglossary = ["*.md"]\ngolden_queries = ["g.json"]\n'
    )
    workspace = Workspace.open(tmp_path)
    assert workspace.metadata(None).glossary == "- inner\n- a.md\n- b.md"
    names = [it.name for it in workspace.source_files]
    assert names == ["m.json", "g.json", "a.md", "b.md"], "a change of any is a change"
