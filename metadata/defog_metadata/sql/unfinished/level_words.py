"""The words that shapes of SQL are made of, and what brackets behind them are for."""

import re

__all__ = [
    "CALLED_TOO",
    "COMPARISONS",
    "HELD",
    "KEYWORDS",
    "LEAVE_EXPRESSION",
    "LOOSE",
    "NO_CALLS",
    "OPENED_BEHIND_NAME",
    "OPENING",
    "OPERANDS",
    "QUERIES",
    "STARTERS",
    "VALUES",
    "WINDOW_AS",
]

OPERANDS = frozenset(("n", "v", "f", "()", "(Q)", "*"))
COMPARISONS = frozenset("= < > <= >= <> != == <=> ~ @> <@ && !".split())
VALUES = frozenset("NULL TRUE FALSE DEFAULT".split())
QUERIES = frozenset(("SELECT", "WITH", "FROM", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE"))
STARTERS = frozenset("SELECT INSERT UPDATE DELETE MERGE CREATE ALTER DROP WITH".split())
# Keywords that are functions too, when a bracket follows.
CALLED_TOO = frozenset("LEFT RIGHT REPLACE IF INSERT TRUNCATE".split())

KEYWORDS = frozenset(
    """SELECT DISTINCT ALL FROM JOIN LEFT RIGHT FULL INNER OUTER CROSS NATURAL LATERAL APPLY ON
    USING WHERE AND OR NOT IN IS LIKE ILIKE RLIKE REGEXP GLOB BETWEEN EXISTS WHEN THEN ELSE GROUP
    ORDER BY HAVING QUALIFY WINDOW LIMIT OFFSET FETCH UNION INTERSECT EXCEPT MINUS INTO VALUES SET
    UPDATE DELETE INSERT MERGE CREATE ALTER DROP TABLE AS ASC DESC WITH RETURNING OVER PARTITION
    ANY SOME REFERENCES PRIMARY FOREIGN CONSTRAINT UNIQUE CHECK DEFAULT COLLATE FOR EXPLAIN TRUNCATE
    REPLACE IF STRAIGHT_JOIN PIVOT UNPIVOT TABLESAMPLE INTERVAL""".split()
)


def _loose(*rules: tuple[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for words, after in rules:
        allowed = frozenset("" if it == "START" else it for it in after.split())
        for word in words.split():
            found[word] = found.get(word, frozenset()) | allowed
    return found


# Words that are keywords only behind certain others; elsewhere they are names.
LOOSE = _loose(
    ("VIEW INDEX SCHEMA DATABASE FUNCTION PROCEDURE PROC TRIGGER SEQUENCE TYPE POLICY",
     "CREATE ALTER DROP TEMP TEMPORARY REPLACE MATERIALIZED ON SHOW UNIQUE TO RECURSIVE n"),
    ("TEMP TEMPORARY MATERIALIZED UNLOGGED TRANSIENT VIRTUAL EXTERNAL",
     "CREATE REPLACE AS NOT DROP ALTER REFRESH INTO"),
    ("RECURSIVE", "WITH CREATE"),
    ("ORDINALITY TIES ROLLUP", "WITH"),
    ("KEY", "PRIMARY FOREIGN DUPLICATE UNIQUE ON , BODY("),
    ("COLUMN", "ADD DROP ALTER RENAME MODIFY CHANGE ON"),
    ("ADD RENAME MODIFY CHANGE", "n v f () , *"),
    ("TO", "n RENAME"),
    ("ONLY", "TABLE ROWS ROW EXISTS ON FROM UPDATE v"),
    ("CONCURRENTLY", "INDEX VIEW"),
    ("NULLS", "n v f () ASC DESC"),
    ("FIRST LAST", "NULLS FETCH"),
    ("NEXT", "FETCH"),
    ("ROWS ROW RANGE GROUPS", "n v f () ASC DESC LAST FIRST NEXT CURRENT OVER("),
    ("UNBOUNDED", "ROWS RANGE GROUPS BETWEEN AND"),
    ("CURRENT", "ROWS RANGE GROUPS BETWEEN AND WHERE"),
    ("PRECEDING FOLLOWING", "UNBOUNDED v n () f"),
    ("MATCHED", "WHEN NOT"),
    ("SOURCE TARGET", "BY"),
    ("CONFLICT DUPLICATE", "ON"),
    ("DO", "CONFLICT n v f () (Q) * THEN"),
    ("NOTHING", "DO"),
    ("OUTPUT", "n v f () (Q) DELETE"),
    ("FILTER WITHIN", "f"),
    ("ESCAPE", "v n f"),
    ("SIMILAR", "n v f () NOT"),
    ("ASOF SEMI ANTI", "n v f () (Q) LEFT RIGHT"),
    ("EXCLUDE", "* ()"),
    ("PERCENT", "v ()"),
    ("SUMMARIZE", "START"),
    ("COPY ANALYZE ANALYSE VACUUM DESCRIBE REFRESH SHOW COMMENT GRANT REVOKE DECLARE LOCK OPTIMIZE",
     "START EXPLAIN"),
    ("IGNORE OVERWRITE", "INSERT"),
    ("SHARE", "FOR"),
    ("CASCADE RESTRICT", "n DELETE UPDATE"),
    ("STRUCT VALUE", "AS"),
    ("TOP", "SELECT DISTINCT ALL"),
    ("CLONE", "n"),
    ("RETURNS", "f"),
    ("USE", "START"),
)  # fmt: skip

# A clause of a query ends the expression before it, whose brackets were forgotten.
LEAVE_EXPRESSION = frozenset(("FROM", "WHERE", "JOIN", "GROUP", "HAVING", "QUALIFY"))
# Brackets whose own grammar has such words.
HELD: dict[str, tuple[str, ...]] = {
    "EXTRACT(": ("FROM",),
    "SUBSTRING(": ("FROM",),
    "TRIM(": ("FROM",),
    "OVERLAY(": ("FROM",),
    "FILTER(": ("WHERE",),
    "FROM(": ("JOIN",),
    "JOIN(": ("JOIN",),
}

# Keywords that say what the bracket behind them is for.
OPENING = frozenset(
    """IN OVER USING VALUES EXCEPT EXCLUDE REPLACE RENAME GROUP FILTER KEY UNIQUE CHECK CONFLICT
    INSERT TABLE INDEX PIVOT EXISTS ANY SOME ALL FROM JOIN SET WITH""".split()
)
# Lists of names: behind them a name stays a name, where behind arguments it is a call.
NO_CALLS = frozenset(("COLUMNS(", "KEYS(", "NAMES(", "BODY(", "ALIAS("))
WINDOW_AS = re.compile(r"\bWINDOW (?:n AS \(\) , )*n AS$")
_IN_FROM = r"\b(?:FROM|JOIN|APPLY|LATERAL|USING)\b(?!.*\b(?:ON|WHERE|BY|SELECT|SET|LIMIT)\b)"
OPENED_BEHIND_NAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), opener)
    for pattern, opener in (
        (r"^CREATE .*TABLE (?:IF NOT EXISTS )?n$", "BODY("),
        (r"\b(?:INTO|INSERT|REPLACE|OVERWRITE(?: TABLE)?) n(?: AS n)?$", "COLUMNS("),
        (r"\b(?:COPY|REFERENCES|ANALYZE|ANALYSE) n$", "KEYS("),
        (r"^CREATE .*\b(?:FUNCTION|PROCEDURE|PROC) (?:IF NOT EXISTS )?n$", "PARAMETERS("),
        (
            r"\bINDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?(?:n )?ON (?:ONLY )?n(?: USING n)?$",
            "KEYS(",
        ),
        (r"\b(?:KEY|UNIQUE|UNIQUE INDEX) n$", "KEYS("),
        (r"\bVIEW (?:IF NOT EXISTS )?n$", "NAMES("),
        (r"(?:^|\( )WITH (?:RECURSIVE )?(?:n (?:\(\) )?AS (?:NOT )?(?:MATERIALIZED )?\(Q?\) , )*n$",
         "NAMES("),
        (rf"{_IN_FROM}.* (?:n|f|v|\(\)|\(Q\))(?: WITH ORDINALITY)?(?: AS)? n$", "ALIAS("),
    )
)  # fmt: skip
