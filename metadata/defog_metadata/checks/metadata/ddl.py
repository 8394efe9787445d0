"""Metadata whose tables no statement can create, because of what it says of a type or a default."""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog import Catalog, Table
from defog_metadata.checks.metadata.problems import MetadataProblem, Place
from defog_metadata.ddl import WITHOUT_DDL
from defog_metadata.ddl.create import planned
from defog_metadata.rules import check
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["ddl_problems"]


def ddl_problems(tables: Sequence[Table], dialect: str) -> Iterator[MetadataProblem]:
    """What cannot be read of the statements that create *tables* in *dialect*, once for a table.

    Whether they run only a database can tell: see ``defog_metadata.execution``. Tables and columns
    need names.
    """
    if not dialect or dialect in WITHOUT_DDL:
        return
    plan = planned(tables, dialect)
    indexes = {id(it): index for index, it in enumerate(tables)}
    nothing = Catalog(dialect=dialect)
    told: set[int] = set()
    for statement in plan.statements():
        found = [
            it
            for it in check(Snapshot(statement.text, nothing, dialect))
            if it.code == "syntax-error"
        ]
        if not found:
            continue
        if statement.place is None:
            place = _place_of_type(statement.text, tables)
        else:
            place = Place(indexes[id(plan.originals[statement.place])])
        if place.table not in told:
            told.add(place.table)
            line = _line(statement.text, found[0].span.start)
            what = f"the statement that creates {tables[place.table].qualified_name} cannot be read"
            message = f"{what}: in {line}, {found[0].message}"
            yield MetadataProblem("metadata-type", place, message)


def _place_of_type(statement: str, tables: Sequence[Table]) -> Place:
    """The first column of a type that *statement*, which creates one, is about."""
    found = [
        (len(column.type.strip()), -index, -place)
        for index, table in enumerate(tables)
        for place, column in enumerate(table.columns)
        if column.type.strip() in statement
    ]
    # Another type may be a part of it.
    _, index, place = max(found, default=(0, 0, 0))
    return Place(-index, -place, "type")


def _line(statement: str, offset: int) -> str:
    """The line of *statement* that *offset* is in, without its indentation."""
    start = statement.rfind("\n", 0, offset) + 1
    return statement[start:].partition("\n")[0].strip().rstrip(",")
