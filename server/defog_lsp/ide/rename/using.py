"""Joins by USING as conditions, where one of the joined columns is to have another name.

::

    select id, total from orders left join payments using (id)
    select orders.id, total from orders left join payments on orders.id = payments.id

In inner and left joins the column that USING makes of two has the values of the left one. Where
that is not so, or a star shows it once, only the writer knows what the query should be.
"""

from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.rename.meaning import CannotRename
from defog_metadata.catalog import Naming, Table
from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.extents import behind, enclosing
from defog_metadata.sql.facts.qualifying import can_stand_before_a_dot, takes_qualifier
from defog_metadata.sql.scopes import Field, Reference, Relation, Scope
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.text import Edit, Span

__all__ = ["joins_as_conditions"]


def joins_as_conditions(snapshot: Snapshot, table: Table, column: str) -> list[Edit]:
    """What lets no join depend on the name of the *column* of *table*, in the text's order.

    A join of the column with itself may go on depending on it. Raises ``CannotRename`` where the
    text would then say something else, or may.
    """
    found: set[Edit] = set()
    for analysis in snapshot.analyses:
        check_stopped()
        for scope in analysis.scopes:
            if not _has(scope, table, column):
                continue
            if scope.is_natural:
                raise CannotRename(f"{column} can be what a NATURAL JOIN joins by.")
            if _is_joined_with_another(scope, table, column, snapshot.catalog.naming):
                edits = _Joins(snapshot, analysis, scope, column).edits()
                found.update(it.shifted(analysis.statement.start) for it in edits)
    return sorted(found, key=lambda it: it.span)


def _has(scope: Scope, table: Table, column: str) -> bool:
    fields = (it for relation in scope.relations for it in relation.fields)
    return any(_is(it, table, column) for it in fields)


def _is(field: Field, table: Table, column: str) -> bool:
    return field.table == table and field.column is not None and field.column.name == column


def _is_joined_with_another(scope: Scope, table: Table, column: str, naming: Naming) -> bool:
    """Whether USING joins the column with one that keeps its name."""
    return any(
        not _is(field, table, column)
        for name in scope.merged
        if naming.same(name, column)
        for relation in scope.relations
        for field in relation.fields_called(name, naming)
    )


