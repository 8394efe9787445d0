"""What PostgreSQL's functions return, as far as sqlglot has nodes for them."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule
from defog_metadata.sql.types.families import (
    MATHEMATICS,
    PREDICATES,
    RANKS,
    REGRESSION,
    STATISTICS,
    TRIGONOMETRY,
)
from defog_metadata.sql.types.rules import (
    STRUCTURE,
    always,
    for_each,
    from_argument,
    operation,
    percentile,
)
from defog_metadata.sql.types.type_text import UNTYPED, element_of

__all__ = ["NAMED", "RULES"]

NamedRule = Callable[[Engine, Sequence[exp.Expr], Context], str]

_INTEGERS = ("smallint", "integer", "bigint")
_EXACT = (*_INTEGERS, "numeric")
_NUMBERS = (*_EXACT, "real", "double precision")
_DOUBLE = "double precision"
_TIMESTAMP = "timestamp without time zone"
_TIMESTAMPTZ = "timestamp with time zone"
_TIMES = ("date", _TIMESTAMP, _TIMESTAMPTZ)
# Types of which MIN and MAX exist, beside arrays.
_ORDERED = frozenset((*_NUMBERS, *_TIMES, "character", "inet", "interval", "money", "oid", "text"))
_ORDERED |= {"time without time zone", "time with time zone"}


def _extreme(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.base_of(node.this, context)
    if found in ("character varying", "name", UNTYPED):
        return "text"
    return found if found in _ORDERED or found.endswith("[]") else ""


def _rounded(engine: Engine, node: exp.Expr, context: Context) -> str:
    """ROUND and TRUNC: with a number of digits, only of a ``numeric``."""
    if node.args.get("decimals") is not None:
        return "numeric"
    return _ROOTS.get(engine.base_of(node.this, context), "")


def _logarithm(engine: Engine, node: exp.Expr, context: Context) -> str:
    """LOG: of one argument, or to a base; LOG10 looks like ``LOG(10, x)`` in the tree."""
    argument = node.args.get("expression")
    if argument is None:
        return _ROOTS.get(engine.base_of(node.this, context), "")
    called = context.called(node)
    if called == "log10":
        return _ROOTS.get(engine.base_of(argument, context), "")
    return "numeric" if called or node.this.name != "10" else ""


def _negative(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.base_of(node.this, context)
    return found if found in _NUMBERS or found in ("interval", "money") else ""


def _binned(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``date_bin(stride, source, origin)``."""
    found = engine.base_of(node.args.get("expression"), context)
    return found if found in _TIMES[1:] else ""


def _nullif(engine: Engine, node: exp.Expr, context: Context) -> str:
    """The type of the first side of an equals sign between the two."""
    left = engine.of(node.this, context)
    right = engine.base_of(node.args.get("expression"), context)
    base = engine.spelling.base(left)
    if not left or not right or base in _VARIABLE:
        return "text" if base in _VARIABLE and right in (*_VARIABLE, UNTYPED) else ""
    if right in (base, UNTYPED) or (base in _INTEGERS and right in _INTEGERS):
        return left
    if base == UNTYPED:
        return "text" if right == "character varying" else right
    if base in _NUMBERS and right in _NUMBERS:
        return base if base == "real" else engine.arithmetic(exp.Add, base, right)
    return base if base in _TIMES and right in _TIMES else ""


def _extract(_engine: Engine, _node: exp.Expr, context: Context) -> str:
    # The tree has the same node for DATE_PART, which is older and returns something else.
    text = context.text.casefold()
    if "date_part" not in text:
        return "numeric"
    return "" if "extract" in text else _DOUBLE


