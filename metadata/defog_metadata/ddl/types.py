"""A column's type as another dialect writes it.

Within one dialect a type stays as the engine shows it. Between two, sqlglot translates; what it
would write for a type that the other engine has not is replaced by the nearest that all have.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from defog_metadata.catalog import Column

__all__ = ["TEXT_IN_KEY", "base_name", "is_array", "is_known", "is_unnamed", "translated_type"]

DType = exp.DType

TEXT_IN_KEY = 768
"""Characters of all texts of one key of MySQL's together: 3,072 bytes, four for a character."""

_LONGEST_KEY_PART = 255
_UNNAMED = frozenset(("", "user-defined", "array", "unknown"))
_ARRAY = re.compile(r"(?:\s*\[\d*\])+$")
_PLAUSIBLE = re.compile(r"[A-Za-z_][\w ]*(?:\([\w ,]*\)[\w ]*)?(?:\s*\[\d*\])*|\w+<.*>", re.DOTALL)
_MODIFIERS = re.compile(r"\s*\([^()]*\)")


def is_unnamed(shown: str) -> bool:
    """Whether ``information_schema`` shows this word for types that it does not name."""
    return shown.strip().lower() in _UNNAMED


def is_array(shown: str) -> bool:
    return bool(_ARRAY.search(shown)) or shown.strip().upper() == "ARRAY"


@lru_cache(maxsize=4096)
def is_known(shown: str, dialect: str) -> bool:
    """Whether sqlglot knows the type *shown* in *dialect*; the empty one takes most of them."""
    if not _PLAUSIBLE.fullmatch(shown.strip()):
        return False
    try:
        # A type alone would be read as far as it is understood.
        cast = sqlglot.parse_one(f"CAST(x AS {shown})", read=dialect or None)
    except (SqlglotError, ValueError):
        return False
    kind = cast.args.get("to")
    return isinstance(kind, exp.DataType) and kind.this is not DType.USERDEFINED


def base_name(shown: str) -> str:
    """A type without its modifiers: ``numeric`` for ``Numeric(9,2)[]``; quoted names as they are.

    >>> base_name("timestamp(3) without time zone"), base_name('"Name"[]')
    ('timestamp without time zone', '"Name"')
    """
    element = _ARRAY.sub("", shown.strip())
    if '"' in element:
        return element
    return " ".join(_MODIFIERS.sub("", element).lower().split())


