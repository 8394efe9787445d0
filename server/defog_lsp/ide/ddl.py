"""A document with the statements that create some tables."""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog import Catalog, Name, Table
from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.ddl.create import CREATED_KINDS, planned
from defog_metadata.sql.facts.touched import touched
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.declared import declaring

__all__ = ["ddl_dialects", "ddl_document", "ddl_name", "dialect_title"]

_TITLES = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL, MariaDB",
    "sqlite": "SQLite",
    "duckdb": "DuckDB",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
    "redshift": "Redshift",
    "databricks": "Databricks",
    "tsql": "SQL Server",
    "oracle": "Oracle",
    "clickhouse": "ClickHouse",
    "": "Standard SQL",
}
_LEFT_OUT = {False: "is not known", True: "cannot be said in this dialect"}
_MOST_NAMES = 3
"""Of tables, in the name of a document."""


def ddl_dialects(first: str) -> list[str]:
    """The dialects that somebody may want, *first* before the others."""
    return list(dict.fromkeys((first, *_TITLES)))


def dialect_title(dialect: str) -> str:
    """What people call *dialect*."""
    return _TITLES.get(dialect) or dialect.capitalize()


def ddl_document(
    catalog: Catalog,
    tables: Sequence[Table],
    dialect: str,
    *,
    source_dialect: str = "",
    origin: str,
) -> str:
    """The statements that create *tables* in *dialect*, with a comment that says what they are.

    *source_dialect* is whose types the catalog has, if that is known; *origin* is where the
    metadata come from, for people. Views whose query is not known, or cannot be said, are left
    out, which the comment says. Raises ``ConfigurationError`` for a dialect without DDL.
    """
    created = [it for it in tables if it.kind in CREATED_KINDS or it.definition]
    plan = planned(
        [*created, *_referred(created, catalog)],
        dialect,
        source_dialect=source_dialect or None,
        tables=[join_key(it.database, it.schema, it.name) for it in created],
    )
    statements = [it.text for it in plan.with_views()] if created else []
    written = [it.original for it in plan.views]
    others = [it for it in tables if it.kind not in CREATED_KINDS and it not in written]
    # The first line is what editors call a document without a name.
    header = [f"-- {_names(tables, ', ')} of {origin}, for {dialect_title(dialect)}"]
    header += [
        f"-- {it.name} is a {it.kind}: its query {_LEFT_OUT[bool(it.definition)]}." for it in others
    ]
    header += [declaring(dialect)] if dialect else []
    return "\n".join([*map(_one_line, header), *_spaced(statements)]) + "\n"


def ddl_name(tables: Sequence[Table]) -> str:
    """What to call a document about *tables*."""
    return _names(tables, "-")


def _names(tables: Sequence[Table], between: str) -> str:
    names = [it.name for it in tables[:_MOST_NAMES]]
    more = len(tables) - len(names)
    return between.join([*names, *([f"{more} more"] if more else [])])


def _spaced(statements: Sequence[str]) -> Iterator[str]:
    """*statements* with an empty line before each of several lines, and before the first."""
    for index, it in enumerate(statements):
        if index == 0 or "\n" in it:
            yield ""
        yield it


def _referred(tables: Sequence[Table], catalog: Catalog) -> list[Table]:
    """The tables that keys of *tables* refer to, and views read.

    What they are decides how keys are written, what they are called how queries are.
    """
    found: dict[str, Table] = {}
    for table in tables:
        read = Snapshot(table.definition, catalog, catalog.dialect).analyses
        for analysis in read if table.definition else ():
            found.update(touched(analysis, catalog.naming).tables)
        for key in table.foreign_keys:
            path = filter(None, (key.referred_schema or table.schema, key.referred_table))
            referred = catalog.table(*(Name(it, quoted=True) for it in path))
            if referred is not None:
                found.setdefault(referred.qualified_name, referred)
    own = {it.qualified_name for it in tables}
    return [it for name, it in found.items() if name not in own]


def _one_line(text: str) -> str:
    return " ".join(text.split())
