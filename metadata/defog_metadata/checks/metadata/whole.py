"""Metadata checked by itself: what ``check_md_valid`` stands on."""

from collections.abc import Collection, Sequence

from defog_metadata.catalog import Catalog, MemoryTables, Table
from defog_metadata.checks.metadata.keys import dangling_keys
from defog_metadata.checks.metadata.names import duplicates, empty_names
from defog_metadata.checks.metadata.problems import MetadataProblem
from defog_metadata.checks.metadata.types import unknown_types

__all__ = ["metadata_problems"]


def metadata_problems(
    tables: Sequence[Table],
    dialect: str,
    *,
    known_types: Collection[str] = (),
    catalog: Catalog | None = None,
) -> tuple[MetadataProblem, ...]:
    """What is wrong with *tables*, metadata in *dialect*; each prints as a sentence.

    *known_types* are types that the database is known to have (see ``unknown_types``). *catalog*
    has the tables that keys may refer to; without it, *tables* are all there are.
    """
    if catalog is None:
        catalog = Catalog(MemoryTables(tables), dialect)
    found = (
        *empty_names(tables),
        *duplicates(tables, dialect),
        *unknown_types(tables, dialect, known_types),
        *dangling_keys(tables, catalog),
    )
    return tuple(sorted(found, key=lambda it: (it.place.table, _column(it))))


def _column(problem: MetadataProblem) -> int:
    return -1 if problem.place.column is None else problem.place.column