# The nearest of the types that every dialect of sqlglot's has a word for.
_PLAIN: Mapping[exp.DType, str] = MappingProxyType(
    {
        DType.AGGREGATEFUNCTION: "text", DType.ARRAY: "json", DType.BIGSERIAL: "bigint",
        DType.BIT: "text", DType.DATE32: "date", DType.DATETIME64: "timestamp",
        DType.ENUM: "text", DType.ENUM8: "text", DType.ENUM16: "text",
        DType.FIXEDSTRING: "text", DType.GEOGRAPHY: "text", DType.GEOMETRY: "text",
        DType.HLLSKETCH: "text", DType.HSTORE: "json", DType.IMAGE: "varbinary",
        DType.INET: "text", DType.INT128: "decimal(38, 0)", DType.INT256: "decimal(38, 0)",
        DType.INTERVAL: "text", DType.IPADDRESS: "text", DType.IPPREFIX: "text",
        DType.IPV4: "text", DType.IPV6: "text", DType.JSON: "text", DType.JSONB: "json",
        DType.LIST: "json", DType.LOWCARDINALITY: "text", DType.MAP: "json",
        DType.MONEY: "decimal(19, 4)", DType.NAME: "text", DType.NESTED: "json",
        DType.NULL: "text", DType.OBJECT: "json", DType.ROWVERSION: "varbinary",
        DType.SERIAL: "int", DType.SET: "text", DType.SMALLDATETIME: "timestamp",
        DType.SMALLMONEY: "decimal(10, 4)", DType.SMALLSERIAL: "smallint",
        DType.STRUCT: "json", DType.SUPER: "json", DType.TIME_NS: "time", DType.TIMETZ: "time",
        DType.UBIGINT: "decimal(20, 0)", DType.UDECIMAL: "decimal", DType.UDOUBLE: "double",
        DType.UINT: "bigint", DType.UINT128: "decimal(38, 0)",
        DType.UINT256: "decimal(38, 0)", DType.UMEDIUMINT: "int", DType.UNION: "text",
        DType.UNKNOWN: "text", DType.USERDEFINED: "text", DType.USMALLINT: "int",
        DType.UTINYINT: "smallint", DType.UUID: "char(36)", DType.VARIANT: "json",
        DType.VECTOR: "text", DType.XML: "text", DType.YEAR: "smallint",
        DType.INT4RANGE: "text", DType.INT4MULTIRANGE: "text", DType.INT8RANGE: "text",
        DType.INT8MULTIRANGE: "text", DType.NUMRANGE: "text", DType.NUMMULTIRANGE: "text",
        DType.TSRANGE: "text", DType.TSMULTIRANGE: "text", DType.TSTZRANGE: "text",
        DType.TSTZMULTIRANGE: "text", DType.DATERANGE: "text", DType.DATEMULTIRANGE: "text",
        DType.POINT: "text", DType.RING: "text", DType.LINESTRING: "text",
        DType.MULTILINESTRING: "text", DType.POLYGON: "text", DType.MULTIPOLYGON: "text",
        DType.BIGDECIMAL: "decimal(38, 9)",
    }
)  # fmt: skip

