"""Calls in text that need not parse: found by tokens, not by a tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defog_metadata.sql.functions.library import functions_of
from defog_metadata.sql.functions.values import Function
from defog_metadata.sql.source.lexer import Token

__all__ = ["Call", "all_called", "call_around", "called_at"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose arguments are being written."""

    function: Function
    argument: int
    """How many commas there are before the caret: the place of the argument, from 0."""
    has_argument: bool
    """Whether anything has been written behind the bracket."""
    words: frozenset[str]
    """The upper-case words of its arguments so far, such as the FROM of ``extract``."""


def call_around(before: Sequence[Token], dialect: str) -> Call | None:
    """The innermost call that the end of *before*, the tokens of a statement, is inside."""
    depth = commas = 0
    words: set[str] = set()
    for index in range(len(before) - 1, -1, -1):
        token = before[index]
        if token.text in _CLOSING and token.kind == "symbol":
            depth += 1
        elif token.text in _OPENING and token.kind == "symbol":
            if depth:
                depth -= 1
                continue
            function = _called(before, index - 1, dialect) if token.text == "(" else None
            if function is not None:
                if "FROM" in words and function.name.casefold() not in _TAKES_FROM:
                    return None  # the bracket was never closed, and the query goes on
                return Call(function, commas, index + 1 < len(before), frozenset(words))
            commas = 0
            words.clear()
        elif depth == 0:
            if token.word in _ENDS:
                return None
            if token.text == ",":
                commas += 1
            elif token.word == "ORDER":
                commas = 0  # string_agg(a, b ORDER BY c, d): the order is no argument
            elif token.kind == "word":
                words.add(token.word)
    return None


def called_at(tokens: Sequence[Token], offset: int, dialect: str) -> tuple[Function, Token] | None:
    """The function whose name is at *offset*: one that is called, or needs no brackets."""
    at = (index for index, it in enumerate(tokens) if it.start <= offset <= it.end)
    return next(filter(None, (_at(tokens, it, dialect) for it in at)), None)


def all_called(tokens: Sequence[Token], dialect: str) -> Iterator[tuple[Function, Token]]:
    """The functions that are called anywhere in *tokens*, with their names."""
    return filter(None, (_at(tokens, index, dialect) for index in range(len(tokens))))


def _at(tokens: Sequence[Token], index: int, dialect: str) -> tuple[Function, Token] | None:
    function = _called(tokens, index, dialect)
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if function is None or following == ".":
        return None
    if following == "(" or (function.is_bare and not _follows(tokens, index, _SOURCES)):
        return function, tokens[index]
    return None


_OPENING = "([{"
_CLOSING = ")]}"
# Words that are never inside a call, so that its bracket must have been left open. A query in
# brackets ends the search as well: its commas are its own.
_ENDS = frozenset(
    """SELECT WHERE GROUP HAVING JOIN LIMIT UNION INTERSECT EXCEPT SET INSERT UPDATE DELETE MERGE
    RETURNING QUALIFY VALUES ;""".split()
)
_TAKES_FROM = frozenset(("extract", "overlay", "substr", "substring", "trim", "json_table"))
# A name behind one of these is declared or a type, not called.
_DECLARES = frozenset(
    """INTO TABLE VIEW INDEX FUNCTION PROCEDURE TRIGGER REFERENCES AS :: WITH RECURSIVE EXISTS
    CONSTRAINT KEY SEQUENCE TYPE""".split()
)
_SOURCES = frozenset(("FROM", "JOIN", "UPDATE"))
# GROUP BY's own, which extensions have functions for too.
_GROUPINGS = frozenset(("CUBE", "ROLLUP", "SETS"))
_SYSTEM_SCHEMAS = frozenset(("PG_CATALOG", "SYS", "SYSTEM", "MAIN"))
# In a definition of columns, a name behind another name is a type, except behind these.
_BEFORE_DEFAULT = frozenset("DEFAULT AND OR NOT ON BY WHEN THEN ELSE UPDATE SELECT WHERE".split())


def _called(tokens: Sequence[Token], index: int, dialect: str) -> Function | None:
    """The function that the name at *index* means, if it is one where a call can stand."""
    if index < 0 or tokens[index].kind != "word":
        return None
    name = tokens[index].word
    before = tokens[index - 1] if index else None
    if name in _GROUPINGS or _follows(tokens, index, _DECLARES):
        return None
    if name in ("VALUES", "VALUE") and not any(it.word == "DUPLICATE" for it in tokens[:index]):
        return None
    if before is not None and before.text == ".":
        schema = tokens[index - 2].word if index > 1 else ""
        return functions_of(dialect).get(name.casefold()) if schema in _SYSTEM_SCHEMAS else None
    if (
        before is not None
        and before.kind in ("word", "quoted")
        and before.word not in _BEFORE_DEFAULT
        and tokens[0].word in ("CREATE", "ALTER")
        and any(it.word == "TABLE" for it in tokens[:5])
    ):
        return None
    return functions_of(dialect).get(name.casefold())


def _follows(tokens: Sequence[Token], index: int, words: frozenset[str]) -> bool:
    return index > 0 and tokens[index - 1].word in words
