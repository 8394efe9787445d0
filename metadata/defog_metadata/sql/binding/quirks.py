"""What the engines do beyond the standard, as tables.

Where each dialect sees output names, and which names mean something without being declared.
"""

import re

from defog_metadata.catalog import Name
from defog_metadata.sql.scopes import Clause

__all__ = [
    "is_columnless",
    "is_pseudo_column",
    "is_system_table",
    "orders_by_any_operand",
    "orders_by_operands_relations",
    "row_reference",
    "sees_later_joins",
    "sees_neighbours",
    "sees_output_names",
    "takes_fields",
    "takes_recursion_without_keyword",
]

_EVERYWHERE = frozenset(("group by", "having", "qualify", "order by", "where", "select", "on"))
_AFTER_GROUPING = frozenset(("group by", "having", "qualify", "order by"))
# Engines not listed see output names in ORDER BY alone.
_OUTPUT_NAMES: dict[str, frozenset[str]] = {
    "postgres": frozenset(("group by", "order by")),
    "redshift": _EVERYWHERE - {"where", "on"},
    "materialize": frozenset(("group by", "order by")),
    "risingwave": frozenset(("group by", "order by")),
    "": _AFTER_GROUPING,
    "mysql": _AFTER_GROUPING,
    "doris": _AFTER_GROUPING,
    "starrocks": _AFTER_GROUPING,
    "singlestore": _AFTER_GROUPING,
    "sqlite": _EVERYWHERE - {"select"},
    "duckdb": _EVERYWHERE,
    "snowflake": _EVERYWHERE,
    "clickhouse": _EVERYWHERE,
    "databricks": _EVERYWHERE - {"where", "on"},
    "spark": _EVERYWHERE - {"where", "on"},
    "spark2": _AFTER_GROUPING,
    "hive": frozenset(("having", "order by")),
    "bigquery": _AFTER_GROUPING,
    "teradata": _EVERYWHERE,
    "drill": _AFTER_GROUPING,
    "exasol": _EVERYWHERE,
}
# Where an output name counts only when it stands alone: PostgreSQL takes ``ORDER BY total`` but
# not ``ORDER BY total + 1``.
_BARE_ONLY = frozenset(("postgres", "materialize", "risingwave", "presto", "trino", "athena"))


def sees_output_names(dialect: str, clause: Clause, *, is_bare: bool) -> bool:
    """Whether names given in the select list are seen in *clause*."""
    if clause not in _OUTPUT_NAMES.get(dialect, frozenset(("order by",))):
        return False
    return is_bare or dialect not in _BARE_ONLY


def takes_recursion_without_keyword(dialect: str) -> bool:
    """Whether a CTE may refer to itself although nobody wrote RECURSIVE."""
    return dialect in {"tsql", "fabric", "oracle", "sqlite", "snowflake", "teradata", "bigquery"}


def orders_by_any_operand(dialect: str) -> bool:
    """Whether ORDER BY sees the names of a union's every operand, not of its first alone."""
    return dialect in {"sqlite", "duckdb"}


def orders_by_operands_relations(dialect: str) -> bool:
    """Whether ORDER BY may qualify a name with a relation of one of a union's operands."""
    return dialect in {"sqlite", "duckdb", "tsql", "fabric"}


def sees_neighbours(dialect: str) -> bool:
    """Whether a query in FROM sees what stands before it there without LATERAL."""
    return dialect == "duckdb"


def sees_later_joins(dialect: str) -> bool:
    """Whether ON sees relations that are joined only after it."""
    return dialect == "sqlite"


def takes_fields(dialect: str) -> bool:
    """Whether ``a.b.c`` may reach into a column with parts (PostgreSQL wants ``(a.b).c``)."""
    return dialect not in {"postgres", "mysql", "sqlite", "tsql", "fabric"}


def row_reference(dialect: str) -> bool:
    """Whether a relation's name alone means its whole row."""
    return dialect not in {"mysql", "sqlite", "tsql", "fabric"}


