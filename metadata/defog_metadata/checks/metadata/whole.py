"""Metadata checked by itself: what ``check_md_valid`` stands on."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from defog_metadata.catalog import Catalog, MemoryTables, Table
from defog_metadata.checks.metadata.ddl import uncreatable
from defog_metadata.checks.metadata.keys import dangling_keys
from defog_metadata.checks.metadata.names import duplicates, empty_names
from defog_metadata.checks.metadata.problems import MetadataProblem
from defog_metadata.checks.metadata.types import unknown_types

__all__ = ["metadata_problems", "validation_problems"]


def validation_problems(
    tables: Sequence[Table], dialect: str, known_types: Collection[str] = ()
) -> tuple[MetadataProblem, ...]:
    """All that is wrong with *tables*, which are all there are of a database of *dialect*.

    As ``metadata_problems``, and statements that create the tables and cannot be read: for a
    column or table that has nothing else wrong with it.
    """
    found = metadata_problems(tables, dialect, known_types=known_types)
    faulty = {it.place.table for it in found if it.code != "metadata-drift"}
    sound = [it for index, it in enumerate(tables) if index not in faulty]
    places = {id(it): index for index, it in enumerate(tables)}
    more = (
        replace(it, place=replace(it.place, table=places[id(sound[it.place.table])]))
        for it in uncreatable(sound, dialect)
    )
    return _in_order((*found, *more))


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
    return _in_order(
        (
            *empty_names(tables),
            *duplicates(tables, dialect),
            *unknown_types(tables, dialect, known_types),
            *dangling_keys(tables, catalog),
        )
    )


def _in_order(found: Iterable[MetadataProblem]) -> tuple[MetadataProblem, ...]:
    return tuple(sorted(found, key=lambda it: (it.place.table, _column(it))))


def _column(problem: MetadataProblem) -> int:
    return -1 if problem.place.column is None else problem.place.column
