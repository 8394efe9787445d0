"""How a node's type follows from its parts: the rules that engines are made of."""

from collections.abc import Mapping

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule
from defog_metadata.sql.types.type_text import element_of, field_of

__all__ = [
    "STRUCTURE",
    "always",
    "as_argument",
    "as_is",
    "common_of",
    "for_each",
    "from_argument",
    "operation",
    "percentile",
]


def always(shown: str) -> Rule:
    """The same type whatever the arguments are."""

    def rule(_engine: Engine, _node: exp.Expr, _context: Context) -> str:
        return shown

    return rule


def for_each(*kinds: type[exp.Expr], rule: Rule) -> dict[type[exp.Expr], Rule]:
    return dict.fromkeys(kinds, rule)


def as_is(engine: Engine, node: exp.Expr, context: Context) -> str:
    """The type of the first part, with its modifiers."""
    return engine.of(node.this, context)


def as_argument(engine: Engine, node: exp.Expr, context: Context) -> str:
    """The type of the first part; a function forgets the modifiers."""
    return engine.base_of(node.this, context)


def common_of(engine: Engine, node: exp.Expr, context: Context) -> str:
    """The common type of all arguments (``COALESCE``)."""
    parts = [node.this, *node.expressions]
    return engine.common([engine.of(it, context) for it in parts if it is not None])


def from_argument(results: Mapping[str, str]) -> Rule:
    """The type that *results* gives for the type of the first argument."""

    def rule(engine: Engine, node: exp.Expr, context: Context) -> str:
        return results.get(engine.base_of(node.this, context), "")

    return rule


def percentile(continuous: Mapping[str, str]) -> Rule:
    """``percentile_cont(0.5) WITHIN GROUP (ORDER BY x)``; *continuous* by the type of x."""

    def rule(engine: Engine, node: exp.Expr, context: Context) -> str:
        order = node.args.get("expression")
        values = order.expressions if isinstance(order, exp.Order) else []
        function = node.this
        if len(values) != 1 or not isinstance(
            function, exp.PercentileCont | exp.PercentileDisc | exp.Mode
        ):
            return engine.of(function, context)
        ordered = engine.shown(engine.base_of(values[0].this, context))
        is_between = isinstance(function, exp.PercentileCont)
        found = continuous.get(ordered, "") if is_between else ordered
        is_many = engine.base_of(function.this, context).endswith("]")
        return engine.array_of(found) if is_many else found

    return rule


def _column(engine: Engine, node: exp.Expr, context: Context) -> str:
    if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
        return ""
    found = context.column_types(node)
    if len(found) > 1:
        return engine.merged(found)
    return found[0] if found else ""


