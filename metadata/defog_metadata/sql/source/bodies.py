"""Statements inside of others: in the blocks of a routine, behind IF and FOR, in quoted bodies.

Engines parse a routine as a whole. Somebody who writes one thinks of the statement at hand, and
only that matters for what can be named there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from defog_metadata.sql.source.lexer import Token
from defog_metadata.sql.source.unended import Unended
from defog_metadata.text import Span

__all__ = ["Inner", "inner_statement", "quoted_body"]


@dataclass(frozen=True, slots=True)
class Inner:
    """The part of a statement that is one itself, and the parts before it."""

    span: Span
    before: tuple[Span, ...] = ()


def inner_statement(text: str, tokens: Sequence[Token], at: int, dialect: str) -> Inner | None:
    """The statement around the caret at *at*, if it is inside of the statement *text*.

    *tokens* are those of the text without its comments.
    """
    if not _holds_statements(tokens):
        return None
    walk = _Walk(text, dialect)
    for index, token in enumerate(tokens):
        walk.read(token, tokens[index + 1] if index + 1 < len(tokens) else None)
    cuts = [it for it in walk.cuts if it.end <= at and not (it.end == at and it.start < at - 1)]
    if not cuts:
        return None
    start = cuts[-1].end
    end = next((it.start for it in walk.cuts if it.start >= at and it.end > start), len(text))
    edges = [0, *(it.end for it in cuts)]
    before = (Span(*it) for it in zip(edges, (it.start for it in cuts), strict=False))
    return Inner(Span(start, end), tuple(it for it in before if it.start < it.end))


def quoted_body(tokens: Sequence[Token], string: Token) -> Span | None:
    """The inside of a dollar-quoted *string*, if it is the body of a routine in SQL."""
    words = [it.word for it in tokens]
    is_routine = words[:1] == ["CREATE"] and not _ROUTINES.isdisjoint(words[:_HEAD])
    if not string.text.startswith("$") or not (
        is_routine or words[:1] == ["DO"] or words[:2] == ["EXECUTE", "IMMEDIATE"]
    ):
        return None
    language = next((i + 1 for i, it in enumerate(words[:-1]) if it == "LANGUAGE"), None)
    if language is not None and tokens[language].text.strip("'\"").casefold() not in _LANGUAGES:
        return None
    size = string.text.index("$", 1) + 1
    end = string.end - size if string.closed else string.end
    return Span(string.start + size, max(end, string.start + size))


_LANGUAGES = frozenset(("sql", "plpgsql"))
_ROUTINES = frozenset(("FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "EVENT"))
_HEAD = 16
_DEFINERS = frozenset(("CREATE", "ALTER"))
# What a statement that holds another begins with.
_HOLDERS = frozenset(
    "BEGIN IF WHILE FOR FOREACH LOOP REPEAT DECLARE RETURN OPEN PREPARE ELSE ELSEIF ELSIF".split()
)
_BRANCHES = frozenset(("IF", "ELSEIF", "ELSIF", "WHEN", "CASE", "EXCEPTION"))
_LOOPS = frozenset(("FOR", "FOREACH", "WHILE", "LOOP", "REPEAT", ""))
_BLOCK_WORDS = frozenset(("TRY", "CATCH", "ATOMIC", "NOT"))
_QUERIES = frozenset(("SELECT", "WITH"))
_CHANGES = frozenset(("INSERT", "UPDATE", "DELETE", "MERGE"))
# An event that a trigger is for, not a statement.
_BEFORE_EVENT = frozenset(("AFTER", "BEFORE", "OR", "OF", ",", "INSTEAD", "ON"))
_UNENDED = frozenset(("tsql", "fabric"))


def _holds_statements(tokens: Sequence[Token]) -> bool:
    head = tokens[0].word if tokens else ""
    if head in _HOLDERS or any(it.word == ";" for it in tokens):
        return True
    return head in _DEFINERS and not _ROUTINES.isdisjoint(it.word for it in tokens[:_HEAD])


class _Walk:
    """``cuts`` are the words and semicolons between statements; some have no width."""

    def __init__(self, text: str, dialect: str) -> None:
        self.cuts: list[Span] = []
        self._text = text
        self._is_unended = dialect in _UNENDED
        self._previous: Token | None = None
        self._begin()

    def _begin(self) -> None:
        self._words: list[str] = []
        self._depth = 0
        self._cases = 0
        self._unended = Unended()

    def read(self, token: Token, following: Token | None) -> None:
        if self._is_cut(token, following):
            end = token.end
            if token.word == "BEGIN" and following is not None and following.word in _BLOCK_WORDS:
                end = following.end
            self.cuts.append(Span(token.start, end))
            self._begin()
        elif self.cuts and token.end <= self.cuts[-1].end:
            pass  # the TRY of BEGIN TRY
        else:
            if self._starts(token, following):
                self.cuts.append(Span(token.start, token.start))
                self._begin()
            self._take(token)
        self._previous = token

    def _take(self, token: Token) -> None:
        word = token.word
        if word == "(":
            self._depth += 1
        elif word == ")":
            self._depth = max(0, self._depth - 1)
        elif word == "CASE" and self._words:
            self._cases += 1
        elif word == "END":
            self._cases -= 1
        if self._depth == 0:
            self._words.append(word)
        self._unended.read(token)

    def _is_cut(self, token: Token, following: Token | None) -> bool:
        """Whether *token* stands between two statements and belongs to neither."""
        word, words = token.word, self._words
        head = words[0] if words else ""
        match word:
            case ";" | "BEGIN":
                return True
            case "END":
                return self._cases <= 0
            case _ if self._cases or self._depth:
                return False
            case "THEN":
                return head in _BRANCHES
            case "ELSE":
                return True
            case "LOOP" | "REPEAT" | "DO":
                return head in _LOOPS
            case "AS" if self._is_unended:
                return head in _DEFINERS and not _ROUTINES.isdisjoint(words[:_HEAD])
            case "RETURN":
                return not words and following is not None and following.word != "QUERY"
            case _:
                return False

    def _starts(self, token: Token, following: Token | None) -> bool:
        """Whether *token* is the first of a statement although nothing stands before it."""
        word, words = token.word, self._words
        if not words or self._cases or self._depth:
            return False
        if word in {"ELSEIF", "ELSIF", "EXCEPTION", "UNTIL"}:
            return True
        if word in _QUERIES | _CHANGES and self._is_held(word, following):
            return True
        if not self._is_unended or self._previous is None:
            return False
        is_first_of_line = "\n" in self._text[self._previous.end : token.start]
        return is_first_of_line and self._unended.ends_before(token, following)

    def _is_held(self, word: str, following: Token | None) -> bool:
        head, previous = self._words[0], self._words[-1]
        if word in _CHANGES and following is not None and following.word == "(":
            return False  # a function: IF UPDATE(total)
        if head in _DEFINERS:
            is_event = previous in _BEFORE_EVENT or (previous == "FOR" and word in _CHANGES)
            return word != "WITH" and not is_event and not _ROUTINES.isdisjoint(self._words[:_HEAD])
        return head in _HOLDERS
