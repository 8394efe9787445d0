"""The facade: where its metadata come from, and what its calls answer. See test_library for more."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from defog_metadata import ConfigurationError, Defog, MetadataCache, MetadataError

METADATA = {
    "orders": [
        {"column_name": "id", "data_type": "integer", "primary_key": True},
        {"column_name": "total", "data_type": "numeric"},
    ]
}
GOLDEN = [{"question": "How much?", "sql": "SELECT sum(total) FROM orders"}]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.executescript(
            "create table customers (id integer primary key, name text);"
            "create table orders (id integer primary key, total numeric,"
            " customer_id integer references customers (id))"
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, *lines: str) -> None:
    text = "\n".join([*lines, '[connections.shop]\ndb_type = "sqlite"\ndatabase = "shop.db"\n'])
    (folder / "defog.toml").write_text(text)


def test_credentials_alone_are_extracted_through_the_cache(folder: Path) -> None:
    creds = {"database": str(folder / "shop.db")}
    df = Defog(db_type="sqlite", db_creds=creds)
    assert list(df.metadata) == ["customers", "orders"]
    cache = MetadataCache()
    key = cache.generate_cache_key(db_type="sqlite", db_creds=creds)
    assert cache.is_valid(key)
    # What is there is used: the database may be gone.
    (folder / "shop.db").unlink()
    assert list(Defog(db_type="sqlite", db_creds=creds).metadata) == ["customers", "orders"]


def test_what_is_not_given_is_read_from_the_configuration(folder: Path) -> None:
    configure(folder, 'golden_queries = ["g.json"]', 'glossary = ["g.md"]')
    (folder / "g.json").write_text(json.dumps(GOLDEN))
    (folder / "g.md").write_text("- Revenue is `orders.totl`\n")
    for df in (Defog(), Defog.from_workspace(folder), Defog.from_workspace("defog.toml", "shop")):
        assert df.check_gold_queries_valid()["valid_count"] == 1
        [error] = df.check_glossary_valid()["errors"]
        assert error == "g.md, line 1: orders has no column totl; did you mean total?"
    given = Defog(metadata=METADATA, golden_queries=[], glossary="")
    assert given.check_gold_queries_valid()["total_count"] == 0
    assert given.check_glossary_valid()["is_valid"]
    assert list(given.metadata) == ["orders"]


def test_wrong_arguments(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="'oracel' is no db_type; known: postgres"):
        Defog(db_type="oracel", db_creds={})
    with pytest.raises(ConfigurationError, match=r"there is no defog\.toml"):
        Defog.from_workspace(folder)
    configure(folder)
    with pytest.raises(ConfigurationError, match="there is no connection 'x'; there is: shop"):
        Defog.from_workspace(folder, "x")
    with pytest.raises(ConfigurationError, match=r"golden_queries\[0\] needs a question"):
        Defog(metadata=METADATA, golden_queries=[{"question": "a"}])
    with pytest.raises(ConfigurationError, match="no db_creds were given"):
        Defog(db_type="postgres", metadata=METADATA).create_empty_tables()
    with pytest.raises(ConfigurationError, match="not 'nothing'"):
        Defog(db_type="postgres", metadata=METADATA).check_gold_queries_valid(against="nothing")  # type: ignore[arg-type]
    with pytest.raises(MetadataError):
        Defog(metadata={"a": 1})


def test_metadata_that_were_given_are_changed_where_they_are(folder: Path) -> None:
    df = Defog(db_type="postgres", metadata=METADATA)
    updated = df.update_metadata({"orders": {"columns": {"total": "In euros"}}})
    assert updated["orders"]["columns"][1]["column_description"] == "In euros"
    assert df.metadata == updated
    with pytest.raises(MetadataError, match="totl"):
        df.update_metadata({"orders": {"table_description": "x", "columns": {"totl": "y"}}})
    assert df.metadata == updated
    assert list(folder.iterdir()) == [folder / "shop.db"]


def test_updates_go_to_the_file_of_the_workspace(folder: Path) -> None:
    configure(folder, 'metadata = ["m.json"]')
    (folder / "m.json").write_text(json.dumps(METADATA))
    df = Defog()
    batch = [
        {"table": "orders", "updates": {"columns": {"total": "In euros"}}},
        {"table": "customers", "updates": {"table_description": "Who buys"}},
    ]
    updated = df.update_tables_metadata(batch)
    assert updated["customers"]["table_description"] == "Who buys"
    written = json.loads((folder / "m.json").read_text())
    assert written["orders"][1]["column_description"] == "In euros"
    assert Defog().metadata == updated


@pytest.mark.parametrize("against", ["empty", "database"])
def test_an_engine_has_the_last_word(folder: Path, against: str) -> None:
    configure(folder)
    queries = [*GOLDEN, {"question": "Why?", "sql": "SELECT worth_of_it(total) FROM orders"}]
    df = Defog(golden_queries=queries)
    valid = df.check_gold_queries_valid(against=against)  # type: ignore[arg-type]
    assert valid["valid_count"] == 1
    [invalid] = valid["invalid_queries"]
    assert invalid["question"] == "Why?"
    assert invalid["errors"]


def test_ddl_is_tried_out(folder: Path) -> None:
    configure(folder)
    assert Defog().get_metadata_validation_errors({"db_type": "sqlite"}) == []
    assert Defog().check_md_valid()


def test_health(folder: Path) -> None:
    configure(folder)
    healthy = Defog(golden_queries=GOLDEN, glossary="").check_health()
    assert healthy["is_healthy"]
    assert healthy["coverage"]["uncovered_tables"] == ["customers"]
    assert healthy["descriptions"] == {
        "tables_described": 0,
        "total_tables": 2,
        "columns_described": 0,
        "total_columns": 5,
        "long": [],
    }
    broken = [{"question": "How much?", "sql": "SELECT sum(totl) FROM orders"}]
    found = Defog(golden_queries=broken, glossary="- `order.total`\n").check_health()
    assert not found["is_healthy"]
    assert found["golden_queries"]["valid_count"] == 0
    assert not found["glossary"]["is_valid"]


def test_pruning_takes_its_defaults_from_the_configuration(folder: Path) -> None:
    configure(folder, "[pruning]\nprune_bm25_num_columns = 1\nprune_max_tokens = 500")
    pruned = Defog().prune("total of orders")
    assert [it.table.name for it in pruned.tables] == ["orders"]
    assert [it.name for it in pruned.tables[0].columns] == ["total"]
    with pytest.raises(ConfigurationError):
        Defog(db_type="nope")
