"""Where a quote that nobody closed ends, so that what follows it is read as what it is.

A string with a forgotten quote takes the next one for its end, and from there on all strings are
code and all code is strings. That shows: what looks like an end touches a word (``'x``), what is
read as a string holds the end of a statement and the start of the next, and at the end of the text
a quote is left over. Both readings, as it stands and with the string ended at its own line, are
followed for a while, and the one that shows less of this is taken.
"""

import re
from collections.abc import Callable, Iterator

from defog_metadata.sql.source.tokens import Token

__all__ = ["Resolved", "end_of_open"]

_WORDS = (
    "SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|EXPLAIN|GRANT|REVOKE|BEGIN"
    "|COMMIT|SET|VALUES|CALL|EXEC|EXECUTE|DECLARE|USE|SHOW|ANALYZE|COMMENT|COPY|VACUUM|DESCRIBE"
)
# The end of a line that ends a statement, and the line that starts the next one.
_BOUNDARY = re.compile(
    rf";[ \t]*(?:--[^\r\n]*)?[\r\n](?:\s|--[^\r\n]*[\r\n])*(?:{_WORDS})\b"
    r"|[\r\n][ \t]*GO[ \t]*[\r\n]",
    re.IGNORECASE,
)
_NEW_ROUTINE = re.compile(
    r";?[ \t]*[\r\n]\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE|TRIGGER)\b", re.IGNORECASE
)
_LINE = re.compile(r"[^\r\n]*")
# What ends the statement of a line, rather than being the end of its string.
_LINE_TAIL = re.compile(r"[\s)]*;[ \t]*(?:--[^\r\n]*)?$")

_QUOTED = frozenset(("string", "quoted"))
_LEFT_OPEN = 2
_HOLDS_BOUNDARY = 2
_TOUCHES_WORD = 2
_NAME_OF_LINES = 3
# How far the readings are followed: what a forgotten quote does shows at once.
_WINDOW = 4000
_ENOUGH = 12


def end_of_open(text: str, start: int, opening: int) -> int:
    """Where a quote that opens at *start* and is never closed is taken to end: with its line."""
    match = _LINE.match(text, start)
    end = match.end() if match else len(text)
    if text[end:].strip() and (tail := _LINE_TAIL.search(text, start + opening, end)):
        return tail.start()
    return end


class Resolved:
    """The tokens of a text from an offset on; *read* gives those from any, each quote as it stands.

    ``horizon`` is the end of the text that has decided about the tokens given so far: a change
    behind it would not have changed them.
    """

    def __init__(self, text: str, read: Callable[[int], Iterator[Token]], offset: int = 0) -> None:
        self._text = text
        self._read = read
        self._source = read(offset)
        self.horizon = offset

    def __iter__(self) -> Iterator[Token]:
        return self

    def __next__(self) -> Token:
        token = next(self._source)
        if token.kind in _QUOTED:
            cut = _cut(self._text, token)
            if cut is not None and self._is_likelier(token, cut):
                self._source = self._read(cut.end)
                return cut
        self._look(token)
        return token

    def _is_likelier(self, token: Token, cut: Token) -> bool:
        as_it_stands = _oddity(self._text, token) + self._oddities(token, token.end)
        # Ending it is an oddity too: in doubt the text is what it says.
        return 1 + self._oddities(token, cut.end) < as_it_stands

    def _oddities(self, doubtful: Token, start: int) -> int:
        total = 0
        for token in self._read(start):
            self._look(token)
            if token.start > doubtful.end + _WINDOW or total > _ENOUGH:
                break
            total += _oddity(self._text, token)
        return total

    def _look(self, token: Token) -> None:
        # What nothing closes would be closed by the next of its kind, however far away.
        is_open = not token.closed or (token.text == "{" and _opens_template(self._text, token))
        end = len(self._text) if is_open else token.end
        if end >= self.horizon:
            self.horizon = end + 1


def _opens_template(text: str, token: Token) -> bool:
    """Whether *token*, a brace, would begin a template's piece, if that were closed."""
    return text.startswith(("{", "%", "#"), token.end)


def _cut(text: str, token: Token) -> Token | None:
    """The quoted *token* ended early, if anything looks as if it were never closed."""
    if not token.closed or "\n" not in token.text:
        return None
    if token.text.startswith("$"):
        routine = _NEW_ROUTINE.search(token.text)
        end = token.start + routine.start() if routine else token.end
    elif _BOUNDARY.search(token.text) or _touches_word(text, token):
        end = end_of_open(text, token.start, 1)
    else:
        return None
    if end >= token.end or end == token.start:
        return None
    return Token(token.kind, token.start, end, text[token.start : end], closed=False)


def _oddity(text: str, token: Token) -> int:
    if token.kind not in _QUOTED:
        return 0
    odd = _TOUCHES_WORD * _touches_word(text, token)
    if not token.closed:
        return odd + _LEFT_OPEN
    if "\n" not in token.text:
        return odd
    if token.kind == "quoted":
        return odd + _NAME_OF_LINES
    is_dollar = token.text.startswith("$")
    boundary = _NEW_ROUTINE if is_dollar else _BOUNDARY
    return odd + _HOLDS_BOUNDARY * bool(boundary.search(token.text))


def _touches_word(text: str, token: Token) -> bool:
    """Whether a word begins right behind the end or ends right before the start."""
    if token.text.startswith("$"):
        return False
    behind = text[token.end : token.end + 1]
    before = text[max(0, token.start - 1) : token.start]
    return (token.closed and (behind.isalnum() or behind == "_")) or (
        # A name may be followed by an index in brackets.
        token.text[0] != "[" and (before.isalnum() or before == "_")
    )
