"""What DuckDB's functions return, as far as sqlglot has nodes for them."""

from collections.abc import Mapping
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
    as_argument,
    as_is,
    for_each,
    from_argument,
    percentile,
)
from defog_metadata.sql.types.type_text import UNTYPED, element_of

__all__ = ["INTEGERS", "NUMBERS", "RULES", "TIMESTAMPTZ", "UNSIGNED"]

TIMESTAMPTZ = "timestamp with time zone"
INTEGERS = ("tinyint", "smallint", "integer", "bigint", "hugeint")
UNSIGNED = ("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint")
NUMBERS = (*INTEGERS, "decimal", "float", "double")


def _same(*types: str) -> dict[str, str]:
    return {it: it for it in types}


def _seconds(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    """``to_timestamp(x)``; with a scale, the node stands for several functions."""
    return "" if node.args.get("scale") is not None else TIMESTAMPTZ


def _extracted(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "double" if node.name.lower() in ("epoch", "julian") else "bigint"


def _quantile(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``quantile_cont(x, 0.5)``."""
    found = engine.base_of(node.this, context)
    if isinstance(node, exp.PercentileCont):
        found = _CONTINUOUS.get(found, "")
    many = engine.base_of(node.args.get("expression"), context).endswith("]")
    return engine.array_of(found) if many else found


def _element(engine: Engine, node: exp.Expr, context: Context) -> str:
    return element_of(engine.of(node.this, context))


def _series(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.base_of(node.args.get("end"), context)
    return {"integer": "bigint[]", "bigint": "bigint[]"}.get(found, f"{_TRUNCATED.get(found)}[]")


def _member(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``list[1]``, ``struct['a']``, ``map[key]``, or one letter of a string."""
    found = engine.base_of(node.this, context)
    if found in ("varchar", UNTYPED):
        return "varchar"
    if found == "json":
        return "" if any(isinstance(it, exp.Slice) for it in node.expressions) else found
    return STRUCTURE[exp.Bracket](engine, node, context)


_WHOLE = (*INTEGERS, *UNSIGNED)
_SUMS = dict.fromkeys((*_WHOLE, "boolean"), "hugeint") | _same("decimal", "double")
_SUMS["float"] = "double"
_CEILINGS = dict.fromkeys(_WHOLE, "double") | _same("decimal", "float", "double")
_TIMES = _same("timestamp", TIMESTAMPTZ) | {"date": "timestamp"}
_AVERAGES = dict.fromkeys((*NUMBERS, *UNSIGNED), "double") | _TIMES | _same("time", "interval")
_CONTINUOUS = _CEILINGS | _TIMES | _same("time")
_MEDIANS = _CONTINUOUS | _same("boolean", "interval", "varchar")
_TRUNCATED = _TIMES | _same("interval")
_TEXTS = dict.fromkeys(("varchar", "json", UNTYPED), "varchar")

RULES: Mapping[type[exp.Expr], Rule] = MappingProxyType(
    {
        **STRUCTURE,
        **for_each(*PREDICATES, rule=always("boolean")),
        **for_each(
            exp.ArrayToString, exp.Chr, exp.Concat, exp.ConcatWs, exp.CurrentVersion, exp.Dayname,
            exp.Format, exp.GroupConcat, exp.JSONExtractScalar, exp.Left, exp.Lower, exp.MD5,
            exp.Monthname, exp.Pad, exp.RegexpExtract, exp.RegexpReplace, exp.Replace, exp.Right,
            exp.SHA2, exp.SplitPart, exp.Substring, exp.TimeToStr, exp.Translate, exp.Trim,
            exp.Typeof, exp.Upper, exp.CurrentSchema, exp.ToBase64,
            rule=always("varchar"),
        ),
        **for_each(
            *RANKS, exp.ApproxDistinct, exp.ArraySize, exp.BitLength, exp.Count, exp.DateDiff,
            exp.Day, exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear, exp.Grouping,
            exp.Hour, exp.Length, exp.Minute, exp.Month, exp.Ntile, exp.Quarter, exp.Second,
            exp.StrPosition, exp.Week, exp.WeekOfYear, exp.Year,
            rule=always("bigint"),
        ),
        **for_each(*MATHEMATICS, *REGRESSION, *STATISTICS, *TRIGONOMETRY, exp.CumeDist,
                   exp.Kurtosis, exp.Log, exp.PercentRank, exp.Pow, exp.Rand, exp.Skewness,
                   exp.TimeToUnix, rule=always("double")),
        **for_each(exp.CountIf, exp.Factorial, rule=always("hugeint")),
        **for_each(exp.CurrentDate, exp.Date, exp.DateFromParts, exp.LastDay, rule=always("date")),
        **for_each(exp.CurrentTimestamp, rule=always(TIMESTAMPTZ)),
        **for_each(exp.Localtimestamp, exp.StrToTime, rule=always("timestamp")),
        **for_each(exp.Interval, exp.ToDays, rule=always("interval")),
        **for_each(exp.ArrayDistinct, exp.ArrayFilter, exp.ArrayReverse,
                   exp.ArraySort, exp.Mode, exp.BitwiseAndAgg, exp.BitwiseOrAgg,
                   exp.BitwiseXorAgg, exp.BitwiseNot, rule=as_argument),
        **for_each(exp.Ceil, exp.Floor, rule=from_argument(_CEILINGS)),
        **for_each(exp.Initcap, exp.Repeat, exp.Reverse, rule=from_argument(_TEXTS)),
        **for_each(exp.PercentileCont, exp.PercentileDisc, rule=_quantile),
        **for_each(exp.Explode, exp.Flatten, rule=_element),
        **for_each(exp.Ascii, exp.Unicode, rule=always("integer")),
        exp.Abs: from_argument(_same(*NUMBERS)),
        exp.AtTimeZone: from_argument(
            dict.fromkeys(("date", "timestamp"), TIMESTAMPTZ) | {TIMESTAMPTZ: "timestamp"}
        ),
        exp.Avg: from_argument(_AVERAGES),
        exp.ArraySlice: lambda engine, node, context: (
            "varchar" if (found := engine.base_of(node.this, context)) == "json" else found
        ),
        exp.ArrayConcat: as_argument,
        exp.Bracket: _member,
        exp.CurrentTime: always("time with time zone"),
        exp.DateAdd: from_argument(_TRUNCATED | _same("time")),
        exp.DateBin: lambda engine, node, context: engine.base_of(
            node.args.get("expression"), context
        ),
        exp.Extract: _extracted,
        exp.GenerateSeries: _series,
        exp.Decode: always("varchar"),
        exp.Encode: always("blob"),
        exp.JSONExtract: always("json"),
        exp.JSONObject: always("json"),
        exp.Lag: as_argument,
        exp.Lead: as_argument,
        exp.Median: from_argument(_MEDIANS),
        exp.Neg: from_argument(_same(*INTEGERS, *NUMBERS, "interval")),
        exp.Nullif: as_is,
        exp.Round: from_argument(_same(*NUMBERS)),
        exp.Sign: always("tinyint"),
        exp.Split: always("varchar[]"),
        exp.Sum: from_argument(_SUMS),
        exp.TimeFromParts: always("time"),
        exp.TimestampTrunc: from_argument(_TRUNCATED),
        exp.Trunc: from_argument(_same(*NUMBERS, *UNSIGNED)),
        exp.UnixToTime: _seconds,
        exp.Uuid: always("uuid"),
        exp.WithinGroup: percentile(_CONTINUOUS),
    }
)  # fmt: skip
