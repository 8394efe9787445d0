"""The index of tables that are in memory already."""

from array import array
from collections import defaultdict
from collections.abc import Sequence

from defog_metadata.catalog.index.lexicon import MemoryLexicon
from defog_metadata.catalog.index.protocol import Postings
from defog_metadata.catalog.index.weighing import forms_of, keys_of, weighed
from defog_metadata.catalog.values import ForeignKey, Table

__all__ = ["MemoryIndex"]


class MemoryIndex:
    """The index of *tables*, numbered as they come."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._named: defaultdict[str, list[int]] = defaultdict(list)
        numbers: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        weights: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))
        forms: dict[str, str] = {}
        self._keyed: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self._referring: defaultdict[str, list[tuple[int, str, ForeignKey]]] = defaultdict(list)
        self.lengths = array("f")
        for number, table in enumerate(tables):
            self._named[table.name.casefold()].append(number)
            found = weighed(table)
            if fresh := found.keys() - forms.keys():
                forms |= forms_of(table, fresh)
            for term, weight in found.items():
                numbers[term].append(number)
                weights[term].append(weight)
            self.lengths.append(sum(found.values()))
            for key, column in keys_of(table):
                self._keyed[table.schema, key].append((number, column))
            for foreign in table.foreign_keys:
                schema = foreign.referred_schema or table.schema
                self._referring[foreign.referred_table.casefold()].append((number, schema, foreign))
        self.mean_length = sum(self.lengths) / max(len(tables), 1)
        self._postings = {it: (numbers[it], weights[it]) for it in numbers}
        self.lexicon = MemoryLexicon(forms)

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

    def keyed(self, key: str, schema: str) -> Sequence[tuple[int, str]]:
        return self._keyed.get((schema, key), ())

    def referring(self, key: str, schema: str) -> Sequence[tuple[int, ForeignKey]]:
        return [
            (number, it)
            for number, referred, it in self._referring.get(key, ())
            if schema in ("", referred)
        ]
