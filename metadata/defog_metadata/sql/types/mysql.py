"""MySQL's and MariaDB's types: operators, and which type takes several.

Where the two differ in the width of an integer or of a text, the wider one stands.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule
from defog_metadata.sql.types.mysql_rules import FLOATS, INTEGERS, NAMED, RULES, STRINGS, TEXTS
from defog_metadata.sql.types.type_text import Spelling

__all__ = ["MySql"]

_SPELLING = Spelling(
    {
        "integer": "int", "int4": "int", "int2": "smallint", "int8": "bigint", "middleint":
        "mediumint", "int3": "mediumint", "int1": "tinyint", "bool": "tinyint",
        "boolean": "tinyint", "dec": "decimal", "numeric": "decimal", "fixed": "decimal",
        "double precision": "double", "real": "double", "float8": "double", "float4": "float",
        "character": "char", "nchar": "char", "character varying": "varchar",
        "nvarchar": "varchar", "integer unsigned": "int unsigned", "serial": "bigint unsigned",
        "timestamp without time zone": "timestamp", "time without time zone": "time",
        "timestamp with time zone": "timestamp", "decimal unsigned": "decimal",
        "double unsigned": "double", "float unsigned": "float",
    },
    ignored=("zerofill",),
)  # fmt: skip
_DATES = frozenset(("date", "datetime", "timestamp"))
_TIMES = _DATES | {"time"}
_DECIMALS = frozenset(("decimal", *INTEGERS))
_NUMBERS = _DECIMALS | FLOATS
_SINGLE_PRECISION = frozenset(("float",))


class MySql(Engine):
    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = RULES
    spelling: ClassVar[Spelling] = _SPELLING
    position: ClassVar[str] = "int"

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return "varchar"
        if not node.is_int:
            return "double" if "e" in node.name.lower() else "decimal"
        size = int(node.this)
        return "int" if size < 1 << 31 else "bigint" if size < 1 << 63 else "decimal"

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        if "" in (left, right):
            return ""
        if operator in (
            exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift,
            exp.BitwiseRightShift,
        ):  # fmt: skip
            return "bigint unsigned"
        kinds = {self._calculated(left), self._calculated(right)}
        if "" in kinds:
            return ""
        if operator is exp.IntDiv:
            return "bigint" if kinds <= {"integer"} and not _unsigned(left, right) else ""
        for shown in ("double", "decimal"):
            if shown in kinds:
                return shown
        if operator is exp.Div:
            return "decimal"
        return "bigint unsigned" if _unsigned(left, right) else "bigint"

    @staticmethod
    def _calculated(shown: str) -> str:
        """What a value of this type is when it is calculated with."""
        if shown in INTEGERS or shown in ("date", "year"):
            return "integer"
        if shown in FLOATS or shown in ("char", "varchar", *TEXTS):
            return "double"
        return "decimal" if shown == "decimal" else ""

    def common(self, found: Sequence[str]) -> str:
        shown = super().common(found)
        # What may be a shorter string or another member is no ``char`` any more.
        return "varchar" if self.spelling.base(shown) in ("char", "enum", "set") else shown

    def wider(self, left: str, right: str) -> str:
        both = {left, right}
        if both <= {*INTEGERS}:
            return "" if _unsigned(left, right) else max(left, right, key=INTEGERS.index)
        if both <= _NUMBERS:
            if both <= _DECIMALS:
                return "decimal"
            return "float" if both <= _SINGLE_PRECISION else "double"
        if both <= _DATES or (both <= _TIMES and not both.isdisjoint(_DATES)):
            return "datetime"
        if not both.isdisjoint(TEXTS):
            return "text" if both <= {*TEXTS, *STRINGS, *_NUMBERS, *_TIMES} else ""
        return "varchar" if both <= {*STRINGS, *_NUMBERS, *_TIMES} else ""

    def array_of(self, element: str) -> str:
        del element
        return ""

    def call(self, name: str, arguments: Sequence[exp.Expr], context: Context) -> str:
        rule = NAMED.get(name)
        return rule(self, arguments, context) if rule else ""

    def cast(self, to: exp.DataType) -> str:
        shown, _, character_set = super().cast(to).partition(" character set ")
        if character_set:
            return "varchar"
        # A cast to ``char`` gives what is stored as ``varchar``.
        return f"var{shown}" if self.spelling.base(shown) == "char" else shown


def _unsigned(*found: str) -> bool:
    return any(it.endswith("unsigned") for it in found)
