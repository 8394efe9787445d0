"""The tables, columns and joins of a catalog that a question needs, within a number of tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from defog_metadata.catalog import Catalog, Table, TableSource
from defog_metadata.catalog.shapes import write_tables
from defog_metadata.pruning.evidence import Evidence
from defog_metadata.pruning.index import MemoryIndex, TableIndex
from defog_metadata.pruning.joins import Joins, Origin
from defog_metadata.pruning.ranking import ranked
from defog_metadata.pruning.selection import Chosen, Pick, Selection, choose, in_order
from defog_metadata.pruning.tokens import count_tokens
from defog_metadata.pruning.writing import (
    JOINS,
    column_line,
    column_note,
    condition,
    table_lines,
    table_note,
)

__all__ = ["KeptColumn", "KeptJoin", "KeptTable", "Pruned", "index_of", "prune"]


@dataclass(frozen=True, slots=True)
class KeptColumn:
    name: str
    score: float
    why: tuple[str, ...] = ()
    """For people; none where it came with its table."""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """``table`` has only the columns that are kept, and the keys that these make up."""

    table: Table
    score: float
    why: tuple[str, ...] = ()
    columns: tuple[KeptColumn, ...] = ()
    """In the table's order."""


@dataclass(frozen=True, slots=True)
class KeptJoin:
    """Tables go by their qualified names. Columns are empty where nothing tells them."""

    table: str
    columns: tuple[str, ...]
    other: str
    other_columns: tuple[str, ...]
    origin: Origin
    condition: str
    """As SQL writes it."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What is left of a catalog for one question."""

    question: str
    tables: tuple[KeptTable, ...]
    """The likeliest first."""
    joins: tuple[KeptJoin, ...]
    text: str
    """For a prompt: definitions of the tables, and the joins. Empty where nothing fits."""
    tokens: int
    """Of ``text``, as ``count_tokens`` estimates them."""
    search_path: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """``metadata`` is in the shape that the cache has; ``why`` says it for each item."""
        return {
            "question": self.question,
            "metadata": write_tables([it.table for it in self.tables], self.search_path),
            "joins": [
                {
                    "condition": it.condition,
                    "table": it.table,
                    "columns": list(it.columns),
                    "other_table": it.other,
                    "other_columns": list(it.other_columns),
                    "origin": it.origin,
                }
                for it in self.joins
            ],
            "tokens": self.tokens,
            "text": self.text,
            "why": {
                it.table.qualified_name: {
                    "score": _rounded(it.score),
                    "why": list(it.why),
                    "columns": {
                        column.name: {"score": _rounded(column.score), "why": list(column.why)}
                        for column in it.columns
                    },
                }
                for it in self.tables
            },
        }


_indexes: WeakKeyDictionary[TableSource, TableIndex] = WeakKeyDictionary()


def index_of(source: TableSource) -> TableIndex:
    """The index of *source*, made on first use: some ten microseconds for each column."""
    found = _indexes.get(source)
    if found is None:
        found = _indexes[source] = MemoryIndex(source)
    return found


def prune(  # noqa: PLR0913 - the documented arguments
    question: str,
    catalog: Catalog,
    evidence: Evidence | None = None,
    *,
    subtable_pruning: bool = True,
    prune_max_tokens: int = 5000,
    prune_bm25_num_columns: int = 50,
    schema_whitelist: Sequence[str] = (),
    schema_blacklist: Sequence[str] = (),
    index: TableIndex | None = None,
) -> Pruned:
    """The part of *catalog* that *question* needs, in at most *prune_max_tokens*.

    The *prune_bm25_num_columns* columns that fit the question best are kept, their tables, and in
    addition what joins these: the keys, and tables between them. Without *subtable_pruning*,
    tables are kept whole, the best first, or left out. Schemas go by their names whatever the
    letter case; the blacklist outranks the whitelist. An *index* of *catalog* that is there
    already may be given.
    """
    evidence = evidence or Evidence()
    index = index or index_of(catalog.source)
    joins = Joins(index, evidence)
    white = {it.casefold() for it in schema_whitelist}
    black = {it.casefold() for it in schema_blacklist}

    def allows(schema: str) -> bool:
        key = schema.casefold()
        return key not in black and (not white or key in white)

    tables = ranked(question, index, evidence, joins, allows)
    if subtable_pruning:
        groups: list[list[Pick]] = [[it] for it in in_order(tables)[:prune_bm25_num_columns]]
    else:
        groups = [[(table, it) for it in table.columns] for table in tables]

    def chosen(count: int) -> Selection:
        picks = (it for group in groups[:count] for it in group)
        return choose(picks, joins, index, allows)

    selection = Selection()
    least, most = 0, len(groups)
    while least < most:
        count = (least + most + 1) // 2
        found = chosen(count)
        if _Text(found, catalog, index).tokens <= prune_max_tokens:
            selection, least = found, count
        else:
            most = count - 1
    text = _Text(selection, catalog, index)
    text.add_notes(prune_max_tokens)
    return _pruned(question, selection, text, catalog)


