"""The statement that somebody is writing, and what has been defined before it."""

from dataclasses import dataclass

from defog_metadata.sql.analysis import analyse
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.bodies import Inner, inner_statement, quoted_body
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.source.sections import Section
from defog_metadata.sql.source.statements import Statement

__all__ = ["AtHand", "at_hand"]


@dataclass(frozen=True, slots=True)
class AtHand:
    statement: Statement
    """The innermost one: of a routine only the statement of its body that the caret is in."""
    known: tuple[Relation, ...]
    """The relations that the statements before it have defined."""
    gap: int
    """The end of the statement before it: from there on comments are about this one."""
    tokens: list[Token]
    """Those of the whole statement, the routine's for one in its body."""


def at_hand(snapshot: Snapshot, offset: int) -> AtHand:
    """The statement that a caret at *offset* is in, or would continue."""
    dialect = snapshot.dialect
    whole, known = _statement_at(snapshot, offset)
    gap = _end_before(snapshot, whole.start)
    tokens = around = _code(whole.text, dialect)
    if body := _quoted_body(whole, tokens, offset):
        whole, gap = body, body.start
        around = _code(whole.text, dialect)
    inner = inner_statement(whole.text, around, offset - whole.start, dialect)
    if inner is None:
        return AtHand(whole, known, gap, tokens)
    known = _known_in(snapshot, whole, inner, known)
    return AtHand(_innermost(whole, inner, offset), known, whole.start + inner.span.start, tokens)


def _statement_at(snapshot: Snapshot, offset: int) -> tuple[Statement, tuple[Relation, ...]]:
    """The statement the caret is in or would continue, and what was defined before it."""
    sections = snapshot.sections
    part = sections.at(offset)
    written = sections.parts[part].template.text
    if part and _goes_on(sections.parts[part - 1], offset - sections.starts[part - 1]):
        part -= 1
        written = sections.parts[part].template.text + written
    start = sections.starts[part]
    at = offset - start
    previous_end = index = 0
    for statement in sections.parts[part].statements:
        if statement.start >= at and statement.start != at:
            break
        if at < statement.reach or (
            at == statement.reach and not written.endswith(";", 0, statement.reach)
        ):
            text = written[statement.start : max(at, statement.span.end)]
            found = Statement(statement.start, text, statement.reach).shifted(start)
            return found, snapshot.known_before(part, index)
        previous_end = statement.reach
        index += 1
    text = written[previous_end:at]
    blank = len(text) - len(text.lstrip())
    found = Statement(previous_end + blank, text[blank:], at).shifted(start)
    return found, snapshot.known_before(part, index)


def _goes_on(section: Section, offset: int) -> bool:
    """Whether the last statement of *section* reaches beyond *offset*: nothing has ended it."""
    return bool(section.statements) and section.statements[-1].reach > offset


def _end_before(snapshot: Snapshot, start: int) -> int:
    """The end of the statement before *start*."""
    ends = (it.span.end for it in snapshot.statements_before(start))
    return next((it for it in ends if it <= start), 0)


def _code(text: str, dialect: str) -> list[Token]:
    return [it for it in tokenize(text, dialect) if it.kind != "comment"]


def _quoted_body(whole: Statement, tokens: list[Token], offset: int) -> Statement | None:
    """The text of a routine's body, where *whole* has it as a string with the caret inside."""
    at = offset - whole.start
    string = next((it for it in tokens if it.kind == "string" and it.start < at <= it.end), None)
    span = quoted_body(tokens, string) if string is not None else None
    if span is None or not span.touches(at):
        return None
    body = span.shifted(whole.start)
    return Statement(body.start, whole.text[span.start : span.end], body.end)


def _innermost(whole: Statement, inner: Inner, offset: int) -> Statement:
    """The part of *whole* that is a statement itself, up to the caret at least."""
    at = offset - whole.start
    text = whole.text[inner.span.start : inner.span.end]
    start = inner.span.start + len(text) - len(text.lstrip())
    start = min(start, at)
    end = max(inner.span.start + len(text.rstrip()), at)
    return Statement(whole.start + start, whole.text[start:end], whole.start + end)


def _known_in(
    snapshot: Snapshot, whole: Statement, inner: Inner, known: tuple[Relation, ...]
) -> tuple[Relation, ...]:
    """*known*, and what the statements of a body before the caret have defined."""
    for it in inner.before:
        piece = whole.text[it.start : it.end].strip()
        if piece and piece.split(maxsplit=1)[0].upper() in _DEFINING:
            statement = Statement(0, piece, len(piece))
            known = analyse(statement, snapshot.catalog, snapshot.dialect, known).known_after
    return known


_DEFINING = frozenset(("CREATE", "ALTER", "DROP", "SELECT", "DECLARE"))
