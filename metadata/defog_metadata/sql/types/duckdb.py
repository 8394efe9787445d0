"""DuckDB's types: operators, and which type takes several. In lower case, as DuckDB takes them."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.duckdb_rules import INTEGERS, NUMBERS, RULES, TIMESTAMPTZ, UNSIGNED
from defog_metadata.sql.types.engine import Engine, Rule, widest
from defog_metadata.sql.types.named import rows_of
from defog_metadata.sql.types.operators import read_operators
from defog_metadata.sql.types.type_text import NULL, UNTYPED, Spelling

__all__ = ["DuckDb"]

_LADDERS = (NUMBERS, UNSIGNED, ("date", "timestamp", TIMESTAMPTZ))
_SPELLING = Spelling(
    {
        "int": "integer", "int1": "tinyint", "int2": "smallint", "int4": "integer",
        "int8": "bigint", "int128": "hugeint", "long": "bigint", "short": "smallint",
        "signed": "integer", "uint8": "utinyint", "uint16": "usmallint", "uint32": "uinteger",
        "uint64": "ubigint", "uint128": "uhugeint", "uint": "uinteger", "float4": "float",
        "real": "float", "float8": "double", "double precision": "double", "numeric": "decimal",
        "dec": "decimal", "bool": "boolean", "logical": "boolean", "text": "varchar",
        "string": "varchar", "char": "varchar", "bpchar": "varchar", "nvarchar": "varchar",
        "character varying": "varchar", "datetime": "timestamp", "timestamp_us": "timestamp",
        "timestamp without time zone": "timestamp", "timestamptz": TIMESTAMPTZ,
        "timetz": "time with time zone", "bytea": "blob", "binary": "blob", "varbinary": "blob",
        "bitstring": "bit",
    }
)  # fmt: skip
_RESULTS = read_operators(
    """
    date + integer = date           date - integer = date       date + smallint = date
    date - smallint = date          date + tinyint = date       date - tinyint = date
    date + time = timestamp         date - date = bigint        date - timestamp = interval
    date - timestamptz = interval   date + interval = timestamp date - interval = timestamp
    time + interval = time          time - interval = time      timestamp + interval = timestamp
    timestamp - interval = timestamp            timestamp - date = interval
    timestamp - timestamp = interval            timestamp - timestamptz = interval
    timestamptz + interval = timestamptz        timestamptz - interval = timestamptz
    timestamptz - date = interval               timestamptz - timestamp = interval
    timestamptz - timestamptz = interval        interval + interval = interval
    interval - interval = interval  blob || blob = blob
    """,
    _SPELLING,
)
_NUMBERS = frozenset((*NUMBERS, *UNSIGNED))
_FRACTIONS = frozenset(("decimal", "float", "double"))
_WHOLE_ONLY = frozenset(
    (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift, exp.BitwiseRightShift)
)
_UNTYPED = frozenset((UNTYPED, NULL))
_KNOWN = frozenset(it for ladder in _LADDERS for it in ladder) | {
    "bit", "blob", "boolean", "interval", "json", "time", "uuid", "varchar",
}  # fmt: skip


class DuckDb(Engine):
    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = RULES
    spelling: ClassVar[Spelling] = _SPELLING
    lone_null: ClassVar[str] = "integer"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return UNTYPED
        if not node.is_int:
            return "double" if "e" in node.name.lower() else "decimal"
        size = int(node.this)
        return "integer" if size < 1 << 31 else "bigint" if size < 1 << 63 else "hugeint"

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        both = {left, right}
        if "" in both:
            return ""
        if found := _RESULTS.get((operator, left, right)):
            return found
        if operator is exp.DPipe:
            return self._joined(left, right)
        if not both.isdisjoint(_UNTYPED):
            return self._with_literal(operator, left, right)
        if "interval" in both and not both.isdisjoint(_NUMBERS):
            is_scaled = operator is exp.Mul or (operator is exp.Div and left == "interval")
            return "interval" if is_scaled else ""
        if not both <= _NUMBERS or (operator in _WHOLE_ONLY and not both.isdisjoint(_FRACTIONS)):
            return ""
        if operator is exp.Pow:
            return "double"
        if operator is exp.Mod and {"hugeint", "decimal"} <= both:
            return "double"
        if operator is exp.Div or (operator is exp.IntDiv and "decimal" in both):
            return "float" if "float" in both and "double" not in both else "double"
        return self.wider(left, right)

    @staticmethod
    def _with_literal(operator: type[exp.Expr], left: str, right: str) -> str:
        known = right if left in _UNTYPED else left
        if known not in ("bigint", "hugeint", "float", "double"):
            return ""
        return "double" if operator in (exp.Div, exp.Pow) and known != "float" else known

    @staticmethod
    def _joined(left: str, right: str) -> str:
        if left.endswith("]") or right.endswith("]"):
            return left if left == right else ""
        return "varchar" if {left, right} <= _KNOWN | {UNTYPED} else ""

    def wider(self, left: str, right: str) -> str:
        both = {left, right}
        if "integer" in both and not both.isdisjoint(("tinyint", "smallint", *UNSIGNED)):
            # A number as written takes the type of a smaller column, and looks no different.
            return ""
        if both <= {"boolean", *INTEGERS}:
            both -= {"boolean"}
            return max(both, key=INTEGERS.index)
        if found := widest(left, right, _LADDERS):
            return found
        unsigned = left if left in UNSIGNED else right
        signed = right if left in UNSIGNED else left
        if unsigned in UNSIGNED and signed in NUMBERS:
            is_larger = NUMBERS.index(signed) > UNSIGNED.index(unsigned)
            return signed if is_larger else ""
        return (
            "varchar"
            if "varchar" in both and both <= _KNOWN - {"bit", "blob", "json", "uuid"}
            else ""
        )

    def struct_of(self, members: Sequence[tuple[str, str]]) -> str:
        return f"struct({', '.join(f'{name} {shown}' for name, shown in members)})"

    def call(self, name: str, arguments: Sequence[exp.Expr], context: Context) -> str:
        del context
        if name in ("date_part", "datepart") and arguments:
            is_double = arguments[0].name.lower() in ("epoch", "julian")
            return "double" if is_double else "bigint"
        return self.named_type(rows_of(name, self.dialect))

    def named_type(self, shown: str) -> str:
        found = self.spelling.full(shown)
        return found if found.removesuffix("[]") in _KNOWN else ""
