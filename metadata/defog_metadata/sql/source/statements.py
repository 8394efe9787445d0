r"""A file split into its statements.

The split never depends on whether a statement makes sense, so that a broken one cannot harm its
neighbours. A semicolon ends a statement unless it is inside the body of a routine; lines that
are not SQL at all (psql's ``\d``, ``GO``, ``DELIMITER``) stand between statements.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.source.unended import Unended
from defog_metadata.text import Span

__all__ = ["Statement", "split"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: from its first token to its last, without the semicolon."""

    start: int
    text: str
    reach: int
    """The end of the text that belongs to it: past its semicolon, or up to the next statement."""

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


@lru_cache(maxsize=64)
def split(text: str, dialect: str) -> tuple[Statement, ...]:
    """The statements of *text*, in order."""
    pieces = list(_pieces(_without_copied_rows(text), dialect))
    return tuple(
        Statement(
            tokens[0].start,
            text[tokens[0].start : tokens[-1].end],
            pieces[index + 1][0][0].start if index + 1 < len(pieces) and not closed else end,
        )
        for index, (tokens, end, closed) in enumerate(pieces)
    )


def _without_copied_rows(text: str) -> str:
    r"""*text* with spaces for the rows between ``COPY … FROM STDIN;`` and ``\.``, as in dumps."""
    if "\n\\." not in text:
        return text
    return _COPIED_ROWS.sub(lambda it: it[1] + " " * (len(it[0]) - len(it[1])), text)


_COPIED_ROWS = re.compile(
    r"(^COPY\b[^;]*\bFROM\s+STDIN\b[^;]*;)[^\n]*\n(?:(?!\\\.[ \t\r]*$)[^\n]*\n)*\\\.[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)


def _pieces(text: str, dialect: str) -> Iterator[tuple[Sequence[Token], int, bool]]:
    """For each statement its tokens, the end of its reach, and whether a semicolon ended it."""
    current: list[Token] = []
    body, unended = _Body(dialect), Unended()
    delimiter = ";"
    skip_to = 0
    previous_end = 0
    tokens = tokenize(text, dialect)
    for index, token in enumerate(tokens):
        if token.start < skip_to:
            continue
        if (
            body.is_routine
            and token.word == "CREATE"
            and _is_routine(tokens[index : index + _HEAD])
        ):
            # The one before was never ended: none can be defined inside another.
            yield current, token.start, True
            current, body, unended = [], _Body(dialect), Unended()
        if command := _client_command(text, token, current):
            skip_to = command.end()
            if command["delimiter"]:
                delimiter = command["delimiter"]
            if current:
                yield current, token.start, True
            current, body, unended = [], _Body(dialect), Unended()
            continue
        if token.kind == "comment":
            # A comment before a statement is about it, but no part of it.
            continue
        is_first_of_line = "\n" in text[previous_end : token.start]
        previous_end = token.end
        if (
            dialect in _UNENDED
            and is_first_of_line
            and not body.is_open
            and unended.ends_before(token, tokens[index + 1] if index + 1 < len(tokens) else None)
        ):
            yield current, token.start, True
            current, body, unended = [], _Body(dialect), Unended()
        if (
            text.startswith(delimiter, token.start)
            and token.kind == "symbol"
            and (delimiter != ";" or not body.is_open)
        ):
            skip_to = token.start + len(delimiter)
            if current:
                yield current, skip_to, True
            current, body, unended = [], _Body(dialect), Unended()
            continue
        current.append(token)
        body.read(token)
        unended.read(token)
    if current:
        yield current, len(text), False


# Dialects that take statements one behind the other without semicolons between.
_UNENDED = frozenset(("tsql", "fabric"))
_CLIENT_COMMAND = re.compile(
    r"(?:\\(?!N\b)[^\W\d][^\r\n]*|\\[!?;][^\r\n]*"  # psql
    r"|(?i:GO)(?:[ \t]+\d+)?(?=[ \t]*(?:--[^\r\n]*)?$)"  # sqlcmd
    r"|(?i:DELIMITER)[ \t]+(?P<delimiter>\S+)[^\r\n]*)",  # mysql
    re.MULTILINE,
)


def _client_command(text: str, token: Token, current: Sequence[Token]) -> re.Match[str] | None:
    if token.text[0] != "\\":
        if token.word not in ("GO", "DELIMITER") or (token.word == "DELIMITER" and current):
            return None
        line_start = max(text.rfind("\n", 0, token.start), text.rfind("\r", 0, token.start)) + 1
        if text[line_start : token.start].strip():
            return None
    # No operator starts with a backslash: it is psql's, unless it is the ``\N`` of MySQL, a NULL.
    return _CLIENT_COMMAND.match(text, token.start)


class _Body:
    """Whether the tokens read so far are inside a routine or a scripting block."""

    def __init__(self, dialect: str) -> None:
        self._head: list[str] = []
        self._depth = 0
        self._previous = ""
        self._has_blocks = dialect in _SCRIPTED
        # T-SQL closes IF and WHILE with the END of their BEGIN.
        self._loops: frozenset[str] = frozenset() if dialect == "tsql" else _LOOPS

    @property
    def is_open(self) -> bool:
        return self._depth > 0

    @property
    def is_routine(self) -> bool:
        """Whether a statement could start here inside the body of a routine."""
        return self.is_open and self._previous == ";" and self._head[:1] == ["CREATE"]

    def read(self, token: Token) -> None:
        word = token.word
        if len(self._head) < _HEAD:
            self._head.append(word)
            self._has_blocks |= self._head[0] in _DEFINERS and word in _ROUTINES
        previous, self._previous = self._previous, word
        if not self._has_blocks:
            return
        if previous == "BEGIN" and word not in _TRANSACTION:
            self._depth += 1
        if (word == "CASE" and previous != "END") or (
            word in self._loops and previous in _BEFORE_STATEMENT
        ):
            self._depth += bool(self._depth)
        elif word == "END" and self._depth:
            self._depth -= 1


def _is_routine(tokens: Sequence[Token]) -> bool:
    words = [it.word for it in tokens]
    end = next((i for i, it in enumerate(words) if it in ("(", "AS", "BEGIN", ";")), len(words))
    return not _ROUTINES.isdisjoint(words[:end])


# The words of a definition's head that are looked at for what it defines.
_HEAD = 16
_SCRIPTED = frozenset(("tsql", "bigquery", "snowflake", "oracle"))
_DEFINERS = frozenset(("CREATE", "ALTER"))
_ROUTINES = frozenset(("FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "EVENT"))
_TRANSACTION = frozenset((";", "TRANSACTION", "TRAN", "WORK", "ISOLATION", "READ"))
_LOOPS = frozenset(("IF", "LOOP", "WHILE", "REPEAT", "FOR"))
_BEFORE_STATEMENT = frozenset((";", ":", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT"))
