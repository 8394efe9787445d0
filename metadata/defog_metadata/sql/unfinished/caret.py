"""What stands around a caret, and what could be written there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.errors import SqlglotError

from defog_metadata.catalog import Name
from defog_metadata.progress import check_stopped
from defog_metadata.sql.binding import Binder
from defog_metadata.sql.scopes import Reference, Relation, Scope
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.source.statements import Statement
from defog_metadata.sql.syntax import tree_of
from defog_metadata.sql.unfinished.at_hand import at_hand
from defog_metadata.sql.unfinished.levels import Level, level_of
from defog_metadata.sql.unfinished.place import (
    Expected,
    expected_at,
    row_of_trigger,
    stand_ins,
    wants_relation,
)
from defog_metadata.sql.unfinished.repair import repairs
from defog_metadata.sql.unfinished.skeleton import PLACEHOLDER
from defog_metadata.text import Span

__all__ = ["Caret", "Expected", "caret_at"]


@dataclass(frozen=True, slots=True)
class Caret:
    """The place of the caret, understood."""

    span: Span
    """What a completion replaces: from the start of the word to the caret, or all of a name in
    quotes."""
    prefix: str
    is_quoted: bool
    """Whether the prefix follows an opening quote, which ``span`` then includes."""
    qualifier: tuple[Name, ...]
    expected: Expected
    level: Level = field(default_factory=lambda: Level(""))
    """The shape of what stands before the word at the caret and its qualifier."""
    tokens: tuple[Token, ...] = ()
    """The tokens of the statement before the word at the caret and its qualifier."""
    after: tuple[Token, ...] = ()
    """Its tokens behind the word at the caret."""
    reference: Reference | None = None
    """What the word would be if it were a name: its kind, clause and scope. ``None`` where no
    name is expected."""
    others: tuple[Reference, ...] = ()
    """The other names of the statement, as far as it could be read."""
    known: tuple[Relation, ...] = ()
    """The relations that earlier statements of the file have defined."""
    tree: exp.Expr | None = None
    """The statement with a placeholder at the caret, as far as it could be read."""
    comment: str = ""
    """What the comments above and in the statement, before the caret, say."""

    @property
    def scope(self) -> Scope:
        return self.reference.scope if self.reference else Scope()

    @property
    def before(self) -> tuple[str, ...]:
        """The upper-case words and symbols before the caret; for other tokens their kind."""
        return tuple(it.word or it.kind for it in self.tokens)


def caret_at(snapshot: Snapshot, offset: int) -> Caret:
    """Understand the caret at *offset*, in text that need not parse."""
    place = at_hand(snapshot, offset)
    statement, known = place.statement, place.known
    text, at = statement.text, offset - statement.start
    if snapshot.is_filled_in(offset):
        return Caret(Span(offset, offset), "", is_quoted=False, qualifier=(), expected="nothing")
    tokens = tokenize(text, snapshot.dialect)
    under = next((it for it in tokens if it.start < at <= it.end), None)
    if under is not None and under.kind == "string" and (at < under.end or not under.closed):
        return _in_string(snapshot, statement, tokens, under, offset, known)
    if under is not None and _is_inside(under, at):
        return Caret(Span(offset, offset), "", is_quoted=False, qualifier=(), expected="nothing")
    word = under if under is not None and _is_name(under) else None
    start = word.start if word else at
    before = [it for it in tokens if it.end <= start and it.kind != "comment"]
    dotted, before = _split_qualifier(before)
    is_quoted = word is not None and word.kind == "quoted"
    prefix = text[start:at]
    level = level_of(before)
    expected = _expected(level, snapshot.dialect, has_qualifier=bool(dotted))
    found = _Reading()
    if expected in ("name", "column", "window"):
        end = word.end if word and (word.kind == "word" or word.closed) else at
        path = "".join(f"{it.text}." for it in dotted)
        versions = (
            row_of_trigger(place.tokens, path)
            or stand_ins(level, path)
            or repairs(text, start, end, snapshot.dialect)
        )
        found = _read(snapshot, versions, known, is_name=expected != "window")
        if found.reference is None and wants_relation(level):
            found = _read(snapshot, [f"SELECT 1 FROM {path}{PLACEHOLDER}"], known)
    # A name in quotes is replaced with both of them.
    until = at
    if word is not None and word.kind == "quoted" and word.closed and "\n" not in word.text:
        until = word.end
    return Caret(
        Span(statement.start + start, statement.start + until),
        prefix[1:] if is_quoted else prefix,
        is_quoted,
        tuple(map(_name, dotted)),
        expected,
        level,
        tuple(before),
        _behind(tokens, word.end if word else at),
        found.reference,
        found.others,
        known,
        found.tree,
        _comment(snapshot, place.gap, statement, tokens, start),
    )


def _behind(tokens: list[Token], end: int) -> tuple[Token, ...]:
    return tuple(it for it in tokens if it.start >= end and it.kind != "comment")


def _in_string(  # noqa: PLR0913, PLR0917 - the caret with all that is around it
    snapshot: Snapshot,
    statement: Statement,
    tokens: list[Token],
    string: Token,
    offset: int,
    known: tuple[Relation, ...],
) -> Caret:
    """The string is read as if it were a name: what it is compared with tells what fits in it."""
    text = statement.text
    line_end = text.find("\n", string.start)
    end = string.end if string.closed or line_end < 0 else line_end
    # N'…', where the dialect's own tables know nothing of the letter.
    letter = next((it for it in tokens if it.end == string.start and it.word == "N"), string)
    found = _read(snapshot, repairs(text, letter.start, end, snapshot.dialect), known)
    opening = _OPENING.match(string.text)
    inside = statement.start + string.start + (opening.end() if opening else 1)
    if offset < inside:  # in the middle of what opens it
        return Caret(Span(offset, offset), "", is_quoted=False, qualifier=(), expected="nothing")
    return Caret(
        Span(inside, offset),
        snapshot.text[inside:offset],
        is_quoted=True,
        qualifier=(),
        expected="string",
        tokens=tuple(it for it in tokens if it.end <= letter.start and it.kind != "comment"),
        after=_behind(tokens, end),
        reference=found.reference,
        others=found.others,
        known=known,
        tree=found.tree,
    )


# With what may stand before the quote: E'…', N'…', and PostgreSQL's dollars.
_OPENING = re.compile(r"[^\W\d]{1,2}['\"]|\$\w*\$")


def _comment(
    snapshot: Snapshot, gap: int, statement: Statement, tokens: list[Token], start: int
) -> str:
    """The comments from *gap*, the end of the statement before, up to the caret."""
    above = tokenize(snapshot.text[gap : statement.start], snapshot.dialect)
    inside = [it for it in tokens if it.end <= start]
    return "\n".join(it.text for it in (*above, *inside) if it.kind == "comment")


def _is_inside(token: Token, at: int) -> bool:
    """Whether the caret is where no name can be: in a comment, a string or a number."""
    match token.kind:
        case "comment":
            return at < token.end or token.text.startswith(("--", "#", "//")) or not token.closed
        case "number" | "parameter":
            return not _is_name(token)
        case "quoted":
            return token.closed and at == token.end
        case _:
            return False


def _split_qualifier(before: list[Token]) -> tuple[list[Token], list[Token]]:
    """The names with dots behind them at the end of *before*, and the tokens before those."""
    size = len(before)
    while size >= 2 and before[size - 1].text == "." and before[size - 2].kind in _NAMES:  # noqa: PLR2004
        size -= 2
    return before[size::2], before[:size]


_NAMES = ("word", "quoted")


def _is_name(token: Token) -> bool:
    """Whether it is a name, or a variable, which may hold a table."""
    return token.kind in _NAMES or token.text.startswith("@")


def _name(token: Token) -> Name:
    is_quoted = token.kind == "quoted"
    return Name(token.text[1:-1] if is_quoted else token.text, is_quoted)


def _expected(level: Level, dialect: str, *, has_qualifier: bool) -> Expected:
    expected = expected_at(level, dialect)
    if not has_qualifier or expected in ("nothing", "type", "column"):
        return expected
    return "name"


@dataclass(frozen=True, slots=True)
class _Reading:
    reference: Reference | None = None
    others: tuple[Reference, ...] = ()
    tree: exp.Expr | None = None


def _read(
    snapshot: Snapshot,
    versions: Iterable[str],
    known: tuple[Relation, ...],
    *,
    is_name: bool = True,
) -> _Reading:
    """What the placeholder refers to in the first version that can be read.

    Where the placeholder is no name that could refer to anything, the first tree is taken.
    """
    tried: set[str] = set()
    for version in versions:
        check_stopped()
        if version in tried or PLACEHOLDER not in version:
            continue
        tried.add(version)
        try:
            tree = tree_of(version, snapshot.dialect)
        except SqlglotError:
            continue
        if tree is None:
            continue
        if not is_name:
            return _Reading(tree=tree)
        binder = Binder(snapshot.catalog, snapshot.dialect, known, version)
        binder.statement(tree)
        for reference in binder.references:
            if reference.name.text == PLACEHOLDER and reference.kind != "schema":
                others = (it for it in binder.references if it is not reference)
                return _Reading(reference, tuple(others), tree)
    return _Reading()
