"""BigQuery's types, after the tables in its documentation of functions and operators."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule, widest
from defog_metadata.sql.types.families import (
    MATHEMATICS,
    PREDICATES,
    RANKS,
    REGRESSION,
    STATISTICS,
    TRIGONOMETRY,
)
from defog_metadata.sql.types.operators import read_operators
from defog_metadata.sql.types.rules import (
    STRUCTURE,
    always,
    as_argument,
    as_is,
    for_each,
    from_argument,
    operation,
)
from defog_metadata.sql.types.type_text import UNTYPED, Spelling

__all__ = ["BigQuery"]

_NUMBERS = ("int64", "numeric", "bignumeric", "float64")
_TIMES = ("date", "datetime", "timestamp", "time")
_SPELLING = Spelling(
    {
        **dict.fromkeys(("int", "integer", "bigint", "smallint", "tinyint", "byteint"), "int64"),
        **dict.fromkeys(("float", "real", "double", "double precision"), "float64"),
        **dict.fromkeys(("text", "varchar", "char", "character varying", "character"), "string"),
        "boolean": "bool", "decimal": "numeric", "bigdecimal": "bignumeric",
        "timestamp without time zone": "datetime", "timestamp with time zone": "timestamp",
        "time without time zone": "time",
    }
)  # fmt: skip
_RESULTS = read_operators(
    """
    date + int64 = date             date - int64 = date         date - date = interval
    date + interval = datetime      date - interval = datetime  datetime + interval = datetime
    datetime - interval = datetime  timestamp + interval = timestamp
    timestamp - interval = timestamp    datetime - datetime = interval
    timestamp - timestamp = interval    interval + interval = interval
    interval - interval = interval  interval * int64 = interval interval / int64 = interval
    string || string = string       string || unknown = string  bytes || bytes = bytes
    unknown || unknown = string
    """,
    _SPELLING,
)


def _truncated(engine: Engine, node: exp.Expr, context: Context) -> str:
    """A function of a date or time that keeps its type; a literal becomes the function's own."""
    found = engine.base_of(node.this, context)
    return _OF_LITERALS.get(type(node), "") if found == UNTYPED else found


