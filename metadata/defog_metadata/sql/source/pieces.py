"""Where one statement of a text ends and the next one begins.

A semicolon ends a statement unless it is inside the body of a routine; lines that are not SQL at
all stand between statements (see ``client_commands``).
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from defog_metadata.progress import check_stopped
from defog_metadata.sql.source.client_commands import ClientCommand, client_command
from defog_metadata.sql.source.lexer import Token, tokens_from
from defog_metadata.sql.source.unended import Unended

__all__ = ["Piece", "client_commands", "pieces_from"]


@dataclass(frozen=True, slots=True)
class Piece:
    """The place of one statement."""

    start: int
    end: int
    reach: int
    """Past its semicolon, or where the next statement begins."""
    horizon: int
    """The end of the text that has been looked at to say so."""
    resume: int | None
    """From where on what follows is a matter of what stands there alone, if from anywhere."""


def pieces_from(text: str, dialect: str, offset: int = 0) -> Iterator[Piece]:
    """The pieces of *text* from its start on, or from where a piece of it says ``resume``."""
    return _Reading(text, dialect, offset).pieces()


def client_commands(text: str, dialect: str) -> list[ClientCommand]:
    """The lines of *text* that are for the program which sends it, in order."""
    reading = _Reading(text, dialect, 0)
    for _ in reading.pieces():
        check_stopped()
    return reading.commands


class _Reading:
    def __init__(self, text: str, dialect: str, offset: int) -> None:
        self._text = text
        self._dialect = dialect
        self._tokens = tokens_from(text, dialect, offset)
        self._ahead: deque[Token] = deque()
        self._previous_end = offset
        self._delimiter = ";"
        self.commands: list[ClientCommand] = []
        self._begin()

    def _begin(self) -> None:
        self._current: list[Token] = []
        self._body, self._unended = _Body(self._dialect), Unended()

    def pieces(self) -> Iterator[Piece]:
        while (token := self._next()) is not None:
            if self._begins_routine(token):
                # The one before was never ended: none can be defined inside another.
                yield from self._ended(token.start)
            command = client_command(self._text, token, self._dialect, is_first=not self._current)
            if command is not None:
                self.commands.append(command)
                self._delimiter = command.delimiter or self._delimiter
                self._read_on(command.end)
                yield from self._ended(token.start, self._line_end(command.end))
                continue
            if token.kind == "comment":
                # A comment before a statement is about it, but no part of it.
                continue
            if self._begins_unasked(token):
                # What stands between the two, on lines of its own, is about the second.
                yield from self._ended(token.start, self._line_end(self._previous_end))
            self._previous_end = token.end
            if self._is_delimiter(token):
                end = token.start + len(self._delimiter)
                if end != token.end:
                    self._read_on(end)
                resume = self._line_end(end)
                if resume is not None and _copies_rows(self._current):
                    resume = self._skip_rows(resume)
                yield from self._ended(end, resume)
                continue
            self._current.append(token)
            self._body.read(token)
            self._unended.read(token)
        yield from self._ended(len(self._text))

    def _read_on(self, offset: int) -> None:
        """Go on at *offset*: what is a quote to the client is none here, nor one of ours there."""
        horizon = self._tokens.horizon
        self._tokens = tokens_from(self._text, self._dialect, offset)
        self._tokens.horizon = max(horizon, offset)
        self._ahead.clear()
        self._previous_end = offset

    def _skip_rows(self, offset: int) -> int:
        """Where the rows end that dumps have from *offset* on; *offset* itself if nowhere."""
        rows_end = _ROWS_END.search(self._text, offset)
        end = offset if rows_end is None else rows_end.end()
        self._read_on(end)
        if rows_end is None or end == len(self._text):
            self._tokens.horizon = len(self._text) + 1
        return end

    def _next(self) -> Token | None:
        return self._ahead.popleft() if self._ahead else next(self._tokens, None)

    def _following(self, count: int) -> Sequence[Token]:
        self._ahead.extend(islice(self._tokens, max(0, count - len(self._ahead))))
        return list(islice(self._ahead, count))

    def _ended(self, reach: int, resume: int | None = None) -> Iterator[Piece]:
        """The statement read so far, if there is one; the next one begins."""
        if self._current:
            first, last = self._current[0], self._current[-1]
            horizon = max(self._tokens.horizon, reach, resume or 0)
            is_plain = self._delimiter == ";"
            yield Piece(first.start, last.end, reach, horizon, resume if is_plain else None)
            if not self._ahead:  # else what has been looked at is also the next statement's
                self._tokens.horizon = 0
        self._begin()

    def _line_end(self, offset: int) -> int | None:
        """Where the line of *offset* ends, if nothing else is on it."""
        rest = _REST_OF_LINE.match(self._text, offset)
        return rest.end() if rest else None

    def _begins_routine(self, token: Token) -> bool:
        return (
            token.word == "CREATE"
            and self._body.is_routine
            and _is_routine([token, *self._following(_HEAD - 1)])
        )

    def _begins_unasked(self, token: Token) -> bool:
        """Whether a statement begins here although nothing has ended the one before."""
        return (
            self._dialect in _UNENDED
            and "\n" in self._text[self._previous_end : token.start]
            and not self._body.is_open
            and self._unended.ends_before(token, next(iter(self._following(1)), None))
        )

    def _is_delimiter(self, token: Token) -> bool:
        return (
            token.kind == "symbol"
            and self._text.startswith(self._delimiter, token.start)
            and (self._delimiter != ";" or not self._body.is_open)
        )


def _copies_rows(tokens: Sequence[Token]) -> bool:
    """Whether rows may follow that are no SQL: ``COPY t FROM STDIN``."""
    words = [it.word for it in tokens] if tokens and tokens[0].word == "COPY" else []
    return any(pair == ("FROM", "STDIN") for pair in pairwise(words))


_ROWS_END = re.compile(r"^\\\.[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_REST_OF_LINE = re.compile(r"[ \t;]*(?:--[ \t][^\r\n]*)?\r?\n")
# Dialects that take statements one behind the other without semicolons between.
_UNENDED = frozenset(("tsql", "fabric"))


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
