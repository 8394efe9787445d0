"""Which columns of tables the values of a column are made of, however many queries pass them on.

What flows into a column is what it is computed of, in all the queries of a union: not what rows
are chosen, grouped, joined or ordered by. So ``sum(a) FILTER (WHERE b > 0) OVER (PARTITION BY c)``
is made of ``a`` alone, and ``count(*)``, ``EXISTS (…)`` and ``row_number()`` of no column.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeGuard

from sqlglot import exp
from sqlglot.errors import SqlglotError

from defog_metadata.lazy import lazy
from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.binding.quirks import is_pseudo_column
from defog_metadata.sql.facts.extents import behind, enclosing, extent
from defog_metadata.sql.facts.origins import scope_around
from defog_metadata.sql.facts.touched import of_row
from defog_metadata.sql.scopes import Derivation, Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.tokens import Token
from defog_metadata.sql.syntax import tree_of
from defog_metadata.text import Span

__all__ = ["Lineage", "Source", "lineage"]

_MOST_STEPS = 5_000
_MOST_SOURCES = 200


@dataclass(frozen=True, slots=True)
class Source:
    """A column of a table, of the database or one that the text has made, that values come from.

    ``table`` is its name. ``through`` is the innermost expression that the values pass, as it is
    written; empty where they come unchanged.
    """

    table: str
    field: Field
    through: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """``is_complete`` unless there may be more ``sources``: something on the way is not known.

    ``expression`` is what a column is computed as, as it is written; empty where it is passed on,
    or comes of several queries.
    """

    sources: tuple[Source, ...] = ()
    expression: str = ""
    is_complete: bool = True

    @property
    def passed_on(self) -> Source | None:
        """The one column that it is under whatever name, if it is one."""
        if len(self.sources) != 1 or not self.is_complete or self.expression:
            return None
        return self.sources[0] if not self.sources[0].through else None


def lineage(found: Field, analysis: Analysis, snapshot: Snapshot) -> Lineage:
    """What *found*, a column in a statement of *snapshot*, is made of."""
    return _Walk(snapshot, analysis.statement.start).all(found, _Statement(analysis))


@dataclass(eq=False)
class _Statement:
    """A statement whose names are looked up by their places."""

    analysis: Analysis

    @lazy
    def references(self) -> dict[int, Reference]:
        columns = (it for it in self.analysis.references if it.kind == "column")
        return {it.span.end: it for it in columns}

    def named(self, column: exp.Column) -> Reference | None:
        """What *column* names; of ``a.b.c`` the first part that is a column."""
        for part in column.parts:
            span = span_of(part)
            if span is not None and (reference := self.references.get(span.end)) is not None:
                return reference
        return None

    @lazy
    def _known(self) -> dict[int, str]:
        """The names of the relations that the file has made, by the id of each of their fields."""
        known = ((it.path[-1].key, it.fields) for it in self.analysis.known_after if it.path)
        return {id(field): name for name, fields in known for field in fields}

    def names_for(self, wanted: Field) -> list[str]:
        """What the relation may be called that *wanted* is a column of, if the file has made it."""
        if (name := self._known.get(id(wanted))) is not None:
            return [name]
        if not self.analysis.made:
            return []
        # A statement that changes a relation knows it afterwards as it has become.
        tables = (it for it in self.analysis.references if it.kind == "table")
        made = (it.path[-1] for it in self.analysis.made if it.path)
        return list(dict.fromkeys(it.key for it in (*(x.name for x in tables), *made)))

    def written(self, node: exp.Expr) -> str:
        """*node* as it is written, on one line; as sqlglot writes it where that is not found."""
        if node.args.get("alias") is not None and not isinstance(node, exp.Window):
            # That of a function in FROM; a window has its name there.
            node = node.copy()
            node.set("alias", None)
        syntax = self.analysis.syntax
        for place in _places(node, syntax.tokens):
            with suppress(SqlglotError):
                tree = tree_of(f"SELECT {syntax.text[place.start : place.end]}", syntax.dialect)
                if tree is not None and tree.expressions[:1] == [node]:
                    text = self.analysis.statement.text[place.start : place.end]
                    return " ".join(text.split())
        return node.sql(dialect=syntax.dialect or None, comments=False)


_Through = tuple[exp.Expr, _Statement] | None
"""An expression that values pass, and where it stands."""
_Making = tuple[Relation, Field, _Statement]
"""What a statement has made, and a field of it, both as the statement writes them."""
_Flow = tuple[Field, _Statement, _Through]


@dataclass(eq=False)
class _Walk:
    """One question. Unions are chained, and recursive: what is still to be seen is a list."""

    snapshot: Snapshot
    start: int
    """Where the statement starts that is asked about."""
    sources: dict[tuple[str, str, int], Source] = field(default_factory=dict)
    makers: dict[str, dict[int, list[_Making]]] = field(default_factory=dict)
    is_complete: bool = True

    def all(self, found: Field, statement: _Statement) -> Lineage:
        expression = self._expression(found, statement)
        self.is_complete = True
        waiting: list[_Flow] = [(found, statement, None)]
        seen: dict[tuple[int, int], Field] = {}
        while waiting:
            check_stopped()
            it, place, through = waiting.pop()
            key = id(it), id(through[0]) if through else 0
            if key in seen:
                continue
            if len(seen) >= _MOST_STEPS or len(self.sources) >= _MOST_SOURCES:
                self.is_complete = False
                break
            seen[key] = it  # and kept, so that no other has its id
            waiting += reversed(list(self._next(it, place, through)))
        return Lineage(tuple(self.sources.values()), expression, self.is_complete)

    def _expression(self, found: Field, statement: _Statement) -> str:
        """The first expression on a way without forks that is more than a name."""
        for _ in range(_MOST_STEPS):
            match found.derived:
                case Derivation(nodes=(), passes=(passed,)):
                    found = passed
                case Derivation(nodes=(node,), passes=()):
                    bare = _bare(node)
                    if not _is_name(bare, statement):
                        return statement.written(bare)
                    named = self._meant(bare, statement)
                    if len(named) != 1:
                        return ""
                    found = named[0]
                case None if (made := self._made(found, statement)) is not None:
                    _, found, statement = made
                case _:
                    return ""
        return ""

    def _next(self, it: Field, statement: _Statement, through: _Through) -> Iterator[_Flow]:
        """Where the values of *it* come from; where that is a table, a source is found."""
        if it.derived is not None:
            for passed in it.derived.passes:
                yield passed, statement, through
            for node in it.derived.nodes:
                for found, passing in self._in(node, statement):
                    yield found, statement, passing or through
        elif (made := self._made(it, statement)) is not None:
            relation, written, earlier = made
            if written.derived is not None or self._made(written, earlier) is not None:
                yield written, earlier, through
            elif it.table is not None:
                self._add(it.table.qualified_name, it.table.name, written, through)
            else:
                path = [name.text for name in relation.path]
                self._add(".".join(path), path[-1], written, through)
        elif it.table is not None and it.column is not None:
            self._add(it.table.qualified_name, it.table.name, it, through)
        else:
            self.is_complete = False

    def _add(self, qualified: str, table: str, it: Field, through: _Through) -> None:
        name = it.column.name if it.column else it.name.text
        key = qualified, name, id(through[0]) if through else 0
        if key not in self.sources:
            written = through[1].written(through[0]) if through else ""
            self.sources[key] = Source(table, it, written)

    def _made(self, wanted: Field, statement: _Statement) -> _Making | None:
        """What has made *wanted* last before *statement*: the relation and the field there."""
        start = statement.analysis.statement.start
        for name in statement.names_for(wanted):
            for making in self._makers_of(name).get(id(wanted), ()):
                if making[2].analysis.statement.start < start:
                    return making
        return None

    def _makers_of(self, name: str) -> dict[int, list[_Making]]:
        """What earlier statements have made *name*, the last one first, by the id of each field.

        Later statements see fields that are others than those of the statement itself, and go on
        seeing the very same ones, which the analyses keep.
        """
        if (found := self.makers.get(name)) is not None:
            return found
        found = self.makers[name] = {}
        for analysis in self.snapshot.defining_before(self.start, name):
            check_stopped()
            statement = _Statement(analysis)
            for made, later in zip(analysis.made, analysis.known_after, strict=False):
                for written, it in zip(made.fields, later.fields, strict=False):
                    found.setdefault(id(it), []).append((made, written, statement))
        return found

    # What flows out of an expression

    def _in(self, node: exp.Expr, statement: _Statement) -> Iterator[tuple[Field, _Through]]:
        """The columns whose values flow out of *node*, and the expression that each passes."""
        bare = _bare(node)
        if _is_name(bare, statement):
            for found in self._meant(bare, statement):
                yield found, None
            return
        through = bare, statement
        waiting = [bare]
        while waiting:
            check_stopped()
            it = waiting.pop()
            match it:
                case exp.Column(this=exp.Star()) | exp.Star():
                    for found in self._starred(it, statement):
                        yield found, through
                case exp.Column():
                    for found in self._meant(it, statement):
                        yield found, through
                case exp.Query():
                    outputs, is_open = statement.analysis.bound.outputs.get(id(it), ((), True))
                    self.is_complete &= not is_open or bool(outputs)
                    for found in outputs:
                        yield found, through
                case _:
                    waiting += reversed(list(_flowing(it)))

    def _meant(self, column: exp.Column, statement: _Statement) -> list[Field]:
        """The columns whose values a name has: of a whole row all of them."""
        reference = statement.named(column)
        if reference is None or reference.status != "resolved" or not reference.targets:
            is_argument = isinstance(column.parent, exp.Func)
            name, dialect = column.parts[0], statement.analysis.syntax.dialect
            if not isinstance(name, exp.Identifier) or not is_pseudo_column(
                dialect, name_of(name), is_argument=is_argument
            ):
                self.is_complete = False
            return []
        target = reference.targets[0]
        if isinstance(target, Relation):
            self.is_complete &= not target.is_open
            return list(of_row(column, target, self.snapshot.catalog.naming))
        return [target] if reference.qualifier else list(self._sides(reference, target))

    def _sides(self, reference: Reference, target: Field) -> tuple[Field, ...]:
        """*target*, or those of the columns that a join has made one whose values it has."""
        naming = self.snapshot.catalog.naming
        for level in reference.scope.outward():
            if any(it is target for _, it in level.fields_called(reference.name, naming)):
                return level.sides.get(reference.name.key, (target,))
        return (target,)

    def _starred(self, star: exp.Expr, statement: _Statement) -> list[Field]:
        """What a star inside an expression stands for; that of ``count(*)`` for no values."""
        if isinstance(star.parent, exp.Count):
            return []
        bound = statement.analysis.bound
        scope = scope_around(star, bound)
        parts = star.parts if isinstance(star, exp.Column) else ()
        path = tuple(name_of(it) for it in parts if isinstance(it, exp.Identifier))
        relations = [
            it
            for it in (scope.relations if scope else ())
            if not path or it.is_called(path, self.snapshot.catalog.naming)
        ]
        self.is_complete &= bool(relations) and not any(it.is_open for it in relations)
        return [it for relation in relations for it in relation.fields]


def _places(node: exp.Expr, tokens: Sequence[Token]) -> Iterator[Span]:
    """Where *node* may stand, the likeliest first: words such as NOT and EXISTS have no place."""
    place = extent(node, tokens)
    for _ in range(2):
        if place is None:
            return
        yield place
        first = behind(place.start, tokens)
        if first:
            yield Span(tokens[first - 1].start, place.end)
        place = _bracketed(first, tokens)


def _bracketed(index: int, tokens: Sequence[Token]) -> Span | None:
    """The innermost brackets around the token at *index*."""
    depth = 0
    for opening in range(index - 1, -1, -1):
        depth += (tokens[opening].text == ")") - (tokens[opening].text == "(")
        if depth < 0:
            closing = enclosing(opening, tokens)
            return Span(tokens[opening].start, tokens[closing].end) if closing else None
    return None


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Alias):
        node = node.this
    return node


def _is_name(node: exp.Expr, statement: _Statement) -> TypeGuard[exp.Column]:
    """Whether *node* is a column as it is, not something that is reached inside one."""
    if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
        return False
    reference, span = statement.named(node), span_of(node.this)
    return reference is None or span is None or reference.span.end == span.end


def _flowing(node: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of *node* that it computes its values of."""
    match node:
        case exp.Window() | exp.Filter() | exp.Order() | exp.HavingMax() | exp.Limit() | exp.Cast():
            if isinstance(node.this, exp.Expr):
                yield node.this
        case exp.Exists(this=exp.Query()):
            return
        case exp.WithinGroup():
            yield node.this
            # A percentile is one of what it is ordered by; a list of values only has an order.
            if isinstance(node.expression, exp.Order) and node.this.find(exp.Column) is None:
                yield from (it.this for it in node.expression.expressions)
        case _:
            yield from node.iter_expressions()
