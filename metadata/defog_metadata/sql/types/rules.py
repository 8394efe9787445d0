"""How a node's type follows from its parts: the rules that engines are made of."""

from collections.abc import Mapping

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule
from defog_metadata.sql.types.type_text import UNTYPED, element_of, field_of

__all__ = ["STRUCTURE", "always", "as_argument", "as_is", "common_of", "for_each", "items"]


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


def items(node: exp.Expr) -> list[exp.Expr]:
    """The arguments of a function, in order."""
    return [it for it in (node.this, *node.expressions) if isinstance(it, exp.Expr)]


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
    return engine.common([engine.of(it, context) if it else UNTYPED for it in results])


def _if(engine: Engine, node: exp.Expr, context: Context) -> str:
    results = (node.args.get("true"), node.args.get("false"))
    return engine.common([engine.of(it, context) if it else UNTYPED for it in results])


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


def _call(engine: Engine, node: exp.Expr, context: Context) -> str:
    return engine.call(node.name.lower(), node.expressions, context)


_ARITHMETIC = frozenset(
    (
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe, exp.BitwiseAnd,
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
    **for_each(exp.AnyValue, exp.FirstValue, exp.LastValue, exp.Max, exp.Min, exp.NthValue,
               rule=as_argument),
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
    exp.Null: always(UNTYPED),
    exp.Nullif: as_argument,
    exp.Query: _single,
}  # fmt: skip
"""The rules of nodes that mean the same everywhere; what differs, the engine's methods decide."""
