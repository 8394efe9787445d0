"""From an expression to its type: the walk, and what an engine decides on the way."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.type_text import NULL, UNTYPED, Spelling

__all__ = ["Engine", "Rule", "widest"]

Rule = Callable[["Engine", exp.Expr, Context], str]
"""The type of a node as the engine shows it; empty when it cannot be told for sure."""

_DEEPEST = 60


class Engine(ABC):
    """One engine's types. Stateless but for what it has memorised: one for all statements.

    ``rules`` say for each kind of node how its type follows from its parts; a kind without a
    rule takes that of its nearest base class.
    """

    rules: ClassVar[Mapping[type[exp.Expr], Rule]]
    spelling: ClassVar[Spelling]

    null: ClassVar[str] = NULL
    """The type of NULL until it meets another."""
    lone_null: ClassVar[str] = ""
    """What a NULL is that has met none."""
    string: ClassVar[str] = "varchar"
    """What a string literal is that has met no other type."""
    alias_names_column: ClassVar[bool] = False
    """Whether the alias of a function in FROM is the name of its one column as well."""
    position: ClassVar[str] = "bigint"
    """The type of WITH ORDINALITY and the like."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._found: dict[type, Rule | None] = {}
        self._casts: dict[object, str] = {}

    def of(self, node: object, context: Context) -> str:
        """The type of an expression, modifiers included; ``UNTYPED`` for one that has none yet."""
        if not isinstance(node, exp.Expr):
            return ""
        kind = type(node)
        if kind in self._found:
            rule = self._found[kind]
        else:
            rule = next((self.rules[it] for it in kind.__mro__ if it in self.rules), None)
            self._found[kind] = rule
        if rule is None or context.depth > _DEEPEST:
            return ""
        context.depth += 1
        shown = rule(self, node, context)
        context.depth -= 1
        return shown

    def base_of(self, node: object, context: Context) -> str:
        """The type of an expression without modifiers."""
        return self.spelling.base(self.of(node, context))

    def shown(self, found: str) -> str:
        """*found* as a query puts it out: nothing stays without a type."""
        if found == UNTYPED:
            return self.string
        return self.lone_null if found == NULL else found

    @abstractmethod
    def literal(self, node: exp.Literal) -> str:
        """The type of a number or a string."""

    @abstractmethod
    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        """The type of ``left + right`` and the like, from types without modifiers."""

    @abstractmethod
    def wider(self, left: str, right: str) -> str:
        """The type that takes both, without modifiers; empty where they do not go together."""

    def common(self, found: Sequence[str]) -> str:
        """The type of what may be any of *found*, as in CASE and UNION."""
        if not found or "" in found:
            return ""
        typed = [it for it in found if it not in (UNTYPED, NULL)]
        if not typed:
            return UNTYPED if UNTYPED in found else NULL
        if len({self.spelling.full(it) for it in found}) == 1:
            return self.spelling.full(typed[0])
        return reduce(self._wider_if_known, map(self.spelling.base, typed))

    def _wider_if_known(self, left: str, right: str) -> str:
        if left == right:
            return left
        return self.wider(left, right) if left and right else ""

    def merged(self, found: Sequence[str]) -> str:
        """The type of a column that USING has made of several."""
        same = len({self.spelling.base(it) for it in found}) == 1
        return found[0] if same else ""

    def array_of(self, element: str) -> str:
        return f"{element}[]" if element else ""

    def struct_of(self, members: Sequence[tuple[str, str]]) -> str:
        """The type of a struct with members of these names and types."""
        del members
        return ""

    def call(self, name: str, arguments: Sequence[exp.Expr], context: Context) -> str:
        """The result of a function that has no node of its own."""
        del name, arguments, context
        return ""

    def named_type(self, shown: str) -> str:
        """*shown* in the engine's words if it is one of its types, and not ``anyelement``."""
        del shown
        return ""

    def cast(self, to: exp.DataType) -> str:
        """A type as the text names it, in the engine's own words."""
        parameters = to.expressions
        if any(not isinstance(it, exp.DataTypeParam) for it in parameters):
            return self.written(to)
        key = (to.this, *(it.name for it in parameters))
        if not isinstance(to.this, exp.DType) or to.this == exp.DType.USERDEFINED:
            return self.written(to)
        if key not in self._casts:
            self._casts[key] = self.written(to)
        return self._casts[key]

    def written(self, to: exp.DataType) -> str:
        return self.spelling.full(to.sql(dialect=self.dialect or None).lower())


def widest(left: str, right: str, ladders: Sequence[Sequence[str]]) -> str:
    """The later one of two types on the same ladder; empty where they are on none together."""
    if left == right:
        return left
    for ladder in ladders:
        if left in ladder and right in ladder:
            return max(left, right, key=ladder.index)
    return ""
