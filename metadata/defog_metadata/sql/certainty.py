"""Whether a refusal by sqlglot proves that an engine refuses too.

sqlglot knows some statements of some dialects only in part; there its refusal says nothing.
"""

from collections.abc import Sequence
from itertools import pairwise

from defog_metadata.sql.grammar.start import STATEMENTS
from defog_metadata.sql.readers import Refusal
from defog_metadata.sql.source.tokens import Token, is_filled_in
from defog_metadata.sql.unfinished.level_words import KEYWORDS

__all__ = ["KNOWN_IN_PART", "is_sure"]

KNOWN_IN_PART = frozenset(("ALTER", "DECLARE"))
"""Statements that sqlglot knows in some of their forms only, in every dialect."""


def is_sure(tokens: Sequence[Token], dialect: str, refusal: Refusal) -> bool:
    """Whether what sqlglot refuses of *tokens* is refused by the engine too."""
    if dialect == "tsql" and _is_next_statement(tokens, refusal.span.start):
        return False
    first = tokens[0].word
    if first in _DEFINING and dialect in _DEFINES_IN_PART:
        return False
    unsure = _UNSURE.get(dialect, frozenset())
    if first in _DEFINING:
        unsure |= _UNSURE_TO_DEFINE
    elif first != "SELECT":
        unsure |= _UNSURE_TO_CHANGE.get(dialect, frozenset())
    return first not in KNOWN_IN_PART and not (
        (dialect == "mysql" and _has_bare_rows(tokens))
        or any(it.word in unsure or is_filled_in(it) for it in tokens)
        or any(_is_beyond_sqlglot(*pair) for pair in pairwise(tokens))
    )


def _has_bare_rows(tokens: Sequence[Token]) -> bool:
    """Whether rows are a query of their own, as in MariaDB's ``VALUES (1), (2)``."""
    if tokens[0].word in ("INSERT", "REPLACE"):
        return False
    return any(
        before.word == "VALUES" and following.text == "(" for before, following in pairwise(tokens)
    )


def _is_next_statement(tokens: Sequence[Token], offset: int) -> bool:
    """Whether a statement may begin at *offset*: SQL Server needs no semicolon before it."""
    return any(
        token.start == offset
        and token.word in STATEMENTS - {"FROM"}
        and (before.word not in KEYWORDS or before.word in _ENDING)
        and (before.kind != "symbol" or before.text == ")")
        for before, token in pairwise(tokens)
    )


def _is_beyond_sqlglot(token: Token, following: Token) -> bool:
    """Whether two neighbours mean something that sqlglot does not know."""
    pair = f"{token.word} {following.word}"
    return (
        pair in _UNKNOWN_PAIRS
        or (token.word == "PARTITION" and following.word != "BY")
        or (token.word == "INTO" and following.kind == "parameter")
        or (
            token.end == following.start
            and (
                (token.text == "." and following.word in _NAMES_BEHIND_DOTS)
                # psql's :'name' and :"name"
                or (token.text == ":" and following.text[0] in "'\"")
            )
        )
    )


# Words of each dialect whose statements sqlglot knows only in part: its refusal proves nothing.
_UNSURE: dict[str, frozenset[str]] = {
    "tsql": frozenset("OUTPUT PIVOT OPENROWSET OPENJSON CONTAINSTABLE BEGIN EXEC EXECUTE".split()),
    "oracle": frozenset(("CONNECT", "MODEL", "BEGIN", "PIVOT")),
    "snowflake": frozenset(("MATCH_RECOGNIZE", "BEGIN", "CHANGES")),
    "bigquery": frozenset(("BEGIN", "PIVOT", "ASSERT", "RB", "BR")),
    "mysql": frozenset("BEGIN PROCEDURE JSON_TABLE OUTFILE DUMPFILE".split()),
    "clickhouse": frozenset("GLOBAL FORMAT APPLY LIMIT".split()),
}
# Dialects whose definitions end in options of their own.
_DEFINES_IN_PART = frozenset(("clickhouse", "oracle", "redshift"))
# Likewise for what is defined or dropped, and for what changes rows.
_DEFINING = frozenset(("CREATE", "DROP", "ALTER"))
_UNSURE_TO_DEFINE = frozenset(
    "TRIGGER VIRTUAL FUNCTION PROCEDURE PROC EVENT POLICY AGGREGATE OPERATOR MACRO"
    # Indexes of SQL Server; types and options of MySQL and MariaDB.
    " CLUSTERED NONCLUSTERED"
    " POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRY GEOMETRYCOLLECTION"
    " SRID INET4 INET6 UUID LONG NATIONAL COMPRESSED INVISIBLE PERIOD VERSIONING".split()
)
_UNSURE_TO_CHANGE = {
    "tsql": frozenset(("TOP",)),
    # MariaDB's default(column), and lists of rows without INSERT; DESC t column.
    "mysql": frozenset(("DEFAULT", "DESC", "DESCRIBE")),
    "oracle": frozenset(("MERGE",)),
}
# ``nth_value(a, 2) from first``; SQL Server's operators in two pieces; MySQL's ``\N``, sequences
# and ROLLUP of what is ordered; what drivers take for one per cent sign; ODBC's braces.
_UNKNOWN_PAIRS = frozenset((
    "FROM FIRST", "FROM LAST", "> =", "< =", "< >", "! =", "! <", "! >",
    "\\ N", "NEXT VALUE", "WITH ROLLUP", "% %", "{ D", "{ T", "{ TS", "{ FN",
))  # fmt: skip
_NAMES_BEHIND_DOTS = frozenset(("SELECT", "NOT"))
# Keywords that a statement may end with.
_ENDING = frozenset(("ON", "ASC", "DESC", "DEFAULT"))
