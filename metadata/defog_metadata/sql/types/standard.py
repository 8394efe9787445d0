"""The types of dialects without rules of their own: what is the same for nearly all of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.engine import Engine, Rule, widest
from defog_metadata.sql.types.families import PREDICATES, RANKS
from defog_metadata.sql.types.postgres import SPELLING
from defog_metadata.sql.types.rules import STRUCTURE, always, as_is, for_each
from defog_metadata.sql.types.type_text import UNTYPED, Spelling

__all__ = ["Redshift", "Spark", "Standard", "Trino"]


class Standard(Engine):
    """Columns, casts, conditions, and what only passes a value on."""

    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = MappingProxyType(
        {
            **STRUCTURE,
            **for_each(*PREDICATES, rule=always("boolean")),
            exp.CurrentDate: always("date"),
            exp.Neg: lambda *_: "",
            exp.Nullif: as_is,
        }
    )
    spelling: ClassVar[Spelling] = Spelling()
    string: ClassVar[str] = ""

    def literal(self, node: exp.Literal) -> str:
        return UNTYPED if node.is_string else ""

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        del operator, left, right
        return ""

    def wider(self, left: str, right: str) -> str:
        return left if left == right else ""

    def array_of(self, element: str) -> str:
        return f"array<{element}>" if element else ""


class Redshift(Standard):
    """Redshift has grown out of PostgreSQL, but calculates otherwise."""

    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = MappingProxyType(
        {
            **Standard.rules,
            **for_each(*RANKS, exp.Count, rule=always("bigint")),
            **for_each(exp.Concat, exp.ConcatWs, exp.Lower, exp.Replace, exp.TimeToStr,
                       exp.ToChar, exp.Trim, exp.Upper, rule=always("character varying")),
            **for_each(exp.Length, exp.StrPosition, rule=always("integer")),
        }
    )  # fmt: skip
    spelling: ClassVar[Spelling] = SPELLING
    string: ClassVar[str] = "character varying"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return UNTYPED
        return "integer" if node.is_int and int(node.this) < 1 << 31 else ""

    def wider(self, left: str, right: str) -> str:
        return widest(
            left, right, (("smallint", "integer", "bigint"), ("real", "double precision"))
        )


class Spark(Standard):
    """Spark, Databricks and Hive."""

    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = MappingProxyType(
        {
            **Standard.rules,
            **for_each(exp.Count, rule=always("bigint")),
            **for_each(*RANKS, exp.DateDiff, exp.Day, exp.Hour, exp.Length, exp.Minute, exp.Month,
                       exp.Year, rule=always("int")),
            **for_each(exp.ConcatWs, exp.Lower, exp.Replace, exp.TimeToStr, exp.Trim, exp.Upper,
                       rule=always("string")),
        }
    )  # fmt: skip
    spelling: ClassVar[Spelling] = Spelling({"integer": "int", "long": "bigint"})
    string: ClassVar[str] = "string"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return UNTYPED
        return "int" if node.is_int and int(node.this) < 1 << 31 else ""

    def wider(self, left: str, right: str) -> str:
        return widest(left, right, (("tinyint", "smallint", "int", "bigint"), ("float", "double")))


class Trino(Standard):
    """Trino, Presto and Athena."""

    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = MappingProxyType(
        {
            **Standard.rules,
            **for_each(*RANKS, exp.Count, exp.DateDiff, exp.Day, exp.Extract, exp.Hour,
                       exp.Length, exp.Minute, exp.Month, exp.StrPosition, exp.Year,
                       rule=always("bigint")),
        }
    )  # fmt: skip
    spelling: ClassVar[Spelling] = Spelling({"int": "integer"})
    string: ClassVar[str] = "varchar"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return UNTYPED
        return "integer" if node.is_int and int(node.this) < 1 << 31 else ""

    def wider(self, left: str, right: str) -> str:
        ladders = (("tinyint", "smallint", "integer", "bigint"), ("real", "double"))
        return widest(left, right, ladders)

    def array_of(self, element: str) -> str:
        return f"array({element})" if element else ""
