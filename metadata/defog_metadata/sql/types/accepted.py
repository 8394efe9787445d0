"""Which types each engine takes together.

As the engines say that the tests ask about every pair, and for the others only what their
documentation leaves no doubt about.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlglot import exp

from defog_metadata.sql.types.acceptance import Acceptance, read_families, read_pairs

__all__ = ["acceptance_of"]


def _each(kinds: Iterable[type[exp.Expr]], families: str) -> dict[type[exp.Expr], frozenset[str]]:
    return dict.fromkeys(kinds, frozenset(families.split()))


# PostgreSQL. ``whole`` is what can be added to a date, ``float`` what has no remainder.
_PG_FAMILIES = read_families(
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
    ~text literal: whole wide float text boolean date moment time timetz interval uuid
    ~text literal: json jsonb bytea
    literal: literal
    jsonb: jsonb
    bytea: bytea
"""
_PG_NO_NUMBERS = "text boolean date moment timetz uuid json jsonb bytea"
_PG_NO_TEXT = "whole wide float boolean date moment time timetz interval uuid json jsonb"
_PG = Acceptance(
    _PG_FAMILIES,
    read_pairs(_PG_SAME),
    MappingProxyType(
        {
            exp.Add: read_pairs(_PG_ADDED + _PG_MOVED_LITERALS),
            exp.Sub: read_pairs(_PG_TAKEN + _PG_MOVED_LITERALS),
            exp.Mul: read_pairs(_PG_MULTIPLIED + _PG_SCALED_LITERALS),
            exp.Div: read_pairs(_PG_DIVIDED + _PG_SCALED_LITERALS),
            # To pg_trgm, % is the likeness of two texts.
            exp.Mod: read_pairs(
                "whole wide: whole wide\n~text: text literal" + _PG_SCALED_LITERALS
            ),
            exp.DPipe: read_pairs(_PG_JOINED),
        }
    ),
    merged=read_pairs(_PG_SAME + "json: json\n~date moment: time timetz"),
    assigned=read_pairs(
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
            **_each((exp.LogicalAnd, exp.LogicalOr),
                    "whole wide float text date moment time timetz interval uuid json jsonb bytea"),
            **_each((exp.Like, exp.ILike), _PG_NO_TEXT),
            **_each((exp.Neg,), _PG_NO_NUMBERS),
        }
    ),
    conditions=frozenset(_PG_FAMILIES.values()) - {"boolean"},
    reads_literals=True,
)  # fmt: skip

_DUCKDB_FAMILIES = read_families(
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
_DUCKDB_SCALED = f"{_DUCKDB_NUMBERS}\n{_DUCKDB_WITH_LITERALS}"
_DUCKDB_NO_NUMBERS = "text boolean date moment time interval uuid"
_DUCKDB = Acceptance(
    _DUCKDB_FAMILIES,
    read_pairs(_DUCKDB_SAME),
    MappingProxyType(
        {
            exp.Add: read_pairs(
                f"""
                {_DUCKDB_NUMBERS}
                ~date: whole time interval
                ~interval: moment time interval
                {_DUCKDB_WITH_LITERALS}
                """
            ),
            exp.Sub: read_pairs(
                f"""
                {_DUCKDB_NUMBERS}
                date: whole date moment interval
                moment: date moment interval
                time interval: interval
                {_DUCKDB_WITH_LITERALS}
                """
            ),
            exp.Mul: read_pairs(f"{_DUCKDB_SCALED}\n~interval: whole wide"),
            exp.Div: read_pairs(f"{_DUCKDB_SCALED}\ninterval: whole wide"),
            exp.Mod: read_pairs(_DUCKDB_SCALED),
        }
    ),
    merged=read_pairs(_DUCKDB_SAME),
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
    read_families(
        """
        number: int64, numeric, bignumeric, float64
        text: string
        boolean: bool
        bytes: bytes
        date: date, datetime, timestamp
        time: time
        """
    ),
    read_pairs(
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
            # Only what is calculated with texts is judged: there the documentation is clear.
            it: read_pairs(
                """
                number: number
                ~date time boolean bytes: number date time boolean bytes literal
                """
            )
            for it in (exp.Add, exp.Sub, exp.Mul)
        }
    ),
    refused=MappingProxyType(_each((exp.Sum, exp.Avg), "text boolean bytes")),
    conditions=frozenset(("number", "text", "date", "time", "bytes")),
)  # fmt: skip

_TSQL = Acceptance(
    read_families(
        """
        number: int, bigint, smallint, tinyint, decimal, numeric, float, real
        text: varchar, nvarchar, char, nchar
        bit: bit
        date: date
        """
    ),
    read_pairs(
        """
        number text bit: number text bit
        ~date: date text
        ~literal: number text bit date literal
        """
    ),
    MappingProxyType(
        {
            it: read_pairs(
                """
                number text bit literal: number text bit literal
                ~date: literal text
                """
            )
            for it in (exp.Add, exp.Sub)
        }
    ),
    refused=MappingProxyType(_each((exp.Sum, exp.Avg), "text bit date")),
    conditions=frozenset(("number", "text", "bit", "date")),
)  # fmt: skip

_ENGINES: Mapping[str, Acceptance] = MappingProxyType(
    {"postgres": _PG, "duckdb": _DUCKDB, "bigquery": _BIGQUERY, "tsql": _TSQL}
)
_ANYTHING = Acceptance()


def acceptance_of(dialect: str) -> Acceptance:
    """What is known of an engine; nothing is refused by those that convert whatever they meet."""
    return _ENGINES.get(dialect, _ANYTHING)
