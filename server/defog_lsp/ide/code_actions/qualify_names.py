"""Every column of a statement with the name of the relation that it comes from."""

from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.code_actions.place import Place, Refactoring
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.binding.quirks import sees_output_names
from defog_metadata.sql.facts.qualifying import can_stand_before_a_dot, takes_qualifier
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.text import Edit, Span

__all__ = ["qualify_names"]


def qualify_names(place: Place) -> Iterator[Refactoring]:
    """Write the relation's name before each column that has none.

    ::

    select name, total from customers c join orders on customer_id = c.id
    select c.name, orders.total from customers c join orders on orders.customer_id = c.id
    """
    columns = {
        span: it
        for it in place.tree.find_all(exp.Column)
        if isinstance(it.this, exp.Identifier)
        and not it.args.get("table")
        and (span := span_of(it.this)) is not None
        and takes_qualifier(it)
    }
    edits = [
        Edit(Span(it.span.start, it.span.start), f"{place.naming.repeat(owner.name)}.")
        for it in place.analysis.references
        if it.span in columns and (owner := _owner(it, place)) and owner.name
    ]
    if edits:
        yield Refactoring("Qualify all names in this statement", tuple(dict.fromkeys(edits)))


def _owner(reference: Reference, place: Place) -> Relation | None:
    """The one relation that the column comes from, if its name there means it."""
    naming = place.naming
    if reference.kind != "column" or reference.status != "resolved" or reference.qualifier:
        return None
    outputs = any(it.is_called(reference.name, naming) for it in reference.scope.aliases)
    if outputs and sees_output_names(place.dialect, reference.clause, is_bare=True):
        return None
    target = reference.targets[0] if len(reference.targets) == 1 else None
    if not isinstance(target, Field):
        return None
    for level in reference.scope.outward():
        owners = [it for it in level.relations if it.fields_called(reference.name, naming)]
        if not owners:
            continue
        owner = owners[0]
        if (
            len(owners) > 1  # a join has merged them
            or owner.kind == "function"
            or owner.name is None
            or not all(it is target for it in owner.fields_called(reference.name, naming))
            or not can_stand_before_a_dot(owner.name.text)
            or reference.scope.relation((owner.name,), naming) is not owner
        ):
            return None
        return owner
    return None
