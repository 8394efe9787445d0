"""What reads what: CTEs, statements and what they make, and the relations that they name.

In ``create view v as with c as (select * from a) select * from c join b``, ``v`` reads ``c`` and
``b``, and ``c`` reads ``a``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name, Naming, Table
from defog_metadata.sql.analysis import Analysis, analyse
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.extents import cte_text
from defog_metadata.sql.facts.origins import cte_of
from defog_metadata.sql.scopes import Reference, Relation
from defog_metadata.sql.source.statements import split
from defog_metadata.text import Span

__all__ = ["Called", "Reader", "ReaderKind", "Source", "readers", "views_using"]

ReaderKind = Literal["cte", "view", "table", "statement"]
_MOST_VIEWS = 200
"""That are looked into, of those whose queries have the words of a table's name."""


@dataclass(frozen=True, slots=True)
class Called:
    """A table or view by its name, whoever defines it; a part that is not known is empty."""

    name: str
    schema: str = ""
    database: str = ""

    @classmethod
    def of(cls, relation: Relation) -> "Called":
        if relation.table is not None:
            return cls(relation.table.name, relation.table.schema, relation.table.database)
        path = [it.text for it in relation.path]
        return cls(*reversed(path[-3:])) if path else cls("")

    def stored(self, catalog: Catalog) -> Table | None:
        """The table or view of the database that is called so."""
        for it in catalog.source.named(self.name.casefold()):
            if it.name == self.name and self.schema in ("", it.schema):
                return it
        return None

    def means(self, relation: Relation, naming: Naming) -> bool:
        """Whether *relation*, as a statement names or makes it, is this one."""
        if relation.kind not in ("table", "view"):
            return False
        if (table := relation.table) is not None:
            pairs = zip((table.name, table.schema, table.database), self._parts, strict=True)
            return all(
                one == other or not (one and other) or naming.same(Name(other), one)
                for one, other in pairs
            )
        written = zip(reversed(relation.path), self._parts, strict=False)
        return bool(relation.path) and all(
            not other or naming.same(it, other) for it, other in written
        )

    @property
    def _parts(self) -> tuple[str, str, str]:
        return self.name, self.schema, self.database


@dataclass(frozen=True, slots=True)
class Source:
    """A relation where its name stands; ``cte`` is where the text defines it, if it is one."""

    span: Span
    relation: Relation
    cte: Span | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """``place`` is its name, or the first word of a statement that has none.

    What a CTE reads is not what the statement around it reads. All spans are in the whole text.
    """

    kind: ReaderKind
    name: str
    place: Span
    extent: Span
    reads: tuple[Source, ...] = ()
    writes: tuple[Source, ...] = ()
    made: Relation | None = None
    """What a view or table is from here on."""


def readers(analysis: Analysis, naming: Naming) -> tuple[Reader, ...]:
    """The statement, or what it makes, and behind it its CTEs in the order of the text."""
    found: tuple[Reader, ...] | None = analysis.remembered.get("readers")
    if found is None:
        found = tuple(_Readers(analysis, naming).all())
        analysis.remembered["readers"] = found
    start = analysis.statement.start
    return tuple(_shifted(it, start) for it in found) if start else found


def views_using(table: Table, catalog: Catalog, column: str = "") -> Iterator[Table]:
    """The views of *catalog* whose queries name *table*, or its *column*."""
    for view in catalog.source.mentioning(table, limit=_MOST_VIEWS):
        for statement in split(view.definition, catalog.dialect):
            analysis = analyse(statement, catalog, catalog.dialect)
            if any(_names(it, table, column) for it in analysis.references):
                yield view
                break


def _names(reference: Reference, table: Table, column: str) -> bool:
    if reference.kind == "table" and not column:
        return any(
            isinstance(it, Relation) and it.table is not None and _is_same(it.table, table)
            for it in reference.targets
        )
    return bool(column) and any(
        not isinstance(it, Relation)
        and it.table is not None
        and it.column is not None
        and it.column.name == column
        and _is_same(it.table, table)
        for it in reference.targets
    )


