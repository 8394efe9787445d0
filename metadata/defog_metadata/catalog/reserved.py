"""Words that an engine does not take as a bare name.

Where sqlglot's generator of a dialect lists them, that list is used. The lists here are what
PostgreSQL 15, SQLite 3.40 and MariaDB 10.11 refuse (the tests ask running engines), and what the
manuals of SQL Server and Snowflake reserve. Quoting a word too many is only ugly; quoting one too
few is a statement that does not run.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlglot.dialects.dialect import Dialect

__all__ = ["reserved_words"]


@lru_cache(maxsize=64)
def reserved_words(dialect: str) -> frozenset[str]:
    """The words, in lower case, that *dialect* (a sqlglot name) does not take as a bare name."""
    generator = Dialect.get_or_raise(dialect or None).generator_class
    listed = {it.lower() for it in generator.RESERVED_KEYWORDS}
    return _EVERYWHERE | _MORE.get(dialect, frozenset()) | listed


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EVERYWHERE = _words("""
    all and any as asc between both by case cast check collate column constraint create cross
    current_date current_time current_timestamp default desc distinct drop else end except exists
    false fetch for foreign from full grant group having in inner insert intersect into is join
    leading left like limit natural not null offset on or order outer primary references right
    select set some table then to trailing true union unique update user using values when where
    window with
""")

_MORE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "postgres": _words("""
            analyse analyze array asymmetric authorization binary collation concurrently
            current_catalog current_role current_schema current_user deferrable do freeze ilike
            initially isnull lateral localtime localtimestamp notnull only overlaps placing
            returning session_user similar symmetric tablesample variadic verbose
        """),
        "sqlite": _words("""
            add alter autoincrement commit deferrable delete escape index isnull nothing notnull
            raise returning transaction
        """),
        # Beyond MySQL's own, which sqlglot lists: MariaDB's.
        "mysql": _words("""
            current_role delete_domain_id do_domain_ids ignore_domain_ids
            master_demote_to_replica master_demote_to_slave page_checksum parse_vcol_expr portion
            returning ref_system_id sql_buffer_result sql_cache sql_no_cache stats_auto_recalc
            stats_persistent stats_sample_pages
        """),
        "snowflake": _words("""
            account alter connect connection current current_user database delete following
            gscluster ilike increment issue lateral localtime localtimestamp minus of organization
            qualify regexp revoke rlike row rows sample schema start tablesample trigger try_cast
            view whenever
        """),
        "tsql": _words("""
            add alter authorization backup begin break browse bulk cascade checkpoint close
            clustered coalesce commit compute contains containstable continue convert current
            current_user cursor database dbcc deallocate declare delete deny disk distributed
            double dump errlvl escape exec execute exit external file fillfactor freetext
            freetexttable function goto holdlock identity identity_insert identitycol if index key
            kill lineno load merge national nocheck nonclustered nullif of off offsets open
            opendatasource openquery openrowset openxml option over percent pivot plan precision
            print proc procedure public raiserror read readtext reconfigure replication restore
            restrict return revert revoke rollback rowcount rowguidcol rule save schema
            securityaudit session_user setuser shutdown statistics system_user tablesample textsize
            top tran transaction trigger truncate try_convert tsequal unpivot updatetext use
            varying view waitfor while within writetext
        """),
    }
)
