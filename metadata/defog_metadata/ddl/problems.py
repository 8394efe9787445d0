"""What is wrong with the statements that metadata lead to."""

from collections.abc import Iterable

from defog_metadata.catalog import Table
from defog_metadata.catalog.dialects import canonical_dialect
from defog_metadata.ddl.create import planned
from defog_metadata.sql.syntax import parse

__all__ = ["ddl_problems"]


def ddl_problems(tables: Iterable[Table], dialect: str) -> list[tuple[Table, str]]:
    """Each of *tables* whose ``CREATE TABLE`` in *dialect*, their own, cannot be read, and why.

    What cannot be told without an engine is not said: see ``defog_metadata.execution`` for trying
    statements out. Raises ``ConfigurationError`` for a dialect without DDL.
    """
    plan = planned(list(tables), dialect, source_dialect=dialect)
    found: dict[int, str] = {}
    for it in plan.ordered:
        if not it.table.columns and plan.flavour.dialect != "postgres":
            found[it.place] = "a table without columns cannot be created"
    for statement in plan.statements():
        place = statement.place
        if place is not None and place not in found and (said := _problem(statement.text, dialect)):
            found[place] = _culprit(plan.originals[place], dialect) or said
    return [(plan.originals[place], message) for place, message in sorted(found.items())]


def _problem(statement: str, dialect: str) -> str:
    problems = parse(statement.removesuffix(";"), canonical_dialect(dialect)).problems
    return problems[0].message if problems else ""


def _culprit(table: Table, dialect: str) -> str:
    """What is wrong with the first column that makes its own table unreadable; else nothing."""
    for column in table.columns:
        alone = Table(table.name, (column,), table.schema)
        for statement in planned([alone], dialect, source_dialect=dialect).statements():
            if said := _problem(statement.text, dialect):
                default = f" with the default {column.default}" if column.default else ""
                return f"the column {column.name} of type {column.type}{default}: {said}"
    return ""
