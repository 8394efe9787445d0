"""The columns that can be named at the caret, and the relations they can be reached through."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item
from defog_metadata.catalog import Naming
from defog_metadata.sql.caret import Caret
from defog_metadata.sql.scopes import Field, Relation, Scope
from defog_metadata.sql.skeleton import PLACEHOLDER
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["columns", "qualifiers"]


def columns(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The columns in scope: nearest scope first, in the order of FROM and of the table."""
    naming = snapshot.catalog.naming
    if caret.qualifier:
        relation = caret.scope.relation(caret.qualifier, naming)
        for it in relation.fields if relation else ():
            if it.name.text:
                yield _column(it, relation, caret, naming)
        return
    if (target := _assigned(caret)) is not None:
        for it in target.fields:
            yield _column(it, target, caret, naming)
        return
    for field in caret.scope.aliases if _takes_aliases(caret) else ():
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


def qualifiers(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The relations in scope, whose columns come after a dot."""
    naming = snapshot.catalog.naming
    for distance, scope in enumerate(caret.scope.outward()):
        for relation in scope.relations:
            name = relation.name
            if name is None or name.text == PLACEHOLDER or not relation.span:
                continue
            item = Item(
                label=name.text,
                kind="alias",
                span=caret.span,
                insert=naming.write(name.text) if name.quoted else name.text,
                description=relation.table.name if relation.table else relation.kind,
            )
            yield Candidate(item, relation=relation, distance=distance)


def _assigned(caret: Caret) -> Relation | None:
    """The target of an UPDATE whose next assignment begins at the caret."""
    if caret.reference is None or caret.reference.clause != "set" or not caret.scope.relations:
        return None
    words = caret.before
    depth = 0
    for word in reversed(words):
        depth += (word == ")") - (word == "(")
        if word == "SET" and depth == 0:
            return caret.scope.relations[0] if words[-1] in ("SET", ",") else None
    return None


def _takes_aliases(caret: Caret) -> bool:
    return caret.reference is not None and caret.reference.clause in ("order by", "group by")


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
        documentation=_documentation(field),
    )
    return Candidate(item, field, relation, distance=distance)


def _owner(field: Field, relation: Relation | None) -> str:
    if field.table is not None:
        return field.table.name
    return relation.name.text if relation and relation.name else ""


def _documentation(field: Field) -> str:
    if field.column is None or field.table is None:
        return ""
    facts = [field.column.description]
    if field.column.name in field.table.primary_key:
        facts.append("Primary key")
    facts += [
        f"References {it.referred_table}({', '.join(it.referred_columns)})"
        for it in field.table.foreign_keys_of(field.column.name)
    ]
    if field.column.enum_values:
        facts.append("One of " + ", ".join(f"`{it}`" for it in field.column.enum_values))
    return "\n\n".join(filter(None, facts))
