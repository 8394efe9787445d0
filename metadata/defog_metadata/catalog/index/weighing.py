"""How much the words of a table say of it, and what the names of its columns have in common."""

import math
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from defog_metadata.catalog.values import Column, Table
from defog_metadata.terms import shared_start, stem, stems, words

__all__ = [
    "column_stems",
    "forms_of",
    "keys_of",
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


def keys_of(table: Table) -> Iterator[tuple[str, str]]:
    """What may be keys of *table*, each once, as ``rest_of`` has it and as its column is called."""
    prefix = shared_prefix(table)
    seen: set[str] = set()
    for column in table.columns:
        key = rest_of(column.name, prefix) if prefix else column.name.casefold()
        if key.endswith(_KEYS) and key not in seen and may_be_key(key):
            seen.add(key)
            yield key, column.name


def weighed(table: Table) -> dict[str, float]:
    """How much each word says of *table*."""
    found: defaultdict[str, float] = defaultdict(float)
    repeated: defaultdict[str, float] = defaultdict(float)
    # A name that is said in full is surer than one of which a word is said.
    said = stems(table.name)
    for term in said:
        found[term] += _NAME / len(said) ** 0.5
    for term in stems(table.schema):
        found[term] += _SCHEMA
    for term in stems(table.description):
        found[term] += _DESCRIPTION
    prefix = prefix_of(table)
    for column in table.columns:
        name = column.name
        for term in stems(name):
            repeated[term] += _COLUMN
        if prefix and len(name) > len(prefix):
            for term in stems(name[len(prefix) :]):
                repeated[term] += _COLUMN
        if column.description:
            for term in stems(column.description):
                repeated[term] += _COLUMN_DESCRIPTION
        if column.enum_values or column.common_values:
            for value in values_of(column):
                for term in stems(value):
                    repeated[term] += _VALUE
    # That a table has the word once says most of what there is to say.
    for term, weight in repeated.items():
        if weight > _COLUMN:
            found[term] += _COLUMN + _FURTHER * math.log1p(weight - _COLUMN)
        else:
            found[term] += weight
    return found


def forms_of(table: Table, wanted: AbstractSet[str]) -> dict[str, str]:
    """The first form in which *table* has each of the *wanted* terms."""
    found: dict[str, str] = {}
    prefix = prefix_of(table)
    texts = [table.name, table.schema, table.description]
    for column in table.columns:
        texts += [column.name, column.name[len(prefix) :], column.description, *values_of(column)]
    for text in texts:
        for word in words(text):
            term = stem(word)
            if term in wanted:
                found.setdefault(term, word)
    return found


def values_of(column: Column) -> tuple[str, ...]:
    return (*column.enum_values, *column.common_values)[:_MOST_VALUES]
