"""Which tables and columns of the database a statement reads or writes.

A column counts wherever it stands, and at the table it comes from, however many CTEs and
subqueries pass it on. A star counts for the columns that it stands for, a relation's name as a
value for the whole row, ``NATURAL`` for the columns that it joins on, and ``INSERT`` without a list
for the columns that it fills; ``count(*)`` is about rows and counts for none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlglot import exp

from defog_metadata.catalog import Naming, Table
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.origins import scope_around
from defog_metadata.sql.facts.widths import columns_in
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.text import Span

__all__ = ["StoredColumn", "Touched", "of_row", "stored_columns", "touched"]

StoredColumn = tuple[str, str]
"""A table's qualified name and a column of it, both as the database stores them."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What of the database a statement has to do with; views are tables of their own."""

    tables: Mapping[str, Table]
    """By qualified name, in the order in which the statement is understood."""
    columns: frozenset[StoredColumn]


def touched(analysis: Analysis, naming: Naming) -> Touched:
    """What *analysis* resolves; names that are unknown or ambiguous count for nothing."""
    tables = {
        it.table.qualified_name: it.table
        for reference in analysis.references
        if reference.kind == "table"
        for it in reference.targets
        if isinstance(it, Relation) and it.table is not None
    }
    left_out = set(_left_out(analysis))
    columns = {
        it
        for reference in analysis.references
        if reference.status in ("resolved", "uncertain") and reference.span not in left_out
        for it in stored_columns(reference)
    }
    columns.update(_stored(_unnamed(analysis, naming)))
    return Touched(MappingProxyType(tables), frozenset(columns))


def stored_columns(reference: Reference) -> Iterator[StoredColumn]:
    """The columns of the database that *reference* names: several for ``USING``."""
    return _stored(it for it in reference.targets if isinstance(it, Field))


def _stored(fields: Iterable[Field]) -> Iterator[StoredColumn]:
    return ((it.table.qualified_name, it.column.name) for it in fields if it.table and it.column)


def _left_out(analysis: Analysis) -> Iterator[Span | None]:
    """Where a star names what it is not to stand for."""
    tree = analysis.syntax.tree
    for star in tree.find_all(exp.Star) if tree is not None else ():
        for it in star.args.get("except_") or ():
            yield from map(span_of, it.find_all(exp.Identifier))


def _unnamed(analysis: Analysis, naming: Naming) -> Iterator[Field]:
    """The columns that a statement means without their names, or by those of whole rows."""
    rows = {
        it.span.end: row
        for it in analysis.references
        if it.kind == "column"
        for row in it.targets
        if isinstance(row, Relation)
    }
    tree = analysis.syntax.tree
    for node in tree.walk() if tree is not None else ():
        match node:
            case exp.Column(this=exp.Identifier() as identifier):
                span = span_of(identifier)
                if span is not None and span.end in rows:
                    yield from of_row(node, rows[span.end], naming)
            case exp.Star():
                yield from _starred(analysis, node, naming)
            case exp.Join() if node.args.get("method") == "NATURAL":
                yield from _joined_on(analysis, node, naming)
            case exp.Insert():
                yield from _filled(analysis, node)


def of_row(node: exp.Column, row: Relation, naming: Naming) -> Iterable[Field]:
    """What a relation's name as a value stands for: one column where ``(t).a`` takes it out."""
    taken = node.parent.parent if isinstance(node.parent, exp.Paren) else None
    if isinstance(taken, exp.Dot) and isinstance(taken.expression, exp.Identifier):
        return row.fields_called(name_of(taken.expression), naming)
    return row.fields


def _starred(analysis: Analysis, star: exp.Star, naming: Naming) -> Iterator[Field]:
    bound = analysis.bound
    node = star.parent if isinstance(star.parent, exp.Column) else star
    if id(node) in bound.outputs:
        yield from bound.outputs[id(node)][0]
    elif not isinstance(node.parent, exp.Dot) and not _counts_rows(node.parent):
        # ``(t).*`` is t as a value, which is a name.
        scope = scope_around(node, bound)
        written = node.parts if isinstance(node, exp.Column) else ()
        path = tuple(name_of(it) for it in written if isinstance(it, exp.Identifier))
        for relation in scope.relations if scope else ():
            if not path or relation.is_called(path, naming):
                yield from relation.fields


def _counts_rows(node: exp.Expr | None) -> bool:
    if isinstance(node, exp.Anonymous):  # T-SQL's COUNT_BIG(*)
        return node.name.upper().startswith("COUNT")
    return isinstance(node, exp.Count)


def _joined_on(analysis: Analysis, join: exp.Join, naming: Naming) -> Iterator[Field]:
    """The columns that both sides of a natural join have."""
    alias = join.this.args.get("alias")
    identifier = alias.this if isinstance(alias, exp.TableAlias) and alias.this else join.this.this
    span = span_of(identifier) if isinstance(identifier, exp.Identifier) else None
    for scope in analysis.scopes if span else ():
        for index, right in enumerate(scope.relations):
            if right.span == span:
                for field in right.fields:
                    same = [
                        it
                        for left in scope.relations[:index]
                        for it in left.fields_called(field.name, naming)
                    ]
                    yield from (field, *same) if same else ()
                return


def _filled(analysis: Analysis, insert: exp.Insert) -> Iterator[Field]:
    """What ``INSERT INTO t`` without a list fills: as many columns as it has values for."""
    source = insert.args.get("expression")
    scope = analysis.bound.scopes.get(id(insert))
    if isinstance(insert.this, exp.Table) and isinstance(source, exp.Expr) and scope is not None:
        width = columns_in(source, analysis.bound)
        for target in scope.relations[:1]:
            yield from target.fields[:width]
