"""What queries do with a database: which columns they use where, and how they join its tables.

Golden queries are how a database is used when it is used right; what they do often is likely to
be wanted again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from operator import itemgetter
from types import MappingProxyType

from sqlglot import exp

from defog_metadata.catalog import Catalog, Table, TableSummary
from defog_metadata.lazy import lazy
from defog_metadata.sql.analysis import Analysis, analyse
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.touched import StoredColumn, stored_columns
from defog_metadata.sql.scopes import Clause
from defog_metadata.sql.source.statements import split

__all__ = ["Join", "Usage", "usage_of"]

_MOST_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Join:
    """Columns of one table, in order, that equal columns of another."""

    table: str
    columns: tuple[str, ...]
    other: str
    other_columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Usage:
    """Counts over a set of queries. Tables go by their qualified names."""

    columns: Mapping[tuple[str, str, Clause], int] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """By table, column and clause."""
    tables: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    joins: Mapping[Join, int] = field(default_factory=lambda: MappingProxyType({}))
    questions: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    """By table, the questions about it that are about few others, a few at most."""

    def of_column(self, table: Table, column: str, clause: Clause) -> int:
        return self.columns.get((table.qualified_name, column, clause), 0)

    def of_table(self, table: Table | TableSummary) -> int:
        return self._reads.get((table.schema, table.name), 0)

    @lazy
    def _reads(self) -> Mapping[tuple[str, str], int]:
        """By schema and name, which is all that a summary says of a table."""
        reads: Counter[tuple[str, str]] = Counter()
        for qualified, count in self.tables.items():
            *path, name = qualified.split(".")
            reads[path[-1] if path else "", name] += count
        return reads

    @lazy
    def read_most(self) -> Sequence[str]:
        """The qualified names of the tables that are read, the most often read first."""
        return sorted(self.tables, key=lambda it: -self.tables[it])

    def joined_to(self, table: Table) -> list[str]:
        """The qualified names of the tables that *table* is joined to, each once."""
        name = table.qualified_name
        others = (
            it.other if it.table == name else it.table
            for it in self.joins
            if name in (it.table, it.other)
        )
        return list(dict.fromkeys(others))

    def joins_of(self, table: Table, other: Table) -> list[Join]:
        """How *table* has been joined to *other*, the commonest first, seen from *table*."""
        ours, theirs = table.qualified_name, other.qualified_name
        found: Counter[Join] = Counter()
        for join, count in self.joins.items():
            if (join.table, join.other) == (ours, theirs):
                found[join] += count
            elif (join.table, join.other) == (theirs, ours):
                found[Join(ours, join.other_columns, theirs, join.columns)] += count
        return [join for join, _ in found.most_common()]


def usage_of(
    queries: Iterable[str], catalog: Catalog, dialect: str, questions: Sequence[str] = ()
) -> Usage:
    """Count what *queries* use; what cannot be read or resolved is passed over.

    *questions* are those that the queries answer, one for each.
    """
    columns: Counter[tuple[str, str, Clause]] = Counter()
    tables: Counter[str] = Counter()
    joins: Counter[Join] = Counter()
    asked: dict[str, list[tuple[int, str]]] = {}
    for sql, question in zip_longest(queries, questions, fillvalue=""):
        read: dict[str, None] = {}
        for statement in split(sql, dialect):
            analysis = analyse(statement, catalog, dialect)
            fields = _fields_by_place(analysis)
            used = set()
            for reference in analysis.references:
                found = fields.get(reference.span.end)
                if reference.kind == "column" and found is not None:
                    columns[*found, reference.clause] += 1
                    used.add(found[0])
            tables.update(used)
            joins.update(_joins(analysis, fields))
            read.update(dict.fromkeys(_tables_named(analysis)))
        if question.strip():
            for table in read:
                asked.setdefault(table, []).append((len(read), question.strip()))
    return Usage(
        MappingProxyType(columns),
        MappingProxyType(tables),
        MappingProxyType(joins),
        MappingProxyType({table: _most_about(it) for table, it in asked.items()}),
    )


def _tables_named(analysis: Analysis) -> Iterator[str]:
    for reference in analysis.references:
        if reference.kind == "table":
            for it in reference.targets:
                if it.table is not None:
                    yield it.table.qualified_name


def _most_about(asked: Iterable[tuple[int, str]]) -> Sequence[str]:
    """Of questions with the number of tables that each is about, those about the fewest."""
    return tuple(dict.fromkeys(it for _, it in sorted(asked, key=itemgetter(0))))[:_MOST_QUESTIONS]


def _fields_by_place(analysis: Analysis) -> dict[int, StoredColumn]:
    """The first column that a name means, by where the name ends in the text."""
    return {
        reference.span.end: first
        for reference in analysis.references
        if (first := next(stored_columns(reference), None))
    }


def _joins(analysis: Analysis, fields: Mapping[int, StoredColumn]) -> Iterable[Join]:
    tree = analysis.syntax.tree
    if tree is None:
        return
    for condition in tree.find_all(exp.Join, exp.Where):
        pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
        on = condition.args.get("on") if isinstance(condition, exp.Join) else condition.this
        for equation in on.find_all(exp.EQ) if on is not None else ():
            sides = [_field_at(it, fields) for it in (equation.this, equation.expression)]
            left, right = sides
            if left is not None and right is not None and left[0] != right[0]:
                pairs.setdefault((left[0], right[0]), []).append((left[1], right[1]))
        for (table, other), equal in pairs.items():
            yield Join(table, tuple(a for a, _ in equal), other, tuple(b for _, b in equal))


def _field_at(node: exp.Expr, fields: Mapping[int, StoredColumn]) -> StoredColumn | None:
    if not isinstance(node, exp.Column):
        return None
    span = span_of(node.this)
    return fields.get(span.end) if span else None
