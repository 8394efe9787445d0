"""Neighbours between which something is missing, or of which one has to go.

::

    select from t                       expected a column or an expression after SELECT
    select a from t group by order by b     expected a column or an expression after BY
    select a from t where b is 3        expected NULL after IS, not 3
    select a from t, select b from u    a query has to stand in brackets here
"""

from collections.abc import Iterator, Sequence

from defog_metadata.sql.grammar.expectations import called, doubled, expectation
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["gaps"]

_STRICT = frozenset(("mysql", "sqlite", "tsql", "bigquery", "snowflake"))
_DELETE_FROM = frozenset(("mysql", "snowflake"))
_QUERIES = frozenset("( SELECT WITH INSERT UPDATE DELETE".split())
# Behind these words, something has to come before any of those.
_OPEN = frozenset("SELECT WHERE HAVING BY FROM JOIN AND OR SET ON".split())
_NEXT = frozenset("FROM WHERE HAVING UNION INTERSECT ) AND OR".split())
_NEXT_IN_PAIRS = frozenset((("GROUP", "BY"), ("ORDER", "BY")))
# Behind these, a query needs brackets.
_NO_BARE_QUERY = frozenset(
    ", SELECT FROM JOIN WHERE AND OR NOT BY HAVING LIKE CASE WHEN = < > <= >= <> != + -".split()
)
_NEVER_TWICE = frozenset(("=", "<"))
_BEHIND_IS = frozenset("NULL NOT TRUE FALSE UNKNOWN DISTINCT JSON (".split())


def gaps(tokens: Sequence[Token], dialect: str) -> Iterator[SyntaxProblem]:
    """What is missing between two *tokens*, none of which is a comment."""
    if dialect not in _STRICT or tokens[0].word not in _QUERIES:
        return
    if tokens[0].word == "DELETE" and dialect in _DELETE_FROM:
        if all(it.word != "FROM" for it in tokens):
            yield expectation(tokens[:1], 1)
        return
    for index in range(1, len(tokens) + 1):
        before = tokens[index - 1]
        if not before.word or _is_name(tokens, index - 1):
            continue
        if index == len(tokens):
            if before.word in _OPEN and before.word != "ON":  # SQL Server's SET … ON
                yield expectation(tokens, index)
            return
        token = tokens[index]
        span = Span(token.start, token.end)
        if token.word == "SELECT" and before.word in _NO_BARE_QUERY:
            if before.word == "SELECT":
                yield doubled(before, token)
            else:
                yield SyntaxProblem(span, "a query has to stand in brackets here")
        elif before.word in _OPEN and _is_next(tokens, index):
            yield expectation(tokens, index)
        elif (
            before.text == token.text
            and before.text in _NEVER_TWICE
            and before.end < token.start  # ``<<`` shifts
        ):
            yield doubled(before, token)
        elif before.word == "SELECT" and token.word == "AS" and dialect != "bigquery":
            yield expectation(tokens, index)
        elif before.text == "," and _is_adrift(tokens, index, dialect):
            yield SyntaxProblem(span, f"{token.text} is not expected behind a comma")
        elif dialect != "sqlite" and _is_no_truth(tokens, index):
            yield SyntaxProblem(span, f"expected NULL after IS, not {called(token)}")


def _is_next(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].word
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    return (word in _NEXT and following != ".") or (word, following) in _NEXT_IN_PAIRS


def _is_adrift(tokens: Sequence[Token], index: int, dialect: str) -> bool:
    """Whether what a comma has torn from its name stands here: ``count, (*)``, ``t, .name``."""
    texts = [it.text for it in tokens[index : index + 3]]
    if texts[:1] == ["."]:  # a table of the current database in MySQL
        return dialect != "mysql" and index + 1 < len(tokens) and tokens[index + 1].kind == "word"
    return texts == ["(", "*", ")"]


def _is_no_truth(tokens: Sequence[Token], index: int) -> bool:
    """Whether what is here is none of what ``IS`` or ``IS NOT`` compares with."""
    before = tokens[index - 1].word
    if before == "NOT" and index > 1:
        before = tokens[index - 2].word
    token = tokens[index]
    return (
        before == "IS"
        and token.kind in ("number", "string", "quoted", "word")
        and (token.word not in _BEHIND_IS)
    )


def _is_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word is a name by where it stands: behind a dot or AS, before a dot."""
    if tokens[index].kind != "word":
        return False
    around = (
        tokens[index - 1].word if index else "",
        tokens[index + 1].text if index + 1 < len(tokens) else "",
    )
    return around[0] in (".", ":", "AS") or around[1] == "."