def _extracted(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return {"date": "date", "time": "time", "datetime": "datetime"}.get(node.name.lower(), "int64")


def _json_text(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "json" if node.args.get("to_json") else "string"


def _quantile(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.base_of(node.this, context)
    return _AVERAGES.get(found, "") if isinstance(node, exp.PercentileCont) else found


def _power(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = operation(engine, node, context)
    return "float64" if found == "int64" else found


def _series(engine: Engine, node: exp.Expr, context: Context) -> str:
    parts = (node.args.get("start"), node.args.get("end"), node.args.get("step"))
    return engine.array_of(engine.common([engine.base_of(it, context) for it in parts if it]))


def _strings(engine: Engine, node: exp.Expr, context: Context) -> str:
    """CONCAT joins strings or bytes, and nothing else."""
    found = {engine.base_of(it, context) for it in node.expressions}
    return "bytes" if found == {"bytes"} else "string" if found & {"string", UNTYPED} else ""


def _nullif(engine: Engine, node: exp.Expr, context: Context) -> str:
    parts = (node.this, node.args.get("expression"))
    return engine.common([engine.of(it, context) for it in parts])


_OF_LITERALS: Mapping[type[exp.Expr], str] = {
    exp.DateAdd: "date", exp.DateSub: "date", exp.DateTrunc: "date", exp.LastDay: "date",
    exp.DatetimeAdd: "datetime", exp.DatetimeSub: "datetime", exp.DatetimeTrunc: "datetime",
    exp.TimestampAdd: "timestamp", exp.TimestampSub: "timestamp",
    exp.TimestampTrunc: "timestamp", exp.TimeAdd: "time", exp.TimeSub: "time",
    exp.TimeTrunc: "time",
}  # fmt: skip
_ROUNDED = {it: it for it in _NUMBERS} | {"int64": "float64"}
_SAME = {it: it for it in _NUMBERS}
_AVERAGES = _ROUNDED | {"interval": "interval"}
_STRINGS = {"string": "string", UNTYPED: "string", "bytes": "bytes"}

RULES: Mapping[type[exp.Expr], Rule] = MappingProxyType(
    {
        **STRUCTURE,
        **for_each(*PREDICATES, rule=always("bool")),
        **for_each(
            *RANKS, exp.ApproxDistinct, exp.ArraySize, exp.Ascii, exp.ByteLength, exp.Count,
            exp.CountIf, exp.DateDiff, exp.DatetimeDiff, exp.FarmFingerprint, exp.Grouping,
            exp.Int64, exp.Length, exp.Levenshtein, exp.Ntile, exp.RangeBucket,
            exp.RegexpInstr, exp.StrPosition, exp.TimeDiff, exp.TimestampDiff, exp.Unicode,
            exp.UnixDate, exp.UnixMicros, exp.UnixMillis, exp.UnixSeconds,
            rule=always("int64"),
        ),
        **for_each(*REGRESSION, *STATISTICS, *TRIGONOMETRY, exp.CumeDist, exp.PercentRank,
                   exp.Rand, rule=always("float64")),
        **for_each(
            exp.ArrayToString, exp.Chr, exp.Format, exp.Host, exp.Initcap,
            exp.JSONExtractScalar, exp.LowerHex, exp.RawString, exp.Soundex, exp.String,
            exp.TimeToStr, exp.ToBase64, exp.Uuid,
            rule=always("string"),
        ),
        **for_each(exp.CurrentDate, exp.Date, exp.DateFromParts, exp.DateFromUnixDate,
                   exp.StrToDate, exp.TsOrDsToDate, rule=always("date")),
        **for_each(exp.CurrentDatetime, exp.Datetime, exp.ParseDatetime, exp.TimestampFromParts,
                   exp.TsOrDsToDatetime, rule=always("datetime")),
        **for_each(exp.CurrentTimestamp, exp.StrToTime, exp.Timestamp, exp.UnixToTime,
                   rule=always("timestamp")),
        **for_each(exp.CurrentTime, exp.ParseTime, exp.Time, exp.TimeFromParts, exp.TsOrDsToTime,
                   rule=always("time")),
        **for_each(exp.ByteString, exp.MD5Digest, exp.SHA, exp.SHA2, exp.SHA2Digest,
                   rule=always("bytes")),
        **for_each(*_OF_LITERALS, rule=_truncated),
        **for_each(*MATHEMATICS, exp.Ceil, exp.Floor, exp.Round, exp.Trunc,
                   rule=from_argument(_ROUNDED)),
        **for_each(exp.Left, exp.Lower, exp.Pad, exp.RegexpExtract, exp.RegexpReplace, exp.Repeat,
                   exp.Replace, exp.Reverse, exp.Right, exp.Substring, exp.Translate, exp.Trim,
                   exp.Upper, exp.GroupConcat, rule=from_argument(_STRINGS)),
        **for_each(exp.Abs, exp.Neg, exp.Sign, exp.Sum,
                   rule=from_argument(_SAME | {"interval": "interval"})),
        **for_each(exp.PercentileCont, exp.PercentileDisc, rule=_quantile),
        **for_each(exp.ArrayConcat, exp.ArrayConcatAgg, exp.ArrayReverse, exp.BitwiseAndAgg,
                   exp.BitwiseNot, exp.BitwiseOrAgg, exp.BitwiseXorAgg, rule=as_argument),
        **for_each(exp.NetFunc, exp.SafeFunc, rule=as_is),
        exp.Avg: from_argument(_AVERAGES),
        exp.Concat: _strings,
        exp.Extract: _extracted,
        exp.GenerateDateArray: always("array<date>"),
        exp.GenerateSeries: _series,
        exp.GenerateTimestampArray: always("array<timestamp>"),
        exp.Interval: always("interval"),
        exp.JSONExtract: from_argument({"json": "json", "string": "string"}),
        exp.JSONFormat: _json_text,
        exp.Nullif: _nullif,
        exp.ParseJSON: always("json"),
        exp.Pow: _power,
        exp.SafeDivide: lambda engine, node, context: engine.arithmetic(
            exp.Div,
            engine.base_of(node.this, context),
            engine.base_of(node.args.get("expression"), context),
        ),
        exp.Split: always("array<string>"),
    }
)  # fmt: skip


class BigQuery(Engine):
    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = RULES
    spelling: ClassVar[Spelling] = _SPELLING
    string: ClassVar[str] = "string"
    lone_null: ClassVar[str] = "int64"
    position: ClassVar[str] = "int64"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return UNTYPED
        return "int64" if node.is_int else "float64"

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        if found := _RESULTS.get((operator, left, right)):
            return found
        if operator is exp.DPipe:
            return left if left == right and left.lower().startswith("array") else ""
        if left not in _NUMBERS or right not in _NUMBERS:
            return ""
        wider = self.wider(left, right)
        return "float64" if operator is exp.Div and wider == "int64" else wider

    def wider(self, left: str, right: str) -> str:
        return widest(left, right, (_NUMBERS,))

    def array_of(self, element: str) -> str:
        return f"array<{element}>" if element else ""

    def struct_of(self, members: Sequence[tuple[str, str]]) -> str:
        return f"struct<{', '.join(f'{name} {shown}' for name, shown in members)}>"
