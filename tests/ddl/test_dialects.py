"""What sqlglot's grammar of each dialect says to the statements."""

import json
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel

from defog_metadata.ddl import WITHOUT_DDL, create_ddl_from_metadata
from tests.ddl.schemas import SCHEMAS, document, tables
from tests.support.databases import PUBLISHED
from tests.support.tools import in_ci

VARIANTS = sorted(it for it in (PUBLISHED / "schemas").glob("*.*.json"))
"""The same tables as other dialects, and files, have them."""

DIALECTS = sorted(set(Dialect.classes) - WITHOUT_DDL)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", SCHEMAS)
def test_statements_parse(name: str, dialect: str) -> None:
    written = create_ddl_from_metadata(document(name), dialect)
    made = [it for it in tables(name) if it.kind == "table"]
    trees = [
        sqlglot.parse_one(it, read=dialect or None, error_level=ErrorLevel.RAISE) for it in written
    ]
    created = [it for it in trees if isinstance(it, exp.Create) and it.kind == "TABLE"]
    assert len(created) == len(made)
    columns = [len(list(it.this.find_all(exp.ColumnDef))) for it in created]
    assert sorted(columns) == sorted(len(it.columns) for it in made)


@pytest.mark.parametrize("path", VARIANTS, ids=lambda it: it.stem)
def test_variants_parse_in_their_own_dialect(path: Path) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    written = create_ddl_from_metadata(found)
    assert sum(it.startswith("CREATE TABLE") for it in written) == len(found["table_metadata"])
    for statement in written:
        sqlglot.parse_one(statement, read=found["dialect"], error_level=ErrorLevel.RAISE)


@pytest.mark.parametrize("name", SCHEMAS)
def test_duckdb_takes_them(name: str) -> None:
    if not in_ci():
        pytest.importorskip("duckdb", reason="the duckdb extra is not installed")
    import duckdb

    with duckdb.connect(":memory:") as connection:
        for statement in create_ddl_from_metadata(document(name), "duckdb"):
            connection.execute(statement)
        made = connection.execute("select count(*) from duckdb_tables()").fetchone()
    assert made == (sum(it.kind == "table" for it in tables(name)),)
