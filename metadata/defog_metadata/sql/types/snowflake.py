"""Snowflake's types, as its ``DESCRIBE RESULT`` names them, in lower case.

Whole numbers of every width are ``number``.
"""

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
    percentile,
)
from defog_metadata.sql.types.type_text import Spelling

__all__ = ["Snowflake"]

_NUMBERS = ("number", "float")
_INTEGERS = ("int", "integer", "bigint", "smallint", "tinyint", "byteint")
_TIMESTAMPS = ("timestamp_ntz", "timestamp_ltz", "timestamp_tz")
_DAYS = frozenset(("day", "week", "month", "quarter", "year"))
_SPELLING = Spelling(
    {
        **dict.fromkeys(("decimal", "numeric", "dec"), "number"),
        **dict.fromkeys(("double", "double precision", "real", "float4", "float8"), "float"),
        **dict.fromkeys(
            ("string", "text", "char", "character", "nchar", "nvarchar", "character varying"),
            "varchar",
        ),
        "varbinary": "binary", "datetime": "timestamp_ntz", "timestamp": "timestamp_ntz",
        "timestampntz": "timestamp_ntz", "timestampltz": "timestamp_ltz",
        "timestamptz": "timestamp_tz", "timestamp without time zone": "timestamp_ntz",
        "timestamp with time zone": "timestamp_tz", "time without time zone": "time",
        **dict.fromkeys(_INTEGERS, "number"),
    }
)  # fmt: skip
_RESULTS = read_operators(
    """
    date + number = date    date - number = date    date - date = number
    varchar || varchar = varchar    binary || binary = binary   varchar || number = varchar
    varchar || float = varchar      varchar || date = varchar   varchar || boolean = varchar
    varchar || timestamp_ntz = varchar      varchar || timestamp_ltz = varchar
    varchar || timestamp_tz = varchar       varchar || time = varchar
    varchar || variant = varchar            varchar || null = varchar
    """,
    _SPELLING,
)


