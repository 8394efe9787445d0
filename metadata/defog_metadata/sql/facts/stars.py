"""What a star in a select list stands for, written out."""

from collections.abc import Sequence

from defog_metadata.catalog import Name, Naming
from defog_metadata.sql.scopes import Field, Relation, Scope

__all__ = ["columns_of_star"]

# How engines order the columns of ``*`` where USING or NATURAL has made some of them one. The
# merged ones come first by the standard; these leave each where the first relation has it.
_IN_PLACE = frozenset(("sqlite", "duckdb"))
_MERGED_FIRST = frozenset(("postgres", "mysql"))


def columns_of_star(scope: Scope, qualifier: tuple[Name, ...], naming: Naming) -> tuple[str, ...]:
    """The columns that ``*`` (or ``qualifier.*``) in *scope* stands for, as they must be written.

    None where not all are known, or where one of them cannot be named. *scope* is that of the
    query itself: a star never stands for columns further out.
    """
    relations: Sequence[Relation] = scope.relations
    if qualifier:
        found = next((it for it in relations if it.is_called(qualifier, naming)), None)
        relations = [found] if found else []
    if not relations or any(it.is_open or not it.fields for it in relations):
        return ()
    is_qualified = bool(qualifier) or len(relations) > 1
    if is_qualified and not all(_can_be_named(it, scope, naming) for it in relations):
        return ()
    pairs = [(relation, it) for relation in relations for it in relation.fields]
    merged: set[str] = set()
    if not qualifier and (scope.merged or scope.is_natural):
        merged = _merged(scope)
        if naming.dialect not in _IN_PLACE and not (
            # The order of several depends on which join has merged each.
            naming.dialect in _MERGED_FIRST and len(merged) == 1
        ):
            return ()
        pairs = _each_once(pairs, merged, naming.dialect)
    for relation, field in pairs:
        if not field.name.text or len(relation.fields_called(field.name, naming)) != 1:
            return ()
    return tuple(
        _written(it, naming)
        if relation.name is None or not is_qualified or it.name.key in merged
        else f"{naming.repeat(relation.name)}.{_written(it, naming)}"
        for relation, it in pairs
    )


def _written(field: Field, naming: Naming) -> str:
    return naming.write(field.name.text) if field.is_stored else naming.repeat(field.name)


def _can_be_named(relation: Relation, scope: Scope, naming: Naming) -> bool:
    return relation.name is not None and scope.relation((relation.name,), naming) is relation


def _merged(scope: Scope) -> set[str]:
    """The casefolded names of the columns that joins have made one."""
    if not scope.is_natural:
        return {it.key for it in scope.merged}
    owners: dict[str, int] = {}
    for relation in scope.relations:
        for key in {it.name.key for it in relation.fields}:
            owners[key] = owners.get(key, 0) + 1
    return {key for key, count in owners.items() if count > 1}


def _each_once(
    pairs: Sequence[tuple[Relation, Field]], merged: set[str], dialect: str
) -> list[tuple[Relation, Field]]:
    seen: set[str] = set()
    kept: list[tuple[Relation, Field]] = []
    for relation, it in pairs:
        if it.name.key in merged:
            if it.name.key in seen:
                continue
            seen.add(it.name.key)
        kept.append((relation, it))
    if dialect in _MERGED_FIRST:
        kept.sort(key=lambda it: it[1].name.key not in merged)
    return kept
