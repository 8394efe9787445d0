"""Which dialect's types and defaults metadata have."""

import re
from collections.abc import Iterable, Mapping

from defog_metadata.catalog import Table
from defog_metadata.catalog.dialects import canonical_dialect, is_dialect

__all__ = ["said_dialect", "seen_dialect"]


def said_dialect(document: object) -> str | None:
    """The dialect that a metadata document names as its own, beside its tables."""
    if isinstance(document, Mapping):
        for key in ("dialect", "db_type"):
            said = document.get(key)
            if isinstance(said, str) and said.strip() and is_dialect(canonical_dialect(said)):
                return canonical_dialect(said)
    return None


# What only one engine shows.
_TYPES = {
    "postgres": re.compile(
        r"character varying|(?:time|timestamp)(?:\(\d\))? with(?:out)? time zone|bytea|jsonb"
        r"|tsvector|user-defined|.*\[\]",
        re.IGNORECASE,
    ),
    "mysql": re.compile(
        r"(?:tiny|small|medium|big)?int\(\d+\)|.*\bunsigned\b.*|(?:enum|set)\(.*"
        r"|(?:long|medium|tiny)(?:text|blob)",
        re.IGNORECASE | re.DOTALL,
    ),
    "bigquery": re.compile(r"INT64|FLOAT64|BIGNUMERIC|(?:ARRAY|STRUCT)<.*"),
    "snowflake": re.compile(r"TIMESTAMP_(?:NTZ|LTZ|TZ).*|NUMBER\(\d+, ?\d+\)|VARIANT"),
    "tsql": re.compile(r"nvarchar.*|datetime2.*|uniqueidentifier|datetimeoffset.*", re.IGNORECASE),
}
_DEFAULTS = {
    "postgres": re.compile(r"nextval\(.*|.*'::\w.*|GENERATED .*AS IDENTITY", re.DOTALL),
    "mysql": re.compile(r"AUTO_INCREMENT|current_timestamp\(\).*", re.DOTALL),
}


def seen_dialect(tables: Iterable[Table]) -> str | None:
    """The dialect whose types and defaults *tables* show; ``None`` where nothing tells."""
    votes: dict[str, int] = {}
    for table in tables:
        if table.schema == "main":
            votes["sqlite"] = votes.get("sqlite", 0) + 1
        for column in table.columns:
            for dialect, pattern in _TYPES.items():
                if pattern.match(column.type):
                    votes[dialect] = votes.get(dialect, 0) + 1
            for dialect, pattern in _DEFAULTS.items():
                if column.default and pattern.match(column.default):
                    votes[dialect] = votes.get(dialect, 0) + 1
    return max(votes, key=lambda it: votes[it]) if votes else None
