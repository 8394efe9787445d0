"""Which types an engine takes together. What is not listed here is not judged.

The tables follow the engines themselves: the tests ask them about every pair. A *family* is a
group of types that an engine takes for each other everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType

from sqlglot import exp

__all__ = ["LITERAL", "Acceptance", "acceptance_of"]

_Pairs = frozenset[tuple[str, str]]
LITERAL = "literal"
"""The family of a string literal, which has no type of its own yet."""


def _read(lines: str) -> _Pairs:
    """The pairs of ``left: right right``, both ways round where a line starts with ``~``."""
    found: set[tuple[str, str]] = set()
    for line in filter(None, map(str.strip, lines.splitlines())):
        lefts, _, rights = line.lstrip("~").partition(":")
        for left, right in product(lefts.split(), rights.split()):
            found.add((left, right))
            if line.startswith("~"):
                found.add((right, left))
    return frozenset(found)


def _families(lines: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        family, _, types = line.partition(":")
        found.update(dict.fromkeys(map(str.strip, types.split(",")), family))
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One engine's. A family in no pair of an operator is refused by it."""

    families: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    compared: _Pairs = frozenset()
    operators: Mapping[type[exp.Expr], _Pairs] = field(default_factory=lambda: MappingProxyType({}))
    merged: _Pairs = frozenset()
    """What may stand in one column of a UNION, or in the branches of one CASE."""
    assigned: _Pairs = frozenset()
    """Column first, then the value that it is given."""
    refused: Mapping[type[exp.Expr], frozenset[str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """The families that a function of one argument refuses."""
    conditions: frozenset[str] = frozenset()
    """The families that are no condition."""
    equates_anything: bool = False
    """Whether ``=`` takes what ``<`` does not."""
    unites_anything: bool = False
    """Whether UNION takes what CASE does not."""
    reads_literals: bool = False
    """Whether a string literal becomes a value of the type that it meets, before any row does."""

    def family(self, base: str) -> str:
        """The family of a type without modifiers; empty for one that is not judged."""
        return self.families.get(base, "")

    def compares(self, left: str, right: str) -> bool:
        return _allows(self.compared, left, right)

    def orders(self, family: str) -> bool:
        """Whether values of *family* can be compared at all."""
        return not self.compared or not family or (family, family) in self.compared

    def calculates(self, operator: type[exp.Expr], left: str, right: str) -> bool:
        pairs = self.operators.get(operator)
        return pairs is None or _allows(pairs, left, right)

    def merges(self, left: str, right: str) -> bool:
        return _allows(self.merged, left, right)

    def assigns(self, column: str, value: str) -> bool:
        return _allows(self.assigned, column, value)

    def refuses(self, function: type[exp.Expr], family: str) -> bool:
        return family in self.refused.get(function, ())


def _allows(pairs: _Pairs, left: str, right: str) -> bool:
    return not pairs or not left or not right or (left, right) in pairs


def _each(kinds: Iterable[type[exp.Expr]], families: str) -> dict[type[exp.Expr], frozenset[str]]:
    return dict.fromkeys(kinds, frozenset(families.split()))


# PostgreSQL. ``whole`` is what can be added to a date, ``float`` what has no remainder.
_PG_FAMILIES = _families(
    """
    whole: smallint, integer
    wide: bigint, numeric
    float: real, double precision
    text: text, character varying, character
    boolean: boolean
    date: date
    moment: timestamp without time zone, timestamp with time zone
    time: time without time zone
    timetz: time with time zone
    interval: interval
    uuid: uuid
    json: json
    jsonb: jsonb
    bytea: bytea
    """
)
_PG_SAME = """
    whole wide float: whole wide float
    text: text
    boolean: boolean
    date moment: date moment
    time timetz: time timetz
    ~time: interval
    interval: interval
    uuid: uuid
    bytea: bytea
    jsonb: jsonb
"""
_NUMBERS = "whole wide float: whole wide float"
_PG_ADDED = f"""
    {_NUMBERS}
    ~whole: date
    ~date: time timetz interval
    ~moment: time interval
    ~time: time timetz interval
    ~timetz: interval
    interval: interval
"""
_PG_TAKEN = f"""
    {_NUMBERS}
    date: whole date moment time interval
    moment: date moment time interval
    time timetz interval: time interval
    jsonb: whole text literal
    literal: text
"""
_PG_MULTIPLIED = f"""
    {_NUMBERS}
    ~whole wide float: time interval
"""
_PG_DIVIDED = f"""
    {_NUMBERS}
    time interval: whole wide float
"""
_PG_SCALED_LITERALS = """
    ~literal: whole wide float time interval
    literal: literal
"""
_PG_MOVED_LITERALS = f"{_PG_SCALED_LITERALS}\n~literal: date moment timetz"
_PG_JOINED = """
    ~text literal: whole wide float text boolean date moment time timetz interval uuid json jsonb bytea
    literal: literal
    jsonb: jsonb
    bytea: bytea
"""
_PG_NO_NUMBERS = "text boolean date moment timetz uuid json jsonb bytea"
_PG_NO_TEXT = "whole wide float boolean date moment time timetz interval uuid json jsonb"
_PG = Acceptance(
    _PG_FAMILIES,
    _read(_PG_SAME),
    MappingProxyType(
        {
            exp.Add: _read(_PG_ADDED + _PG_MOVED_LITERALS),
            exp.Sub: _read(_PG_TAKEN + _PG_MOVED_LITERALS),
            exp.Mul: _read(_PG_MULTIPLIED + _PG_SCALED_LITERALS),
            exp.Div: _read(_PG_DIVIDED + _PG_SCALED_LITERALS),
            exp.Mod: _read("whole wide: whole wide" + _PG_SCALED_LITERALS),
            exp.DPipe: _read(_PG_JOINED),
        }
    ),
    merged=_read(_PG_SAME + "json: json\n~date moment: time timetz"),
    assigned=_read(
        _PG_SAME
        + """
        text: whole wide float boolean date moment time timetz interval uuid json jsonb bytea
        time: moment interval
        timetz: moment
        json: json jsonb
        jsonb: json
        """
    ),
    refused=MappingProxyType(
        {
            **_each((exp.Sum, exp.Avg), _PG_NO_NUMBERS),
            **_each((exp.Stddev, exp.Variance, exp.Abs, exp.Ceil, exp.Floor, exp.Sqrt, exp.Round),
                    f"{_PG_NO_NUMBERS} time interval"),
            **_each((exp.Lower, exp.Upper, exp.Initcap), f"{_PG_NO_TEXT} bytea"),
            **_each((exp.Length,), _PG_NO_TEXT),
            **_each((exp.Extract,), "whole wide float text boolean uuid json jsonb bytea"),
            **_each((exp.TimestampTrunc,), "whole wide float text boolean uuid json jsonb bytea"),
            **_each((exp.LogicalAnd, exp.LogicalOr), f"{_PG_NO_TEXT} text bytea".replace("boolean ", "")),
            **_each((exp.Like, exp.ILike), _PG_NO_TEXT),
            **_each((exp.Neg,), _PG_NO_NUMBERS),
        }
    ),
    conditions=frozenset(_PG_FAMILIES.values()) - {"boolean"},
    reads_literals=True,
)  # fmt: skip

_DUCKDB_FAMILIES = _families(
    """
    whole: tinyint, smallint, integer
    wide: bigint, hugeint, decimal, float, double, utinyint, usmallint, uinteger, ubigint
    text: varchar
    boolean: boolean
    date: date
    moment: timestamp, timestamp with time zone
    time: time
    interval: interval
    uuid: uuid
    """
)
_DUCKDB_NUMBERS = "whole wide: whole wide"
_DUCKDB_SAME = f"""
    {_DUCKDB_NUMBERS}
    ~boolean: whole wide boolean
    text: text
    date moment: date moment
    time: time
    interval: interval
    uuid: uuid
    ~literal: whole wide text boolean date moment time interval uuid literal
"""
_DUCKDB_WITH_LITERALS = "~literal: whole wide date moment time interval boolean uuid text literal"
_DUCKDB_NO_NUMBERS = "text boolean date moment time interval uuid"
_DUCKDB = Acceptance(
    _DUCKDB_FAMILIES,
    _read(_DUCKDB_SAME),
    MappingProxyType(
        {
            exp.Add: _read(
                f"""
                {_DUCKDB_NUMBERS}
                ~date: whole time interval
                ~interval: moment time interval
                {_DUCKDB_WITH_LITERALS}
                """
            ),
            exp.Sub: _read(
                f"""
                {_DUCKDB_NUMBERS}
                date: whole date moment interval
                moment: date moment interval
                time interval: interval
                {_DUCKDB_WITH_LITERALS}
                """
            ),
            exp.Mul: _read(f"{_DUCKDB_NUMBERS}\n~interval: whole wide\n{_DUCKDB_WITH_LITERALS}"),
            exp.Div: _read(f"{_DUCKDB_NUMBERS}\ninterval: whole wide\n{_DUCKDB_WITH_LITERALS}"),
            exp.Mod: _read(f"{_DUCKDB_NUMBERS}\n{_DUCKDB_WITH_LITERALS}"),
        }
    ),
    merged=_read(_DUCKDB_SAME),
    refused=MappingProxyType(
        {
            exp.Sum: frozenset(("text", "date", "moment", "uuid")),
            exp.Avg: frozenset(("text", "boolean", "uuid")),
            **_each((exp.Lower, exp.Upper, exp.Like, exp.ILike),
                    "whole wide boolean date moment time interval uuid"),
            **_each((exp.Extract, exp.TimestampTrunc), "whole wide text boolean uuid"),
            **_each((exp.Abs, exp.Ceil, exp.Floor, exp.Sqrt, exp.Stddev, exp.Round),
                    _DUCKDB_NO_NUMBERS),
            **_each((exp.Length,), "whole wide boolean date moment time interval uuid"),
            **_each((exp.LogicalAnd, exp.LogicalOr),
                    "whole wide text date moment time interval uuid"),
        }
    ),
    equates_anything=True,
    unites_anything=True,
)  # fmt: skip

_BIGQUERY = Acceptance(
    _families(
        """
        number: int64, numeric, bignumeric, float64
        text: string
        boolean: bool
        bytes: bytes
        date: date, datetime, timestamp
        time: time
        """
    ),
    _read(
        """
        number: number
        text: text literal
        boolean: boolean
        bytes: bytes
        date: date
        time: time
        ~literal: text date time bytes literal
        """
    ),
    MappingProxyType(
        {
            exp.Add: _read("number: number\n~date time boolean bytes: number date time boolean bytes literal"),
            exp.Sub: _read("number: number\n~date time boolean bytes: number date time boolean bytes literal"),
            exp.Mul: _read("number: number\n~date time boolean bytes: number date time boolean bytes literal"),
        }
    ),
    refused=MappingProxyType(_each((exp.Sum, exp.Avg), "text boolean bytes")),
    conditions=frozenset(("number", "text", "date", "time", "bytes")),
)  # fmt: skip

_TSQL = Acceptance(
    _families(
        """
        number: int, bigint, smallint, tinyint, decimal, numeric, float, real
        text: varchar, nvarchar, char, nchar
        bit: bit
        date: date
        """
    ),
    _read("~number text bit: number text bit\n~date: date text\n~literal: number text bit date literal"),
    MappingProxyType(
        {
            exp.Add: _read("~number text bit literal: number text bit literal\n~date: literal text"),
            exp.Sub: _read("~number text bit literal: number text bit literal\n~date: literal text"),
        }
    ),
    refused=MappingProxyType(_each((exp.Sum, exp.Avg), "text bit date")),
)  # fmt: skip

_ENGINES: Mapping[str, Acceptance] = MappingProxyType(
    {"postgres": _PG, "duckdb": _DUCKDB, "bigquery": _BIGQUERY, "tsql": _TSQL}
)
_ANYTHING = Acceptance()


def acceptance_of(dialect: str) -> Acceptance:
    """What is known of an engine; nothing is refused by those that convert whatever they meet."""
    return _ENGINES.get(dialect, _ANYTHING)
