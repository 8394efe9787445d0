"""What only the text of SQLite's ``CREATE`` statements tells.

SQLite keeps them as they were written, so that the comments are still there. It has no other
place for descriptions, and people write them so::

    CREATE TABLE orders ( -- What customers bought
        id INTEGER PRIMARY KEY, -- Order number
        status TEXT CHECK (status IN ('new', 'paid'))
    )

A text that is not understood gives nothing: all of this is an addition.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

__all__ = ["ColumnText", "TableText", "index_parts", "read_create_table"]


@dataclass(frozen=True, slots=True)
class ColumnText:
    """``generated`` is the expression of a generated column, ``allowed`` those of a check."""

    description: str = ""
    generated: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableText:
    """``columns`` are by casefolded name."""

    description: str = ""
    columns: Mapping[str, ColumnText] = field(default_factory=dict)


def read_create_table(sql: str) -> TableText:
    """What the text of a ``CREATE TABLE`` says about the table and its columns."""
    listing = _Listing.of(sql)
    if listing is None:
        return TableText()
    columns: dict[str, ColumnText] = {}
    allowed: dict[str, tuple[str, ...]] = {}
    for part in listing.parts:
        allowed.update(_allowed_values(part.tokens))
        first = part.tokens[0]
        # The tokenizer takes PRIMARY KEY for one word.
        is_constraint = first.text.upper().partition(" ")[0] in _CONSTRAINTS
        if first.token_type is TokenType.IDENTIFIER or not is_constraint:
            columns[first.text.casefold()] = ColumnText(
                description=part.comment, generated=_generated(sql, part.tokens)
            )
    return TableText(
        description=listing.comment,
        columns={
            name: ColumnText(it.description, it.generated, allowed.get(name, ()))
            for name, it in columns.items()
        },
    )


def index_parts(sql: str) -> tuple[str, ...]:
    """``("lower(name)", "age")`` for ``CREATE INDEX i ON t(lower(name), age DESC)``."""
    listing = _Listing.of(sql)
    if listing is None:
        return ()
    return tuple(
        re.sub(r"\s+(asc|desc)$", "", _between(sql, part.tokens), flags=re.IGNORECASE)
        for part in listing.parts
    )


_CONSTRAINTS = frozenset("CONSTRAINT PRIMARY UNIQUE CHECK FOREIGN".split())


@dataclass(frozen=True, slots=True)
class _Part:
    tokens: Sequence[Token]
    comment: str


@dataclass(frozen=True, slots=True)
class _Listing:
    """The outermost parentheses of a statement, cut at their commas."""

    comment: str
    parts: Sequence[_Part]

    @classmethod
    def of(cls, sql: str) -> "_Listing | None":
        try:
            tokens = sqlglot.tokenize(sql, read="sqlite")
        except SqlglotError:
            return None
        opening = next((i for i, it in enumerate(tokens) if it.token_type is _OPEN), None)
        if opening is None:
            return None
        parts: list[_Part] = []
        start, depth = opening + 1, 0
        for place in range(opening, len(tokens)):
            token = tokens[place]
            depth += (token.token_type is _OPEN) - (token.token_type is _CLOSE)
            is_end = depth == 0
            if is_end or (depth == 1 and token.token_type is TokenType.COMMA):
                if place > start:
                    # The comment stands behind the comma, or before it.
                    comment = "" if is_end else _comment_after(sql, tokens, place)
                    comment = comment or _comment_after(sql, tokens, place - 1)
                    parts.append(_Part(tokens[start:place], comment))
                start = place + 1
            if is_end:
                return cls(_comment_after(sql, tokens, opening), parts)
        return None


_OPEN, _CLOSE = TokenType.L_PAREN, TokenType.R_PAREN

_COMMENT = re.compile(r"[ \t]*(?:--[ \t]*(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/)", re.DOTALL)


def _comment_after(sql: str, tokens: Sequence[Token], place: int) -> str:
    """The comment that begins behind a token, on the same line."""
    end = tokens[place + 1].start if place + 1 < len(tokens) else len(sql)
    match = _COMMENT.match(sql, tokens[place].end + 1, end)
    return " ".join((match["line"] or match["block"] or "").split()) if match else ""


def _between(sql: str, tokens: Sequence[Token]) -> str:
    return sql[tokens[0].start : tokens[-1].end + 1]


def _generated(sql: str, tokens: Sequence[Token]) -> str:
    """The expression of ``name type [GENERATED ALWAYS] AS (expression)``."""
    depth = start = 0
    for place, token in enumerate(tokens[:-1]):
        following = tokens[place + 1].token_type
        if depth == 0 and token.text.upper() == "AS" and following is _OPEN:
            start = place + 2
        depth += (token.token_type is _OPEN) - (token.token_type is _CLOSE)
        if start and depth == 1 and following is _CLOSE and place >= start:
            return _between(sql, tokens[start : place + 1])
    return ""


def _allowed_values(tokens: Sequence[Token]) -> Mapping[str, tuple[str, ...]]:
    """``{"status": ("new", "paid")}`` for ``CHECK (status IN ('new', 'paid'))``."""
    words = [
        "" if it.token_type in (TokenType.IDENTIFIER, TokenType.STRING) else it.text.upper()
        for it in tokens
    ]
    found: dict[str, tuple[str, ...]] = {}
    for place, word in enumerate(words):
        if word != "CHECK" or words[place + 1 : place + 2] != ["("]:
            continue
        if words[place + 3 : place + 5] != ["IN", "("]:
            continue
        values = _texts(tokens[place + 5 :])
        behind = place + 5 + 2 * len(values)
        # Anything but the closing parenthesis here goes on to say something else.
        if values and words[behind : behind + 1] == [")"]:
            found[tokens[place + 2].text.casefold()] = values
    return found


def _texts(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The texts of ``'a', 'b')``; none when there is anything else in it."""
    values: list[str] = []
    for value, separator in zip(tokens[::2], tokens[1::2], strict=False):
        if value.token_type is not TokenType.STRING:
            return ()
        values.append(value.text)
        if separator.token_type is _CLOSE:
            return tuple(values)
        if separator.token_type is not TokenType.COMMA:
            return ()
    return ()