def _is_same(one: Table, other: Table) -> bool:
    return (one.name, one.schema, one.database) == (other.name, other.schema, other.database)


class _Readers:
    """The readers of one statement, with places in it."""

    def __init__(self, analysis: Analysis, naming: Naming) -> None:
        self._analysis = analysis
        self._naming = naming

    def all(self) -> Iterator[Reader]:
        analysis = self._analysis
        text = analysis.statement.text
        whole = Span(0, len(text))
        main = Reader("statement", "", _first_word(analysis), whole)
        is_change = isinstance(analysis.syntax.tree, (exp.Alter, exp.Drop))
        made = next((it for it in analysis.made if it.kind in ("table", "view") and it.span), None)
        if not is_change and made is not None and made.span is not None and made.name is not None:
            kind: ReaderKind = "view" if made.kind == "view" else "table"
            main = Reader(kind, made.name.text, made.span, whole, made=made)
        found = [main, *self._ctes()]
        reads: list[list[Source]] = [[] for _ in found]
        writes: list[list[Source]] = [[] for _ in found]
        written = set(self._written())
        seen: set[Span] = set()
        for source in self._sources():
            if source.span in seen or source.span == main.place:
                continue
            seen.add(source.span)
            inside = [place for place, it in enumerate(found) if _holds(it.extent, source.span)]
            # Of those around it the innermost; the statement is around all.
            owner = min(inside, key=lambda it: _length(found[it].extent), default=0)
            if found[owner].kind != "cte" or source.cte != found[owner].place:  # recursion
                (writes if source.span in written else reads)[owner].append(source)
        for it, read, wrote in zip(found, reads, writes, strict=True):
            yield replace(it, reads=tuple(read), writes=tuple(wrote))

    def _ctes(self) -> Iterator[Reader]:
        tree = self._analysis.syntax.tree
        for cte in tree.find_all(exp.CTE) if tree is not None else ():
            alias = cte.args.get("alias")
            name = span_of(alias.this) if isinstance(alias, exp.TableAlias) else None
            text = cte_text(name, self._analysis.syntax.tokens) if name is not None else None
            if name is not None and text is not None:
                yield Reader("cte", cte.alias, name, Span(name.start, text.body.end))

    def _sources(self) -> Iterator[Source]:
        for it in self._analysis.references:
            relation = it.targets[0] if it.kind == "table" and it.targets else None
            if isinstance(relation, Relation) and it.status != "unknown":
                cte = cte_of(it, self._naming) if relation.kind == "cte" else None
                yield Source(it.span, relation, cte.span if cte is not None else None)

    def _written(self) -> Iterator[Span]:
        """Where the names stand of what the statement changes."""
        tree = self._analysis.syntax.tree
        kinds = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Alter, exp.Drop)
        for node in tree.find_all(*kinds) if tree is not None else ():
            dropped = node.args.get("tables")
            for it in dropped or (node.this,):
                table = it.this if isinstance(it, exp.Schema) else it
                if isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier):
                    span = span_of(table.this)
                    if span is not None:
                        yield span


def _first_word(analysis: Analysis) -> Span:
    token = next(iter(analysis.syntax.tokens), None)
    return Span(token.start, token.end) if token is not None else Span(0, 0)


def _holds(extent: Span, span: Span) -> bool:
    return extent.start <= span.start and span.end <= extent.end


def _length(span: Span) -> int:
    return span.end - span.start


def _shifted(reader: Reader, start: int) -> Reader:
    def shifted(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(
            Source(it.span.shifted(start), it.relation, it.cte and it.cte.shifted(start))
            for it in sources
        )

    return replace(
        reader,
        place=reader.place.shifted(start),
        extent=reader.extent.shifted(start),
        reads=shifted(reader.reads),
        writes=shifted(reader.writes),
    )
