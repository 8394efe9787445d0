"""What stands before a caret, as the shape of each bracket that it is in.

A shape is the words of one bracket level up to the caret, with everything that is complete made
small, so that rules about grammar can be regular expressions::

    select o.id, count(*) from (select 1) x where a = 'b' and case when c
    →  "SELECT n , f FROM (Q) n WHERE n = v AND"  and inside it  "CASE WHEN n"

``n`` is a name with its qualifiers, ``v`` a value, ``f`` a call, ``()`` a bracket or a whole CASE,
``(Q)`` a query in brackets, ``*`` a star; ``=`` is any comparison and ``+`` any other operator.
A shape starts with what opened it: ``SUM(``, ``COLUMNS(``, ``CASE``, nothing for the statement.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from defog_metadata.sql.source.lexer import Token
from defog_metadata.sql.unfinished.level_words import (
    CALLED_TOO,
    COMPARISONS,
    HELD,
    KEYWORDS,
    LEAVE_EXPRESSION,
    LOOSE,
    NO_CALLS,
    OPENED_BEHIND_NAME,
    OPENING,
    OPERANDS,
    QUERIES,
    STARTERS,
    VALUES,
    WINDOW_AS,
)

__all__ = ["Level", "level_of"]


@dataclass(frozen=True, slots=True)
class Level:
    """One bracket that the caret is in; ``outer`` is the one around it, up to this bracket."""

    shape: str
    names: tuple[tuple[int, tuple[Token, ...]], ...] = ()
    """The names in it: how many words of the shape are before each, and its tokens."""
    outer: "Level | None" = None

    @property
    def statement(self) -> "Level":
        level = self
        while level.outer is not None:
            level = level.outer
        return level

    def name_behind(self, *words: str) -> tuple[Token, ...]:
        """The first name behind the last of *words*; nothing where there is none."""
        shape = self.shape.split(" ")
        start = max((i for i, it in enumerate(shape) if it in words), default=len(shape))
        return next((tokens for index, tokens in self.names if index > start), ())


def level_of(tokens: Sequence[Token]) -> Level:
    """The innermost level at the end of *tokens*, which are those of a statement."""
    reader = _Reader()
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        reader.read(token, following)
    return reader.level()


@dataclass(slots=True)
class _Frame:
    """``opener`` is the kind of bracket; the first word of the shape for all but plain ones."""

    opener: str = ""
    words: list[str] = field(default_factory=list)
    names: list[tuple[int, list[Token]]] = field(default_factory=list)

    @property
    def shape(self) -> str:
        return " ".join(self.words)

    @property
    def last(self) -> str:
        return self.words[-1] if self.words else ""


class _Reader:
    def __init__(self) -> None:
        self._frames = [_Frame()]

    def level(self) -> Level:
        level: Level | None = None
        for it in self._frames:
            names = tuple((index, tuple(tokens)) for index, tokens in it.names)
            level = Level(it.shape, names, level)
        assert level is not None  # noqa: S101 - there is always the statement's own frame
        return level

    def read(self, token: Token, following: Token | None) -> None:
        frame = self._frames[-1]
        match token.kind:
            case "string" | "number" | "parameter":
                frame.words.append("v")
            case "quoted":
                self._name(token)
            case "word":
                self._word(token, following)
            case "symbol":
                self._symbol(token)

    def _word(self, token: Token, following: Token | None) -> None:
        word, frame = token.word, self._frames[-1]
        if frame.last == "." or (following is not None and following.text == "."):
            self._name(token)
        elif word in VALUES and not (word == "DEFAULT" and following and following.word):
            frame.words.append("v")
        elif word in CALLED_TOO and _is_call(frame, following):
            self._name(token)
        elif word == "CASE":
            self._frames.append(_Frame("CASE", ["CASE"]))
        elif word == "END" and frame.opener == "CASE":
            self._frames.pop()
            self._frames[-1].words.append("()")
        elif word == "BEGIN" and len(self._frames) == 1 and frame.words:
            frame.words, frame.names = [], []  # the body of a routine: a statement comes next
        elif word in KEYWORDS or (word in LOOSE and frame.last in LOOSE[word]):
            self._keyword(word)
        else:
            self._name(token)

    def _keyword(self, word: str) -> None:
        if word in LEAVE_EXPRESSION:
            self._leave(word)
        frame = self._frames[-1]
        if word == "FROM" and (distinct := _DISTINCT_FROM.search(frame.shape)):
            frame.words[-len(distinct.group().split()) :] = ["="]
            return
        is_event = frame.last == "n" and self._text_before() in _BEFORE_EVENT
        is_anew = not is_event and (_begins_anew(frame, word) or _defines(frame, word))
        if len(self._frames) == 1 and is_anew:
            frame.words, frame.names = [], []
        frame.words.append(word)

    def _leave(self, word: str) -> None:
        """Close what was forgotten to be closed: a CASE or a call cannot hold a FROM."""
        while len(self._frames) > 1:
            frame = self._frames[-1]
            if frame.opener == "CASE":
                closed = "()"
            elif frame.opener.endswith("(") and not _may_hold(frame, word):
                closed = "f"
            else:
                return
            self._frames.pop()
            outer = self._frames[-1]
            if closed == "f" and outer.last == "n":
                outer.words.pop()
            outer.words.append(closed)

    def _name(self, token: Token) -> None:
        frame = self._frames[-1]
        if frame.last == "." and frame.names:
            frame.words.pop()
            frame.names[-1][1].append(token)
        else:
            frame.names.append((len(frame.words), [token]))
            frame.words.append("n")

    def _symbol(self, token: Token) -> None:
        frame, text = self._frames[-1], token.text
        if text in "([{":
            opener = _opener(frame, self._text_before()) if text == "(" else text
            self._frames.append(_Frame(opener, [opener] if opener else []))
        elif text in ")]}":
            self._close()
        elif text == ";":
            self._frames = [_Frame()]
        elif text == ".":
            if frame.last == "n":
                frame.words.append(".")
        elif text == "*":
            if frame.last == ".":
                frame.words[-2:] = ["*"]
            else:
                frame.words.append("*" if _takes_star(frame.last) else "+")
        elif text in COMPARISONS:
            frame.words.append("=")
        else:
            frame.words.append(text if text in (",", "::", "=>", ":=", ":") else "+")

    def _text_before(self) -> str:
        names = self._frames[-1].names
        return names[-1][1][-1].text.upper() if names else ""

    def _close(self) -> None:
        while len(self._frames) > 1 and self._frames[-1].opener == "CASE":
            self._frames.pop()
        if len(self._frames) == 1:
            return
        inner = self._frames.pop()
        frame = self._frames[-1]
        if frame.words[-3:] == ["f", "WITHIN", "GROUP"]:
            del frame.words[-2:]  # a part of the call
        elif inner.opener in _STAR_LISTS and frame.words[-2:-1] == ["*"]:
            frame.words.pop()  # the star is still all that has been selected
        elif inner.opener == "[":
            if frame.last not in OPERANDS:
                frame.words.append("()")
        elif inner.opener.endswith("(") and inner.opener not in NO_CALLS and frame.last == "n":
            frame.words[-1] = "f"
        else:
            start = inner.words[1] if inner.opener and len(inner.words) > 1 else inner.shape[:6]
            frame.words.append("(Q)" if start.strip() in QUERIES else "()")


# CREATE TRIGGER t AFTER INSERT ON …
_BEFORE_EVENT = frozenset(("AFTER", "BEFORE", "OF"))
_DISTINCT_FROM = re.compile(r"\bIS (?:NOT )?DISTINCT$")
_STAR_LISTS = frozenset(("EXCEPT(", "EXCLUDE(", "REPLACE(", "RENAME("))


def _opener(frame: _Frame, name: str) -> str:
    """What the bracket is for, by what stands before it."""
    shape = frame.shape
    if frame.last == "n":
        for pattern, opener in OPENED_BEHIND_NAME:
            if pattern.search(shape):
                return opener
        return f"{name}("
    if shape == "DECLARE v TABLE":
        return "BODY("
    if frame.last == "," and _NEXT_ROW.search(shape):
        return "VALUES("
    if frame.last == "AS":
        return "OVER(" if WINDOW_AS.search(shape) else ""
    if frame.last == "FROM" and frame.opener in HELD:
        return ""  # EXTRACT(year FROM (…)
    if frame.last == "EXCEPT" and frame.words[-2:-1] != ["*"]:
        return ""  # the query of a set operation, not the columns that a star leaves out
    return f"{frame.last}(" if frame.last in OPENING else ""


_NEXT_ROW = re.compile(r"\bVALUES \(\)(?: , \(\))* ,$")


def _may_hold(frame: _Frame, word: str) -> bool:
    if word == "FROM" and frame.last == "DISTINCT":
        return True
    if any(it in QUERIES for it in frame.words[:2]):
        return True
    return word in HELD.get(frame.opener, ())


def _begins_anew(frame: _Frame, word: str) -> bool:
    """Whether a statement starts here although no semicolon has ended the one before."""
    if word not in STARTERS or frame.last not in (*OPERANDS, "DESC", "ASC"):
        return False
    if frame.words[0] in ("ALTER", "GRANT", "REVOKE") or (
        frame.words[0] == "CREATE" and word == "WITH"
    ):
        return False
    if word == "SELECT":
        return "SELECT" in frame.words or frame.words[0] in ("UPDATE", "DELETE", "DROP")
    return not (frame.words[0] == "WITH" and "SELECT" not in frame.words)


def _defines(frame: _Frame, word: str) -> bool:
    """Whether the query of CREATE … AS comes now, to which the words before say nothing."""
    if word not in _DEFINING or not frame.words or frame.words[0] in QUERIES:
        return False
    is_table = frame.words[0] == "CREATE" and "TABLE" in frame.words
    return frame.last == "AS" or (word == "SELECT" and is_table and frame.last in OPERANDS)


_DEFINING = frozenset(("SELECT", "WITH", "FROM", "VALUES"))


def _is_call(frame: _Frame, following: Token | None) -> bool:
    return following is not None and following.text == "(" and frame.last not in {"*", "THEN"}


def _takes_star(last: str) -> bool:
    return last in {"", "SELECT", "DISTINCT", "ALL", ",", "RETURNING", "OUTPUT"} or last[-1:] == "("
