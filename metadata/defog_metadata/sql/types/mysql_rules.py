"""What the functions of MySQL and MariaDB return."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule
from defog_metadata.sql.types.families import (
    MATHEMATICS,
    PREDICATES,
    RANKS,
    STATISTICS,
    TRIGONOMETRY,
)
from defog_metadata.sql.types.rules import (
    STRUCTURE,
    always,
    common_of,
    for_each,
    from_argument,
)

__all__ = ["FLOATS", "INTEGERS", "NAMED", "RULES", "STRINGS", "TEXTS"]

NamedRule = Callable[[Engine, Sequence[exp.Expr], Context], str]

INTEGERS = (
    "tinyint", "tinyint unsigned", "smallint", "smallint unsigned", "mediumint",
    "mediumint unsigned", "int", "int unsigned", "bigint", "bigint unsigned",
)  # fmt: skip
FLOATS = frozenset(("float", "double"))
STRINGS = frozenset(("char", "varchar", "enum", "set"))
TEXTS = frozenset(("tinytext", "text", "mediumtext", "longtext"))
_DATE_LETTERS = frozenset("YymbBdejUuVvWwXxacD")
_DATE_UNITS = frozenset(("day", "week", "month", "quarter", "year", "year_month"))


def _string(engine: Engine, node: exp.Expr, context: Context) -> str:
    """A function of strings, whose result is long where one of them is."""
    parts = [it for it in (node.this, *node.expressions) if isinstance(it, exp.Expr)]
    found = [engine.base_of(it, context) for it in parts]
    if not found or any(not it or "blob" in it or "binary" in it for it in found):
        return ""
    return "text" if any(it in TEXTS or it == "json" for it in found) else "varchar"


def _long_string(engine: Engine, node: exp.Expr, context: Context) -> str:
    """A function whose result may be long, whatever it is made of."""
    found = engine.base_of(node.this, context)
    is_text = found and "blob" not in found and "binary" not in found
    if not is_text:
        return ""
    return "text" if isinstance(node, exp.GroupConcat) else "longtext"


def _nullif(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.of(node.this, context)
    return f"var{found}" if engine.spelling.base(found) == "char" else found


def _read_date(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "date" if isinstance(node.args.get("format"), exp.Literal) else ""


def _read_time(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    """STR_TO_DATE with a format that has more than a date."""
    format_ = node.args.get("format")
    if not isinstance(format_, exp.Literal):
        return ""
    letters = {it[:1] for it in format_.name.replace("%-", "%").split("%")[1:]}
    return "datetime" if letters & _DATE_LETTERS else "time"


def _moved(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``date_add(x, INTERVAL 1 DAY)`` and the like."""
    return _moved_by(engine.base_of(node.this, context), node.text("unit"))


def _moved_by(shown: str, unit: str) -> str:
    if shown == "date":
        return "date" if unit.lower() in _DATE_UNITS else "datetime" if unit else ""
    if shown in ("datetime", "timestamp"):
        return "datetime"
    return "varchar" if shown in STRINGS else ""


def _sum(engine: Engine, node: exp.Expr, context: Context) -> str:
    """``+`` and ``-``, which also move a date by an interval."""
    left, right = node.this, node.args.get("expression")
    if isinstance(right, exp.Interval):
        return _moved_by(engine.base_of(left, context), right.text("unit"))
    if isinstance(left, exp.Interval):
        return _moved_by(engine.base_of(right, context), left.text("unit"))
    return STRUCTURE[exp.Add](engine, node, context)


