"""What stands behind ``DEFAULT``, or in its place.

Extraction and other writers of metadata keep all of it in one text; see ``defog_metadata.extract``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from defog_metadata.sql.functions import is_complete, is_known

__all__ = ["Generated", "NextOf", "is_value", "numbered", "read_generated", "translated"]


@dataclass(frozen=True, slots=True)
class NextOf:
    """The next number of PostgreSQL's sequence ``name``, which is quoted where it has to be."""

    name: str


@dataclass(frozen=True, slots=True)
class Generated:
    """A column that is computed. ``kind`` is ``STORED`` or ``VIRTUAL``."""

    expression: str
    kind: str


_SEQUENCE = re.compile(r"""nextval\('(?P<name>(?:[^']|'')+)'(?:::\w+)*\)""", re.IGNORECASE)
_NUMBERED = re.compile(
    r"AUTO_?INCREMENT|IDENTITY\b.*|GENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY\b.*",
    re.IGNORECASE | re.DOTALL,
)
_GENERATED = re.compile(
    r"GENERATED\s+ALWAYS\s+AS\s*\((?P<expression>.*)\)\s*(?P<kind>STORED|VIRTUAL|PERSISTENT)?",
    re.IGNORECASE | re.DOTALL,
)


def numbered(default: str) -> NextOf | str | None:
    """What makes a column count up: a sequence, or a clause such as ``AUTO_INCREMENT``."""
    if match := _SEQUENCE.fullmatch(default.strip()):
        return NextOf(match["name"].replace("''", "'"))
    return default.strip() if _NUMBERED.fullmatch(default.strip()) else None


def read_generated(default: str) -> Generated | None:
    match = _GENERATED.fullmatch(default.strip())
    if match is None or match["expression"].strip() == "":
        return None
    stored = (match["kind"] or "").upper() in ("STORED", "PERSISTENT")
    return Generated(match["expression"], "STORED" if stored else "VIRTUAL")


_VALUE = re.compile(
    r"""[-+]?\s*\d+(?:\.\d*)?(?:e[-+]?\d+)? | [-+]?\.\d+ | (?:[nxb]|_\w+)?'(?:[^'\\]|''|\\.)*'
    | true | false | null | current_(?:timestamp|date|time)
    | current_timestamp\s*\(\d*\)(?:\s+on\s+update\s.*)? | current_timestamp\s+on\s+update\s.*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def is_value(default: str) -> bool:
    """Whether *default* is a literal or the time, which need no brackets in any dialect."""
    return bool(_VALUE.fullmatch(default.strip()))


@lru_cache(maxsize=4096)
def translated(default: str, source: str, target: str) -> str | None:
    """The expression *default* of *source* in *target*; ``None`` where it has no counterpart.

    >>> translated("'0'::bigint", "postgres", "mysql"), translated("now()", "postgres", "sqlite")
    ('0', 'CURRENT_TIMESTAMP')
    """
    if source == target and not _is_foreign(default, source):
        return default
    try:
        # Only PostgreSQL and its kin write casts so; metadata are moved between engines.
        tree = sqlglot.parse_one(
            default, read="postgres" if _is_foreign(default, source) else source or None
        )
    except SqlglotError:
        return None
    tree = tree.transform(_simplified)
    if any(not isinstance(it, _TRANSLATABLE) for it in tree.walk()):
        return None
    written = tree.sql(dialect=target or None)
    return written if _has_functions(written, target) else None


_COLONS_ELSEWHERE = frozenset(("mysql", "sqlite", "tsql", "bigquery", "oracle", "singlestore"))
_CAST = re.compile(r"(?:'|\))::\s*[\w\"]")


def _is_foreign(default: str, source: str) -> bool:
    return source in _COLONS_ELSEWHERE and bool(_CAST.search(default))


_TRANSLATABLE = (
    exp.Literal, exp.Boolean, exp.Null, exp.Neg, exp.Paren, exp.CurrentTimestamp, exp.CurrentDate,
    exp.CurrentTime, exp.Uuid, exp.Binary, exp.HexString, exp.BitString, exp.National,
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_UUIDS = frozenset(("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "sys_guid"))
_NOWS = frozenset(("sysdate", "getdate", "sysdatetime", "getutcdate", "sysutcdatetime"))
_DATES = (exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ, exp.DType.TIME)


def _simplified(node: exp.Expr) -> exp.Expr:
    """A cast of a value is the value; ways to say "now" and "a new UUID" are one each."""
    if isinstance(node, exp.Cast):
        return _uncast(node)
    if isinstance(node, exp.Paren) and isinstance(node.this, exp.Literal):
        return node.this
    if isinstance(node, exp.CurrentTimestamp):
        return exp.CurrentTimestamp()
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name in _UUIDS:
            return exp.Uuid()
        if name in _NOWS:
            return exp.CurrentTimestamp()
    return node


def _uncast(node: exp.Cast) -> exp.Expr:
    value = node.this
    while isinstance(value, (exp.Cast, exp.Paren)):
        value = value.this
    if isinstance(value, (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime)):
        return exp.CurrentDate() if node.to.this is exp.DType.DATE else value
    if not isinstance(value, exp.Literal):
        return value if isinstance(value, (exp.Neg, exp.Null, exp.Boolean)) else node
    text = value.name.strip()
    if node.to.this in _DATES and text.lower() == "now":
        return exp.CurrentDate() if node.to.this is exp.DType.DATE else exp.CurrentTimestamp()
    if node.to.this in exp.DataType.NUMERIC_TYPES and _NUMBER.fullmatch(text):
        return exp.Literal.number(text)
    if node.to.this is exp.DType.BOOLEAN and text.lower() in ("t", "true", "f", "false"):
        return exp.Boolean(this=text.lower().startswith("t"))
    return value


_CALL = re.compile(r"\b([a-z_]\w*)\s*\(", re.IGNORECASE)


def _has_functions(written: str, target: str) -> bool:
    """Whether *target* is not known to lack a function that *written* calls."""
    outside = re.sub(r"'(?:[^'\\]|''|\\.)*'", "''", written)
    return not is_complete(target) or all(is_known(it, target) for it in _CALL.findall(outside))
