"""How much the words of a table say of it, and what the names of its columns have in common."""

import math
from collections import defaultdict
from collections.abc import Iterator

from defog_metadata.catalog.values import Column, Table
from defog_metadata.terms import shared_start, stem, stems, words

__all__ = [
    "column_stems",
    "may_be_key",
    "prefix_of",
    "rest_of",
    "shared_prefix",
    "values_of",
    "weighed",
]

# How much a word says of a table, by where it stands.
_NAME, _COLUMN, _DESCRIPTION, _COLUMN_DESCRIPTION, _SCHEMA, _VALUE = 4.0, 1.0, 1.5, 0.5, 0.5, 0.5
_MOST_VALUES = 20
_FURTHER = 0.5
"""What a word's further columns count for, logarithmically."""


_FEWEST_COLUMNS = 4
_GENERIC = frozenset(("id", "key", "code", "no", "nr", "sk", "num", "number"))
_KEYS = ("id", "key", "code", "no", "nr", "sk", "num", "number")


def may_be_key(column: str) -> bool:
    """Whether a column called so may be what tables are joined on, going by its name alone."""
    return column.endswith(_KEYS) and column not in _GENERIC


def column_stems(column: Column, prefix: str = "") -> Iterator[str]:
    """The words of the column's name; of the rest of it where every column starts with *prefix*."""
    yield from stems(column.name)
    if prefix and (rest := column.name[len(prefix) :]):
        yield from stems(rest)


def prefix_of(table: Table) -> str:
    """What the names of all the columns start with, where it is not set off by a separator.

    ``sbtx`` of ``sbtxid, sbtxtype, sbtxamount``.
    """
    found = shared_prefix(table)
    return found if found[-1:].isalpha() else ""


def shared_prefix(table: Table) -> str:
    """What the names of all the columns start with: ``c_`` of ``c_custkey, c_name, c_phone``."""
    names = [it.name for it in table.columns]
    if len(names) < _FEWEST_COLUMNS:
        return ""
    # What the first and the last in order share all of them do.
    found = shared_start(min(names), max(names))
    return found if 1 < len(found) < min(map(len, names)) else ""


def rest_of(name: str, prefix: str) -> str:
    """*name*, casefolded, without *prefix*."""
    return name.removeprefix(prefix).casefold()


def weighed(table: Table, forms: dict[str, str]) -> dict[str, float]:
    """How much each word says of *table*; *forms* gets those that it does not have yet."""
    found: defaultdict[str, float] = defaultdict(float)
    repeated: defaultdict[str, float] = defaultdict(float)

    def add(text: str, weight: float, to: dict[str, float]) -> None:
        for word in words(text):
            term = stem(word)
            to[term] += weight
            forms.setdefault(term, word)

    # A name that is said in full is surer than one of which a word is said.
    add(table.name, _NAME / max(len(words(table.name)), 1) ** 0.5, found)
    add(table.schema, _SCHEMA, found)
    add(table.description, _DESCRIPTION, found)
    prefix = prefix_of(table)
    for column in table.columns:
        add(column.name, _COLUMN, repeated)
        if prefix and len(column.name) > len(prefix):
            add(column.name[len(prefix) :], _COLUMN, repeated)
        if column.description:
            add(column.description, _COLUMN_DESCRIPTION, repeated)
        for value in values_of(column):
            add(value, _VALUE, repeated)
    # That a table has the word once says most of what there is to say.
    for term, weight in repeated.items():
        further = max(weight - _COLUMN, 0.0)
        found[term] += min(weight, _COLUMN) + _FURTHER * math.log1p(further)
    return found


def values_of(column: Column) -> tuple[str, ...]:
    return (*column.enum_values, *column.common_values)[:_MOST_VALUES]
