"""The types of the nodes of a statement that has been bound."""

from sqlglot import exp

from defog_metadata.catalog import Naming
from defog_metadata.sql.facts.origins import scope_around
from defog_metadata.sql.scopes import Bound
from defog_metadata.sql.syntax import Syntax
from defog_metadata.sql.types import UNTYPED, Context, engine_of
from defog_metadata.sql.types.acceptance import LITERAL
from defog_metadata.sql.types.accepted import acceptance_of

__all__ = ["Typed"]

_SUMS = frozenset((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.DPipe))


class Typed:
    """Tells the types of one statement's expressions, and remembers those of long sums."""

    def __init__(self, bound: Bound, naming: Naming, syntax: Syntax) -> None:
        self._bound = bound
        self._naming = naming
        self._text = syntax.text
        self._engine = engine_of(syntax.dialect)
        self._accepted = acceptance_of(syntax.dialect)
        self._known: dict[int, str] = {}

    def family(self, node: exp.Expr) -> str:
        """What the engine takes *node* for; empty where that is not certain."""
        found = self.base(node)
        return LITERAL if found == UNTYPED else self._accepted.family(found)

    def shown(self, node: exp.Expr) -> str:
        """The type of *node* as a person is told it."""
        found = self.base(node)
        return "string" if found == UNTYPED else found

    def base(self, node: exp.Expr) -> str:
        """The type of *node* without modifiers. Sums lean left: each is asked for once only."""
        sums: list[exp.Expr] = []
        while type(node) in _SUMS and id(node) not in self._known:
            sums.append(node)
            node = node.this
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = self._base_of(node)
        while sums:
            outer = sums.pop()
            right = self.base(outer.args["expression"])
            found = self._engine.arithmetic(type(outer), found, right)
            self._known[id(outer)] = found
        return found

    def _base_of(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Query):
            return self._engine.spelling.base(self._bound.types.get(id(node), ""))
        scope = scope_around(node, self._bound)
        if scope is None:
            return ""
        context = Context(scope, self._naming, self._bound.types, scope.aliases, self._text)
        return self._engine.base_of(node, context)
