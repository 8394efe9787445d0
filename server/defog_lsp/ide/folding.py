"""What can be folded: statements, brackets and blocks of several lines, comments, regions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from defog_metadata.progress import check_stopped
from defog_metadata.sql.readings import Reading
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Span

__all__ = ["Fold", "folds"]

FoldKind = Literal["code", "comment", "region"]


@dataclass(frozen=True, slots=True)
class Fold:
    """``span`` reaches over more than one line; what is on its first line stays visible."""

    span: Span
    kind: FoldKind = "code"


def folds(snapshot: Snapshot) -> list[Fold]:
    """All folds, outer ones before those inside of them."""
    text = snapshot.text
    code: list[Fold] = []
    comments: list[Span] = []
    for reading, start in zip(snapshot.readings, snapshot.sections.starts, strict=True):
        in_section = _in_section(reading)
        code += (Fold(it.shifted(start)) for it in in_section.code)
        comments += (it.shifted(start) for it in in_section.comments)
    others = (*_comments(text, comments), *_regions(text))
    several = (it for it in others if "\n" in text[it.span.start : it.span.end])
    found = dict.fromkeys((*code, *several))
    return sorted(found, key=lambda it: (it.span.start, -it.span.end))


@dataclass(frozen=True, slots=True)
class _InSection:
    """What one section has; it counts from there, and stays while an edit leaves it alone."""

    code: tuple[Span, ...]
    """Of several lines."""
    comments: tuple[Span, ...]


def _in_section(reading: Reading) -> _InSection:
    found: _InSection | None = reading.remembered.get(_InSection)
    if found is None:
        check_stopped()
        text = reading.section.text
        tokens = tokenize(text, reading.dialect)
        found = reading.remembered[_InSection] = _InSection(
            tuple(it for it in _code(reading) if "\n" in text[it.start : it.end]),
            tuple(Span(it.start, it.end) for it in tokens if it.kind == "comment"),
        )
    return found


def _code(reading: Reading) -> Iterator[Span]:
    for statement in reading.section.statements:
        yield statement.span
        tokens = [it for it in tokenize(statement.text, reading.dialect) if it.kind != "comment"]
        for span in blocks(tokens):
            yield span.shifted(statement.start)


def blocks(tokens: Sequence[Token]) -> Iterator[Span]:
    """From each opening bracket, CASE or BEGIN to what closes it."""
    opened: list[Token] = []
    for token in tokens:
        opening = token.word if token.word in _CLOSED_BY else ""
        if opening:
            opened.append(token)
        elif token.word in _CLOSING:
            # What is open and closed by something else has been left open: so is what is in it.
            index = next(
                (
                    index
                    for index in range(len(opened) - 1, -1, -1)
                    if _CLOSED_BY[opened[index].word] == token.word
                ),
                None,
            )
            if index is not None:
                yield Span(opened[index].start, token.end)
                del opened[index:]


_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "CASE": "END", "BEGIN": "END"}
_CLOSING = frozenset(_CLOSED_BY.values())


def _comments(text: str, comments: Sequence[Span]) -> Iterator[Fold]:
    """A comment of several lines, or comments on lines below each other."""
    run: Span | None = None
    for token in comments:
        between = text[run.end : token.start] if run else "\n\n"
        if run is not None and not between.strip() and between.count("\n") <= 1:
            run = Span(run.start, token.end)
            continue
        if run is not None:
            yield Fold(run, "comment")
        line = text[text.rfind("\n", 0, token.start) + 1 : token.start]
        run = Span(token.start, token.end) if not line.strip() else None
    if run is not None:
        yield Fold(run, "comment")


_REGION = re.compile(r"^[ \t]*(?:--|#)[ \t]*#?(end)?region\b.*$", re.MULTILINE | re.IGNORECASE)


def _regions(text: str) -> Iterator[Fold]:
    """``-- region NAME`` to ``-- endregion``, with or without a # before the word."""
    opened: list[int] = []
    for match in _REGION.finditer(text):
        if match[1] is None:
            opened.append(match.start())
        elif opened:
            yield Fold(Span(opened.pop(), match.end()), "region")