def _rounded(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.base_of(node.this, context)
    return _ABSOLUTE.get(found, "")


def _ceiling(engine: Engine, node: exp.Expr, context: Context) -> str:
    """CEIL and FLOOR: a whole number, if it is sure to fit into one."""
    found = _ABSOLUTE.get(engine.base_of(node.this, context), "")
    return "" if found == "decimal" else found


def _extracted(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    return "" if node.name.lower().endswith("microsecond") else "int"


def _extreme(engine: Engine, node: exp.Expr, context: Context) -> str:
    """GREATEST and LEAST compare as numbers what COALESCE would make a string."""
    found = {engine.base_of(it, context) for it in (node.this, *node.expressions)}
    is_uniform = len(found) == 1 or found <= {*INTEGERS, "decimal"} or found <= STRINGS
    return common_of(engine, node, context) if is_uniform else ""


def _interval(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    """What is added to dates; INTERVAL is a function as well."""
    return "int" if isinstance(node.this, exp.Tuple) else "interval"


def _collated(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = engine.of(node.this, context)
    return found if engine.spelling.base(found) in STRINGS | TEXTS else ""


def _formatted(_engine: Engine, node: exp.Expr, _context: Context) -> str:
    """FROM_UNIXTIME: a time, or with a format its text."""
    return "varchar" if node.args.get("format") is not None else "datetime"


def _result(shown: str) -> NamedRule:
    def rule(_engine: Engine, _arguments: Sequence[exp.Expr], _context: Context) -> str:
        return shown

    return rule


def _of_first(results: Mapping[str, str]) -> NamedRule:
    def rule(engine: Engine, arguments: Sequence[exp.Expr], context: Context) -> str:
        return results.get(engine.base_of(arguments[0], context), "") if arguments else ""

    return rule


def _unix_time(engine: Engine, arguments: Sequence[exp.Expr], context: Context) -> str:
    if not arguments:
        return "bigint"
    shown = engine.of(arguments[0], context)  # with fractions of a second, the result has them
    return "bigint" if shown in ("date", "datetime", "timestamp") else ""


_UNSIGNED = [it for it in INTEGERS if it.endswith("unsigned")]
_EXACT = dict.fromkeys((*INTEGERS, "decimal", "year"), "decimal")
_SUMS = _EXACT | dict.fromkeys((*FLOATS, "char", "varchar", *TEXTS), "double")
_ABSOLUTE = dict.fromkeys(INTEGERS, "bigint") | dict.fromkeys(_UNSIGNED, "bigint unsigned")
_ABSOLUTE |= dict.fromkeys((*FLOATS, "char", "varchar", *TEXTS), "double")
_ABSOLUTE["decimal"] = "decimal"
_NEGATIVE = _ABSOLUTE | dict.fromkeys(_UNSIGNED, "bigint")

RULES: Mapping[type[exp.Expr], Rule] = MappingProxyType(
    {
        **STRUCTURE,
        # A condition is a number.
        **for_each(*PREDICATES, rule=always("int")),
        **for_each(
            exp.Ascii, exp.BitwiseCount, exp.DateDiff, exp.Day, exp.DayOfMonth, exp.DayOfWeek,
            exp.DayOfYear, exp.Hour, exp.Length, exp.Minute, exp.Month, exp.Quarter, exp.Second,
            exp.Sign, exp.StrPosition, exp.Week, exp.WeekOfYear, exp.Year,
            rule=always("int"),
        ),
        **for_each(*RANKS, exp.Count, exp.Ntile, exp.TimestampDiff, rule=always("bigint")),
        **for_each(exp.BitwiseAndAgg, exp.BitwiseNot, exp.BitwiseOrAgg, exp.BitwiseXorAgg,
                   rule=always("bigint unsigned")),
        **for_each(*MATHEMATICS, *STATISTICS, *TRIGONOMETRY, exp.CumeDist, exp.Log,
                   exp.PercentRank, exp.Pow, exp.Rand, rule=always("double")),
        **for_each(exp.CurrentDate, exp.LastDay, exp.TsOrDsToDate, exp.Date,
                   exp.UtcDate, rule=always("date")),
        **for_each(exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp, exp.Timestamp,
                   exp.UtcTimestamp, exp.ConvertTimezone, rule=always("datetime")),
        **for_each(exp.CurrentTime, exp.Time, exp.TimeFromParts, exp.UtcTime, rule=always("time")),
        **for_each(exp.CurrentSchema, exp.CurrentUser, exp.CurrentVersion, exp.Dayname, exp.MD5,
                   exp.Monthname, exp.NumberToStr, exp.SHA, exp.SHA2, exp.TimeToStr, exp.Uuid,
                   rule=always("varchar")),
        **for_each(
            exp.Concat, exp.ConcatWs, exp.Hex, exp.Left, exp.Lower, exp.Pad, exp.Repeat,
            exp.Replace, exp.Reverse, exp.Right, exp.Stuff, exp.Substring, exp.SubstringIndex,
            exp.Trim, exp.Upper,
            rule=_string,
        ),
        **for_each(exp.GroupConcat, exp.RegexpReplace, exp.RegexpSubstr, rule=_long_string),
        **for_each(exp.JSONArrayAgg, exp.JSONExtract, exp.JSONObject, exp.JSONObjectAgg,
                   rule=always("json")),
        **for_each(exp.DateAdd, exp.DateSub, exp.TimestampAdd, rule=_moved),
        **for_each(exp.Add, exp.Sub, rule=_sum),
        **for_each(exp.Avg, exp.Sum, rule=from_argument(_SUMS)),
        **for_each(exp.Abs, exp.Round, exp.Trunc, rule=_rounded),
        **for_each(exp.Ceil, exp.Floor, rule=_ceiling),
        **for_each(exp.Greatest, exp.Least, rule=_extreme),
        exp.Extract: _extracted,
        exp.Collate: _collated,
        exp.Interval: _interval,
        exp.JSONExtractScalar: always("longtext"),
        exp.National: always("varchar"),
        exp.Neg: from_argument(_NEGATIVE),
        exp.Nullif: _nullif,
        exp.StrToDate: _read_date,
        exp.StrToTime: _read_time,
        exp.UnixToTime: _formatted,
    }
)  # fmt: skip
NAMED: Mapping[str, NamedRule] = MappingProxyType(
    {
        **dict.fromkeys(("now", "sysdate"), _result("datetime")),
        **dict.fromkeys(("makedate", "from_days"), _result("date")),
        **dict.fromkeys(("timediff", "sec_to_time"), _result("time")),
        **dict.fromkeys(
            ("bin", "conv", "inet_ntoa", "oct", "session_user", "system_user", "time_format",
             "user"),
            _result("varchar"),
        ),
        **dict.fromkeys(
            ("field", "find_in_set", "json_contains", "json_depth", "json_length", "json_valid",
             "microsecond", "ord", "period_add", "period_diff", "strcmp", "weekday", "yearweek"),
            _result("int"),
        ),
        **dict.fromkeys(("connection_id", "found_rows", "row_count"), _result("bigint")),
        **dict.fromkeys(("inet_aton", "last_insert_id"), _result("bigint unsigned")),
        **dict.fromkeys(
            ("json_array", "json_arrayagg", "json_array_append", "json_array_insert",
             "json_insert", "json_keys", "json_merge", "json_merge_patch", "json_merge_preserve",
             "json_remove", "json_replace", "json_set"),
            _result("json"),
        ),
        "addtime": _of_first({"datetime": "datetime", "timestamp": "datetime", "time": "time"}),
        "subtime": _of_first({"datetime": "datetime", "timestamp": "datetime", "time": "time"}),
        "json_unquote": _result("longtext"),
        "mid": _of_first({"varchar": "varchar", "char": "varchar"}),
        "unix_timestamp": _unix_time,
    }
)  # fmt: skip
