"""The queries of views, in what engines say of them.

SQLite and DuckDB keep the statement that made a view; others show the query alone, some with a
semicolon behind it.
"""

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

__all__ = ["query_of"]


def query_of(said: str, dialect: str = "") -> str:
    """The query in *said*, which is one or a ``CREATE VIEW`` of *dialect*; empty if there is none.

    >>> query_of('CREATE VIEW "as" (a) AS SELECT 1 AS a;', "sqlite")
    'SELECT 1 AS a'
    """
    text = said.strip().rstrip(";").rstrip()
    if not dialect:
        return text
    try:
        tokens = sqlglot.tokenize(text, dialect=dialect)
    except SqlglotError:
        return ""
    start = _start(tokens)
    return text[start:] if start is not None else ""


def _start(tokens: list[Token]) -> int | None:
    """Where the query begins: behind the first ``AS`` that is in no brackets."""
    depth = 0
    for before, it in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.token_type is TokenType.ALIAS and depth == 0:
            return it.start
        depth += (it.token_type is TokenType.L_PAREN) - (it.token_type is TokenType.R_PAREN)
    return None
