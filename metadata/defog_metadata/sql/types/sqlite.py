"""SQLite's types: declared ones for columns, storage classes and affinities for the rest.

``numeric`` is what may be an integer or a real. As everyone does, this takes columns to hold what
they are declared for.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule
from defog_metadata.sql.types.families import (
    MATHEMATICS,
    PREDICATES,
    RANKS,
    TRIGONOMETRY,
)
from defog_metadata.sql.types.rules import STRUCTURE, always, as_is, for_each
from defog_metadata.sql.types.type_text import NULL, Spelling

__all__ = ["Sqlite"]

_NUMBERS = frozenset(("integer", "real", "numeric"))


def affinity(declared: str) -> str:
    """What SQLite makes of values in a column declared so; its own five rules, in their order."""
    name = declared.lower()
    if "int" in name:
        return "integer"
    if any(it in name for it in ("char", "clob", "text")):
        return "text"
    if "blob" in name or not name:
        return "blob"
    return "real" if any(it in name for it in ("real", "floa", "doub")) else "numeric"


def _rounded_down(engine: Engine, node: exp.Expr, context: Context) -> str:
    """CEIL and the like keep what is whole already."""
    found = affinity_of(engine, node.this, context)
    return found if found in _NUMBERS else ""


def affinity_of(engine: Engine, node: object, context: Context) -> str:
    shown = engine.of(node, context)
    return affinity(shown) if shown and shown != NULL else ""


def _sum(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = affinity_of(engine, node.this, context)
    return found if found in _NUMBERS else "numeric" if found == "text" else ""


def _absolute(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = affinity_of(engine, node.this, context)
    return found if found in _NUMBERS else "real" if found == "text" else ""


def _negative(engine: Engine, node: exp.Expr, context: Context) -> str:
    found = affinity_of(engine, node.this, context)
    return found if found in _NUMBERS else "numeric" if found == "text" else ""


def _text(engine: Engine, node: exp.Expr, context: Context) -> str:
    """A part of a string; of a blob it would be a blob."""
    found = affinity_of(engine, node.this, context)
    return "text" if found and found != "blob" else ""


def _remainder(engine: Engine, node: exp.Expr, context: Context) -> str:
    if context.called(node):  # the function, unlike the operator, calculates with reals
        return "real"
    left = engine.base_of(node.this, context)
    return engine.arithmetic(exp.Mod, left, engine.base_of(node.args.get("expression"), context))


class Sqlite(Engine):
    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = MappingProxyType(
        {
            **STRUCTURE,
            **for_each(
                *PREDICATES, *RANKS, exp.BitwiseNot, exp.Count, exp.Length, exp.Ntile, exp.Rand,
                exp.Sign, exp.StrPosition, exp.Unicode,
                rule=always("integer"),
            ),
            **for_each(*MATHEMATICS, *TRIGONOMETRY, exp.Avg, exp.CumeDist, exp.Log,
                       exp.PercentRank, exp.Pow, exp.Round, rule=always("real")),
            **for_each(
                exp.Chr, exp.Concat, exp.ConcatWs, exp.CurrentDate, exp.CurrentTime,
                exp.CurrentTimestamp, exp.Date, exp.Format, exp.GroupConcat, exp.Hex,
                exp.JSONArrayAgg, exp.JSONExtract, exp.JSONObject, exp.JSONObjectAgg,
                exp.JSONType, exp.Lower, exp.Replace, exp.Soundex, exp.TimeToStr, exp.Trim,
                exp.Typeof, exp.Upper,
                rule=always("text"),
            ),
            **for_each(exp.Ceil, exp.Floor, exp.Trunc, rule=_rounded_down),
            exp.Abs: _absolute,
            exp.HexString: always("blob"),
            exp.Mod: _remainder,
            exp.Neg: _negative,
            exp.Nullif: as_is,
            exp.Substring: _text,
            exp.Sum: _sum,
        }
    )  # fmt: skip
    spelling: ClassVar[Spelling] = Spelling()
    string: ClassVar[str] = "text"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return "text"
        return "integer" if node.is_int else "real"

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        if operator is exp.DPipe:
            return "text"
        if operator not in (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod):
            return "integer"
        if not left or not right or NULL in (left, right):
            return ""
        both = {affinity(left), affinity(right)}
        if "blob" in both:
            return ""
        if "real" in both:
            return "real"
        return "integer" if both == {"integer"} else "numeric"

    def wider(self, left: str, right: str) -> str:
        both = {affinity(left), affinity(right)}
        if any("date" in it.lower() or "time" in it.lower() for it in (left, right)):
            return ""  # numeric by the rules, and texts by custom
        if both <= _NUMBERS:
            return both.pop() if len(both) == 1 else "numeric"
        return "text" if both == {"text"} else ""

    def array_of(self, element: str) -> str:
        del element
        return ""

    def call(self, name: str, arguments: Sequence[exp.Expr], context: Context) -> str:
        del arguments, context
        return _NAMED.get(name, "")

    def cast(self, to: exp.DataType) -> str:
        # CAST knows nothing but affinities: as DATE, a text becomes a number.
        if not isinstance(to.this, exp.DType):
            return ""
        return "blob" if to.this is exp.DType.VARBINARY else affinity(to.this.value)


_NAMED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("changes", "json_array_length", "json_valid", "last_insert_rowid", "octet_length",
             "random", "sqlite_source_id", "total_changes", "unixepoch"),
            "integer",
        ),
        **dict.fromkeys(("julianday", "total"), "real"),
        **dict.fromkeys(
            ("date", "datetime", "json", "json_array", "json_insert", "json_object", "json_quote",
             "json_remove", "json_replace", "json_set", "printf", "quote", "sqlite_version",
             "time", "timediff"),
            "text",
        ),
        **dict.fromkeys(("randomblob", "zeroblob"), "blob"),
    }
)  # fmt: skip
