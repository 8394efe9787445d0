"""The list of a WITH: ``name [(columns)] AS (query), …`` and then the query that it is for."""

from collections.abc import Iterator, Sequence

from defog_metadata.sql.grammar.expectations import called
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Edit, Fix, Span

__all__ = ["with_list"]

# Snowflake does without AS.
_STRICT = frozenset(("postgres", "redshift", "mysql", "sqlite", "tsql", "bigquery"))
_QUERIES = frozenset(("SELECT", "WITH"))


def with_list(tokens: Sequence[Token], dialect: str) -> Iterator[SyntaxProblem]:
    """What is missing in the WITH list that the *tokens* begin with: the first thing only."""
    if dialect not in _STRICT or tokens[0].word != "WITH":
        return
    index = 2 if _at(tokens, 1).word == "RECURSIVE" else 1
    while _at(tokens, index).kind in ("word", "quoted"):
        index += 1
        bracket = _at(tokens, index)
        if bracket.text == "(":
            if _at(tokens, index + 1).word in _QUERIES:
                place = Span(bracket.start, bracket.start)
                fix = Fix("Write AS", (Edit(place, "AS "),), is_certain=True)
                span = Span(tokens[index - 1].start, tokens[index - 1].end)
                message = f"expected AS after {called(tokens[index - 1])}"
                yield SyntaxProblem(span, message, (fix,))
                return
            index = _behind(tokens, index)
        if _at(tokens, index).word != "AS":
            return
        if _at(tokens, index + 1).text != "(":
            if _at(tokens, index + 1).word not in ("NOT", "MATERIALIZED"):
                span = Span(tokens[index].start, tokens[index].end)
                yield SyntaxProblem(span, "expected a query in brackets after AS")
            return
        index = _behind(tokens, index + 1)
        if _at(tokens, index).text != ",":
            break
        index += 1
    if index >= len(tokens):
        span = Span(tokens[-1].start, tokens[-1].end)
        yield SyntaxProblem(span, "expected a query after the list of WITH")
        return
    last = tokens[index]
    if last.kind in ("quoted", "string", "number") or _is_listed(tokens, index):
        span = Span(last.start, last.end)
        yield SyntaxProblem(span, f"expected SELECT before {called(last)}")


def _is_listed(tokens: Sequence[Token], index: int) -> bool:
    """``a, b from t`` or ``a.b from t``, where the query should start."""
    return _at(tokens, index).kind == "word" and _at(tokens, index + 1).text in (",", ".")


def _behind(tokens: Sequence[Token], index: int) -> int:
    """The index behind the bracket that opens at *index*."""
    depth = 0
    for at in range(index, len(tokens)):
        depth += (tokens[at].text == "(") - (tokens[at].text == ")")
        if depth == 0:
            return at + 1
    return len(tokens)


def _at(tokens: Sequence[Token], index: int) -> Token:
    return tokens[index] if index < len(tokens) else _END


_END = Token("symbol", 0, 0, "")
