"""Short names for the tables of a FROM."""

from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.code_actions.place import Place, Refactoring
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.aliases import free_alias
from defog_metadata.sql.scopes import Reference, Relation, Scope
from defog_metadata.text import Edit, Span

__all__ = ["add_aliases"]

_SHORTEST = 3
"""Names that are shorter need no alias."""
# What may follow a table that has no alias. Before anything else (a sample, a hint, a partition)
# an alias would stand in the wrong place in one dialect or another.
_FOLLOWING = frozenset(
    """, ) ; JOIN INNER LEFT RIGHT FULL CROSS NATURAL STRAIGHT_JOIN ON USING WHERE GROUP HAVING
    QUALIFY WINDOW ORDER LIMIT OFFSET FETCH UNION EXCEPT INTERSECT MINUS""".split()
)


def add_aliases(place: Place) -> Iterator[Refactoring]:
    """Give the tables of the FROM around the caret aliases, and call them so everywhere.

    ::

    select orders.id from orders where orders.total > 10
    select o.id from orders o where o.total > 10
    """
    select = place.select_at()
    scope = place.analysis.bound.scopes.get(id(select)) if select is not None else None
    if select is None or scope is None or place.tree.find(exp.Lock, exp.Hint):
        return
    taken = set(place.names())
    edits: list[Edit] = []
    for relation in _without_alias(select, scope, place):
        alias = free_alias(relation.path[-1].text, taken, place.naming)
        taken.add(alias)
        at = relation.span.end if relation.span else 0
        edits.append(Edit(Span(at, at), f" {alias}"))
        edits += (
            Edit(_with_schema(it, place), alias)
            for it in place.analysis.references
            if _names(it, relation)
        )
    if edits:
        yield Refactoring("Add aliases to the tables of this FROM", tuple(dict.fromkeys(edits)))


def _without_alias(select: exp.Select, scope: Scope, place: Place) -> Iterator[Relation]:
    from_ = select.args.get("from_")
    sources = [from_, *(select.args.get("joins") or ())]
    tables = [
        it
        for source in sources
        if isinstance(source, exp.Expr) and isinstance(it := source.this, exp.Table)
    ]
    places = {
        span_of(it.this)
        for it in tables
        if isinstance(it.this, exp.Identifier) and not it.args.get("alias")
    }
    for relation in scope.relations:
        if (
            relation.span in places
            and relation.path
            and relation.hidden is None
            and relation.span is not None
            and len(relation.path[-1].text) >= _SHORTEST
            and _is_at_end(place, relation.span.end)
        ):
            yield relation


def _is_at_end(place: Place, offset: int) -> bool:
    index = place.behind(offset)
    return index == len(place.tokens) or place.word(index) in _FOLLOWING


def _names(reference: Reference, relation: Relation) -> bool:
    """Whether *reference* calls *relation* by its name: before a dot, or as a whole row."""
    return reference.kind in ("qualifier", "column") and any(
        it is relation for it in reference.targets
    )


def _with_schema(reference: Reference, place: Place) -> Span:
    """The name with the schema before it: an alias has none."""
    start = reference.span.start
    index = place.behind(start)
    while (
        reference.kind == "qualifier" and place.word(index - 1) == "." and index >= 2  # noqa: PLR2004
    ):
        index -= 2
        start = place.tokens[index].start
    return Span(start, reference.span.end)
