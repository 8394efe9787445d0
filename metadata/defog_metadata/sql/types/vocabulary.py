"""Which words are types at all, in a dialect and in any.

sqlglot's dialects bring most of them. What they do not know is here: a type that an engine has,
though no statement of sqlglot's ever names it, is no mistake in a column's declaration.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlglot.dialects.dialect import Dialect, Dialects

from defog_metadata.sql.types.type_text import element_of

__all__ = ["has_own_types", "is_type", "type_name", "types_of"]

# What people write most, in that order, whichever of them a dialect has.
_COMMON = tuple(
    "integer int bigint numeric decimal text varchar string date timestamp timestamptz datetime "
    "boolean bool float float64 int64 double real json jsonb uuid interval signed unsigned char"
    "".split()
)

# What sqlglot calls a type, and nobody gives a column.
_INTERNAL = frozenset("null unknown hllsketch super object nullable lowcardinality name".split())

_POSTGRES = """
aclitem box box2d box2df box3d cid cidr circle citext cube datemultirange ean13 earth geomval
halfvec int2vector isbn isbn13 ismn ismn13 issn issn13 jsonpath line lo lquery lseg ltree
ltxtquery macaddr macaddr8 oidvector path pg_lsn pg_snapshot query_int raster refcursor seg
sparsevec tid topogeometry tsquery tsvector txid_snapshot upc varbit xid xid8
"""
# PostgreSQL's own bookkeeping, which functions and system catalogs have, and nobody else.
_PSEUDO = frozenset(
    """
    abstime any anyarray anycompatible anycompatiblearray anycompatiblemultirange
    anycompatiblenonarray anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange
    event_trigger fdw_handler gbtreekey16 gbtreekey32 gtsvector index_am_handler internal
    language_handler pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_ddl_command
    pg_dependencies pg_mcv_list pg_ndistinct pg_node_tree reltime table_am_handler tinterval trigger
    tsm_handler
    """.split()
)
_MYSQL = """
fixed geomcollection geometrycollection inet4 inet6 int3 integer middleint multipoint national
nchar long uuid xmltype
"""
_DUCKDB = "guid integral type varint signed hugeint time_ns timestamp_us"
_SQL_SERVER = "hierarchyid sysname timestamp cursor table vector"
_ORACLE = """
bfile binary_integer long nclob raw rowid urowid xmltype sdo_geometry anydata httpuritype dbclob
uritype dburitype boolean
"""
_SNOWFLAKE = "autoincrement number array variant object file vector decfloat"
_SPARK = "tinyint long short byte void calendarinterval"
_TRINO = "hyperloglog p4hyperloglog qdigest setdigest bingtile sphericalgeography char"
_CLICKHOUSE = """
bfloat16 multilinestring multipolygon point polygon ring date datetime64 intervalday intervalhour
intervalminute intervalmonth intervalquarter intervalsecond intervalweek intervalyear
"""
_TERADATA = "byte byteint period graphic vargraphic dbclob rowid decfloat"
_MORE: Mapping[str, str] = MappingProxyType(
    {
        "postgres": _POSTGRES,
        "redshift": "hllsketch super varbyte",
        "mysql": _MYSQL,
        "duckdb": _DUCKDB,
        "tsql": _SQL_SERVER,
        "oracle": _ORACLE,
        "snowflake": _SNOWFLAKE,
        "spark": _SPARK,
        "databricks": _SPARK,
        "trino": _TRINO,
        "clickhouse": _CLICKHOUSE,
        "teradata": _TERADATA,
    }
)
# An engine without CREATE TYPE or CREATE DOMAIN: there, what is no type cannot become one.
_WITHOUT_OWN_TYPES = frozenset(
    "bigquery databricks hive mysql redshift snowflake spark spark2 trino presto athena".split()
)

_NAME = re.compile(r"[^\W\d]\w*(?:\s+[^\W\d]\w*)*")
_OUTER = re.compile(r"\s*(?:array|list|nullable|lowcardinality)\s*[<(]", re.IGNORECASE)
_ARRAY = re.compile(r"(?:\s*\[\s*\d*\s*\])+\s*$")


@lru_cache(maxsize=64)
def types_of(dialect: str) -> tuple[str, ...]:
    """The types that *dialect*, a sqlglot dialect name, has, in lower case; common ones first.

    >>> types_of("bigquery")[:4]
    ('integer', 'int', 'bigint', 'numeric')
    """
    names = (_keywords(dialect) | frozenset(_MORE.get(dialect, "").split())) - _INTERNAL
    return (*(it for it in _COMMON if it in names), *sorted(names - set(_COMMON)))


def has_own_types(dialect: str) -> bool:
    """Whether people can make types in *dialect*, whose names may be any."""
    return dialect not in _WITHOUT_OWN_TYPES


def type_name(written: str) -> str:
    """The word or words that name the type *written*, in lower case, without what goes with them.

    Of an array it is that of its elements. Empty where *written* starts with no plain word, such
    as a quoted name, or the name has a schema.

    >>> type_name("Character Varying(20)"), type_name("INT[]"), type_name("sales.mood")
    ('character varying', 'int', '')
    """
    written = _ARRAY.sub("", written.strip())
    if _OUTER.match(written) and (element := element_of(written) or _inside(written)):
        return type_name(element)
    match = _NAME.match(written)
    if match is None or written[match.end() :].lstrip().startswith("."):
        return ""
    return " ".join(match[0].lower().split())


def is_type(written: str, also: Iterable[str] = ()) -> bool:
    """Whether some dialect may have the type *written*; *also* are more names, in lower case.

    What cannot be told to be none is one: quoted names, and names with a schema.
    """
    name = type_name(written)
    if not name:
        return True
    words = name.split()
    beginnings = {" ".join(words[:count]) for count in range(1, len(words) + 1)}
    # What may follow (``unsigned``, ``character set latin1``) differs from engine to engine.
    return not beginnings.isdisjoint(_all_types()) or not beginnings.isdisjoint(also)


def _inside(written: str) -> str:
    """What is in the brackets of ``Nullable(String)``."""
    return re.split("[<(]", written, maxsplit=1)[1].rstrip(" )>")


@lru_cache(maxsize=1)
def _all_types() -> frozenset[str]:
    keywords = (_keywords(it.value) for it in Dialects)
    return _PSEUDO.union(*keywords, *(it.split() for it in _MORE.values()))


@lru_cache(maxsize=64)
def _keywords(dialect: str) -> frozenset[str]:
    known = Dialect.get_or_raise(dialect or None)
    type_tokens = known.parser_class.TYPE_TOKENS
    return frozenset(
        word.lower()
        for word, token in known.tokenizer_class.KEYWORDS.items()
        if token in type_tokens and word.replace(" ", "").replace("_", "").isalnum()
    )