def _member(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``(column).member``; a function in a schema is the user's own."""
    if isinstance(node.expression, exp.Identifier):
        return field_of(engine.of(node.this, context), node.expression.name)
    return ""


def _element(engine: Engine, node: exp.Expr, context: Context) -> str:
    shown = engine.of(node.this, context)
    keys = node.expressions
    if any(isinstance(it, exp.Slice) for it in keys):
        return shown
    if len(keys) == 1 and isinstance(keys[0], exp.Literal) and keys[0].is_string:
        return field_of(shown, keys[0].name) or element_of(shown)
    return element_of(shown)


def _cast(engine: Engine, node: exp.Expr, _context: Context) -> str:
    to = node.args.get("to")
    return engine.cast(to) if isinstance(to, exp.DataType) else ""


def _literal(engine: Engine, node: exp.Expr, _context: Context) -> str:
    return engine.literal(node) if isinstance(node, exp.Literal) else ""


def _single(_engine: Engine, node: exp.Expr, context: Context) -> str:
    return context.queries.get(id(node), "")


def _distinct(engine: Engine, node: exp.Expr, context: Context) -> str:
    parts = node.expressions
    return engine.of(parts[0], context) if len(parts) == 1 else ""


def _case(engine: Engine, node: exp.Expr, context: Context) -> str:
    # PostgreSQL looks at ELSE first; to the others, the order is all the same.
    results = [node.args.get("default")]
    results += [it.args.get("true") for it in node.args.get("ifs") or ()]
    return engine.common([engine.of(it, context) if it else engine.null for it in results])


def _if(engine: Engine, node: exp.Expr, context: Context) -> str:
    results = (node.args.get("true"), node.args.get("false"))
    return engine.common([engine.of(it, context) if it else engine.null for it in results])


def _arithmetic(engine: Engine, node: exp.Expr, context: Context) -> str:
    # A sum may have hundreds of parts, each inside the next: walk down, do not recurse.
    waiting: list[exp.Expr] = []
    while type(node) in _ARITHMETIC:
        waiting.append(node)
        node = node.this
    shown = engine.base_of(node, context)
    while waiting:
        outer = waiting.pop()
        right = engine.base_of(outer.args.get("expression"), context)
        shown = engine.arithmetic(type(outer), shown, right)
    return shown


def operation(engine: Engine, node: exp.Expr, context: Context) -> str:
    """What is written as an operator or as a function: ``MOD(a, b)``."""
    left = engine.base_of(node.this, context)
    right = engine.base_of(node.args.get("expression"), context)
    return engine.arithmetic(type(node), left, right)


def _array(engine: Engine, node: exp.Expr, context: Context) -> str:
    parts = node.expressions
    if len(parts) == 1 and isinstance(parts[0], exp.Query):
        return engine.array_of(engine.shown(engine.of(parts[0], context)))
    return engine.array_of(engine.shown(engine.common([engine.of(it, context) for it in parts])))


def _array_agg(engine: Engine, node: exp.Expr, context: Context) -> str:
    return engine.array_of(engine.shown(engine.base_of(node.this, context)))


def _neighbour(engine: Engine, node: exp.Expr, context: Context) -> str:
    """LAG and LEAD, whose third argument stands in where there is no such row."""
    default = node.args.get("default")
    own = engine.base_of(node.this, context)
    return engine.common([own, engine.base_of(default, context)]) if default else own


def _struct(engine: Engine, node: exp.Expr, context: Context) -> str:
    members: list[tuple[str, str]] = []
    for it in node.expressions:
        is_named = isinstance(it, exp.PropertyEQ | exp.Alias)
        value = it.expression if isinstance(it, exp.PropertyEQ) else it
        shown = engine.shown(engine.of(value, context))
        name = it.this.name if isinstance(it, exp.PropertyEQ) else it.alias_or_name
        if not shown or not name or not (is_named or isinstance(it, exp.Column)):
            return ""
        members.append((name, shown))
    return engine.struct_of(members)


def _extreme(engine: Engine, node: exp.Expr, context: Context) -> str:
    """MAX and MIN; DuckDB's with a count gives a list."""
    found = engine.base_of(node.this, context)
    return engine.array_of(found) if node.args.get("count") is not None else found


def _call(engine: Engine, node: exp.Expr, context: Context) -> str:
    return engine.call(node.name.lower(), node.expressions, context)


_ARITHMETIC = frozenset(
    (
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.DPipe, exp.BitwiseAnd,
        exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift, exp.BitwiseRightShift,
    )
)  # fmt: skip
STRUCTURE: Mapping[type[exp.Expr], Rule] = {
    **for_each(
        exp.Alias, exp.Collate, exp.Filter, exp.HavingMax, exp.IgnoreNulls, exp.Limit, exp.Order,
        exp.Paren, exp.RespectNulls, exp.Window, exp.WithinGroup, exp.Neg,
        rule=as_is,
    ),
    **for_each(*_ARITHMETIC, rule=_arithmetic),
    **for_each(exp.AnyValue, exp.ArgMax, exp.ArgMin, exp.First, exp.FirstValue, exp.Last,
               exp.LastValue, exp.NthValue, rule=as_argument),
    **for_each(exp.Max, exp.Min, rule=_extreme),
    exp.Anonymous: _call,
    exp.Array: _array,
    exp.ArrayAgg: _array_agg,
    exp.Bracket: _element,
    exp.Case: _case,
    exp.Cast: _cast,
    exp.Coalesce: common_of,
    exp.Column: _column,
    exp.Distinct: _distinct,
    exp.Dot: _member,
    exp.Greatest: common_of,
    exp.If: _if,
    exp.Lag: _neighbour,
    exp.Lead: _neighbour,
    exp.Least: common_of,
    exp.Literal: _literal,
    exp.Mod: operation,
    exp.Null: lambda engine, _node, _context: engine.null,
    exp.Nullif: as_argument,
    exp.Query: _single,
    exp.Struct: _struct,
}  # fmt: skip
"""The rules of nodes that mean the same everywhere; what differs, the engine's methods decide."""
