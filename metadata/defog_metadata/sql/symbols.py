"""What names stand for, so that all the names of one thing can be found.

A *symbol* is a thing with a name: an alias, a CTE, a window, a column that a query puts out under a
name of its own, a relation or column that the text itself defines, a table or column of the
database. An *occurrence* is a place where it is written. A column that a query passes on under its
own name is the same symbol on both sides: in ``with c as (select id from orders) select c.id from
c``, both ``id`` are ``orders.id``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from operator import is_
from types import MappingProxyType
from typing import Literal

from defog_metadata.catalog import Catalog, Name, Naming, Table
from defog_metadata.lazy import lazy
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.given import columns_given, relations_made
from defog_metadata.sql.facts.windows import window_names
from defog_metadata.sql.scopes import Field, Reference, Relation, Scope
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

__all__ = [
    "Occurrence",
    "Symbol",
    "SymbolKind",
    "Symbols",
    "definitions_in",
    "symbols_of",
    "table_of",
]

SymbolKind = Literal["alias", "cte", "window", "relation", "column", "stored"]
"""A ``relation`` or ``column`` is made by the text itself; what is ``stored``, by the database."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A thing with a name. Equal symbols are one thing."""

    kind: SymbolKind
    definition: Span | None = None
    """Where the text gives it its name; ``None`` for what is stored."""
    table: tuple[str, str, str] | None = None
    """Of what is stored: database, schema and name of the table."""
    column: str = ""
    """Of a stored column: its name."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """``span`` is a name of ``symbol``, where it ``is_definition`` the one that gives it."""

    span: Span
    symbol: Symbol
    name: Name
    is_definition: bool = False


class Symbols:
    """The symbols of one text. Of each statement they are found out when it is asked about."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._naming = snapshot.catalog.naming
        self._analyses = snapshot.analyses
        self._made = list(self._made_before())
        self._found: dict[int, list[Occurrence]] = {}

    def at(self, offset: int) -> Occurrence | None:
        """The name at *offset* or directly before it, if there is one with a meaning."""
        touching = [
            it
            for index, analysis in enumerate(self._analyses)
            if analysis.statement.span.touches(offset)
            for it in self._in(index)
            if it.span.touches(offset)
        ]
        return max(touching, key=lambda it: it.span.start <= offset < it.span.end, default=None)

    def of(self, symbol: Symbol) -> list[Occurrence]:
        """Every name of *symbol*, in the order of the text."""
        return [
            it
            for index in range(len(self._analyses))
            if self._may_name(index, symbol)
            for it in self._of(symbol, index)
        ]

    @property
    def occurrences(self) -> list[Occurrence]:
        """All names that mean something, in the order of the text."""
        return [it for index in range(len(self._analyses)) for it in self._in(index)]

    def _may_name(self, index: int, symbol: Symbol) -> bool:
        """Whether the statement at *index* can have a name of *symbol*, going by its text."""
        statement = self._analyses[index].statement
        if symbol.kind in ("alias", "cte", "window"):
            return symbol.definition is not None and statement.span.touches(symbol.definition.start)
        if symbol.table is None:
            return True
        return (symbol.column or symbol.table[2]).casefold() in statement.text.casefold()

    def _made_before(self) -> "Iterator[_Made]":
        """What the statements before each one have made."""
        made = _Made()
        for analysis in self._analyses:
            yield made
            made = made.with_those_of(_Reader(analysis, made, self._naming))

    def _of(self, symbol: Symbol, index: int) -> Iterator[Occurrence]:
        analysis = self._analyses[index]
        if symbol.kind != "stored" or not self._made[index].is_empty:
            yield from (it for it in self._in(index) if it.symbol == symbol)
            return
        # Nothing that was before the statement counts: what an edit leaves alone is still known.
        known: list[Occurrence] | None = analysis.remembered.get(Symbols)
        if known is None:
            start = analysis.statement.start
            placed = replace(analysis, statement=analysis.statement.shifted(-start))
            known = analysis.remembered[Symbols] = _Reader(placed, _Made(), self._naming).all()
        for it in known:
            if it.symbol == symbol:
                yield replace(it, span=it.span.shifted(analysis.statement.start))

    def _in(self, index: int) -> list[Occurrence]:
        if index not in self._found:
            reader = _Reader(self._analyses[index], self._made[index], self._naming)
            self._found[index] = reader.all()
        return self._found[index]