_NESTED = frozenset((DType.ARRAY, DType.LIST, DType.STRUCT, DType.MAP))
_UNSIGNED = frozenset(
    (DType.UTINYINT, DType.USMALLINT, DType.UINT, DType.UBIGINT, DType.UMEDIUMINT)
)  # fmt: skip
_RANGES = frozenset(it for it in DType if it.name.endswith("RANGE"))
# Of those above, the ones that a dialect has under a name that sqlglot writes.
_OWN: Mapping[str, frozenset[exp.DType]] = MappingProxyType(
    {
        "postgres": _RANGES
        | {
            DType.ARRAY, DType.BIT, DType.GEOGRAPHY, DType.GEOMETRY, DType.HSTORE, DType.INET,
            DType.INTERVAL, DType.JSON, DType.JSONB, DType.MONEY, DType.NAME, DType.TIMETZ,
            DType.UUID, DType.VECTOR, DType.XML,
        },
        "redshift": frozenset((DType.GEOGRAPHY, DType.GEOMETRY, DType.SUPER, DType.TIMETZ)),
        "materialize": frozenset((DType.INTERVAL, DType.JSONB, DType.UUID)),
        "risingwave": frozenset((DType.INTERVAL, DType.JSONB)),
        "duckdb": _UNSIGNED
        | {DType.ARRAY, DType.BIT, DType.INT128, DType.INTERVAL, DType.JSON, DType.TIMETZ,
           DType.UUID},
        "mysql": frozenset((DType.BIT, DType.JSON, DType.SET, DType.YEAR, DType.GEOMETRY)),
        "singlestore": frozenset((DType.BIT, DType.JSON, DType.SET, DType.YEAR)),
        "doris": frozenset((DType.JSON, DType.JSONB)),
        "starrocks": frozenset((DType.JSON,)),
        "snowflake": frozenset((DType.GEOGRAPHY, DType.GEOMETRY, DType.VARIANT, DType.JSON)),
        "bigquery": frozenset(
            (DType.ARRAY, DType.BIGDECIMAL, DType.GEOGRAPHY, DType.INTERVAL, DType.JSON,
             DType.STRUCT, DType.UUID)
        ),
        "databricks": frozenset((DType.ARRAY, DType.MAP, DType.STRUCT, DType.UUID, DType.VARIANT)),
        "spark": frozenset((DType.ARRAY, DType.MAP, DType.STRUCT, DType.UUID)),
        "spark2": frozenset((DType.ARRAY, DType.MAP, DType.STRUCT)),
        "hive": frozenset((DType.ARRAY, DType.MAP, DType.STRUCT)),
        "athena": frozenset((DType.ARRAY, DType.MAP, DType.STRUCT)),
        "trino": frozenset((DType.ARRAY, DType.JSON, DType.MAP, DType.UUID)),
        "presto": frozenset((DType.ARRAY, DType.JSON, DType.MAP)),
        "dune": frozenset((DType.ARRAY, DType.JSON, DType.MAP)),
        "clickhouse": _UNSIGNED
        | {DType.ARRAY, DType.INT128, DType.INT256, DType.IPV4, DType.IPV6, DType.JSON, DType.UUID},
        "tsql": frozenset(
            (DType.MONEY, DType.ROWVERSION, DType.SMALLDATETIME, DType.SMALLMONEY, DType.UUID,
             DType.XML)
        ),
        "fabric": frozenset((DType.UUID,)),
        "oracle": frozenset((DType.XML,)),
    }
)  # fmt: skip
_SIZED = frozenset(
    (
        DType.CHAR, DType.VARCHAR, DType.NCHAR, DType.NVARCHAR, DType.BPCHAR, DType.BINARY,
        DType.VARBINARY, DType.DECIMAL, DType.BIGDECIMAL, DType.BIT, DType.VECTOR, DType.GEOMETRY,
        DType.GEOGRAPHY, DType.SET,
    )
)  # fmt: skip
_TIMED = frozenset(
    (DType.TIME, DType.TIMETZ, DType.TIMESTAMP, DType.TIMESTAMPTZ, DType.TIMESTAMPLTZ,
     DType.TIMESTAMPNTZ, DType.DATETIME, DType.DATETIME2)
)  # fmt: skip
# Precisions that these keep; sqlglot writes any.
_FINEST = {"postgres": 6, "mysql": 6, "singlestore": 6}
# Whose decimals without a size keep every digit, as those of the metadata do. Elsewhere they would
# lose what is behind the point.
_UNLIMITED = frozenset(
    ("", "bigquery", "materialize", "oracle", "postgres", "risingwave", "sqlite")
)
_TEXTS = frozenset(
    (DType.TEXT, DType.MEDIUMTEXT, DType.LONGTEXT, DType.TINYTEXT, DType.VARCHAR, DType.NVARCHAR)
)
_BINARIES = frozenset((DType.BINARY, DType.VARBINARY, DType.BLOB))
_SPELLED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        # A length that MySQL insists on, and the type that needs none.
        "mysql": {"VARBINARY": "LONGBLOB", "BLOB": "LONGBLOB", "VARCHAR": "TEXT"},
        "singlestore": {"VARBINARY": "LONGBLOB", "BLOB": "LONGBLOB", "VARCHAR": "TEXT"},
        "oracle": {"VARCHAR2": "CLOB", "NVARCHAR2": "NCLOB", "TIME": "INTERVAL DAY TO SECOND"},
        "postgres": {"BLOB": "BYTEA"},
        "tsql": {"VARCHAR": "VARCHAR(MAX)", "VARBINARY": "VARBINARY(MAX)", "TEXT": "VARCHAR(MAX)"},
        "fabric": {"VARCHAR": "VARCHAR(MAX)", "VARBINARY": "VARBINARY(MAX)"},
        "exasol": {"VARCHAR": "VARCHAR(2000000)", "TEXT": "VARCHAR(2000000)"},
        "teradata": {"VARCHAR": "VARCHAR(32000)", "TEXT": "CLOB", "VARBINARY": "BLOB"},
    }
)