class _Joins:
    """The joins of one query, all of which are by USING or have conditions."""

    def __init__(self, snapshot: Snapshot, analysis: Analysis, scope: Scope, column: str) -> None:
        self._naming = snapshot.catalog.naming
        self._dialect = snapshot.dialect
        self._text = snapshot.text
        self._analysis = analysis
        self._scope = scope
        self._column = column
        self._kept: dict[str, tuple[Relation, Field]] = {}
        """Whose values the columns have that are one, by the keys of their names."""

    def edits(self) -> Iterator[Edit]:
        """Counted from the start of the statement."""
        tree = self._analysis.syntax.tree
        joins = [it for it in tree.find_all(exp.Join) if it.args.get("using")] if tree else []
        scopes = self._analysis.bound.scopes
        ours = [it for it in joins if it.parent and scopes.get(id(it.parent)) is self._scope]
        if not joins:
            return  # another clause has made the columns one: what UPDATE changes, for example
        select = ours[0].parent if ours else None
        if not isinstance(select, exp.Select):
            raise self._refusal("the tables are not joined one after the other by a SELECT")
        self._check(select)
        written = [self._condition(it, index) for index, it in self._joined(select)]
        yield from written
        yield from self._qualified(select, [it.span for it in written])

    def _refusal(self, reason: str) -> CannotRename:
        return CannotRename(
            f"{self._column} is what USING joins by, and {reason}; join with ON there first."
        )

    def _check(self, select: exp.Select) -> None:
        """Whether what USING makes one is the left column, and is shown where it is named."""
        joins = select.args.get("joins") or []
        sides = {str(it.args.get("side") or "").upper() for it in joins}
        kinds = {str(it.args.get(key) or "").upper() for it in joins for key in ("kind", "method")}
        if not sides.isdisjoint(("RIGHT", "FULL")):
            raise self._refusal("a RIGHT or FULL JOIN can take its value from either table")
        if self._dialect == "clickhouse" or not kinds <= {"", "INNER", "OUTER", "CROSS"}:
            raise self._refusal("it is not sure which table this kind of join has its value from")
        if any(_has_star(it) for it in select.expressions):
            raise self._refusal("a star shows it once")
        sources = [select.args["from_"].this, *(it.this for it in joins)]
        is_listed = any(not any(it.args.get(key) for key in _JOINING) for it in joins)
        is_nested = any(
            not isinstance(it, exp.Table | exp.Subquery)
            or isinstance(it.this, exp.Table | exp.Join)
            or it.args.get("joins")
            for it in sources
        )
        if is_listed or is_nested or len(sources) != len(self._scope.relations):
            raise self._refusal("the tables are not all joined one after the other")
        if any(it.is_open for it in self._scope.relations):
            raise self._refusal("not all columns of the joined tables are known")
        place = self._analysis.statement.span
        if self._text[place.start : place.end] != self._analysis.syntax.text:
            raise self._refusal("a template writes a part of the query")

    def _joined(self, select: exp.Select) -> Iterator[tuple[int, exp.Join]]:
        """The joins by USING, each with the number of its right relation."""
        for index, join in enumerate(select.args["joins"], 1):
            if join.args.get("using"):
                yield index, join

    def _condition(self, join: exp.Join, index: int) -> Edit:
        """``ON a.id = b.id`` in the place of ``USING (id)``."""
        text = self._analysis.statement.text
        terms: list[str] = []
        places: list[Span] = []
        for identifier in join.args["using"]:
            place = span_of(identifier)
            if not isinstance(identifier, exp.Identifier) or place is None:
                raise self._refusal("the columns are not written as names")
            name, written = name_of(identifier), text[place.start : place.end]
            right = self._scope.relations[index]
            theirs = right.fields_called(name, self._naming)
            if name.key not in self._kept:
                ours = [
                    (relation, it)
                    for relation in self._scope.relations[:index]
                    for it in relation.fields_called(name, self._naming)
                ]
                if len(ours) != 1:
                    raise self._refusal(f"{name.text} is not one column on both sides")
                self._kept[name.key] = ours[0]
            left, field = self._kept[name.key]
            if len(theirs) != 1:
                raise self._refusal(f"{name.text} is not one column on both sides")
            if not field.type or field.type.casefold() != theirs[0].type.casefold():
                raise self._refusal(f"{name.text} may not have the same type on both sides")
            sides = [f"{self._called(it, self._scope)}.{written}" for it in (left, right)]
            terms.append(" = ".join(sides))
            places.append(place)
        tokens = tokenize(text, self._dialect)
        start = behind(places[0].start, tokens) - 2
        end = enclosing(start + 1, tokens) if start >= 0 else None
        if end is None or tokens[start].word != "USING":
            raise self._refusal("something stands between it and its columns")
        if any(it.kind == "comment" for it in tokens[start:end]):
            raise self._refusal("a comment stands between its columns")
        on, and_ = ("on", "and") if tokens[start].text.islower() else ("ON", "AND")
        place = Span(tokens[start].start, tokens[end].end)
        behind_it = " " if text[place.end : place.end + 1].isalnum() else ""
        return Edit(place, f"{on} {f' {and_} '.join(terms)}{behind_it}")

    def _called(self, relation: Relation, scope: Scope) -> str:
        """What *relation* is called before its columns, where *scope* sees it."""
        name = relation.name
        if (
            name is None
            or not can_stand_before_a_dot(name.text)
            or scope.relation((name,), self._naming) is not relation
        ):
            raise self._refusal("a table in it cannot be named before its columns")
        return self._naming.repeat(name)

    def _qualified(self, select: exp.Select, written: list[Span]) -> Iterator[Edit]:
        """What names the left column wherever the one is named that USING made of two."""
        text = self._analysis.statement.text
        columns = {span_of(it.this): it for it in select.find_all(exp.Column)}
        for reference in self._analysis.references:
            owner = self._kept_of(reference)
            place = reference.span
            if owner is None or any(it.start <= place.start < it.end for it in written):
                continue
            column = columns.get(place)
            if column is None or not takes_qualifier(column):
                raise self._refusal("it is named where no table can stand before it")
            name = text[place.start : place.end]
            yield Edit(place, f"{self._called(owner, reference.scope)}.{name}")

    def _kept_of(self, reference: Reference) -> Relation | None:
        """The relation whose column *reference* means, if a join has made that one of two."""
        if reference.kind != "column" or reference.qualifier or not reference.targets:
            return None
        relation, field = self._kept.get(reference.name.key, (None, None))
        if field is None or not any(it is field for it in reference.targets):
            return None
        named = (
            level
            for level in reference.scope.outward()
            if any(it.fields_called(reference.name, self._naming) for it in level.relations)
        )
        return relation if next(named, None) is self._scope else None


def _has_star(column: exp.Expr) -> bool:
    """Whether *column* of a select list stands for what is called anyhow; ``count(*)`` does not."""
    parts = column.walk(prune=lambda it: isinstance(it, exp.Query))
    return any(
        isinstance(it, exp.Columns)
        or (isinstance(it, exp.Star) and not isinstance(it.parent, exp.Count))
        for it in parts
    )


_JOINING = ("using", "on", "kind", "side")
"""What a join has of that a comma between two tables has not."""
