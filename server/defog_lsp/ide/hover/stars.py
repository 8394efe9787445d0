"""Stars in words: the columns that they stand for."""

from dataclasses import dataclass

from sqlglot import exp

from defog_lsp.ide.hover.place import Place
from defog_metadata.catalog.described import code, listed
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.origins import scope_around
from defog_metadata.sql.scopes import Field, Relation
from defog_metadata.text import Span

__all__ = ["Star", "described_star", "star_at"]


@dataclass(frozen=True, slots=True)
class Star:
    """``node`` is what the select list has: the star, or ``t.*`` as a whole."""

    span: Span
    node: exp.Expr


def star_at(place: Place) -> Star | None:
    """The star of a select list at *place*; that of ``count(*)`` is none."""
    tree, outputs = place.analysis.syntax.tree, place.analysis.bound.outputs
    for star in tree.find_all(exp.Star) if tree is not None else ():
        span = span_of(star)
        if span is None or not span.touches(place.offset):
            continue
        node = star.parent if isinstance(star.parent, exp.Column) else star
        if id(node) in outputs:
            return Star(Span(span.start, span.start + 1), node)
    return None


def described_star(star: Star, place: Place) -> str:
    """The columns that *star* stands for, with the relation of each; empty where none is known."""
    fields, is_open = place.analysis.bound.outputs[id(star.node)]
    scope = scope_around(star.node, place.analysis.bound)
    relations = scope.relations if scope is not None else []
    columns = [_column(it, relations, place) for it in fields]
    if is_open:
        columns.append("…")
    return code(f"* {listed(columns)}") if fields else ""


def _column(field: Field, relations: list[Relation], place: Place) -> str:
    # The column itself is in its relation, unless a join or REPLACE has made it another.
    owner = next((it for it in relations if any(x is field for x in it.fields)), None)
    name = owner.name.text if owner and owner.name and len(relations) > 1 else ""
    return place.remarked(field, name)
