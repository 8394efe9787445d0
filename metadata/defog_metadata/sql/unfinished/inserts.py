"""The rows of ``INSERT … VALUES``, in text that need not parse."""

from collections.abc import Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Name
from defog_metadata.sql.source.lexer import Token

__all__ = ["InsertedRow", "inserted_row"]


@dataclass(frozen=True, slots=True)
class InsertedRow:
    """A row that is being written."""

    table: tuple[Name, ...]
    columns: tuple[Name, ...]
    """Empty where the statement lists none, so that all are meant."""
    value: int
    """How many commas there are before the caret: the place of the value, from 0."""


def inserted_row(before: Sequence[Token]) -> InsertedRow | None:
    """The row that the end of *before*, the tokens of a statement, is inside."""
    values = next(
        (i for i in range(len(before) - 1, 0, -1) if before[i].word in ("VALUES", "VALUE")), 0
    )
    value = _value(before[values + 1 :]) if values else None
    if value is None:
        return None
    start = next((i for i in range(values - 1, -1, -1) if _is_insert(before, i)), None)
    if start is None:
        return None
    target = [it for it in before[start + 1 : values] if it.word not in _MODIFIERS]
    table = _path(target)
    return InsertedRow(table, _columns(target), value) if table else None


_MODIFIERS = frozenset(
    """INTO IGNORE LOW_PRIORITY HIGH_PRIORITY DELAYED OR REPLACE ABORT FAIL ROLLBACK
    OVERWRITE""".split()
)


def _is_insert(tokens: Sequence[Token], index: int) -> bool:
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    word = tokens[index].word
    return word in ("INSERT", "UPSERT") or (word == "REPLACE" and following == "INTO")


def _value(rows: Sequence[Token]) -> int | None:
    """The place of the value at the end of *rows*; ``None`` outside of a row."""
    depth = commas = 0
    for it in rows:
        if it.kind != "symbol":
            if depth == 0:
                return None  # something follows the rows: ON CONFLICT, RETURNING
        elif it.text in "([{":
            if depth == 0:
                commas = 0
            depth += 1
        elif it.text in ")]}":
            depth -= 1
        elif it.text == "," and depth == 1:
            commas += 1
    return commas if depth > 0 else None


def _path(tokens: Sequence[Token]) -> tuple[Name, ...]:
    names: list[Name] = []
    for index, it in enumerate(tokens):
        if index % 2 == 0 and it.kind in ("word", "quoted"):
            names.append(_name(it))
        elif index % 2 == 0 or it.text != ".":
            break
    return tuple(names)


def _columns(tokens: Sequence[Token]) -> tuple[Name, ...]:
    """The names in the last brackets; those before it may name partitions."""
    opening = next((i for i in range(len(tokens) - 1, -1, -1) if tokens[i].text == "("), None)
    if opening is None or tokens[-1].text != ")":
        return ()
    return tuple(_name(it) for it in tokens[opening:] if it.kind in ("word", "quoted"))


def _name(token: Token) -> Name:
    is_quoted = token.kind == "quoted"
    return Name(token.text[1:-1] if is_quoted else token.text, is_quoted)
