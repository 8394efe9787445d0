"""Where words occur in a catalog: made once, then asked for the few tables that a question needs.

``TableIndex`` is what ranking asks. ``MemoryIndex`` keeps it in memory, without the tables: those
it reads from their source when they are wanted.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol

from defog_metadata.catalog import Column, Table, TableSource
from defog_metadata.progress import check_stopped
from defog_metadata.pruning.terms import shared_start, stem, stems, words
from defog_metadata.pruning.vocabulary import Vocabulary

__all__ = [
    "MemoryIndex",
    "Postings",
    "TableIndex",
    "column_stems",
    "may_be_key",
    "prefix_of",
    "rest_of",
    "shared_prefix",
    "values_of",
]

Postings = tuple[Sequence[int], Sequence[float]]
"""The numbers of the tables in which a word occurs, ascending, and how much it says there."""


class TableIndex(Protocol):
    """A catalog's tables by number, and the words in them. Reading is thread-safe."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def lengths(self) -> Sequence[float]:
        """Of each table: how many words it has, weighted as in its postings."""
        ...

    def postings(self, term: str) -> Postings: ...

    def table(self, number: int) -> Table: ...

    def schema(self, number: int) -> str: ...

    def named(self, key: str) -> Sequence[int]:
        """The tables whose casefolded name is *key*."""
        ...

    def numbered(self, qualified: str) -> Sequence[int]:
        """The tables (one, but for a catalog that is wrong) of the qualified name *qualified*."""
        ...

    def having(self, key: str, schema: str) -> Sequence[int]:
        """The tables of *schema* with a column that is *key* (as ``rest_of`` has it).

        Only for what may be a key, going by its name.
        """
        ...

    def referring(self, number: int) -> Sequence[int]:
        """The tables whose foreign keys refer to the table."""
        ...


# How much a word says of a table, by where it stands.
_NAME, _COLUMN, _DESCRIPTION, _COLUMN_DESCRIPTION, _SCHEMA, _VALUE = 4.0, 1.0, 1.5, 0.5, 0.5, 0.5
_MOST_VALUES = 20
_FURTHER = 0.5
"""What a word's further columns count for, logarithmically."""


class MemoryIndex:
    """The index of *source*; reads all of its tables once."""

    def __init__(self, source: TableSource) -> None:
        self._source = source
        self._paths: list[tuple[str, str, str]] = []
        self._named: defaultdict[str, list[int]] = defaultdict(list)
        numbers: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        weights: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))
        having: defaultdict[tuple[str, str], array[int]] = defaultdict(lambda: array("i"))
        keys: list[tuple[int, str, str]] = []
        forms: dict[str, str] = {}
        self.lengths = array("f")
        for number, table in enumerate(source.tables()):
            check_stopped()
            self._paths.append((table.database, table.schema, table.name))
            self._named[table.name.casefold()].append(number)
            found = _weighed(table, forms)
            for term, weight in found.items():
                numbers[term].append(number)
                weights[term].append(weight)
            self.lengths.append(sum(found.values()))
            prefix = shared_prefix(table)
            for key in {rest_of(it.name, prefix) for it in table.columns}:
                if may_be_key(key):
                    having[table.schema, key].append(number)
            for foreign in table.foreign_keys:
                schema = foreign.referred_schema or table.schema
                keys.append((number, schema, foreign.referred_table.casefold()))
        self._postings = {it: (numbers[it], weights[it]) for it in numbers}
        self._having = dict(having)
        self._referring: defaultdict[int, list[int]] = defaultdict(list)
        for number, schema, key in keys:
            for it in self._named.get(key, ()):
                if self._paths[it][1] in ("", schema):
                    self._referring[it].append(number)
        self.vocabulary = Vocabulary(forms)

    def __len__(self) -> int:
        return len(self._paths)

    def postings(self, term: str) -> Postings:
        return self._postings.get(term, ((), ()))

    def table(self, number: int) -> Table:
        path = self._paths[number]
        return next(
            it
            for it in self._source.named(path[2].casefold())
            if (it.database, it.schema, it.name) == path
        )

    def schema(self, number: int) -> str:
        return self._paths[number][1]

    def named(self, key: str) -> Sequence[int]:
        return self._named.get(key, ())

    def numbered(self, qualified: str) -> Sequence[int]:
        return [
            it
            for it in self._named.get(qualified.rpartition(".")[2].casefold(), ())
            if ".".join(filter(None, self._paths[it])) == qualified
        ]

    def having(self, key: str, schema: str) -> Sequence[int]:
        return self._having.get((schema, key), ())

    def referring(self, number: int) -> Sequence[int]:
        return self._referring.get(number, ())


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


def _weighed(table: Table, forms: dict[str, str]) -> dict[str, float]:
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
