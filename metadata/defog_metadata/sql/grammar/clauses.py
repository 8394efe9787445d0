"""The clauses of a query: each once, and in order.

::

    select a from t group by a where b = 1      WHERE comes before GROUP BY
    select a from t where b = 1 where c = 2     this query has a WHERE already
"""

from collections.abc import Iterator, Sequence

from defog_metadata.sql.grammar.expectations import expectation
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["misplaced_clauses"]

_STRICT = frozenset(("postgres", "redshift", "mysql", "sqlite", "tsql", "bigquery", "snowflake"))
_RANKS = {"FROM": 1, "JOIN": 2, "WHERE": 3, "GROUP": 4, "HAVING": 5, "ORDER": 6, "LIMIT": 7}
_PAIRED = {"GROUP": "BY", "ORDER": "BY"}
_JOINED = _RANKS["JOIN"]
# A new query begins; what stood before says nothing about it.
_ANEW = frozenset("UNION INTERSECT EXCEPT MINUS VALUES SET".split())
# Other statements (SQL Server's need no semicolon between them), and BigQuery's pipes.
_OTHER = frozenset("INSERT UPDATE DELETE MERGE CREATE ALTER DROP IF BEGIN WHILE REPLACE |".split())
# ``IS DISTINCT FROM``, ``USE INDEX FOR ORDER BY``, ``FOR SYSTEM_TIME FROM``
_BELONGING = {
    "FROM": frozenset(("IS DISTINCT", "NOT DISTINCT", "FOR SYSTEM_TIME")),
    "JOIN": frozenset(("INDEX FOR", "KEY FOR")),
    "ORDER": frozenset(("INDEX FOR", "KEY FOR")),
    "GROUP": frozenset(("INDEX FOR", "KEY FOR")),
}
# Where LIMIT cannot be a bare name.
_LIMITED = frozenset(("postgres", "redshift", "mysql", "sqlite"))


def misplaced_clauses(tokens: Sequence[Token], dialect: str) -> Iterator[SyntaxProblem]:
    """The clauses that come too late or a second time; comments are not among the *tokens*."""
    if dialect not in _STRICT or tokens[0].word not in ("SELECT", "WITH", "("):
        return
    # For each bracket the clause that its query has come to; None where it holds no query.
    reached: list[str | None] = [None]
    for index, token in enumerate(tokens):
        word = token.word
        if not word or (index and tokens[index - 1].text in (".", ":")) or _is_name(tokens, index):
            continue
        if word == "(":
            reached.append(None)
        elif word == ")":
            if len(reached) > 1:
                reached.pop()
        elif word == "SELECT":
            reached[-1] = "SELECT"
        elif word in _OTHER:
            reached[-1] = None
        elif word in _ANEW:
            if not (word == "EXCEPT" and tokens[index - 1].text == "*"):
                reached[-1] = None
        elif (at := reached[-1]) is not None and word in _RANKS:
            if word == "LIMIT" and dialect not in _LIMITED:
                continue
            last, this = _RANKS.get(at, 0), _RANKS[word]
            if this < last:
                message = f"{_called(word)} comes before {_called(at)}"
                yield SyntaxProblem(Span(token.start, token.end), message)
            elif this == last and this != _JOINED:
                message = f"this query has a {_called(word)} already"
                yield SyntaxProblem(Span(token.start, token.end), message)
            else:
                reached[-1] = word
                if word in ("FROM", "JOIN") and _is_text(tokens, index + 1, dialect):
                    yield expectation(tokens, index + 1)


def _is_text(tokens: Sequence[Token], index: int, dialect: str) -> bool:
    """Whether a string stands where only DuckDB and Snowflake take one for a relation."""
    return dialect in ("mysql", "tsql") and index < len(tokens) and tokens[index].text[0] == "'"


def _is_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a clause's word is something else here: ``WITHIN GROUP (``, an alias, ``t.from``."""
    token = tokens[index]
    if token.kind != "word":
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if " ".join(it.word for it in tokens[index - 2 : index]) in _BELONGING.get(token.word, ()):
        return True
    if token.word == "FROM" and (
        # ``NTH_VALUE(x, 2) FROM LAST``, ``FROM ROWS FROM (…)``
        (following is not None and following.word in ("FIRST", "LAST"))
        or tokens[index - 1].word == "ROWS"
    ):
        return True
    if token.word in _PAIRED:
        return following is None or following.word != _PAIRED[token.word]
    if following is not None and following.text == ".":
        return True
    return token.word in _RANKS and index > 0 and tokens[index - 1].word == "AS"


def _called(word: str) -> str:
    return f"{word} {_PAIRED[word]}" if word in _PAIRED else word
