"""What names mean where: relations, their columns, and the scopes that hold them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from sqlglot import exp

from defog_metadata.catalog import Column, Name, Naming, Table
from defog_metadata.lazy import lazy
from defog_metadata.text import Span

__all__ = [
    "Bound",
    "Clause",
    "Derivation",
    "Field",
    "Outputs",
    "Reference",
    "ReferenceKind",
    "Relation",
    "RelationKind",
    "Scope",
    "Status",
]

RelationKind = Literal[
    "table", "view", "cte", "subquery", "function", "values", "dropped", "routine", "variable"
]
"""``dropped``: a relation that an earlier statement of the file has removed. ``routine`` and
``variable``: no relation, but something else that one has given a name."""
ReferenceKind = Literal["schema", "table", "qualifier", "column"]
Clause = Literal[
    "select",
    "from",
    "on",
    "where",
    "group by",
    "having",
    "qualify",
    "order by",
    "window",
    "set",
    "values",
    "limit",
    "returning",
    "insert columns",
]
Status = Literal["resolved", "unknown", "ambiguous", "uncertain"]
"""``uncertain``: not found, but something in scope is not known well enough to say so."""


@dataclass(eq=False, slots=True)
class Derivation:
    """What a statement makes a column of. Filled while binding, then left alone."""

    nodes: tuple[exp.Expr, ...] = ()
    """Expressions of its tree that the values are those of: several for ``VALUES``."""
    passes: tuple["Field", ...] = ()
    """Columns that the values are those of: several for ``UNION``."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a relation in scope: a table's own, or one that a query puts out.

    ``table`` and ``column`` are set where the value comes from a table unchanged.
    """

    name: Name
    type: str = ""
    table: Table | None = None
    column: Column | None = None
    span: Span | None = None
    """Where the text gives it its name; ``None`` for a table's own columns."""
    is_stored: bool = False
    """Whether ``name`` is a name as the database stores it, not one that the text wrote."""
    derived: Derivation | None = field(default=None, compare=False, repr=False)
    """``None`` for a relation's own columns, and where nothing is known of it."""

    def is_called(self, written: Name, naming: Naming) -> bool:
        if self.is_stored:
            return naming.same(written, self.name.text)
        return naming.equal(written, self.name)


@dataclass(frozen=True)
class Relation:
    """Something that columns come from, under the name by which a scope knows it.

    ``is_open`` means that it may have columns that ``fields`` does not list.
    """

    name: Name | None
    kind: RelationKind
    fields: tuple[Field, ...] = ()
    is_open: bool = False
    table: Table | None = None
    span: Span | None = None
    """The identifier that names it: the alias, or the table's own name."""
    path: tuple[Name, ...] = ()
    """The table's name as written, schema first."""
    hidden: Name | None = None
    """The table's own name where an alias hides it."""

    def is_called(self, qualifiers: tuple[Name, ...], naming: Naming) -> bool:
        """Whether the qualifier of a column (``t``, ``schema.t``) means this relation."""
        if self.name is None or not naming.equal(qualifiers[-1], self.name):
            return False
        if len(qualifiers) == 1:
            return True
        if self.hidden is not None or self.kind not in ("table", "view"):
            return False
        stored = (self.table.schema, self.table.database) if self.table else ()
        return all(
            not schema or naming.same(written, schema)
            for written, schema in zip(reversed(qualifiers[:-1]), stored, strict=False)
        )

    @lazy
    def _fields_by_key(self) -> dict[str, list[Field]]:
        found: dict[str, list[Field]] = {}
        for it in self.fields:
            found.setdefault(it.name.key, []).append(it)
        return found

    def fields_called(self, written: Name, naming: Naming) -> tuple[Field, ...]:
        found = self._fields_by_key.get(written.key, ())
        return tuple(it for it in found if it.is_called(written, naming))


@dataclass(eq=False, slots=True)
class Scope:
    """The names that one query (or one command) sees. Filled while binding, then left alone."""

    outer: "Scope | None" = None
    ctes: tuple[Relation, ...] = ()
    relations: list[Relation] = field(default_factory=list)
    merged: list[Name] = field(default_factory=list)
    """Columns that USING or NATURAL joins have made one."""
    merged_up_to: dict[str, int] = field(default_factory=dict)
    """How many relations there were when USING made a column, by the key of its name, one."""
    sides: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    """Whose values a column is that a join has made one, by the key of its name."""
    aliases: tuple[Field, ...] = ()
    """What the select list puts out under a name of its own."""
    is_natural: bool = False
    is_union: bool = False
    """Whether it is what the clauses behind a whole union see."""

    @property
    def is_open(self) -> bool:
        return any(it.is_open for it in self.relations)

    def outward(self) -> Iterator["Scope"]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def relation(self, qualifiers: tuple[Name, ...], naming: Naming) -> Relation | None:
        """The relation in this scope, or the nearest outer one, that a qualifier means."""
        return next(
            (
                it
                for scope in self.outward()
                for it in scope.relations
                if it.is_called(qualifiers, naming)
            ),
            None,
        )

    def qualified_fields(
        self, qualifiers: tuple[Name, ...], written: Name, naming: Naming
    ) -> list[tuple[Relation, Field]]:
        """The columns that a name with a qualifier means, of every relation that is called so."""
        for scope in self.outward():
            called = [it for it in scope.relations if it.is_called(qualifiers, naming)]
            if called:
                found = [(it, x) for it in called for x in it.fields_called(written, naming)]
                return scope.merged_once(found, written, naming)
        return []

    def fields_called(self, written: Name, naming: Naming) -> list[tuple[Relation, Field]]:
        """The columns of this scope's relations with this name, joined ones only once."""
        found = [
            (relation, it)
            for relation in self.relations
            for it in relation.fields_called(written, naming)
        ]
        return self.merged_once(found, written, naming)

    def merged_once(
        self, found: list[tuple[Relation, Field]], written: Name, naming: Naming
    ) -> list[tuple[Relation, Field]]:
        """*found*, the columns called *written*, or the first where a join has made them one."""
        if len(found) < 2:  # noqa: PLR2004
            return found
        if self.is_natural:
            return found[:1]
        names = [it for it in self.merged if naming.equal(written, it)]
        if not names:
            return found
        # What is joined later, on a condition of its own, is another column again.
        later = self.relations[self.merged_up_to.get(names[-1].key, len(self.relations)) :]
        return [*found[:1], *(it for it in found[1:] if any(it[0] is x for x in later))]


Outputs = tuple[tuple[Field, ...], bool]
"""The columns that a query puts out, and whether there may be more."""


@dataclass(frozen=True, eq=False, slots=True)
class Bound:
    """What the nodes of a statement's tree mean, by the identity of each.

    ``scopes`` has the scope of every query and command, ``outputs`` the columns of every query
    and of every star in a select list, ``types`` the type of each query with a single column.
    """

    scopes: Mapping[int, Scope] = field(default_factory=lambda: MappingProxyType({}))
    outputs: Mapping[int, Outputs] = field(default_factory=lambda: MappingProxyType({}))
    types: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    around: dict[int, Scope | None] = field(default_factory=dict)
    """The scopes of nodes that have been asked for: a condition may be thousands of nodes deep."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in the text and what it means there.

    ``targets`` are fields for a column, relations for a qualifier or a table; several when the
    name is ambiguous, none when it is unknown.
    """

    kind: ReferenceKind
    name: Name
    span: Span
    status: Status
    scope: Scope
    clause: Clause
    targets: tuple[Field | Relation, ...] = ()
    qualifier: tuple[Name, ...] = ()