def _json(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.base_of(node.this, context)
    return found if found in ("json", "jsonb") else ""


def _element(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.of(node.this, context)
    if found == "jsonb" or any(isinstance(it, exp.Slice) for it in node.expressions):
        return found
    if isinstance(node.this, exp.Bracket) and not element_of(found):
        return found  # the second subscript of an array of two dimensions
    return element_of(found)


def _array_with(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``array_append(array, element)``, in whatever order."""
    parts = [node.this, *(it for it in (node.args.get("expression"), *node.expressions) if it)]
    found = [engine.base_of(it, context).removesuffix("[]") for it in parts]
    return engine.array_of(engine.shown(engine.common(found)))


def _series(engine: Engine, node: exp.Expr, context: Context) -> str:
    parts = (node.args.get("start"), node.args.get("end"), node.args.get("step"))
    found = [engine.base_of(it, context) for it in parts if it is not None]
    if found[-1] in ("interval", UNTYPED) and found[0] in _TIMES:
        # There is none of dates: they become what is preferred among timestamps.
        return _TIMESTAMP if _TIMESTAMP in found and _TIMESTAMPTZ not in found else _TIMESTAMPTZ
    numbers = engine.common([it for it in found if it != UNTYPED])
    return "integer" if numbers == "smallint" else numbers if numbers in _EXACT else ""


def _common_divisor(engine: Engine, arguments: Sequence[exp.Expr], context: Context) -> str:
    found = engine.common([engine.base_of(it, context) for it in arguments])
    return "integer" if found == "smallint" else found if found in _EXACT else ""


def _first_same(engine: Engine, arguments: Sequence[exp.Expr], context: Context) -> str:
    found = engine.base_of(arguments[0], context) if arguments else ""
    return "" if found == UNTYPED else found


def _age(engine: Engine, arguments: Sequence[exp.Expr], context: Context) -> str:
    found = [engine.base_of(it, context) for it in arguments]
    return "interval" if len(found) > 1 or not {*found}.isdisjoint(_TIMES) else ""


_VARIABLE = ("text", "character varying")
_ROOTS = dict.fromkeys((*_INTEGERS, "real", _DOUBLE, UNTYPED), _DOUBLE) | {"numeric": "numeric"}
_STATISTICS = dict.fromkeys(_EXACT, "numeric") | dict.fromkeys(("real", _DOUBLE), _DOUBLE)
_AVERAGES = _STATISTICS | {"interval": "interval"}
_SUMS = {
    "smallint": "bigint", "integer": "bigint", "bigint": "numeric", "numeric": "numeric",
    "real": "real", _DOUBLE: _DOUBLE, "interval": "interval", "money": "money",
    "time without time zone": "interval",
}  # fmt: skip
_TRUNCATED = {
    "date": _TIMESTAMPTZ, _TIMESTAMP: _TIMESTAMP, _TIMESTAMPTZ: _TIMESTAMPTZ,
    "interval": "interval", "time without time zone": "interval",
}  # fmt: skip
_ZONED = {
    _TIMESTAMP: _TIMESTAMPTZ, _TIMESTAMPTZ: _TIMESTAMP, "date": _TIMESTAMP, UNTYPED: _TIMESTAMP,
    "time without time zone": "time with time zone", "time with time zone": "time with time zone",
}  # fmt: skip
_TEXTS = dict.fromkeys(("text", "character varying", "character", "name", UNTYPED), "text")

RULES: Mapping[type[exp.Expr], Rule] = MappingProxyType(
    {
        **STRUCTURE,
        **for_each(
            exp.ArrayToString, exp.Chr, exp.Concat, exp.ConcatWs, exp.CurrentVersion, exp.Encode,
            exp.Format, exp.Hex, exp.Host, exp.Initcap, exp.JSONBExtractScalar,
            exp.JSONExtractScalar, exp.Left, exp.MD5, exp.Normalize, exp.Pad,
            exp.RegexpReplace, exp.RegexpSubstr, exp.Repeat, exp.Replace, exp.Reverse,
            exp.Right, exp.SplitPart, exp.TimeToStr, exp.ToChar, exp.Translate,
            rule=always("text"),
        ),
        **for_each(*PREDICATES, exp.JSONBExists, rule=always("boolean")),
        **for_each(exp.ArrayPosition, exp.ArraySize, exp.Ascii, exp.BitLength, exp.Getbit,
                   exp.Grouping, exp.Ntile, exp.RegexpCount, exp.RegexpInstr, exp.StrPosition,
                   exp.WidthBucket, rule=always("integer")),
        **for_each(*RANKS, exp.Count, exp.RegrCount, rule=always("bigint")),
        **for_each(*REGRESSION, *TRIGONOMETRY, exp.CumeDist, exp.PercentRank, exp.Rand,
                   rule=always(_DOUBLE)),
        **for_each(exp.Factorial, exp.ToNumber, rule=always("numeric")),
        **for_each(exp.CurrentDate, exp.Date, exp.StrToDate, rule=always("date")),
        **for_each(exp.Localtimestamp, exp.Timestamp, exp.TimestampFromParts,
                   rule=always(_TIMESTAMP)),
        **for_each(exp.CurrentTimestamp, exp.StrToTime, exp.UnixToTime, rule=always(_TIMESTAMPTZ)),
        **for_each(exp.Localtime, exp.Time, exp.TimeFromParts,
                   rule=always("time without time zone")),
        **for_each(exp.Interval, exp.JustifyDays, exp.JustifyHours, exp.JustifyInterval,
                   exp.MakeInterval, rule=always("interval")),
        **for_each(exp.JSONArrayAgg, exp.JSONObjectAgg, exp.JSONStripNulls, rule=always("json")),
        **for_each(exp.CurrentSchema, exp.CurrentUser, exp.SessionUser, exp.CurrentDatabase,
                   exp.CurrentRole, rule=always("name")),
        **for_each(exp.SHA2Digest, exp.Decode, rule=always("bytea")),
        **for_each(exp.Max, exp.Min, rule=_extreme),
        **for_each(exp.Round, exp.Trunc, rule=_rounded),
        **for_each(*MATHEMATICS, exp.Ceil, exp.Floor, exp.Sign, rule=from_argument(_ROOTS)),
        **for_each(*STATISTICS, rule=from_argument(_STATISTICS)),
        **for_each(exp.Lower, exp.Upper, rule=from_argument(_TEXTS)),
        **for_each(exp.Overlay, exp.Substring, exp.Trim,
                   rule=from_argument(_TEXTS | {"bytea": "bytea", "bit": "bit"})),
        exp.Pow: operation,
        **for_each(exp.JSONExtract, exp.JSONBExtract, rule=_json),
        **for_each(exp.ArrayAppend, exp.ArrayConcat, exp.ArrayPrepend, exp.ArrayRemove,
                   rule=_array_with),
        **for_each(exp.BitwiseAndAgg, exp.BitwiseNot, exp.BitwiseOrAgg, exp.BitwiseXorAgg,
                   rule=from_argument({it: it for it in _INTEGERS})),
        exp.Abs: from_argument({it: it for it in _NUMBERS} | {UNTYPED: _DOUBLE}),
        exp.AtTimeZone: from_argument(_ZONED),
        exp.Avg: from_argument(_AVERAGES),
        exp.Bracket: _element,
        exp.CurrentSchemas: always("name[]"),
        exp.CurrentTime: always("time with time zone"),
        exp.ByteString: always(UNTYPED),
        exp.DateBin: _binned,
        exp.Explode: lambda engine, node, context: element_of(engine.base_of(node.this, context)),
        exp.Extract: _extract,
        exp.ExplodingGenerateSeries: _series,
        exp.GroupConcat: from_argument(_TEXTS | {"bytea": "bytea"}),
        exp.HexString: always("bit"),
        exp.BitString: always("bit"),
        exp.JSONBObjectAgg: always("jsonb"),
        exp.Length: always("integer"),
        exp.Log: _logarithm,
        exp.Neg: _negative,
        exp.Nullif: _nullif,
        exp.StringToArray: always("text[]"),
        exp.Sum: from_argument(_SUMS),
        exp.TimestampTrunc: from_argument(_TRUNCATED),
        exp.Uuid: always("uuid"),
        exp.WithinGroup: percentile(dict.fromkeys(_NUMBERS, _DOUBLE) | {"interval": "interval"}),
    }
)  # fmt: skip
"""The rules of nodes; ``date_trunc`` of a date has a time zone, since that type is preferred."""

NAMED: Mapping[str, NamedRule] = MappingProxyType(
    {
        "age": _age,
        "array_fill": lambda engine, found, context: engine.array_of(
            _first_same(engine, found, context)
        ),
        "array_replace": _first_same,
        "gcd": _common_divisor,
        "json_extract_path": lambda *_: "json",
        "lcm": _common_divisor,
        "pg_typeof": lambda *_: "regtype",
        "trim_array": _first_same,
        "ts_headline": lambda *_: "",  # of a text or of JSON
    }
)
"""Functions that sqlglot has no node for and whose result depends on their arguments."""
