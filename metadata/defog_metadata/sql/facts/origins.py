"""Which relation a column in the tree comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from defog_metadata.catalog import Name, Naming
from defog_metadata.sql.binding.identifiers import name_of
from defog_metadata.sql.scopes import Bound, Field, Reference, Relation, Scope

__all__ = ["Origin", "cte_of", "origin_of", "own_columns", "scope_around"]


@dataclass(frozen=True, eq=False, slots=True)
class Origin:
    """Where a column comes from: several relations where a join has merged their columns.

    ``field`` is ``None`` where the relation is not known well enough to list the column.
    """

    scope: Scope
    relations: tuple[Relation, ...]
    field: Field | None
    key: str
    """The column's casefolded name."""
    members: tuple[str, ...] = ()
    """What is reached inside the column, as in BigQuery's ``item.price.amount``."""


def scope_around(node: exp.Expr, bound: Bound) -> Scope | None:
    """The scope of the innermost query or command that *node* is in, itself included."""
    scope: Scope | None = None
    passed: list[int] = []
    found: exp.Expr | None = node
    while found is not None:
        if id(found) in bound.around:
            scope = bound.around[id(found)]
            break
        passed.append(id(found))
        scope = bound.scopes.get(id(found))
        if scope is not None:
            break
        found = found.parent
    bound.around.update(dict.fromkeys(passed, scope))
    return scope


def origin_of(node: exp.Column, scope: Scope, naming: Naming) -> Origin | None:
    """Where *node* comes from; ``None`` where that is not certain, or it is no column at all."""
    path = [name_of(it) for it in node.parts if isinstance(it, exp.Identifier)]
    for length in range(len(path) - 1, 0, -1):
        qualifiers = tuple(path[:length])
        for level in scope.outward():
            found = next((it for it in level.relations if it.is_called(qualifiers, naming)), None)
            if found is not None:
                return _in_relation(level, found, path[length:], naming)
    return _unqualified(path, scope, naming) if path else None


def _in_relation(
    scope: Scope, relation: Relation, path: list[Name], naming: Naming
) -> Origin | None:
    fields = relation.fields_called(path[0], naming)
    if len(fields) > 1 or (not fields and not relation.is_open):
        return None
    relations: tuple[Relation, ...] = (relation,)
    if scope.is_natural or any(naming.equal(path[0], it) for it in scope.merged):
        relations = tuple(it for it in scope.relations if it.fields_called(path[0], naming))
    return _origin(scope, relations or (relation,), next(iter(fields), None), path)


def _unqualified(path: list[Name], scope: Scope, naming: Naming) -> Origin | None:
    for level in scope.outward():
        found = level.fields_called(path[0], naming)
        if len(found) == 1:
            relations = tuple(it for it in level.relations if it.fields_called(path[0], naming))
            return _origin(level, relations, found[0][1], path)
        if found or level.is_open:
            return None
    return None


def _origin(
    scope: Scope, relations: tuple[Relation, ...], field: Field | None, path: list[Name]
) -> Origin:
    return Origin(scope, relations, field, path[0].key, tuple(it.key for it in path[1:]))


def cte_of(reference: Reference, naming: Naming) -> Relation | None:
    """The CTE, as it was defined, that a table reference means."""
    if reference.kind != "table" or reference.qualifier:
        return None
    return next(
        (it for it in reference.scope.ctes if it.name and naming.equal(reference.name, it.name)),
        None,
    )


def own_columns(node: exp.Expr) -> Iterator[exp.Column]:
    """The columns in *node*, those of the queries in it included; stars left out."""
    return (it for it in node.find_all(exp.Column) if isinstance(it.this, exp.Identifier))