_PSEUDO_COLUMNS: dict[str, frozenset[str]] = {
    "postgres": frozenset(("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid")),
    "redshift": frozenset(("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid", "sysdate")),
    "sqlite": frozenset(("rowid", "oid", "_rowid_", "rank")),
    "duckdb": frozenset(("rowid", "filename", "file_row_number")),
    "oracle": frozenset(
        ("rowid", "rownum", "level", "sysdate", "systimestamp", "uid", "user", "ora_rowscn",
         "connect_by_isleaf", "connect_by_iscycle", "object_value", "nextval", "currval")
    ),
    "snowflake": frozenset(("level", "value", "sysdate")),
    "bigquery": frozenset(
        ("_partitiontime", "_partitiondate", "_table_suffix", "_file_name", "_change_type",
         "_change_timestamp")
    ),
    "tsql": frozenset(("$action", "$identity", "$rowguid", "$partition")),
    "clickhouse": frozenset(("_part", "_partition_id", "_sample_factor", "_table", "_path")),
}  # fmt: skip
# Names that engines take for functions without parentheses or for keywords in some argument.
_NILADIC = frozenset(
    """user session_user current_user system_user current_role current_catalog current_schema
    current_date current_time current_timestamp localtime localtimestamp sysdate systimestamp
    all default null true false unknown maxvalue utc_date utc_time utc_timestamp sqlcode sqlerrm
    """.split()
)
_DATE_PARTS = frozenset(
    """year years yyyy yy yyy quarter quarters qtr q month months mm mon week weeks wk ww w iso_week
    isoweek isoyear iso_year day days dd d dy dayofyear dayofweek dayofmonth weekday dow doy isodow
    hour hours hh hr h minute minutes min mi n second seconds sec ss s millisecond milliseconds ms
    microsecond microseconds us mcs nanosecond nanoseconds ns epoch century decade millennium
    timezone date time datetime timestamp tzoffset epoch_second epoch_millisecond
    """.split()
)


def is_pseudo_column(dialect: str, name: Name, *, is_argument: bool) -> bool:
    """Whether *name*, found in no relation, still means something (a system column, a keyword)."""
    key = name.key
    if name.quoted:
        # SQLite takes a double-quoted name that names nothing for a string.
        return dialect in {"sqlite", ""}
    return (
        key in _NILADIC
        or key in _PSEUDO_COLUMNS.get(dialect, ())
        or key.startswith(("@", "$", ":", "metadata$", "__"))
        or (is_argument and (key in _DATE_PARTS or key in _ARGUMENT_WORDS))
    )


# Bare words that functions take as arguments: TRIM's sides, JSON_TABLE's paths, GROUP_CONCAT's
# separator, MySQL's MATCH modes, SQLite's and T-SQL's type names.
_ARGUMENT_WORDS = frozenset(
    """both leading trailing from separator using path columns ordinality nested error empty value
    absent nfc nfd nfkc nfkd int integer bigint float real decimal numeric varchar nvarchar char
    text date datetime2 datetimeoffset smalldatetime money bit binary varbinary json utf8 utf8mb4
    """.split()
)

_SYSTEM_TABLES: dict[str, re.Pattern[str]] = {
    "postgres": re.compile(r"pg_.*|information_schema"),
    "redshift": re.compile(r"(?:pg|stl|stv|svv|svl|svcs|sys)_.*|information_schema"),
    "sqlite": re.compile(r"sqlite_.*|pragma_.*|dbstat|json_each|json_tree|temp"),
    "duckdb": re.compile(r"(?:duckdb|pg|sqlite|pragma)_.*|information_schema|.*\.\w+"),
    "tsql": re.compile(r"sys|information_schema|#.*|@.*|inserted|deleted|sys[a-z]+"),
    "oracle": re.compile(r"dual|(?:all|user|dba|cdb|v|gv)[_$].*"),
    # Its views stand below a data set, as one name with a dot in it.
    "bigquery": re.compile(r"information_schema(?:\..*)?"),
    "mysql": re.compile(r"dual|information_schema|performance_schema|mysql|sys"),
}
_SYSTEM_SCHEMAS = re.compile(r"information_schema|pg_catalog|sys|system|mysql|temp")


def is_system_table(dialect: str, path: tuple[Name, ...]) -> bool:
    """Whether *path* may name something of the engine's own, which catalogs leave out."""
    pattern = _SYSTEM_TABLES.get(dialect)
    if pattern and any(pattern.fullmatch(it.key) for it in path):
        return True
    return any(_SYSTEM_SCHEMAS.fullmatch(it.key) for it in path[:-1])


def is_columnless(dialect: str, path: tuple[Name, ...]) -> bool:
    """Whether *path* is what MySQL selects from where it selects from nothing."""
    return dialect == "mysql" and [it.key for it in path] == ["dual"]
