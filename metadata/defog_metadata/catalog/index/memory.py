"""The index of tables that are in memory already."""

from array import array
from collections import defaultdict
from collections.abc import Sequence

from defog_metadata.catalog.index.protocol import Postings
from defog_metadata.catalog.index.weighing import may_be_key, rest_of, shared_prefix, weighed
from defog_metadata.catalog.values import Table

__all__ = ["MemoryIndex"]


class MemoryIndex:
    """The index of *tables*, numbered as they come."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._named: defaultdict[str, list[int]] = defaultdict(list)
        numbers: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        weights: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))
        having: defaultdict[tuple[str, str], array[int]] = defaultdict(lambda: array("i"))
        keys: list[tuple[int, str, str]] = []
        self.forms: dict[str, str] = {}
        self.lengths = array("f")
        for number, table in enumerate(tables):
            self._named[table.name.casefold()].append(number)
            found = weighed(table, self.forms)
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
        self.mean_length = sum(self.lengths) / max(len(tables), 1)
        self._postings = {it: (numbers[it], weights[it]) for it in numbers}
        self._having = dict(having)
        self._referring: defaultdict[int, list[int]] = defaultdict(list)
        for number, schema, key in keys:
            for it in self._named.get(key, ()):
                if tables[it].schema in ("", schema):
                    self._referring[it].append(number)

    def postings(self, term: str) -> Postings:
        return self._postings.get(term, ((), ()))

    def table(self, number: int) -> Table:
        return self._tables[number]

    def schema(self, number: int) -> str:
        return self._tables[number].schema

    def named(self, key: str) -> Sequence[int]:
        return self._named.get(key, ())

    def numbered(self, qualified: str) -> Sequence[int]:
        return [
            it
            for it in self._named.get(qualified.rpartition(".")[2].casefold(), ())
            if self._tables[it].qualified_name == qualified
        ]

    def having(self, key: str, schema: str) -> Sequence[int]:
        return self._having.get((schema, key), ())

    def referring(self, number: int) -> Sequence[int]:
        return self._referring.get(number, ())
