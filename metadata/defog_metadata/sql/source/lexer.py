"""SQL text as tokens that cover it without ever failing.

sqlglot's tokenizer is fast and exact but raises on an open string; splitting statements, finding
the caret and repairing what is half typed need tokens of broken text too. This lexer knows only
what they need: where strings, quoted names, comments, words, numbers and symbols are. What each
dialect calls a string or a comment is taken from sqlglot's own tables.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlglot.dialects.dialect import Dialect

from defog_metadata.sql.source.open_quotes import Resolved, end_of_open
from defog_metadata.sql.source.tokens import Token, TokenKind

__all__ = ["Token", "TokenKind", "tokenize", "tokens_from"]


def tokenize(text: str, dialect: str) -> list[Token]:
    """The tokens of *text*, white space left out, in order and without overlap."""
    return list(_tokens_of(text, dialect))


@lru_cache(maxsize=4)
def _tokens_of(text: str, dialect: str) -> tuple[Token, ...]:
    """Those of the last few texts: one statement is asked about several times, by several."""
    return tuple(tokens_from(text, dialect))


def tokens_from(text: str, dialect: str, offset: int = 0) -> Resolved:
    """The tokens of *text* from *offset* on, where one may start, as they are asked for."""
    lexer = _lexer_of(dialect)
    return Resolved(text, lambda start: lexer.tokens(text, start), offset)


@dataclass(frozen=True, slots=True)
class _Quote:
    kind: TokenKind
    opening: str
    body: re.Pattern[str]


class _Lexer:
    """The compiled tables of one dialect."""

    def __init__(self, dialect: str) -> None:
        tokenizer = Dialect.get_or_raise(dialect or None).tokenizer_class
        escapes = set(tokenizer.STRING_ESCAPES)
        # BigQuery's strings and names end with their line, but for those in three quotes.
        is_line = dialect == "bigquery"
        quotes: list[_Quote] = []
        for quote in tokenizer.QUOTES:
            opening, closing = _pair(quote)
            quotes.append(_quote("string", opening, closing, escapes, is_line=is_line))
        # In some raw strings a backslash keeps a quote from ending them, and stays.
        raw_escapes = tokenizer.STRING_ESCAPES_ALLOWED_IN_RAW_STRINGS
        prefixed = [
            # Dollar quotes have a rule of their own.
            *((*it, raw_escapes) for it in map(_pair, tokenizer.RAW_STRINGS) if it[0] != "$$"),
            *((*it, True) for it in tokenizer.BYTE_STRINGS),
            *((*it, False) for it in tokenizer.HEX_STRINGS if it[1]),
            *((*it, False) for it in tokenizer.BIT_STRINGS if it[1]),
            *((*it, False) for it in tokenizer.UNICODE_STRINGS),
        ]
        for opening, closing, escaped in prefixed:
            with_escapes = {"\\", *escapes} if escaped else escapes - {"\\"}
            quotes.append(_quote("string", opening, closing, with_escapes, is_line=is_line))
        for identifier in tokenizer.IDENTIFIERS:
            opening, closing = _pair(identifier)
            escapes_in_names = {closing, *tokenizer.IDENTIFIER_ESCAPES}
            quotes.append(_quote("quoted", opening, closing, escapes_in_names, is_line=is_line))
        line_comments = [it for it in tokenizer.COMMENTS if isinstance(it, str)]
        self._nested_comments = tokenizer.NESTED_COMMENTS
        self._quotes = {it.opening: it for it in quotes}
        # The names of T-SQL's temporary tables and variables start with a sign.
        has_signs = "#" in tokenizer.VAR_SINGLE_TOKENS
        self._master = re.compile(
            "|".join(
                (
                    r"(?P<space>\s+)",
                    rf"(?P<line>(?:{_alternatives(line_comments)})[^\r\n]*)",
                    r"(?P<block>/\*)",
                    *(
                        (r"(?P<dollar>\$(?:[^\W\d]\w*)?\$)",)
                        if tokenizer.HEREDOC_STRINGS or "$$" in tokenizer.RAW_STRINGS
                        else ()
                    ),
                    rf"(?P<quote>{_alternatives(list(self._quotes))})",
                    r"(?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)|0[xX][0-9a-fA-F]+)",
                    r"(?P<template>\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})",
                    rf"(?P<parameter>{_PARAMETER}{'|@{1,2}' if has_signs else ''})",
                    rf"(?P<word>{'#{1,2}' if has_signs else '(?!)'}\w*|[^\W\d][\w$#@]*|\d\w+)",
                    r"(?P<symbol>::|:=|=>|->>|->|<=>|<>|<=|>=|!=|==|\|\||&&|.)",
                )
            ),
            re.DOTALL,
        )

    def tokens(self, text: str, offset: int) -> Iterator[Token]:
        """The tokens from *offset* on, each quote closed by the next of its kind."""
        size = len(text)
        while offset < size:
            match = self._master.match(text, offset)
            if match is None:  # cannot happen: the last alternative takes any character
                return
            name, end, closed = match.lastgroup, match.end(), True
            kind: TokenKind
            match name:
                case "space":
                    offset = end
                    continue
                case "line":
                    kind = "comment"
                case "block":
                    kind = "comment"
                    end, closed = self._end_of_block(text, end)
                case "dollar":
                    kind = "string"
                    closing = text.find(match.group(), end)
                    closed = closing >= 0
                    end = closing + len(match.group()) if closed else size
                case "quote":
                    quote = self._quotes[match.group()]
                    kind = quote.kind
                    inside = quote.body.match(text, end)
                    closed = inside is not None
                    end = inside.end() if inside else end_of_open(text, offset, end - offset)
                case "template":
                    kind = "parameter" if match.group().startswith("{{") else "comment"
                case "parameter" if match.group()[0] == "%" and match.group()[1] not in "s(":
                    kind, end = "symbol", offset + 1  # the modulo of two names: a%b
                case "parameter" if match.group()[0] == ":" and _is_cast(text, offset):
                    kind, end = "symbol", offset + 1 + text.startswith("::", offset)
                case "number" | "parameter" | "word" | "symbol":
                    kind = name
                case _:
                    return
            yield Token(kind, offset, end, text[offset:end], closed)
            offset = end

    def _end_of_block(self, text: str, offset: int) -> tuple[int, bool]:
        depth = 1
        for match in _BLOCK_EDGE.finditer(text, offset):
            if match.group() == "*/":
                depth -= 1
            elif self._nested_comments:
                depth += 1
            if depth == 0:
                return match.end(), True
        return len(text), False


_PARAMETER = r"[:@$%]{1,2}[^\W\d]\w*|\$\d+|\?\d*|%s|%\([^()\n]*\)s|\$\{[^}\n]*\}"
_BLOCK_EDGE = re.compile(r"/\*|\*/")


def _is_cast(text: str, offset: int) -> bool:
    """Whether a colon belongs to ``x::type``, ``array[1:n]`` or a path, not to a parameter."""
    return text.startswith("::", offset) or (
        offset > 0 and (text[offset - 1].isalnum() or text[offset - 1] in "_)]\"'")
    )


def _pair(quote: str | tuple[str, str]) -> tuple[str, str]:
    return (quote, quote) if isinstance(quote, str) else quote


def _quote(
    kind: TokenKind, opening: str, closing: str, escapes: set[str], *, is_line: bool
) -> _Quote:
    parts = [re.escape(it) + "." for it in escapes if it == "\\"]
    if closing in escapes:
        parts.append(re.escape(closing * 2))
    any_character = r"[^\r\n]" if is_line and len(closing) == 1 else "."
    parts.append(rf"(?!{re.escape(closing)}){any_character}")
    # An atomic group, not `*+`: with a lookahead inside, that never matches before Python 3.11.5.
    body = rf"(?>(?:{'|'.join(parts)})*){re.escape(closing)}"
    return _Quote(kind, opening, re.compile(body, re.DOTALL))


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(it) for it in sorted(words, key=len, reverse=True)) or r"(?!)"


@lru_cache(maxsize=64)
def _lexer_of(dialect: str) -> _Lexer:
    return _Lexer(dialect)
