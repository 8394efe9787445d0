"""PostgreSQL's types: what operators make of them, and which type takes several.

The tables follow ``pg_operator`` and ``pg_cast``; the tests compare them with a real server.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sqlglot import exp

from defog_metadata.sql.types.context import Context
from defog_metadata.sql.types.engine import Engine, Rule, widest
from defog_metadata.sql.types.named import rows_of
from defog_metadata.sql.types.operators import read_operators
from defog_metadata.sql.types.postgres_rules import NAMED, RULES
from defog_metadata.sql.types.type_text import UNTYPED, Spelling

__all__ = ["SPELLING", "Postgres"]

_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
_STRINGS = frozenset(("character", "character varying", "name", "text"))
_TIMESTAMP = "timestamp without time zone"
_TIMESTAMPTZ = "timestamp with time zone"
_LADDERS = (
    _NUMBERS,
    ("date", _TIMESTAMP, _TIMESTAMPTZ),
    ("time without time zone", "time with time zone"),
)
SPELLING = Spelling(
    {
        "bool": "boolean", "bpchar": "character", "char": "character", "dec": "numeric",
        "decimal": "numeric", "float": "double precision", "float4": "real",
        "float8": "double precision", "int": "integer", "int2": "smallint", "int4": "integer",
        "int8": "bigint", "varchar": "character varying", "varbit": "bit varying",
        "time": "time without time zone", "timetz": "time with time zone",
        "timestamp": _TIMESTAMP, "timestamptz": _TIMESTAMPTZ, "serial": "integer",
        "bigserial": "bigint", "smallserial": "smallint", "nchar": "character",
    },
    # ``interval day to second`` is shown so, but is no type of its own.
    ignored=("year", "month", "day", "hour", "minute", "second", "to"),
    has_flat_arrays=True,
)  # fmt: skip
_SCALED = {
    "interval": "interval", "time without time zone": "interval", "money": "money"
}  # fmt: skip
_OTHERS = frozenset(
    """bit boolean box bytea cidr circle inet interval json jsonb line lseg macaddr money oid path
    point polygon regclass tsquery tsvector uuid xml""".split()
) | {"bit varying"}
_KNOWN = _STRINGS | _OTHERS | {it for ladder in _LADDERS for it in ladder}
_RESULTS = read_operators(
    """
date + integer = date               date - integer = date
date + smallint = date              date - smallint = date
date + time = timestamp             date - time = timestamp
date + timetz = timestamptz         date - date = integer
date + interval = timestamp         date - interval = timestamp
time + interval = time              date - timestamp = interval
time + timetz = timetz              date - timestamptz = interval
time + timestamp = timestamp        time - time = interval
time + timestamptz = timestamptz    time - interval = time
timetz + interval = timetz          timetz - time = timetz
timestamp + interval = timestamp    timetz - interval = timetz
timestamptz + interval = timestamptz    timestamp - date = interval
interval + interval = interval      timestamp - time = timestamp
money + money = money               timestamp - timestamp = interval
money - money = money               timestamp - timestamptz = interval
money / money = float8              timestamp - interval = timestamp
interval - time = interval          timestamptz - date = interval
interval - interval = interval      timestamptz - time = timestamptz
jsonb - text = jsonb                timestamptz - timestamp = interval
jsonb - varchar = jsonb             timestamptz - timestamptz = interval
jsonb - integer = jsonb             timestamptz - interval = timestamptz
jsonb - unknown = jsonb             time + unknown = time
jsonb - text[] = jsonb              bit || bit = varbit
bit || unknown = varbit             timestamp + unknown = timestamp
money * unknown = money             interval * unknown = interval
time * unknown = interval           timestamptz + unknown = timestamptz
interval / unknown = interval       time / unknown = interval
jsonb || jsonb = jsonb              jsonb || unknown = jsonb
bytea || bytea = bytea              bytea || unknown = bytea
tsvector || tsvector = tsvector     tsquery || tsquery = tsquery
    """,
    SPELLING,
)


class Postgres(Engine):
    """PostgreSQL 14 and later, where EXTRACT gives ``numeric``."""

    rules: ClassVar[Mapping[type[exp.Expr], Rule]] = RULES
    spelling: ClassVar[Spelling] = SPELLING
    null: ClassVar[str] = UNTYPED
    string: ClassVar[str] = "text"
    alias_names_column: ClassVar[bool] = True

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            return UNTYPED
        if not node.is_int:
            return "numeric"
        size = int(node.this)
        return "integer" if size < 1 << 31 else "bigint" if size < 1 << 63 else "numeric"

    def arithmetic(self, operator: type[exp.Expr], left: str, right: str) -> str:
        if not left or not right:
            return ""
        if found := _RESULTS.get((operator, left, right)):
            return found
        if operator is exp.DPipe:
            return self._joined(left, right)
        # A literal is taken to be of the type of the other side.
        left, right = (right if left == UNTYPED else left), (left if right == UNTYPED else right)
        if left in _NUMBERS and right in _NUMBERS:
            return self._calculated(operator, left, right)
        scaled, factor = (right, left) if left in _NUMBERS else (left, right)
        is_division = operator in (exp.Div, exp.IntDiv) and scaled == left
        if (operator is exp.Mul or is_division) and factor in _NUMBERS:
            return _SCALED.get(scaled, "")
        return _RESULTS.get((operator, left, right), "")

    def _calculated(self, operator: type[exp.Expr], left: str, right: str) -> str:
        wider = self.wider(left, right)
        is_float = wider in ("real", "double precision")
        if operator is exp.Pow:
            return "numeric" if wider == "numeric" else "double precision"
        if operator in (exp.BitwiseLeftShift, exp.BitwiseRightShift):
            return left if right != "bigint" else ""
        if operator in (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor):
            return "" if is_float or wider == "numeric" else wider
        if operator is exp.Mod and is_float:
            return ""
        return "double precision" if is_float and left != right else wider

    def _joined(self, left: str, right: str) -> str:
        if left.endswith("[]") or right.endswith("[]"):
            elements = [it.removesuffix("[]") for it in (left, right) if it != UNTYPED]
            return self.array_of(self.common(elements))
        if "bit" in (left, right):
            return ""
        is_text = not _STRINGS.isdisjoint((left, right)) or UNTYPED in (left, right)
        return "text" if is_text and {left, right} <= _KNOWN | {UNTYPED} else ""

    def wider(self, left: str, right: str) -> str:
        if left in _STRINGS and right in _STRINGS:
            # They can all become each other: the first one stays.
            return "name" if right == "name" and left != "text" else left
        if left.endswith("[]") and right.endswith("[]"):
            element = self.wider(left[:-2], right[:-2])
            return f"{element}[]" if element in _NUMBERS else ""
        return widest(left, right, _LADDERS)

    def merged(self, found: Sequence[str]) -> str:
        return self.common(found)

    def array_of(self, element: str) -> str:
        return element if element.endswith("[]") else super().array_of(element)

    def call(self, name: str, arguments: Sequence[exp.Expr], context: Context) -> str:
        if rule := NAMED.get(name):
            return rule(self, arguments, context)
        return self.named_type(rows_of(name, self.dialect))

    def named_type(self, shown: str) -> str:
        # The library says ``timestamp`` of functions that take, and return, any kind of it.
        found = "" if shown == "timestamp" else self.spelling.full(shown)
        return found if found.removesuffix("[]") in _KNOWN else ""
