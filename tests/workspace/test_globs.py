from pathlib import Path

import pytest

from defog_metadata.workspace.globs import expand, matches


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*.sql", ["a.sql"], ["b/a.sql", "a.sql.txt", "asql"]),
        ("**/*.sql", ["a.sql", "b/a.sql", "b/c/a.sql"], ["a.txt"]),
        ("warehouse/**", ["warehouse/a.sql", "warehouse/b/c.sql"], ["warehouses/a.sql"]),
        ("warehouse", ["warehouse/a.sql", "warehouse"], ["x/warehouse/a.sql"]),
        ("warehouse/", ["warehouse/b/c.sql"], ["warehouses/a.sql"]),
        ("./a/?.sql", ["a/b.sql"], ["a/bc.sql", "a/.sql"]),
        ("[ab]*.sql", ["a1.sql", "b.sql"], ["c.sql", "ab/c.sql"]),
        ("[!ab].sql", ["c.sql"], ["a.sql"]),
        ("a+(b).sql", ["a+(b).sql"], ["aab.sql"]),
        ("[", ["["], ["a"]),
    ],
)
def test_matches(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [it for it in yes if not matches(pattern, it)] == []
    assert [it for it in no if matches(pattern, it)] == []


def test_expand_means_files_only_and_sorts_them(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "sub/c.json", "d.json/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert expand(tmp_path, "*.json") == (tmp_path / "a.json", tmp_path / "b.json")
    assert expand(tmp_path, "**/*.json") == tuple(
        tmp_path / it for it in ("a.json", "b.json", "sub/c.json")
    )
    assert expand(tmp_path, str(tmp_path / "a.json")) == (tmp_path / "a.json",)
    assert expand(tmp_path, "none.json") == expand(tmp_path, "") == ()
