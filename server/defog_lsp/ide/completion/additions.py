"""Where a query takes one relation more, found in its text: it need not parse.

``select o.‸`` takes its FROM behind the list, ``select c.‸ from orders o where …`` a join behind
what it reads already. What is not plainly there (a bracket that is still open, a FROM that is not
finished) is left alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.text import Edit, Span

__all__ = ["Room", "room_for_relation"]


@dataclass(frozen=True, slots=True)
class Room:
    """The place for a relation more: ``at`` an offset, in between ``before`` and ``after``."""

    at: int
    before: str
    after: str
    has_from: bool
    """Whether a JOIN is to be added, not FROM."""
    touches_caret: bool
    """Whether the place is where the completion itself is written, so that both are one edit."""
    is_lower: bool
    """Whether the query writes its keywords in lower case."""

    def keyword(self, word: str) -> str:
        return word.lower() if self.is_lower else word

    def edit(self, clause: str) -> Edit:
        return Edit(Span(self.at, self.at), f"{self.before}{clause}{self.after}")


def room_for_relation(snapshot: Snapshot, caret: Caret) -> Room | None:
    """The room in the innermost query around the caret."""
    statement = snapshot.statement_at(caret.span.end)
    if statement is None:
        return None
    tokens = [it for it in tokenize(statement.text, snapshot.dialect) if it.kind != "comment"]
    query = _query(tokens, caret.span.start - statement.start)
    if query is None:
        return None
    end = caret.span.end - statement.start
    end = max([end, *(it.end for it in tokens if it.start < end)])  # of the name at the caret
    room = _behind_list(query, statement.text, end)
    if query.source is not None:
        room = _behind_source(query, statement.text)
    if room is None:
        return None
    at, before, after = statement.start + room[0], *room[1:]
    if caret.span.start <= at < caret.span.end:
        return None  # what is typed is half of the word that begins the next clause
    return Room(
        at,
        before,
        after,
        has_from=query.source is not None,
        touches_caret=at == caret.span.end,
        is_lower=query.select.text.islower(),
    )


@dataclass(frozen=True, slots=True)
class _Query:
    """The tokens of one query, cut where its FROM begins and ends."""

    select: Token
    projection: Sequence[Token]
    source: Sequence[Token] | None
    """What stands behind FROM; ``None`` without one."""
    following: Token | None
    """What begins next, or closes the query."""


_ENDS = frozenset(
    """WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET FETCH FOR UNION INTERSECT EXCEPT MINUS
    RETURNING OPTION INTO CONNECT START""".split()
)
# A statement below, without a semicolon in between.
_STATEMENTS = frozenset("SELECT INSERT UPDATE DELETE CREATE".split())
# In front of these the word does not begin a clause: IS DISTINCT FROM, WITHIN GROUP, * EXCEPT.
_INSIDE = frozenset((("DISTINCT", "FROM"), ("WITHIN", "GROUP"), ("*", "EXCEPT")))
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


def _query(tokens: Sequence[Token], offset: int) -> _Query | None:
    """The query that *offset* is in; ``None`` where its brackets do not match."""
    start = _start(tokens, offset)
    if start is None:
        return None
    depth, source, end = 0, None, len(tokens)
    for index in range(start + 1, len(tokens)):
        it = tokens[index]
        depth += (it.text in _OPENING) - (it.text in _CLOSING)
        if depth < 0 or (depth == 0 and it.text == ";"):
            end = index
            break
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if depth > 0 or following == "." or (_word(tokens[index - 1]), it.word) in _INSIDE:
            continue
        if it.word == "FROM" and source is None:
            source = index
        elif it.word in _ENDS:
            end = index
            break
        elif it.word in _STATEMENTS:
            tokens = tokens[:index]
            end = index
            break
    if depth > 0:
        return None
    return _Query(
        tokens[start],
        tokens[start + 1 : end if source is None else source],
        None if source is None else tokens[source + 1 : end],
        tokens[end] if end < len(tokens) else None,
    )


def _start(tokens: Sequence[Token], offset: int) -> int | None:
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        it = tokens[index]
        if it.end > offset:
            continue
        if it.text in _CLOSING:
            depth += 1
        elif it.text in _OPENING:
            depth = max(depth - 1, 0)
        elif it.word == "SELECT" and depth == 0:
            return index
    return None


def _word(token: Token) -> str:
    return token.word or token.text


_Place = tuple[int, str, str]
"""An offset, and what goes before and after a clause there."""


def _behind_list(query: _Query, text: str, caret: int) -> _Place | None:
    last = query.projection[-1] if query.projection else query.select
    if last.end > caret:
        return (last.end, " ", "") if _is_complete(last) else None
    following = query.following
    if following is None:
        return caret, " ", ""
    if following.start == caret:
        return caret, " ", " " if following.kind == "word" else ""
    gap = text[caret : following.start]
    return following.start, "", "\n" if "\n" in gap else " "


def _behind_source(query: _Query, text: str) -> _Place | None:
    source = query.source or ()
    # A join binds closer than a comma: what stands before the comma is out of its sight.
    if not source or not _is_complete(source[-1]) or _has_comma(source):
        return None
    joins = [it for it in source if it.word == "JOIN"]
    own_line = _JOIN_LINE.search(text, 0, joins[-1].start) if joins else None
    return source[-1].end, own_line[1] if own_line else " ", ""


_JOIN_LINE = re.compile(r"(\n[ \t]*)(?:[A-Za-z]+[ \t]+)*$")


def _has_comma(tokens: Sequence[Token]) -> bool:
    depth = 0
    for it in tokens:
        depth += (it.text in _OPENING) - (it.text in _CLOSING)
        if depth == 0 and it.text == ",":
            return True
    return False


def _is_complete(last: Token) -> bool:
    """Whether something can follow *last* other than what it is still waiting for."""
    if last.kind == "symbol":
        return last.text in (")", "]", "*")
    return last.word not in _WAITING


_WAITING = frozenset(
    """JOIN ON USING AND OR NOT AS LEFT RIGHT FULL INNER OUTER CROSS NATURAL LATERAL IN LIKE IS
    BETWEEN CASE WHEN THEN ELSE DISTINCT ALL""".split()
)
