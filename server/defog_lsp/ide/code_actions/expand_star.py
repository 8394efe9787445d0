"""``*`` and ``t.*`` as the columns that they stand for."""

from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.code_actions.place import Place, Refactoring
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.stars import columns_of_star
from defog_metadata.text import Edit, Span

__all__ = ["expand_star"]

_WIDEST = 80
"""A longer list has a line for each column."""


def expand_star(place: Place) -> Iterator[Refactoring]:
    """Name the columns of the selected star.

    ::

    select * from orders
    select id, customer_id, total from orders
    """
    for select in place.tree.find_all(exp.Select):
        scope = place.analysis.bound.scopes.get(id(select))
        for projection in select.expressions:
            star = projection.this if isinstance(projection, exp.Column) else projection
            # What EXCEPT and its like take away would have to go with the star.
            if not isinstance(star, exp.Star) or any(star.args.values()) or scope is None:
                continue
            parts = projection.parts if isinstance(projection, exp.Column) else [star]
            first, last = span_of(parts[0]), span_of(star)
            if first is None or last is None:
                continue
            span = Span(first.start, last.end)
            qualifier = tuple(name_of(it) for it in parts[:-1] if isinstance(it, exp.Identifier))
            columns = columns_of_star(scope, qualifier, place.naming)
            if place.is_selected(span) and columns:
                shown = place.text[span.start : span.end]
                edit = Edit(span, _listed(columns, place, span.start))
                yield Refactoring(f"Expand {shown}", (edit,))


def _listed(columns: tuple[str, ...], place: Place, start: int) -> str:
    text, start = place.snapshot.text, place.analysis.statement.start + start
    line = text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start]
    joined = ", ".join(columns)
    if len(line) + len(joined) <= _WIDEST:
        return joined
    indent = "".join(it if it.isspace() else " " for it in line)
    return f",\n{indent}".join(columns)
