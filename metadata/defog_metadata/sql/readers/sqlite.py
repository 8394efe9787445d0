"""SQLite's own parser, which comes with Python.

A statement is compiled, never run, against an empty database in memory. SQLite reads a statement
to its end before it looks for tables, so any other complaint than one about the syntax means that
it could read it.
"""

import re
import sqlite3
from collections.abc import Sequence

from defog_metadata.sql.readers.refusal import Refusal
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["is_here", "refusal"]

_OLDEST = (3, 39, 0)
# What compiling cannot do anything with; a PRAGMA or ATTACH might.
_COMPILED = frozenset("SELECT WITH VALUES INSERT REPLACE UPDATE DELETE CREATE DROP".split())
_NEAR = re.compile(r'near "(.*)": syntax error$', re.DOTALL)
_UNKNOWN = re.compile(r'unrecognized token: "(.*)"$', re.DOTALL)


def is_here(tokens: Sequence[Token]) -> bool:
    """Whether this SQLite's word counts for a statement of *tokens*."""
    version = sqlite3.sqlite_version_info
    return (
        version >= _OLDEST
        and tokens[0].word in _COMPILED
        and not any(version < it and is_used(tokens) for it, is_used in _YOUNGER)
    )


def refusal(text: str, tokens: Sequence[Token]) -> Refusal | None:
    """Why SQLite cannot read *text*; ``None`` if it can."""
    complaint = _complaint(text)
    if complaint == "incomplete input":
        return Refusal(Span(len(text), len(text)))
    if unknown := _UNKNOWN.match(complaint):
        start = max(text.find(unknown[1]), 0)
        return Refusal(Span(start, start))
    near = _NEAR.match(complaint)
    if near is None:
        return None
    # The complaint does not say which of several such tokens it is about: the first one up to
    # which the text is refused with the same words.
    found = [it for it in tokens if it.text == near[1]]
    first, last = 0, len(found)
    while first < last:
        middle = (first + last) // 2
        if _complaint(text[: found[middle].end]) == complaint:
            last = middle
        else:
            first = middle + 1
    start = found[first].start if first < len(found) else max(text.find(near[1]), 0)
    return Refusal(Span(start, start))


def _complaint(text: str) -> str:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"EXPLAIN {text}").close()
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        return str(error)
    finally:
        connection.close()
    return ""


def _is_call_ordered(tokens: Sequence[Token]) -> bool:
    """``f(x ORDER BY y)``: for certainty, ORDER in any bracket that holds no query or window."""
    opened: list[bool] = []
    for before, token in zip((None, *tokens), tokens, strict=False):
        if token.text == "(":
            opened.append(before is not None and before.kind == "word" and before.word != "OVER")
        elif token.text == ")" and opened:
            opened.pop()
        elif token.word == "SELECT" and opened:
            opened[-1] = False
        elif token.word == "ORDER" and opened and opened[-1]:
            return True
    return False


def _is_number_grouped(tokens: Sequence[Token]) -> bool:
    return any(it.kind == "number" and "_" in it.text for it in tokens)


# What SQLite learnt when: an older one does not decide about it.
_YOUNGER = (((3, 44, 0), _is_call_ordered), ((3, 46, 0), _is_number_grouped))
