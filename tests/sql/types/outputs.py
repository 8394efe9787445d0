"""The columns that a query puts out, as every test of types asks for them."""

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.sql.binding import Binder
from defog_metadata.sql.scopes import Field
from defog_metadata.sql.syntax import parse
from defog_metadata.sql.types import engine_of

__all__ = ["base", "outputs"]


def outputs(sql: str, catalog: Catalog) -> tuple[Field, ...]:
    tree = parse(sql.strip().rstrip(";"), catalog.dialect).tree
    assert isinstance(tree, exp.Expr), f"no tree: {sql}"
    return Binder(catalog, catalog.dialect, (), sql.strip().rstrip(";")).query(tree, None, ())[0]


def base(shown: str, dialect: str) -> str:
    """A type without its length, precision and letter case."""
    return engine_of(dialect).spelling.base(shown.lower())
