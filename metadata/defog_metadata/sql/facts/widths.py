"""How many columns a query has, where that is certain."""

from collections.abc import Sequence

from sqlglot import exp

from defog_metadata.sql.scopes import Bound

__all__ = ["cells", "columns_in", "has_hidden_side", "is_by_name", "values_in"]

# What may stand for any number of columns, beside stars.
_SPREADS = (
    exp.Aliases, exp.Columns, exp.Explode, exp.ExplodeOuter, exp.Inline, exp.Posexplode,
    exp.PosexplodeOuter, exp.Unnest, exp.Stack, exp.JSONTable, exp.Parameter, exp.Placeholder,
)  # fmt: skip
_STAR_PARTS = frozenset(("except_", "replace", "rename"))


def columns_in(node: exp.Expr | None, bound: Bound) -> int | None:
    """The number of columns that a query puts out; ``None`` where it may be another."""
    match node:
        case exp.Subquery():
            return None if node.args.get("pivots") else columns_in(node.this, bound)
        case exp.SetOperation():
            return None if is_by_name(node) else columns_in(node.this, bound)
        case exp.Values():
            rows = node.expressions
            return values_in(cells(rows[0])) if rows else None
        case exp.Select() if not node.args.get("kind"):
            return _of_list(node.expressions, bound)
        case _:
            return None


def values_in(row: Sequence[exp.Expr]) -> int | None:
    """The number of values in a row, unless one of them may stand for several."""
    return None if any(map(_is_spread, row)) else len(row)


def is_by_name(node: exp.SetOperation) -> bool:
    """Whether the sides are matched by the names of their columns, not by place."""
    return any(node.args.get(it) for it in ("by_name", "side", "kind", "on"))


def cells(row: exp.Expr) -> list[exp.Expr]:
    """The values of one row of VALUES."""
    if not isinstance(row, exp.Tuple):
        return [row]
    first = row.expressions[0] if len(row.expressions) == 1 else None
    # MySQL writes VALUES ROW(1, 2).
    is_row = isinstance(first, exp.Anonymous) and first.name.upper() == "ROW"
    return first.expressions if is_row and first is not None else row.expressions


def _of_list(projections: Sequence[exp.Expr], bound: Bound) -> int | None:
    count = 0
    for it in projections:
        found = _in_star(it, bound) if it.is_star else values_in([it])
        if found is None:
            return None
        count += found
    return count or None


def _in_star(node: exp.Expr, bound: Bound) -> int | None:
    star = node.this if isinstance(node, exp.Column) else node
    fields, is_open = bound.outputs.get(id(node), ((), True))
    if not isinstance(star, exp.Star) or is_open or not fields or has_hidden_side(node.parent):
        return None
    others = [name for name, it in star.args.items() if it and name not in _STAR_PARTS]
    return None if others else len(fields)


def has_hidden_side(select: exp.Expr | None) -> bool:
    """Whether a join only looks for rows, so that a star does not stand for all relations."""
    joins = select.args.get("joins") or () if select is not None else ()
    return any(it.args.get("kind") in ("SEMI", "ANTI", "ARRAY") for it in joins)


def _is_spread(node: exp.Expr) -> bool:
    inner = node.unalias()
    return (
        inner.is_star
        or isinstance(inner, _SPREADS)
        or (isinstance(inner, exp.Dot) and isinstance(inner.expression, exp.Star))
    )