class _Text:
    """The text of a selection, written without notes first: names matter most."""

    def __init__(self, selection: Selection, catalog: Catalog, index: TableIndex) -> None:
        self._selection = selection
        self._catalog = catalog
        self._notes: dict[tuple[int, str], str] = {}
        self.conditions = [
            condition(
                index.table(it.left), it.columns, index.table(it.right), it.other_columns, catalog
            )
            for it in selection.joins
        ]
        self.tokens = count_tokens(str(self))

    def __str__(self) -> str:
        lines = []
        for number, chosen in self._selection.tables.items():
            first, last = table_lines(chosen.table, self._catalog, self._note(number, ""))
            lines.append(first)
            lines += [
                column_line(chosen.table, it, self._catalog, self._note(number, it.name))
                for it in chosen.kept_columns()
            ]
            lines.append(last)
        if self.conditions:
            lines += [JOINS, *(f"-- {it}\n" for it in self.conditions)]
        return "".join(lines)

    def add_notes(self, most: int) -> None:
        """Descriptions and values, the likeliest items' first, as far as *most* tokens go."""
        notes: list[tuple[float, int, str, str]] = []
        for number, chosen in self._selection.tables.items():
            if note := table_note(chosen.table):
                notes.append((1 + chosen.score, number, "", note))
            for column in chosen.kept_columns():
                if note := column_note(column):
                    score, _ = chosen.columns[column.name]
                    notes.append((score + chosen.score, number, column.name, note))
        for _, number, name, note in sorted(notes, key=lambda it: (-it[0], it[1])):
            cost = count_tokens(f" -- {note}")
            if self.tokens + cost <= most:
                self._notes[number, name] = note
                self.tokens += cost

    def _note(self, number: int, column: str) -> str:
        return self._notes.get((number, column), "")


def _pruned(question: str, selection: Selection, text: _Text, catalog: Catalog) -> Pruned:
    names = {number: it.table.qualified_name for number, it in selection.tables.items()}
    return Pruned(
        question,
        tuple(_kept(it, selection) for it in selection.tables.values()),
        tuple(
            KeptJoin(
                names[it.left], it.columns, names[it.right], it.other_columns, it.origin, written
            )
            for it, written in zip(selection.joins, text.conditions, strict=True)
        ),
        str(text),
        text.tokens,
        catalog.search_path,
    )


def _kept(chosen: Chosen, selection: Selection) -> KeptTable:
    table = chosen.table
    names = chosen.columns
    kept = {(it.table.schema, it.table.name) for it in selection.tables.values()}
    # An index is nothing to a question.
    shown = replace(
        table,
        columns=tuple(chosen.kept_columns()),
        primary_key=table.primary_key if _has(names, table.primary_key) else (),
        unique_keys=tuple(it for it in table.unique_keys if _has(names, it.columns)),
        foreign_keys=tuple(
            it
            for it in table.foreign_keys
            if _has(names, it.columns)
            and (it.referred_schema or table.schema, it.referred_table) in kept
        ),
        indexes=(),
    )
    columns = tuple(KeptColumn(it.name, *names[it.name]) for it in shown.columns)
    return KeptTable(shown, chosen.score, chosen.why, columns)


def _has(names: Iterable[str], columns: Sequence[str]) -> bool:
    return bool(columns) and set(columns) <= set(names)


def _rounded(score: float) -> float:
    return round(score, 4)