def translated_type(column: Column, source: str, target: str, *, keys_share: int = 0) -> str:
    """The type of *column*, which *source* shows, for the ``CREATE TABLE`` of *target*.

    *keys_share*: how many texts there are in the longest key that the column is part of. MySQL
    has no keys of texts without a limit, so that such a text becomes a ``varchar`` of a length
    with which the key is still possible.
    """
    if source == target and not (keys_share and _is_endless(column.type, target)):
        return _unnamed_type(column.type, target) if is_unnamed(column.type) else column.type
    kind = _read(column.type, source)
    if kind is None:
        kind = exp.DataType(this=DType.TEXT)
    if source == "mysql" and _is_flag(column.type):
        kind = exp.DataType(this=DType.BOOLEAN)
    kind = _known(kind, target)
    if keys_share and target in _LIMITED and kind.this in _TEXTS and not kind.expressions:
        length = min(_LONGEST_KEY_PART, TEXT_IN_KEY // keys_share)
        kind = exp.DataType(this=DType.VARCHAR, expressions=[_size(length)])
    if not column.nullable:
        kind.set("nullable", False)
    written = kind.sql(dialect=target or None)
    return _SPELLED.get(target, {}).get(written, written)


_LIMITED = frozenset(("mysql", "singlestore"))
_ENDLESS = frozenset(("text", "tinytext", "mediumtext", "longtext", "varchar"))


def _is_endless(shown: str, dialect: str) -> bool:
    return dialect in _LIMITED and shown.strip().lower() in _ENDLESS


def _is_flag(shown: str) -> bool:
    return shown.replace(" ", "").lower() == "tinyint(1)"


def _unnamed_type(shown: str, dialect: str) -> str:
    if shown.strip().lower() == "array":
        return "text[]" if dialect == "postgres" else "text"
    # SQLite's columns may have none at all.
    return shown if dialect == "sqlite" and not shown.strip() else "text"


@lru_cache(maxsize=4096)
def _parsed(shown: str, source: str) -> exp.DataType | None:
    try:
        return exp.DataType.build(shown, dialect=source or None, udt=True)
    except (SqlglotError, ValueError):
        return None


def _read(shown: str, source: str) -> exp.DataType | None:
    """A copy, for the caller to change."""
    if is_unnamed(shown):
        return exp.DataType(this=DType.ARRAY) if is_array(shown) else None
    kind = _parsed(shown, source)
    if kind is not None and kind.this is DType.USERDEFINED and is_array(shown):
        return exp.DataType(this=DType.ARRAY, expressions=[exp.DataType(this=DType.TEXT)])
    return kind.copy() if isinstance(kind, exp.DataType) else None


def _known(kind: exp.DataType, target: str) -> exp.DataType:
    """*kind*, or the nearest type that *target* has."""
    own = _OWN.get(target, frozenset())
    if kind.this in _NESTED and kind.this in own and kind.expressions:
        # What is inside must be known as well.
        for inner in kind.find_all(exp.DataType):
            if inner is not kind and inner.parent is not None:
                inner.replace(_known(inner.copy(), target))
        return kind
    if kind.this in _PLAIN and kind.this not in own:
        return _known(exp.DataType.build(_PLAIN[kind.this]), target)
    if kind.this in _NESTED:
        return exp.DataType(this=DType.TEXT)
    if kind.this in _TIMED:
        finest = _FINEST.get(target)
        sizes = [it.name for it in kind.expressions]
        if finest is None or not all(it.isdecimal() and int(it) <= finest for it in sizes):
            kind.set("expressions", [])
    elif kind.this is DType.DECIMAL and not kind.expressions:
        if target not in _UNLIMITED:
            kind.set("expressions", [_size(38), _size(10)])
    elif (
        kind.this not in _SIZED
        or any(not it.name.isdecimal() for it in kind.expressions)
        or (kind.this in _BINARIES and target in ("postgres", "sqlite"))
    ):
        kind.set("expressions", [])
    return kind


def _size(length: int) -> exp.DataTypeParam:
    return exp.DataTypeParam(this=exp.Literal.number(length))
