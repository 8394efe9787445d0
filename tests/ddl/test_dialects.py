"""What sqlglot's grammar of each dialect says to the statements."""

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel

from defog_metadata.ddl import WITHOUT_DDL, create_ddl_from_metadata
from tests.ddl.schemas import SCHEMAS, document, tables

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
