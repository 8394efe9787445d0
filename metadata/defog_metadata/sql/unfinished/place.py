"""What the grammar wants next, by the shape of what stands before.

The rules are tried in order, each against the end of the innermost level's shape.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from defog_metadata.sql.source.lexer import Token
from defog_metadata.sql.unfinished.levels import Level
from defog_metadata.sql.unfinished.skeleton import PLACEHOLDER

__all__ = ["Expected", "expected_at", "is_cte", "row_of_trigger", "stand_ins", "wants_relation"]

Expected = Literal[
    "nothing",
    "statement",
    "name",
    "column",
    "type",
    "string",
    "continuation",
    "window",
    "schema",
]
"""What the grammar wants: a name that is only now being given, a new statement, a name (a relation,
a column, the start of an expression), the bare name of a column, a type, the inside of a string,
what may follow something complete (an operator, a clause, an alias), the name of a window, or that
of a schema."""

# What shapes are often asked for, by the names that the rules call it.
_PARTS = {
    "<item>": r"(?:n|v|f|\(\)|\(Q\)|\*)",
    "<ctes>": r"(?:^|\( )WITH(?: RECURSIVE)?"
    r"(?: n(?: \(\))? AS(?: NOT)?(?: MATERIALIZED)? \(Q?\) ,)*",
    "<new>": r"(?: IF NOT EXISTS)?",
    "<old>": r"(?: IF EXISTS)?(?: ONLY)?(?: n ,)*",
    "<assigned>": r"(?!.*\b(?:FROM|WHERE|RETURNING|OUTPUT|ORDER|LIMIT)\b)",
}


def _pattern(text: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        text = text.replace(name, part)
    return re.compile(text)


def _rules(**texts: str) -> Iterator[tuple[re.Pattern[str], Expected]]:
    for key, text in texts.items():
        expected = next(it for it in get_args(Expected) if key.startswith(it))
        for line in text.split("\n"):
            if line.strip():
                yield _pattern(line.strip()), expected


_RULES = tuple(
    _rules(
        statement=r"^$",
        type=r"""
            ::$
            ^(?:TRY_|SAFE_)?CAST\( .* AS$
            ^BODY\((?: .* ,)? n$
            ^ALTER TABLE .* ADD(?: COLUMN)?<new> n$
            ^DECLARE (?:.* , )?[nv]$
            ^ALTER TABLE .*\bALTER(?: COLUMN)? n(?: SET n)? TYPE$
            ^ALTER TABLE .*\b(?:MODIFY(?: COLUMN)?|CHANGE(?: COLUMN)? n) n$
            ^PARAMETERS\((?: .* ,)?(?: IN)? [nv]$
            ^CREATE .*\bRETURNS$
            ^(?:CREATE|ALTER) .*\b(?:PROCEDURE|PROC) n (?:.* , )?v$
        """,
        schema=r"""
            ^(?:DROP|ALTER) SCHEMA(?: IF EXISTS)?$
            ^(?:GRANT|REVOKE) .* ON SCHEMA$
            ^USE(?: SCHEMA)?$
        """,
        # AS gives a name, but for some that introduce what has one already.
        continuation_as=r"""
            <ctes> n(?: \(\))? AS$
            <ctes> n(?: \(\))? AS(?: NOT)?(?: MATERIALIZED)? \(Q?\)$
            ^CREATE .*\b(?:TABLE|VIEW) .*\bAS$
            \bSELECT AS$
            ^ALTER TABLE .*\bALTER(?: COLUMN)? n (?:SET|DROP)(?: NOT)?$
            ^(?:GRANT|REVOKE) (?!.*\bON\b)
        """,
        # What stands between SELECT and its list.
        name_modified=r"""
            \bAS (?:STRUCT|VALUE)$
            \bTOP (?:v|\(\))(?: PERCENT)?(?: WITH TIES)?$
            \bDISTINCT ON \(\)$
            ^PIVOT\( .* FOR$
        """,
        nothing=r"""
            \bAS$
            <ctes>$
            ^(?:ALIAS|NAMES|INDEX)\(
            ^CREATE [A-Z ]*\b(?:TABLE|VIEW|INDEX|SCHEMA|DATABASE|SEQUENCE|TYPE|CONCURRENTLY)<new>$
            ^CREATE [A-Z ]*\b(?:FUNCTION|PROCEDURE|TRIGGER)<new>$
            ^(?:BODY|PARAMETERS)\((?: .* ,)?$
            \bADD COLUMN<new>$
            \bCONSTRAINT$
            ^ALTER .* TO$
            \bWINDOW(?: n AS \(\) ,)*$
        """,
        column=r"""
            ^(?:COLUMNS|KEYS|KEY|UNIQUE|CONFLICT|INSERT|SET)\(
            ^USING\((?! (?:SELECT|WITH|VALUES|FROM)\b)
            ^(?:EXCEPT|EXCLUDE|RENAME)\((?: .* ,)?$
            \* (?:EXCEPT|EXCLUDE|RENAME)$
            \bSET(?: <assigned>.* ,)?$
            \bKEY UPDATE(?: .* ,)?$
            ^ALTER TABLE .*\b(?:DROP|RENAME|ALTER|MODIFY|CHANGE)(?: COLUMN)?(?: IF EXISTS)?$
        """,
        window=r"""
            \bOVER$
            ^OVER\($
        """,
        # Words that only certain others, or a bracket, or a number can follow.
        continuation=r"""
            \b(?:LIMIT|FETCH|OFFSET|TOP|COLLATE|ESCAPE|TABLESAMPLE|IN|EXISTS|VALUES|FILTER|WITHIN)$
            (?:=|\+) (?:ANY|ALL|SOME)$
            ^EXISTS\($
            <item> NOT$
            \bIS(?: NOT)?(?: DISTINCT)?$
            \b(?:GROUP|ORDER|PARTITION)$
            \b(?:UNION|INTERSECT|EXCEPT|MINUS)(?: ALL| DISTINCT)?$
            ^MERGE .* (?:THEN|WHEN|WHEN NOT)$
            \b(?:DO|FOR|THEN|ON) UPDATE$
            \bON(?: CONFLICT| DUPLICATE| DELETE)$
            ^INSERT .*\bVALUES(?: \(\) ,)* \(\) ON$
            ^INSERT .*\bWHERE .* ON$
            ^COMMENT .*\bIS$
            \bVALUES(?: \(\) ,)+$
            ^BODY\( .* ON$
            ^OVER\( .*\b(?:ROWS|RANGE|GROUPS)(?: BETWEEN(?: .* AND)?)?$
            ^(?:EXPLAIN )?(?:INSERT|MERGE|REPLACE|DELETE|CREATE|ALTER|DROP|EXPLAIN|SHOW|COMMENT)$
            ^(?:COMMENT ON|GRANT|REVOKE|TRUNCATE|REFRESH|LOCK|INSERT OR|CREATE OR)$
            \b(?:LEFT|RIGHT|FULL|INNER|OUTER|CROSS|NATURAL|ASOF|SEMI|ANTI|ASC|DESC|NULLS|FIRST|LAST)$
            \b(?:NEXT|ROWS|ROW|ONLY|UNBOUNDED|CURRENT|PRECEDING|FOLLOWING|MATCHED|DO|NOTHING|ROLLUP)$
            \b(?:PRIMARY|FOREIGN|UNIQUE|KEY|DEFAULT|RECURSIVE|MATERIALIZED|TEMP|TEMPORARY|CASCADE)$
            \b(?:RESTRICT|COLUMN|TO|ADD|EXCLUDE|REPLACE|IGNORE|SHARE|IF|NOT EXISTS|SOURCE|TARGET)$
            \b(?:FOR|SIMILAR|INDEX|VIEW)$
            <item>$
        """,
    )
)

# Places of which sqlglot's trees know nothing: here the name of a relation comes.
_RELATIONS = tuple(
    it
    for it, _ in _rules(
        name=r"""
            ^(?:DROP|ALTER)(?: TEMP| TEMPORARY| MATERIALIZED| EXTERNAL)? (?:TABLE|VIEW)<old>$
            ^TRUNCATE(?: TABLE)?<old>$
            \bFROM ONLY$
            ^(?:SUMMARIZE|COPY|ANALYZE|ANALYSE|DESCRIBE|DESC|OPTIMIZE TABLE|LOCK TABLE)$
            ^VACUUM(?: \(\))?(?: ANALYZE)?$
            ^REFRESH MATERIALIZED VIEW(?: CONCURRENTLY)?$
            ^COMMENT ON (?:TABLE|VIEW|COLUMN)$
            ^(?:GRANT|REVOKE) .* ON(?: TABLE)?$
            ^CREATE .*\bINDEX(?: CONCURRENTLY)?<new>(?: n)? ON(?: ONLY)?$
            ^CREATE .*\bTRIGGER .* ON$
            ^(?:CREATE|ALTER) POLICY n ON$
            ^CREATE .*\bTABLE n (?:n|CLONE|LIKE|PARTITION n)$
            \bREFERENCES$
            ^SHOW (?:COLUMNS|INDEX|n) FROM$
            ^SHOW CREATE TABLE$
        """
    )
)
_INTO = re.compile(r"\b(?:FROM|JOIN|INTO|APPLY)$|^(?:MERGE|DELETE) .*\bUSING$|^MERGE n$")


# In some dialects a function takes a type among its arguments, or a clause has no word before one.
_TYPES = {
    "tsql": re.compile(r"^(?:TRY_)?CONVERT\($|^ALTER TABLE .*\bALTER COLUMN n$"),
    "mysql": re.compile(r"^CONVERT\( .* ,$"),
}


def expected_at(level: Level, dialect: str = "") -> Expected:
    """What may come at the end of *level*."""
    if _is_relation(level) or _is_condition_of_policy(level):
        return "name"
    if dialect in _TYPES and _TYPES[dialect].search(level.shape):
        return "type"
    if level.outer is not None and level.shape == "VALUES(" and " KEY UPDATE" in level.outer.shape:
        return "column"
    if level.outer is not None and level.shape == "":
        return "continuation" if is_cte(level.outer) else "name"
    return next((it for pattern, it in _RULES if pattern.search(level.shape)), "name")


def _is_relation(level: Level) -> bool:
    return any(it.search(level.shape) for it in _RELATIONS)


_CTE = _pattern(r"<ctes> n(?: \(\))? AS(?: NOT)?(?: MATERIALIZED)?$")


def is_cte(level: Level) -> bool:
    """Whether a bracket at the end of *level* holds the query of a CTE."""
    return _CTE.search(level.shape) is not None


def _is_condition_of_policy(level: Level) -> bool:
    return (
        level.shape in ("USING(", "CHECK(")
        and level.outer is not None
        and " POLICY " in level.outer.shape
    )


def wants_relation(level: Level) -> bool:
    """Whether a relation comes next, wherever the statement goes from there."""
    return _INTO.search(level.shape) is not None


def stand_ins(level: Level, path: str) -> list[str]:
    """Statements that sqlglot reads, with the same names in scope as at the caret.

    *path* is the qualifier at the caret with its dots. Nothing where the statement itself is read.
    """
    shape, outer = level.shape, level.outer
    chain = f"{path}{PLACEHOLDER}"
    if shape == "COMMENT ON COLUMN" and path:
        return [f"SELECT {chain} FROM {path[:-1]}"]
    if _is_relation(level):
        return [f"SELECT 1 FROM {chain}"]
    table: Sequence[Token] = ()
    if shape.startswith("ALTER TABLE"):
        table = level.name_behind("TABLE")
    elif outer is not None and " POLICY " in outer.shape:
        named = "".join(it.text for it in outer.name_behind("ON"))
        return [f"SELECT 1 FROM {named} WHERE {chain}"] if named else []
    elif outer is not None and shape.startswith("KEYS("):
        table = outer.name_behind("REFERENCES", "COPY", "ON", "ANALYZE", "ANALYSE")
    elif outer is not None and outer.shape.startswith("ALTER TABLE"):
        table = outer.name_behind("TABLE")
    elif outer is not None and shape.startswith(("KEY(", "UNIQUE(", "CHECK(")):
        return _own_columns(outer, chain)
    if table:
        return [f"INSERT INTO {''.join(it.text for it in table)} ({chain})"]
    return []


def row_of_trigger(tokens: Sequence[Token], path: str) -> list[str]:
    """As ``stand_ins``: in the body of a trigger, NEW and OLD are rows of its table."""
    words = [it.word for it in tokens[:_HEAD]]
    if path.upper() not in ("NEW.", "OLD.") or words[:1] != ["CREATE"] or "TRIGGER" not in words:
        return []
    behind = words.index("ON") + 1 if "ON" in words else len(tokens)
    size = 3 if words[behind + 1 : behind + 2] == ["."] else 1
    table = "".join(it.text for it in tokens[behind : behind + size])
    return [f"SELECT {path}{PLACEHOLDER} FROM {table} AS {path[:-1]}"] if table else []


# The words of a definition before its body.
_HEAD = 24


def _own_columns(body: Level, chain: str) -> list[str]:
    """Inside CREATE TABLE: the columns that it has declared so far."""
    words = body.shape.split(" ")
    names = [
        "".join(token.text for token in tokens)
        for index, tokens in body.names
        if words[index - 1] in ("BODY(", ",")
    ]
    if not body.shape.startswith("BODY(") or not names:
        return []
    columns = ", ".join(f"NULL AS {it}" for it in names)
    return [f"SELECT {chain} FROM (SELECT {columns}) AS declared"]