def _sum(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``+`` and ``-``, which also move a date by an interval."""
    right = node.args.get("expression")
    if isinstance(right, exp.Interval):
        return _moved_by(engine.base_of(node.this, context), right.text("unit"))
    return STRUCTURE[exp.Add](engine, node, context)


def _moved(engine: Engine, node: exp.Expr, context: Context) -> str:
    return _moved_by(engine.base_of(node.this, context), node.text("unit"))


def _moved_by(shown: str, unit: str) -> str:
    if shown == "date":
        is_day = unit.lower().rstrip("s") in _DAYS
        return "date" if is_day else "timestamp_ntz" if unit else ""
    return shown if shown in (*_TIMESTAMPS, "time") else ""


def _joined(engine: Engine, node: exp.Expr, context: Context) -> str:
    """CONCAT joins strings, or what becomes one, or nothing but binaries."""
    found = {engine.base_of(it, context) for it in node.expressions}
    if found == {"binary"}:
        return "binary"
    return "" if not found.isdisjoint(("", "binary")) else "varchar"


def _now(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "timestamp_ntz" if node.args.get("sysdate") else "timestamp_ltz"


def _converted(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "timestamp_ntz" if node.args.get("source_tz") is not None else "timestamp_tz"


def _made(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "timestamp_tz" if node.args.get("zone") is not None else "timestamp_ntz"


_SAME = {it: it for it in _NUMBERS}
_FLOAT_ONLY = {"float": "float"}
_TEXTS = {"varchar": "varchar"}

RULES: Mapping[type[exp.Expr], Rule] = MappingProxyType(
    {
        **STRUCTURE,
        **for_each(*PREDICATES, exp.EqualNull, exp.IsNullValue, exp.ToBoolean,
                   rule=always("boolean")),
        **for_each(
            *RANKS, exp.ApproxDistinct, exp.ArraySize, exp.Ascii, exp.Count, exp.CountIf,
            exp.DateDiff, exp.Day, exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso,
            exp.DayOfYear, exp.Extract, exp.Grouping, exp.Hll, exp.Hour, exp.Length,
            exp.Levenshtein, exp.Minute, exp.Month, exp.Ntile, exp.Quarter, exp.Rand,
            exp.RegexpCount, exp.RegexpInstr, exp.Second, exp.StrPosition, exp.ToNumber,
            exp.Unicode, exp.Week, exp.WeekOfYear, exp.WidthBucket, exp.Year, exp.YearOfWeek,
            exp.YearOfWeekIso,
            rule=always("number"),
        ),
        **for_each(*MATHEMATICS, *REGRESSION, *TRIGONOMETRY, exp.CumeDist, exp.Log,
                   exp.MonthsBetween, exp.PercentRank, exp.Pow, exp.ToDouble,
                   rule=always("float")),
        **for_each(
            exp.ArrayToString, exp.Chr, exp.CurrentDatabase, exp.CurrentRole, exp.CurrentSchema,
            exp.CurrentUser, exp.Dayname, exp.GroupConcat, exp.Initcap, exp.JSONFormat,
            exp.Lower, exp.MD5, exp.Monthname, exp.RegexpExtract, exp.RegexpReplace, exp.Repeat,
            exp.Replace, exp.Reverse, exp.SHA, exp.SHA2, exp.Soundex, exp.Space, exp.SplitPart,
            exp.Strtok, exp.TimeToStr, exp.ToChar, exp.Translate, exp.Trim, exp.Typeof, exp.Upper,
            exp.Uuid,
            rule=always("varchar"),
        ),
        **for_each(exp.Left, exp.Pad, exp.Right, exp.Stuff, exp.Substring,
                   rule=from_argument(_TEXTS | {"binary": "binary"})),
        **for_each(exp.CurrentDate, exp.DateFromParts, exp.LastDay, exp.NextDay, exp.PreviousDay,
                   exp.TsOrDsToDate, rule=always("date")),
        **for_each(exp.CurrentTime, exp.Localtime, exp.TimeFromParts, exp.TsOrDsToTime,
                   rule=always("time")),
        **for_each(exp.JSONExtract, exp.GetExtract, exp.ParseJSON, exp.ToVariant,
                   exp.StripNullValue, rule=always("variant")),
        **for_each(exp.Array, exp.ArrayAgg, exp.ArrayAppend, exp.ArrayConcat, exp.ArrayUniqueAgg,
                   exp.JSONKeys, exp.Split, rule=always("array")),
        **for_each(exp.ObjectAgg, exp.Struct, rule=always("object")),
        **for_each(exp.Add, exp.Sub, rule=_sum),
        **for_each(exp.DateAdd, exp.TimeAdd, rule=_moved),
        **for_each(exp.AddMonths, exp.DateTrunc, exp.TimeSlice, exp.TimestampTrunc,
                   rule=from_argument({it: it for it in ("date", "time", *_TIMESTAMPS)})),
        **for_each(exp.Abs, exp.Avg, exp.Ceil, exp.Floor, exp.Median, exp.Neg, exp.Round, exp.Sum,
                   exp.Trunc, rule=from_argument(_SAME)),
        **for_each(*STATISTICS, exp.Sign, rule=from_argument(_FLOAT_ONLY)),
        **for_each(exp.Mode, rule=as_argument),
        exp.Bracket: from_argument(dict.fromkeys(("variant", "object", "array"), "variant")),
        exp.Concat: _joined,
        exp.ConvertTimezone: _converted,
        exp.CurrentTimestamp: _now,
        exp.Interval: always("interval"),
        exp.Nullif: as_is,
        exp.TimestampFromParts: _made,
        exp.WithinGroup: percentile(_SAME),
    }
)  # fmt: skip
_NAMED: Mapping[str, str] = MappingProxyType(
    {
        # What TIMESTAMP means can be set; this is what it means otherwise.
        **dict.fromkeys(
            ("to_timestamp", "try_to_timestamp", "to_timestamp_ntz", "try_to_timestamp_ntz"),
            "timestamp_ntz",
        ),
        **dict.fromkeys(("to_timestamp_ltz", "try_to_timestamp_ltz"), "timestamp_ltz"),
        **dict.fromkeys(("to_timestamp_tz", "try_to_timestamp_tz"), "timestamp_tz"),
        **dict.fromkeys(("array_construct_compact", "array_slice", "array_sort"), "array"),
        **dict.fromkeys(("object_delete", "object_insert", "object_pick"), "object"),
        **dict.fromkeys(("as_char", "as_varchar"), "varchar"),
        **dict.fromkeys(("as_integer", "as_number", "as_decimal", "hash"), "number"),
        **dict.fromkeys(("as_double", "as_real"), "float"),
        "as_boolean": "boolean",
        "as_date": "date",
    }
)


class Snowflake(Engine):
    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = RULES
    spelling: ClassVar[Spelling] = _SPELLING
    position: ClassVar[str] = "number"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return "varchar"
        return "float" if "e" in node.name.lower() else "number"

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        if found := _RESULTS.get((operator, left, right)):
            return found
        if operator is not exp.DPipe and left in _NUMBERS and right in _NUMBERS:
            return self.wider(left, right)
        return ""

    def wider(self, left: str, right: str) -> str:
        return widest(left, right, (_NUMBERS,))

    def array_of(self, element: str) -> str:
        del element
        return "array"

    def call(self, name: str, arguments: Sequence[exp.Expr], context: Context) -> str:
        del arguments, context
        return _NAMED.get(name, "")

    def cast(self, to: exp.DataType) -> str:
        # A whole number is stored as number(38,0), whatever width its name suggests.
        shown = super().cast(to)
        is_whole = shown == "number" and not to.expressions
        return "number(38,0)" if is_whole else shown
