"""When an engine takes two expressions for the same."""

from collections.abc import Iterator

from sqlglot import exp

from defog_metadata.catalog import Naming
from defog_metadata.sql.facts.origins import Origin, origin_of, scope_around
from defog_metadata.sql.scopes import Bound, Scope

__all__ = ["Key", "Sameness", "column_key", "kinds_like"]

Key = tuple[object, ...]
_DEEPEST = 150


class Sameness:
    """Gives the same key to expressions of one query that mean the same, however they are spelled.

    Columns count by what they mean, names regardless of case, brackets not at all.
    """

    def __init__(self, scope: Scope, bound: Bound, naming: Naming) -> None:
        self._scope = scope
        self._bound = bound
        self._naming = naming

    def origin(self, column: exp.Column) -> Origin | None:
        scope = scope_around(column, self._bound)
        return origin_of(column, scope, self._naming) if scope is not None else None

    def key(self, node: exp.Expr, depth: int = 0) -> Key:
        if depth > _DEEPEST:
            return ("too deep", id(node))
        match node:
            case exp.Paren() | exp.Alias():
                return self.key(node.this, depth)
            case exp.Column(this=exp.Identifier()):
                origin = self.origin(node)
                if origin is not None and origin.scope is self._scope:
                    return column_key(origin, len(origin.members))
                return ("name", *(it.name.casefold() for it in node.parts))
            case exp.Literal():
                return ("literal", node.is_string, node.name)
            case exp.Identifier():
                return ("identifier", node.name.casefold())
            case exp.Date() if not node.expressions and not node.args.get("zone"):
                # PostgreSQL takes date(x) for the cast that it is.
                return ("cast", self.key(node.this, depth + 1), "date")
            case exp.Cast():
                to = node.args["to"].sql().lower()
                return ("cast", self.key(node.this, depth + 1), to)
            case _:
                return (type(node), *self._parts(node, depth + 1))

    def _parts(self, node: exp.Expr, depth: int) -> Iterator[object]:
        for name, value in sorted(node.args.items()):
            for it in value if isinstance(value, list) else [value]:
                if isinstance(it, exp.Expr):
                    yield name, self.key(it, depth)
                elif it not in (None, False):
                    yield name, str(it).casefold()


def column_key(origin: Origin, length: int) -> Key:
    """The key of a column, or of what *length* steps reach inside it."""
    return ("column", tuple(map(id, origin.relations)), origin.key, origin.members[:length])


def kinds_like(node: exp.Expr) -> tuple[type[exp.Expr], ...]:
    """The kinds of nodes that may have the same key as *node*."""
    is_cast = isinstance(node, exp.Cast | exp.Date)
    return (exp.Cast, exp.TryCast, exp.Date) if is_cast else (type(node),)
