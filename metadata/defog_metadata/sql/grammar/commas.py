"""Commas with nothing before or behind them.

::

    select a,, b
    select a, from t
    where x in (1, 2,)
"""

from collections.abc import Iterator, Sequence

from defog_metadata.sql.grammar.problem import SyntaxProblem, removal
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["stray_commas"]

# BigQuery, Snowflake, DuckDB and others let some lists, or all, end with a comma.
_NO_TRAILING = frozenset(("postgres", "redshift", "mysql", "sqlite", "tsql", "oracle"))
_NO_EMPTY_ITEMS = _NO_TRAILING | {"bigquery", "snowflake"}
# Snowflake takes ``from a, where …`` and ``f(x => 1,, y => 2)`` too.
_LENIENT = frozenset(("snowflake",))
# What closes a type there: ``ARRAY<INT64>, …``.
_CLOSES_TYPE = {"bigquery": frozenset((">", "<>"))}

# What a list's item cannot end with.
_ENDS_NO_ITEM = frozenset(
    """SELECT DISTINCT FROM WHERE BY HAVING JOIN AND OR NOT IN LIKE BETWEEN AS WHEN THEN ELSE CASE
    UNION = < > <= >= <> != + - / || ::""".split()
)
# What begins no item, in any dialect; and what may stand behind a comma that ends a list.
_BEGINS_NO_ITEM = frozenset("WHERE ON AND OR AS WHEN THEN ELSE JOIN = > <= >= <> != ||".split())
_ENDS_LIST = frozenset(") FROM HAVING UNION INTERSECT".split())
_ENDS_LIST_IN_PAIRS = {
    "GROUP": frozenset(("BY",)),
    "ORDER": frozenset(("BY",)),
    **dict.fromkeys(("LEFT", "RIGHT", "FULL"), frozenset(("JOIN", "OUTER"))),
    **dict.fromkeys(("INNER", "CROSS"), frozenset(("JOIN",))),
}
_QUERIES = frozenset("SELECT WITH INSERT UPDATE DELETE MERGE (".split())


def stray_commas(tokens: Sequence[Token], dialect: str) -> Iterator[SyntaxProblem]:
    """Each comma that separates nothing; comments are not among the *tokens*."""
    if dialect not in _NO_EMPTY_ITEMS:
        return
    is_query = tokens[0].word in _QUERIES
    for index, token in enumerate(tokens):
        if token.text != "," or token.kind != "symbol":
            continue
        span = Span(token.start, token.end)
        before = tokens[index - 1] if index else None
        if dialect in _LENIENT and _is_in_call(tokens, index):
            continue
        if before is not None and before.text == "," and before.kind == "symbol":
            message = "there is nothing between these commas"
            yield SyntaxProblem(span, message, removal(span, "this comma"))
        elif before is None or (
            _needs_operand(tokens, index - 1) and before.text not in _CLOSES_TYPE.get(dialect, ())
        ):
            yield SyntaxProblem(
                span, "there is nothing before this comma", removal(span, "this comma")
            )
        elif _ends_list(tokens, index + 1, dialect, is_query=is_query):
            yield SyntaxProblem(
                span, "there is nothing after this comma", removal(span, "this comma")
            )


def _is_in_call(tokens: Sequence[Token], index: int) -> bool:
    """Whether the innermost bracket around *index* holds no query."""
    depth = 0
    for at in range(index - 1, -1, -1):
        depth += (tokens[at].text == ")") - (tokens[at].text == "(")
        if depth < 0:
            return tokens[at + 1].word not in _QUERIES
    return False


def _needs_operand(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if token.kind == "symbol" and token.text in ("(", "["):
        return True
    is_name = index > 0 and tokens[index - 1].text in (".", "::", ":")
    return token.word in _ENDS_NO_ITEM and not (is_name and token.kind == "word")


def _ends_list(tokens: Sequence[Token], index: int, dialect: str, *, is_query: bool) -> bool:
    word = tokens[index].word if index < len(tokens) else ""
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    if index < len(tokens) and (not word or following == "."):
        return False
    if word in _BEGINS_NO_ITEM and dialect not in _LENIENT:
        return True
    if dialect not in _NO_TRAILING:
        return False
    if index == len(tokens):
        return is_query
    if word == ")":  # SQL Server's CREATE TABLE may end with one
        return is_query or dialect != "tsql"
    return word in _ENDS_LIST or following in _ENDS_LIST_IN_PAIRS.get(word, ())
