"""What a statement begins with."""

from collections.abc import Sequence

from defog_metadata.spelling import nearest
from defog_metadata.sql.grammar.keywords import respellings
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Edit, Fix, Span

__all__ = ["COMMON", "STATEMENTS", "odd_start"]

COMMON = frozenset(
    """SELECT WITH INSERT UPDATE DELETE MERGE CREATE ALTER DROP VALUES TABLE FROM EXPLAIN REPLACE
    TRUNCATE DESCRIBE DESC""".split()
)
"""What sqlglot parses into a tree worth looking at."""

STATEMENTS = COMMON | frozenset(
    """ABORT ANALYSE ANALYZE ASSERT ATTACH AUDIT BACKUP BEGIN BINLOG BREAK BULK CACHE CALL CHANGE
    CHECK CHECKPOINT CHECKSUM CLEAR CLOSE CLONE CLUSTER COMMENT COMMIT CONNECT CONTINUE COPY
    DBCC DEALLOCATE DECLARE DELIMITER DENY DETACH DISABLE DISCARD DISCONNECT DO ENABLE END EXCHANGE
    EXEC EXECUTE EXIT EXPORT FETCH FLASHBACK FLUSH FOR GET GO GOTO GRANT HANDLER HELP HINT IF
    IMPORT INSTALL ITERATE KILL LEAVE LET LIST LISTEN LOAD LOCK LOOP MOVE MSCK NOAUDIT NOTIFY OPEN
    OPTIMIZE PIVOT PRAGMA PREPARE PRINT PURGE PUT QUIT RAISE RAISERROR READTEXT REASSIGN
    RECONFIGURE REFRESH REINDEX RELEASE REMOVE RENAME REPAIR REPEAT RESET RESIGNAL RESTORE RETURN
    REVERT REVOKE ROLLBACK SAVE SAVEPOINT SECURITY SET SHOW SHUTDOWN SIGNAL START STOP SUMMARIZE
    SYSTEM THROW TRANSACTION UNCACHE UNDROP UNLISTEN UNLOAD UNLOCK UNPIVOT UNSET USE VACUUM WAIT
    WAITFOR WHILE XA EXISTS UPSERT SOURCE SPOOL WHENEVER PROMPT DEFINE VAR VARIABLE COLUMN
    """.split()
)
"""Every word that starts a statement in some engine, so that none is taken for a misspelling."""

_OBJECTS = frozenset(("TABLE", "VIEW", "INDEX", "TEMPORARY", "UNIQUE"))
_SHORTEST = 3
# Symbols and words that nothing begins with; the rest could be a label, or no SQL at all.
_NEVER = frozenset(
    """, . = < > <= >= <> ) AND OR NOT IN LIKE BETWEEN WHEN THEN WHERE GROUP ORDER HAVING JOIN ON
    UNION AS DISTINCT INTERSECT EXCEPT LIMIT""".split()
)
_SCRIPTED = frozenset(("bigquery", "snowflake"))
# Where no query begins with its FROM.
_SELECT_FIRST = frozenset(("postgres", "redshift", "mysql", "sqlite", "tsql", "oracle"))
_NO_BARE_CALLS = _SCRIPTED | {"postgres", "mysql", "sqlite"}
_IN_QUERIES = frozenset(("SELECT", "FROM"))


def odd_start(text: str, tokens: Sequence[Token], dialect: str) -> SyntaxProblem | None:
    """The first word, if no statement begins with it."""
    first = tokens[0]
    if first.word in ("CREATE", "DROP", "ALTER"):
        return _odd_object(tokens)
    is_from_first = first.word == "FROM" and dialect in _SELECT_FIRST
    if first.text == "(" or (first.word in STATEMENTS and not is_from_first):
        return None
    span = Span(first.start, first.end)
    if (
        len(tokens) > 1
        and first.kind == "word"
        and len(first.text) >= _SHORTEST
        and not is_from_first
        and tokens[1].text not in (":", ":=", "=")  # a label, an assignment
        and (likely := nearest(first.word, COMMON))
    ):
        message = f"{first.text} starts no statement; did you mean {likely[0]}?"
        mend = likely[0].lower() if first.text.islower() else likely[0]
        certain = len(likely) == 1
        fix = Fix(f"Write {mend}", (Edit(span, mend),), is_certain=certain)
        return SyntaxProblem(span, message, (fix,))
    is_value = first.kind == "string" and "\t" not in text.partition("\n")[0]
    if (
        is_from_first
        or first.word in _NEVER
        or is_value
        or _is_query_without_head(text, tokens, dialect)
    ):
        return SyntaxProblem(span, f"no statement starts with {first.text}")
    return None


def _odd_object(tokens: Sequence[Token]) -> SyntaxProblem | None:
    """``create tabel``: the kind of what is defined, misspelled."""
    second = tokens[1] if len(tokens) > 1 else tokens[0]
    likely = [it for it in respellings(second.text) if it.upper() in _OBJECTS]
    if second.kind != "word" or len(second.text) < _SHORTEST or not likely:
        return None
    span = Span(second.start, second.end)
    fix = Fix(f"Write {likely[0]}", (Edit(span, likely[0]),), is_certain=len(likely) == 1)
    message = f"{second.text} is not expected here; did you mean {likely[0].upper()}?"
    return SyntaxProblem(span, message, (fix,))


def _is_query_without_head(text: str, tokens: Sequence[Token], dialect: str) -> bool:
    """``a, b from t``: only where a statement never starts with the name of a procedure."""
    if dialect not in _NO_BARE_CALLS or "\t" in text.partition("\n")[0]:
        return False  # a tab: rather a row of data behind COPY
    if dialect in _SCRIPTED and (len(tokens) == 1 or tokens[1].text not in (",", ".", "(")):
        return False  # rather the declaration of a cursor
    if len(tokens) > 1 and tokens[1].kind == "string":
        return True
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.word in _IN_QUERIES:
            return len(tokens) > 2  # noqa: PLR2004
    return False