def symbols_of(snapshot: Snapshot) -> Symbols:
    """The symbols of a whole text."""
    found: Symbols | None = snapshot.remembered.get(Symbols)
    if found is None:
        found = snapshot.remembered[Symbols] = Symbols(snapshot)
    return found


def table_of(symbol: Symbol, catalog: Catalog) -> Table | None:
    """The table of *catalog* that a stored *symbol* is, or is a column of."""
    if symbol.table is None:
        return None
    found = catalog.source.named(symbol.table[2].casefold())
    return next((it for it in found if (it.database, it.schema, it.name) == symbol.table), None)


def definitions_in(analysis: Analysis, naming: Naming) -> list[Occurrence]:
    """The names that a statement gives, counted from its start.

    What earlier statements have made has no place in it, and so gives it no names.
    """
    placed = replace(analysis, statement=analysis.statement.shifted(-analysis.statement.start))
    found: dict[Span, Occurrence] = {}
    for it in _Reader(placed, _Made(), naming).definitions():
        found.setdefault(it.span, it)
    return list(found.values())


class _Made:
    """What the statements so far have made, with the symbols that they are for later ones."""

    def __init__(
        self,
        known: tuple[Relation, ...] = (),
        relations: Mapping[int, tuple[Relation, Symbol]] = MappingProxyType({}),
        fields: Mapping[int, tuple[Field, Symbol]] = MappingProxyType({}),
    ) -> None:
        self._known = known
        # By identity; kept with what it identifies, so that no other can have it.
        self._relations = relations
        self._fields = fields

    def with_those_of(self, reader: "_Reader") -> "_Made":
        """The same with what the statement of *reader* has made, altered or renamed."""
        known = reader.analysis.known_after
        if len(known) == len(self._known) and all(map(is_, known, self._known)):
            return self
        relations, fields = dict(self._relations), dict(self._fields)
        # Later statements see them as others, which have no places any more.
        for it, later in zip(reader.analysis.made, known, strict=False):
            before = self.called(it.path)
            symbol = reader.symbol_made(it) or (self.relation(before) if before else None)
            if symbol is not None:
                relations[id(later)] = later, symbol
            for field, later_field in zip(it.fields, later.fields, strict=True):
                found = reader.of_field(field)
                if found is not None and found.kind == "column":
                    fields[id(later_field)] = later_field, found
        return _Made(known, relations, fields)

    @property
    def is_empty(self) -> bool:
        return not self._known

    def relation(self, relation: Relation) -> Symbol | None:
        found = self._relations.get(id(relation))
        return found[1] if found else None

    def field(self, field: Field) -> Symbol | None:
        found = self._fields.get(id(field))
        return found[1] if found else None

    def called(self, path: tuple[Name, ...]) -> Relation | None:
        """The relation at *path* as the statements so far have left it."""
        keys = tuple(it.key for it in path)
        return next(
            (it for it in self._known if tuple(x.key for x in it.path)[-len(keys) :] == keys), None
        )


