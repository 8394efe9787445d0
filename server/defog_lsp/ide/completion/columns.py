"""The columns that can be named at the caret, and the relations they can be reached through."""

import re
from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import subject_of_field, subject_of_table
from defog_lsp.ide.completion.items import Item
from defog_metadata.catalog import Naming
from defog_metadata.sql.binding.quirks import sees_output_names
from defog_metadata.sql.scopes import Field, Relation, Scope
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.unfinished.skeleton import PLACEHOLDER

__all__ = ["assigns_to_several", "columns", "qualifiers", "windows"]


def columns(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The columns in scope: nearest scope first, in the order of FROM and of the table."""
    naming = snapshot.catalog.naming
    if caret.qualifier:
        relation = caret.scope.relation(caret.qualifier, naming)
        for it in relation.fields if relation else ():
            if it.name.text:
                yield _column(it, relation, caret, naming)
        return
    if caret.expected == "column" and not assigns_to_several(caret):
        yield from _bare(caret, naming)
        return
    for field in _outputs(snapshot, caret):
        yield _column(field, None, caret, naming)
    seen: set[str] = set()
    for distance, scope in enumerate(caret.scope.outward()):
        owners = _owners(scope)
        for relation in scope.relations:
            for it in relation.fields:
                key = it.name.key
                if not it.name.text or it.name.text == PLACEHOLDER:
                    continue
                # A name of an inner scope hides the same name further out.
                is_shared = owners[key] > 1 and not _is_merged(scope, key)
                if (is_shared or key in seen) and relation.name is not None:
                    yield _column(it, relation, caret, naming, distance, owner=relation)
                else:
                    yield _column(it, relation, caret, naming, distance)
        seen |= owners.keys()


def _bare(caret: Caret, naming: Naming) -> Iterator[Candidate]:
    """The columns where the grammar takes no qualifier, each once."""
    relations = caret.scope.relations
    if caret.reference is not None and caret.reference.clause == "set":
        relations = relations[:1]  # the target of the assignment
    owners = _owners(caret.scope)
    seen: set[str] = set()
    for relation in relations:
        for it in relation.fields:
            key = it.name.key
            is_common = owners[key] > 1 or not caret.level.shape.startswith("USING(")
            if it.name.text not in ("", PLACEHOLDER) and key not in seen and is_common:
                seen.add(key)
                yield _column(it, relation, caret, naming)


def _outputs(snapshot: Snapshot, caret: Caret) -> Iterator[Field]:
    """What the select list has given names to, where the dialect sees them."""
    reference = caret.reference
    if reference is None or caret.tree is None or not caret.scope.aliases:
        return
    nodes = (it for it in caret.tree.find_all(exp.Column) if it.name == PLACEHOLDER)
    is_bare = any(isinstance(it.parent, exp.Ordered | exp.Group) for it in nodes)
    if sees_output_names(snapshot.dialect, reference.clause, is_bare=is_bare):
        for it in caret.scope.aliases:
            is_later = it.span is not None and it.span > reference.span
            if not (reference.clause == "select" and is_later):
                yield it


def windows(caret: Caret) -> Iterator[Candidate]:
    """The names that the WINDOW clause of the caret's query gives."""
    for window in caret.tree.find_all(exp.Window) if caret.tree is not None else ():
        identifier = window.this
        if isinstance(identifier, exp.Identifier) and window.arg_key == "windows":
            yield Candidate(Item(identifier.name, "alias", caret.span, identifier.name))


def assigns_to_several(caret: Caret) -> bool:
    """Whether a SET here may name columns of more than one relation, as MySQL allows."""
    return _SEVERAL_TARGETS.search(caret.level.shape) is not None


_SEVERAL_TARGETS = re.compile(r"^UPDATE [^=]*(?:,|JOIN) .*\bSET\b")


def qualifiers(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The relations in scope, whose columns come after a dot."""
    naming = snapshot.catalog.naming
    for distance, scope in enumerate(caret.scope.outward()):
        for relation in scope.relations:
            name = relation.name
            if name is None or name.text == PLACEHOLDER:
                continue
            item = Item(
                label=name.text,
                kind="alias",
                span=caret.span,
                insert=naming.write(name.text) if name.quoted else name.text,
                description=relation.table.name if relation.table else relation.kind,
                documentation=relation.table.description if relation.table else "",
                subject=subject_of_table(relation.table),
            )
            yield Candidate(item, relation=relation, distance=distance)


def _owners(scope: Scope) -> dict[str, int]:
    owners: dict[str, int] = {}
    for relation in scope.relations:
        for it in relation.fields:
            owners[it.name.key] = owners.get(it.name.key, 0) + 1
    return owners


def _is_merged(scope: Scope, key: str) -> bool:
    return scope.is_natural or any(it.key == key for it in scope.merged)


def _column(  # noqa: PLR0913 - what an item shows comes from all of them
    field: Field,
    relation: Relation | None,
    caret: Caret,
    naming: Naming,
    distance: int = 0,
    *,
    owner: Relation | None = None,
) -> Candidate:
    """*owner* is given where the bare name would be ambiguous."""
    name = field.name
    written = naming.write(name.text) if name.quoted else name.text
    label = name.text
    if owner is not None and owner.name is not None:
        called = naming.write(owner.name.text) if owner.name.quoted else owner.name.text
        written, label = f"{called}.{written}", f"{owner.name.text}.{name.text}"
    item = Item(
        label=label,
        kind="column",
        span=caret.span,
        insert=written,
        detail=field.type,
        description=_owner(field, relation),
        subject=subject_of_field(field),
    )
    return Candidate(item, field, relation, distance=distance)


def _owner(field: Field, relation: Relation | None) -> str:
    if field.table is not None:
        return field.table.name
    return relation.name.text if relation and relation.name else ""
