"""Kinds of types, as far as it matters to who writes SQL which one a column has."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from defog_metadata.sql.types.acceptance import read_families
from defog_metadata.sql.types.vocabulary import type_name

__all__ = ["disagree"]

_KINDS = read_families(
    """
    whole: tinyint, smallint, mediumint, int, integer, bigint, hugeint, int2, int4, int8, int16
    whole: int32, int64, int128, serial, bigserial, smallserial, byteint, uint8, uint16, uint32
    whole: uint64, utinyint, usmallint, uinteger, ubigint, uhugeint, int unsigned
    whole: bigint unsigned, smallint unsigned, tinyint unsigned, mediumint unsigned
    fraction: decimal, numeric, dec, real, float, double, double precision, float4, float8
    fraction: float32, float64, bignumeric, bigdecimal, money, smallmoney
    text: char, character, varchar, character varying, text, string, nchar, nvarchar, tinytext
    text: mediumtext, longtext, varchar2, nvarchar2, bpchar, clob, ntext, citext
    date: date
    moment: timestamp, timestamp without time zone, timestamp with time zone, timestamptz, datetime
    moment: datetime2, smalldatetime, datetimeoffset, timestamp_ntz, timestamp_ltz, timestamp_tz
    time: time, time without time zone, time with time zone, timetz
    boolean: boolean, bool
    json: json, jsonb
    bytes: bytea, blob, binary, varbinary, bytes, tinyblob, mediumblob, longblob
    """
)
# Kinds that an engine keeps in each other's place, so that either word says the truth.
_SAME: Mapping[str, frozenset[frozenset[str]]] = MappingProxyType(
    {
        "mysql": frozenset((frozenset(("whole", "boolean")), frozenset(("json", "text")))),
        "snowflake": frozenset((frozenset(("whole", "fraction")),)),
        "oracle": frozenset(
            (
                frozenset(("whole", "fraction")), frozenset(("date", "moment")),
                frozenset(("whole", "boolean")),
            )
        ),
        "databricks": frozenset((frozenset(("whole", "fraction")),)),
    }
)  # fmt: skip
# SQLite keeps anything anywhere; only these two are never a way to write the other.
_SQLITE = frozenset(("whole", "text"))
_WITHOUT_FRACTION = re.compile(
    r"(?:decimal|numeric|dec)\s*\(\s*\d+\s*(?:,\s*0\s*)?\)", re.IGNORECASE
)


def disagree(said: str, stored: str, dialect: str) -> bool:
    """Whether a column cannot well be called *said* where the database has it as *stored*.

    Lengths, precisions and sizes of numbers do not count; types that are not known well are left
    alone.

    >>> disagree("INT", "bigint", "postgres"), disagree("INT", "text", "postgres")
    (False, True)
    """
    one, other = _kind(said), _kind(stored)
    if not one or not other or one == other:
        return False
    both = frozenset((one, other))
    if dialect == "sqlite":
        return both == _SQLITE
    if both == {"whole", "fraction"} and any(map(_WITHOUT_FRACTION.fullmatch, (said, stored))):
        return False
    return both not in _SAME.get(dialect, ())


def _kind(written: str) -> str:
    kind = _KINDS.get(type_name(written), "")
    is_array = written.rstrip().endswith("]") or written.lstrip().lower().startswith(
        ("array", "list")
    )
    return f"{kind} array" if kind and is_array else kind
