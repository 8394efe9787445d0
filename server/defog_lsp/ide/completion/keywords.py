"""The words that the grammar allows next."""

from collections.abc import Iterator

from defog_lsp.ide.completion.items import Item
from defog_metadata.sql.caret import Caret

__all__ = ["keywords"]

_STATEMENTS = (
    "SELECT", "WITH", "INSERT INTO", "UPDATE", "DELETE FROM", "CREATE TABLE", "CREATE VIEW",
    "ALTER TABLE", "DROP TABLE", "MERGE INTO", "EXPLAIN", "TRUNCATE",
)  # fmt: skip
_OPERANDS = ("CASE", "NOT", "NULL", "EXISTS", "TRUE", "FALSE")
_AFTER_SELECT = ("DISTINCT", "*")
_JOINS = ("JOIN", "LEFT JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN")
_TAIL = ("GROUP BY", "HAVING", "ORDER BY", "LIMIT", "UNION", "UNION ALL", "INTERSECT", "EXCEPT")
_OPERATORS = ("AND", "OR", "IN", "NOT IN", "IS NULL", "IS NOT NULL", "LIKE", "BETWEEN")
_AFTER: dict[str, tuple[str, ...]] = {
    "SELECT": ("AS", "FROM", "OVER"),
    "FROM": ("AS", *_JOINS, "ON", "USING", "WHERE", *_TAIL),
    "JOIN": ("AS", "ON", "USING", *_JOINS, "WHERE", *_TAIL),
    "ON": (*_OPERATORS, *_JOINS, "WHERE", *_TAIL),
    "WHERE": (*_OPERATORS, *_TAIL),
    "GROUP": ("HAVING", "ORDER BY", "LIMIT", "UNION", "UNION ALL"),
    "HAVING": (*_OPERATORS, "ORDER BY", "LIMIT"),
    "ORDER": ("ASC", "DESC", "NULLS FIRST", "NULLS LAST", "LIMIT", "OFFSET"),
    "LIMIT": ("OFFSET",),
    "INTO": ("VALUES", "SELECT", "DEFAULT VALUES"),
    "VALUES": ("ON CONFLICT", "RETURNING"),
    "UPDATE": ("SET",),
    "SET": ("FROM", "WHERE", "RETURNING"),
    "DELETE": ("WHERE", "USING", "RETURNING"),
    "WITH": ("AS", "SELECT", "INSERT INTO", "UPDATE", "DELETE FROM"),
}
# A word that opens only half of itself: what completes it.
_HALVES: dict[str, tuple[str, ...]] = {
    "GROUP": ("BY",),
    "ORDER": ("BY",),
    "PARTITION": ("BY",),
    "INSERT": ("INTO",),
    "DELETE": ("FROM",),
    "MERGE": ("INTO",),
    "LEFT": ("JOIN", "OUTER JOIN"),
    "RIGHT": ("JOIN", "OUTER JOIN"),
    "FULL": ("JOIN", "OUTER JOIN"),
    "INNER": ("JOIN",),
    "CROSS": ("JOIN",),
    "OUTER": ("JOIN",),
    "NATURAL": ("JOIN", "LEFT JOIN"),
    "CREATE": ("TABLE", "VIEW", "INDEX", "TEMPORARY TABLE", "OR REPLACE VIEW"),
    "DROP": ("TABLE", "VIEW", "INDEX"),
    "ALTER": ("TABLE", "VIEW"),
    "IS": ("NULL", "NOT NULL"),
    "NOT": ("NULL", "IN", "LIKE", "BETWEEN", "EXISTS"),
    "UNION": ("ALL", "SELECT"),
    "NULLS": ("FIRST", "LAST"),
}


def keywords(caret: Caret) -> Iterator[Item]:
    """The keywords that fit, likeliest first."""
    for word in _words(caret):
        yield Item(word, "keyword", caret.span, _in_case_of(caret.prefix, word))


def _words(caret: Caret) -> tuple[str, ...]:
    last = caret.before[-1] if caret.before else ""
    match caret.expected:
        case "statement":
            return _STATEMENTS
        case "name":
            if caret.qualifier or (caret.reference and caret.reference.kind == "table"):
                return ()
            halves = _HALVES.get(last, ())
            if last == "SELECT":
                return (*_AFTER_SELECT, *_OPERANDS)
            if last == "(":
                return ("SELECT", *_OPERANDS)
            return (*halves, *_OPERANDS)
        case "continuation":
            if last in _HALVES:
                return _HALVES[last]
            if _open_case(caret.before):
                return ("WHEN", "THEN", "ELSE", "END", *_OPERATORS)
            return _AFTER.get(_clause(caret.before), ())
        case _:
            return ()


def _clause(before: tuple[str, ...]) -> str:
    """The clause that the caret's own bracket level is in."""
    depth = 0
    for word in reversed(before):
        if word == ")":
            depth += 1
        elif word == "(":
            if depth == 0:
                return ""
            depth -= 1
        elif depth == 0 and word in _AFTER:
            return word
    return ""


def _open_case(before: tuple[str, ...]) -> bool:
    return before.count("CASE") > before.count("END")


def _in_case_of(typed: str, word: str) -> str:
    """Keywords follow the letter case of what has been typed so far."""
    return word.lower() if typed and typed == typed.lower() else word
