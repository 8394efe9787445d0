"""Transact-SQL's types, after the precedence of data types in its documentation."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule, widest
from defog_metadata.sql.types.families import MATHEMATICS, RANKS, STATISTICS, TRIGONOMETRY
from defog_metadata.sql.types.rules import (
    STRUCTURE,
    always,
    as_argument,
    as_is,
    common_of,
    for_each,
    from_argument,
    percentile,
)
from defog_metadata.sql.types.type_text import NULL, Spelling

__all__ = ["TSql"]

_NUMBERS = (
    "bit", "tinyint", "smallint", "int", "bigint", "smallmoney", "money", "decimal", "real", "float"
)  # fmt: skip
_TIMES = ("time", "date", "smalldatetime", "datetime", "datetime2", "datetimeoffset")
_STRINGS = ("char", "varchar", "nchar", "nvarchar")
# From the lowest to the highest: of two, the result has the higher one.
_PRECEDENCE = (*_STRINGS, "uniqueidentifier", *_NUMBERS, *_TIMES)
_SPELLING = Spelling(
    {
        "integer": "int", "dec": "decimal", "numeric": "decimal", "double precision": "float",
        "boolean": "bit", "character varying": "varchar", "character": "char",
        "national character varying": "nvarchar", "rowversion": "timestamp",
        "timestamp without time zone": "datetime2", "time without time zone": "time",
        "timestamp with time zone": "datetimeoffset",
    }
)  # fmt: skip
_ROUNDED = {
    "tinyint": "int", "smallint": "int", "int": "int", "bigint": "bigint", "decimal": "decimal",
    "smallmoney": "money", "money": "money", "real": "float", "float": "float", "bit": "float",
    **dict.fromkeys(_STRINGS, "float"),
}  # fmt: skip
_SUMS = {it: _ROUNDED[it] for it in _NUMBERS[1:]}
_TEXTS = {
    "char": "varchar", "varchar": "varchar", "nchar": "nvarchar", "nvarchar": "nvarchar",
    "text": "varchar", "ntext": "nvarchar",
}  # fmt: skip


def _unwrapped(node: object) -> object:
    """Without the cast to a string that sqlglot puts around the argument of LEFT and LEN."""
    return node.this if isinstance(node, exp.Cast) and "max" in node.to.sql().lower() else node


def _string(engine: Engine, node: exp.Expr, context: Context) -> str:
    """A part of a string: of an N string, an N string."""
    found = engine.base_of(_unwrapped(node.this), context)
    return _TEXTS.get(found, "varchar" if found in _NUMBERS else "")


def _length(engine: Engine, node: exp.Expr, context: Context) -> str:
    """A number of characters, which may be large in a ``varchar(max)``."""
    full = engine.of(_unwrapped(node.this), context)
    return "bigint" if "(max)" in full.lower() else "int" if full else ""


def _joined(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = [engine.base_of(it, context) for it in node.expressions]
    if not found or "" in found:
        return ""
    return "nvarchar" if any(it.startswith("n") and it != NULL for it in found) else "varchar"


def _now(_engine: Engine, node: exp.Expr, context: Context) -> str:
    return "datetime2" if context.called(node) == "sysdatetime" else "datetime"


def _cast(engine: Engine, node: exp.Expr, context: Context) -> str:
    to = node.this if isinstance(node, exp.Convert) else node.args.get("to")
    if not isinstance(to, exp.DataType):
        return ""
    # REAL and FLOAT have become the same.
    is_lost = to.this is exp.DType.FLOAT and re.search(r"\breal\b", context.text, re.IGNORECASE)
    return "" if is_lost else engine.cast(to)


def _coalesced(engine: Engine, node: exp.Expr, context: Context) -> str:
    """COALESCE; of ISNULL, the first argument alone decides."""
    if node.args.get("is_null"):
        return as_is(engine, node, context)
    return common_of(engine, node, context)


def _moved(engine: Engine, node: exp.Expr, context: Context) -> str:
    """DATEADD keeps the type; a string or number is first made a ``datetime``."""
    found = engine.base_of(node.this, context)
    is_datetime = found in _STRINGS or found in ("int", "bigint", "decimal", "float")
    return "datetime" if is_datetime else found if found in _TIMES else ""


def _count(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "bigint" if node.args.get("big_int") else "int"


RULES: Mapping[type[exp.Expr], Rule] = MappingProxyType(
    {
        **STRUCTURE,
        **for_each(exp.Ascii, exp.Day, exp.DayOfMonth, exp.Extract, exp.Grouping, exp.Hour,
                   exp.Minute, exp.Month, exp.ObjectId, exp.Second, exp.Unicode, exp.Year,
                   rule=always("int")),
        **for_each(*RANKS, exp.ApproxDistinct, exp.Ntile, rule=always("bigint")),
        **for_each(*MATHEMATICS, *STATISTICS, *TRIGONOMETRY, exp.CumeDist, exp.Log,
                   exp.PercentRank, exp.Rand, rule=always("float")),
        **for_each(exp.DateFromParts, exp.LastDay, exp.TsOrDsToDate, rule=always("date")),
        **for_each(exp.CurrentUser, exp.JSONExtract, exp.JSONExtractScalar, exp.National,
                   exp.NumberToStr, exp.TimeToStr, rule=always("nvarchar")),
        **for_each(exp.Chr, rule=always("char")),
        **for_each(exp.Left, exp.Lower, exp.Repeat, exp.Replace, exp.Reverse, exp.Right,
                   exp.Stuff, exp.Substring, exp.Translate, exp.Trim, exp.Upper,
                   rule=_string),
        **for_each(exp.Soundex, exp.Space, rule=always("varchar")),
        **for_each(exp.Length, exp.StrPosition, rule=_length),
        **for_each(exp.Concat, exp.ConcatWs, rule=_joined),
        **for_each(exp.Abs, exp.Ceil, exp.Floor, exp.Pow, exp.Round, exp.Sign,
                   rule=from_argument(_ROUNDED)),
        **for_each(exp.Avg, exp.Sum, rule=from_argument(_SUMS)),
        **for_each(exp.Cast, exp.Convert, exp.TryCast, rule=_cast),
        **for_each(exp.Count, exp.DateDiff, rule=_count),
        **for_each(exp.TimeStrToTime, rule=always("datetime2")),
        exp.BitwiseNot: as_argument,
        exp.Coalesce: _coalesced,
        exp.CurrentTimestamp: _now,
        exp.CurrentTimestampLTZ: always("datetimeoffset"),
        exp.DateAdd: _moved,
        exp.GroupConcat: from_argument(_TEXTS | dict.fromkeys((*_NUMBERS, *_TIMES), "nvarchar")),
        exp.Nullif: as_is,
        exp.TimestampFromParts: always("datetime"),
        exp.TimestampTrunc: _moved,
        exp.Uuid: always("uniqueidentifier"),
        exp.WithinGroup: percentile(dict.fromkeys(_NUMBERS, "float")),
    }
)  # fmt: skip
_NAMED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("getutcdate",), "datetime"),
        **dict.fromkeys(("sysutcdatetime", "datetime2fromparts"), "datetime2"),
        **dict.fromkeys(
            ("switchoffset", "todatetimeoffset", "datetimeoffsetfromparts"), "datetimeoffset"
        ),
        **dict.fromkeys(("checksum", "difference", "isdate", "isjson", "isnumeric"), "int"),
        **dict.fromkeys(("stdevp", "var", "varp"), "float"),
        **dict.fromkeys(("db_name", "host_name", "object_name", "quotename"), "nvarchar"),
        "nchar": "nchar",
        "rowcount_big": "bigint",
        "smalldatetimefromparts": "smalldatetime",
        "str": "varchar",
        "timefromparts": "time",
    }
)


class TSql(Engine):
    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = RULES
    spelling: ClassVar[Spelling] = _SPELLING
    lone_null: ClassVar[str] = "int"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return "varchar"
        if not node.is_int:
            return "float" if "e" in node.name.lower() else "decimal"
        return "int" if int(node.this) < 1 << 31 else "decimal"

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        both = {left, right}
        if both <= {*_STRINGS}:
            is_national = any(it.startswith("n") for it in both)
            return ("nvarchar" if is_national else "varchar") if operator is exp.Add else ""
        dates = both & {"datetime", "smalldatetime"}
        if dates and operator in (exp.Add, exp.Sub) and both <= {*dates, "int", "bigint"}:
            return "datetime" if "datetime" in dates else "smalldatetime"
        if both <= {*_NUMBERS, *_STRINGS} and "bit" not in both:
            return self.wider(left, right)
        return ""

    def wider(self, left: str, right: str) -> str:
        return widest(left, right, (_PRECEDENCE,))

    def array_of(self, element: str) -> str:
        del element
        return ""

    def call(self, name: str, arguments: Sequence[exp.Expr], context: Context) -> str:
        del arguments, context
        return _NAMED.get(name, "")