class _Reader:
    """The occurrences in one statement."""

    def __init__(self, analysis: Analysis, made: _Made, naming: Naming) -> None:
        self.analysis = analysis
        self._made = made
        self._naming = naming

    @lazy
    def _passing(self) -> dict[Span, Field | None]:
        """A field that a bare column passes on has the place of that column as its own."""
        found: dict[Span, Field | None] = {}
        for it in self.analysis.references:
            if it.kind == "column":
                field = it.targets[0] if len(it.targets) == 1 else None
                found.setdefault(it.span, field if isinstance(field, Field) else None)
        return found

    def all(self) -> list[Occurrence]:
        """The occurrences in the order of the text, each place once."""
        found: dict[Span, Occurrence] = {}
        for it in self.occurrences():
            # The same place is bound more than once where a scope is seen from several sides.
            known = found.get(it.span)
            if known is None or (it.is_definition and not known.is_definition):
                found[it.span] = it
        return [found[it] for it in sorted(found)]

    def occurrences(self) -> Iterator[Occurrence]:
        for reference in self.analysis.references:
            symbol = self._meant(reference)
            if symbol is not None:
                yield Occurrence(self._placed(reference.span), symbol, reference.name)
        yield from self._windows()
        yield from self.definitions()

    def _windows(self) -> Iterator[Occurrence]:
        for it in window_names(self.analysis, self._naming):
            if it.definition is not None:
                symbol = Symbol("window", self._placed(it.definition))
                yield Occurrence(self._placed(it.span), symbol, it.name, it.is_definition)

    def _placed(self, span: Span) -> Span:
        return span.shifted(self.analysis.statement.start)

    # What references mean

    def _meant(self, reference: Reference) -> Symbol | None:
        if reference.status not in ("resolved", "ambiguous") or not reference.targets:
            return None
        target = reference.targets[0]
        match target:
            case Field():
                return self.of_field(target)
            case Relation() if reference.kind == "table":
                return self._of_source(reference.scope, target)
            case Relation():
                return self._of_relation(target, reference.scope)

    def _of_relation(self, relation: Relation, scope: Scope) -> Symbol | None:
        """What a qualifier means: an alias, or the table, CTE or view that has none."""
        is_own_name = relation.hidden is None and relation.kind in ("table", "view", "cte")
        if is_own_name and relation.path:
            return self._of_source(scope, relation)
        if relation.span is None:
            return None
        return Symbol("alias", self._placed(relation.span))

    def _of_source(self, scope: Scope, relation: Relation) -> Symbol | None:
        """What the name of a relation in FROM means."""
        if relation.kind == "cte" and len(relation.path) == 1:
            ctes = (it for level in scope.outward() for it in level.ctes)
            name = relation.path[0]
            cte = next((it for it in ctes if it.name and self._naming.equal(name, it.name)), None)
            if cte is None or cte.span is None:
                return None
            return Symbol("cte", self._placed(cte.span))
        made = self._made.called(relation.path)
        if made is not None and (symbol := self._made.relation(made)) is not None:
            return symbol
        return _stored(relation.table)

    def of_field(self, field: Field) -> Symbol | None:
        """What a column of a relation is, or what it passes on under the same name."""
        seen: set[Span] = set()
        while (made := self._made.field(field)) is None:
            if field.span is None or field.span in seen:
                break
            seen.add(field.span)
            if field.span not in self._passing:
                return Symbol("column", self._placed(field.span))
            passed = self._passing[field.span]
            if passed is None:
                return None
            field = passed
        if made is not None:
            return made
        if field.table is None or field.column is None:
            return None
        return _stored(field.table, field.column.name)

    # What gives names

    def definitions(self) -> Iterator[Occurrence]:
        for scope in self.analysis.scopes:
            for cte in scope.ctes:
                yield from self._defined("cte", cte.span, cte.name)
            for relation in scope.relations:
                if relation.hidden is not None or not relation.path:
                    yield from self._defined("alias", relation.span, relation.name)
        for field in columns_given(self.analysis):
            if field.span not in self._passing and self._made.field(field) is None:
                yield from self._defined("column", field.span, field.name)
        for relation in relations_made(self.analysis):
            if self.symbol_made(relation) is not None:
                yield from self._defined("relation", relation.span, relation.name)

    def symbol_made(self, relation: Relation) -> Symbol | None:
        """The symbol that *relation* is from here on; ``None`` where it had its name before."""
        span, name = relation.span, relation.name
        if span is None or name is None:
            return None
        is_written = name.text in self.analysis.statement.text[span.start : span.end]
        is_used = any(it.span == span for it in self.analysis.references if it.kind == "table")
        return None if is_used or not is_written else Symbol("relation", self._placed(span))

    def _defined(
        self, kind: SymbolKind, span: Span | None, name: Name | None
    ) -> Iterator[Occurrence]:
        if span is not None and name is not None and name.text:
            placed = self._placed(span)
            yield Occurrence(placed, Symbol(kind, placed), name, is_definition=True)


def _stored(table: Table | None, column: str = "") -> Symbol | None:
    if table is None:
        return None
    return Symbol("stored", table=(table.database, table.schema, table.name), column=column)
