"""Which calls make one value of many rows, and in which query they do."""

from collections.abc import Iterator
from typing import Literal

from sqlglot import exp

from defog_metadata.catalog import Naming
from defog_metadata.sql.facts.origins import origin_of, own_columns, scope_around
from defog_metadata.sql.functions import functions_of, is_complete
from defog_metadata.sql.scopes import Bound, Scope

__all__ = ["CallKind", "call_kind", "inside", "is_window", "level_of"]

CallKind = Literal["aggregate", "other", "unknown"]
"""``unknown``: a function that we do not know, and that may be an aggregate."""

_RANKS = (
    exp.CumeDist, exp.DenseRank, exp.FirstValue, exp.Grouping, exp.GroupingId, exp.Lag,
    exp.LastValue, exp.Lead, exp.Ntile, exp.NthValue, exp.PercentRank, exp.Rank, exp.RowNumber,
)  # fmt: skip


def call_kind(node: exp.Expr, dialect: str, text: str) -> CallKind:
    """What a node is that is not under OVER; *text* is the statement's."""
    if isinstance(node, exp.WithinGroup | exp.Filter) or _over(node) == "KEEP":
        # These can only follow an aggregate, whichever it is.
        return "aggregate"
    if not isinstance(node, exp.Func) or isinstance(node, exp.Cast | exp.Case | exp.Connector):
        # ``schema.function(…)`` is someone's own.
        is_method = isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func)
        return "unknown" if is_method else "other"
    if any(isinstance(it, exp.Distinct) for it in node.iter_expressions()):
        return "aggregate"
    if isinstance(node, exp.Greatest | exp.Least):  # SQLite calls them MAX and MIN as well
        return "other"
    return _kind_of(node, _names(node, text), dialect)


def _kind_of(node: exp.Func, names: list[str], dialect: str) -> CallKind:
    library = functions_of(dialect)
    known = [library[it].kind for it in names if it in library]
    if isinstance(node, exp.AggFunc) and not isinstance(node, _RANKS):
        if known:
            return "aggregate" if "aggregate" in known else "unknown"
        return "unknown" if is_complete(dialect) else "aggregate"
    if known:
        return "aggregate" if "aggregate" in known else "other"
    return "unknown" if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) else "other"


def _names(node: exp.Func, text: str) -> list[str]:
    """How a function is called in the text or, where that is lost, may be called."""
    start, end = node.meta.get("start"), node.meta.get("end")
    if isinstance(start, int) and isinstance(end, int):
        return [text[start : end + 1].lower()]
    if isinstance(node, exp.Anonymous):
        return [node.name.lower()]
    return [it.lower() for it in node.sql_names()]


def is_window(node: exp.Expr) -> bool:
    """Whether *node* is a call with OVER, not the definition of a window."""
    return _over(node) == "OVER"


def _over(node: exp.Expr) -> str:
    return str(node.args.get("over") or "").upper() if isinstance(node, exp.Window) else ""


def inside(node: exp.Expr) -> Iterator[exp.Expr]:
    """*node* and what is in it, but for the queries in it."""
    waiting = [node]
    while waiting:
        it = waiting.pop()
        yield it
        if not isinstance(it, exp.Query):
            waiting += reversed(list(it.iter_expressions()))


def level_of(node: exp.Expr, scope: Scope, bound: Bound, naming: Naming) -> Scope | None:
    """The scope whose rows an aggregate in *scope* is about; ``None`` where that is not certain.

    It is the innermost one that a column in it comes from.
    """
    levels = list(scope.outward())
    found: list[int] = []
    for column in own_columns(node):
        around = scope_around(column, bound)
        origin = origin_of(column, around, naming) if around else None
        if origin is None:
            return None
        if origin.scope in levels:
            found.append(levels.index(origin.scope))
    return levels[min(found)] if found else scope
