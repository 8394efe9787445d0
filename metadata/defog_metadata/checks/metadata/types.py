"""Types that no dialect knows."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from defog_metadata.catalog import Column, Table
from defog_metadata.checks.metadata.problems import MetadataProblem, Place
from defog_metadata.rules.mends import did_you_mean
from defog_metadata.spelling import is_clear, nearest, recased
from defog_metadata.sql.types.vocabulary import has_own_types, is_type, type_name, types_of

__all__ = ["unknown_types"]


def unknown_types(
    tables: Sequence[Table], dialect: str, known: Collection[str] = ()
) -> Iterator[MetadataProblem]:
    """Columns of a type that no dialect has, in the metadata of a database of *dialect*.

    *known* are types that the database is known to have. People make types of their own, whose
    names can be any: what has labels, a schema or quotes, or is the type of several columns is
    taken for one of those. A lone word is not sure to be a mistake unless it is spelled much like
    a type, or the dialect has no types but its own. SQLite takes any word.

    >>> from defog_metadata.catalog import Column, Table
    >>> orders = Table("orders", (Column("total", "numerc(10,2)"),))
    >>> print(*unknown_types([orders], "postgres"))
    no dialect knows the type numerc of orders.total; did you mean numeric?
    """
    if dialect == "sqlite":
        return
    own = {type_name(it) for it in known} - {""}
    found = [
        (Place(index, place, "type"), table, column)
        for index, table in enumerate(tables)
        for place, column in enumerate(table.columns)
        if column.type.strip() and not column.enum_values and not is_type(column.type, own)
    ]
    counts = Counter(type_name(column.type) for _, _, column in found)
    for place, table, column in found:
        word = _word(column.type)
        close = _close(word, dialect)
        is_misspelled = is_clear(word, close)
        if is_misspelled or not has_own_types(dialect) or counts[type_name(column.type)] == 1:
            is_sure = is_misspelled or not has_own_types(dialect)
            yield _problem(place, table, column, close, is_sure=is_sure)


def _word(written: str) -> str:
    """The first word of a type that is none, and so the wrong one: those behind it may be any."""
    return type_name(written).partition(" ")[0]


def _close(name: str, dialect: str) -> tuple[str, ...]:
    """The types nearest to *name*; one alone where it is clearly the one meant."""
    close = nearest(name, types_of(dialect))
    return close[:1] if is_clear(name, close) else close


def _problem(
    place: Place, table: Table, column: Column, close: tuple[str, ...], *, is_sure: bool
) -> MetadataProblem:
    written = column.type.strip()
    name = _word(column.type)
    shown = [recased(it, written[: len(name)]) for it in close]
    what = f"no dialect knows the type {written[: len(name)]} of {table.qualified_name}"
    # What goes with a type, such as its length, stays.
    meant = tuple(f"{it}{written[len(name) :]}" for it in shown)
    message = did_you_mean(f"{what}.{column.name}", shown)
    return MetadataProblem("metadata-type", place, message, meant, is_sure=is_sure)
