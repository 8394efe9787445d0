"""Which of the ranked tables and columns are kept, and the joins that hold them together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.index import TableIndex
from defog_metadata.pruning.joins import Join, Joins
from defog_metadata.pruning.ranking import RankedColumn, RankedTable

__all__ = ["Chosen", "Selection", "choose", "in_order"]


@dataclass
class Chosen:
    """A table that is kept: the names of its columns that are, each with why."""

    table: Table
    score: float
    why: tuple[str, ...]
    columns: dict[str, tuple[float, tuple[str, ...]]] = field(default_factory=dict)

    def kept_columns(self) -> list[Column]:
        """In the table's order."""
        return [it for it in self.table.columns if it.name in self.columns]


@dataclass
class Selection:
    """Tables by number, the likeliest first; the joins between them."""

    tables: dict[int, Chosen] = field(default_factory=dict)
    joins: list[Join] = field(default_factory=list)


# What a table counts for in the order of columns: more for the first of its columns than for the
# others, so that few columns still show many tables.
_TABLE_FIRST, _TABLE_THEN = 2.0, 0.9

Pick = tuple[RankedTable, RankedColumn]


def in_order(tables: Sequence[RankedTable]) -> list[Pick]:
    """All columns of *tables*, the likeliest first."""
    picks: list[tuple[float, int, int, Pick]] = []
    for place, table in enumerate(tables):
        own = sorted(enumerate(table.columns), key=lambda it: (-it[1].score, it[0]))
        for rank, (_, column) in enumerate(own):
            share = _TABLE_THEN if rank else _TABLE_FIRST
            picks.append((-(column.score + share * table.score), place, rank, (table, column)))
    return [pick for *_, pick in sorted(picks, key=lambda it: it[:3])]


# A way from one kept table to another may cost so much; see ``joins``: a way over one table that
# foreign keys tie to both costs two.
_MOST = 2.2
_MOST_OF_THE_BEST, _BEST = 4.4, 4


def choose(
    picks: Iterable[Pick], joins: Joins, index: TableIndex, allows: Callable[[str], bool]
) -> Selection:
    """Keep *picks*, what joins their tables, and the tables between them that joins need."""
    found = Selection()
    for ranked, column in picks:
        chosen = found.tables.get(ranked.number)
        if chosen is None:
            chosen = Chosen(ranked.table, ranked.score, ranked.why)
            found.tables[ranked.number] = chosen
        chosen.columns[column.column.name] = (column.score, column.why)
    together: list[int] = []
    for place, number in enumerate(list(found.tables)):
        direct = list(joins.between(number, together))
        # What is known leaves nothing to guess.
        known = [it for it in direct if it.origin != "same name"]
        for it in known or direct:
            _keep(it, found, index)
        if together and not direct:
            most = _MOST_OF_THE_BEST if place < _BEST else _MOST
            way = joins.way(number, together, most, lambda it: allows(index.schema(it)))
            if not _is_known(way, found, index):
                way = []
            for it in way:
                _keep(it, found, index)
            together += [it.other(number) for it in way if it.other(number) not in together]
        together.append(number)
    return found


def _is_known(way: Sequence[Join], found: Selection, index: TableIndex) -> bool:
    """Whether every table that *way* brings has a column that it goes over.

    A key may refer to a column that is not there, and a glossary need not say which it means.
    """
    brought = {number for it in way for number in (it.left, it.right)} - found.tables.keys()
    return all(
        any(
            index.table(number).columns_like(name)
            for it in way
            if number in (it.left, it.right)
            for name in it.columns_of(number)
        )
        for number in brought
    )


def _keep(join: Join, found: Selection, index: TableIndex) -> None:
    if join in found.joins:
        return
    found.joins.append(join)
    ends = [index.table(it).name for it in (join.left, join.right)]
    for number, other in ((join.left, ends[1]), (join.right, ends[0])):
        chosen = found.tables.get(number)
        if chosen is None:
            chosen = Chosen(index.table(number), 0.0, ("joins others",))
            found.tables[number] = chosen
        for name in join.columns_of(number):
            for it in chosen.table.columns_like(name)[:1]:
                chosen.columns.setdefault(it.name, (0.0, (f"joins {other}",)))
