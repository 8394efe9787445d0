"""Hover: what the name under the caret stands for.

A column shows its type, what its table says of it (keys, references, allowed values) and its
description, through aliases, CTEs and subqueries down to the table it comes from; one that is
computed shows how, and of which columns of tables. A table shows its description, size, columns and
who refers to it, a CTE or what the text itself makes its columns and what it reads, a star the
columns that it stands for, a window how it is defined. Tables and columns show what the glossary
says of them. Where a name may mean several things, each is shown. A function of the engine shows
its signatures. Names that resolve to nothing show nothing: an unknown name is a diagnostic's
business.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defog_lsp.ide.hover.columns import described_field
from defog_lsp.ide.hover.place import Place
from defog_lsp.ide.hover.relations import described_relation
from defog_lsp.ide.hover.stars import described_star, star_at
from defog_lsp.ide.hover.windows import described_window
from defog_metadata.sql.facts.given import given_at
from defog_metadata.sql.functions import Function, described
from defog_metadata.sql.functions.calls import called_at
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.unfinished.completed import completed_at
from defog_metadata.text import Span

__all__ = ["Hover", "hover"]


@dataclass(frozen=True, slots=True)
class Hover:
    """``markdown`` describes the text of ``span``."""

    span: Span
    markdown: str


def hover(snapshot: Snapshot, offset: int) -> Hover | None:
    """Describe the name at *offset*; ``None`` where there is nothing to say."""
    completed = completed_at(snapshot, offset)
    if completed is not None:
        place = Place(snapshot, completed.analysis, completed.at, completed.is_reduced)
        for span, parts in _said(place):
            if text := "\n\n---\n\n".join(dict.fromkeys(filter(None, parts))):
                return Hover(span.shifted(completed.offset - completed.at), text)
    return _function(snapshot, offset)


def _said(place: Place) -> Iterator[tuple[Span, list[str]]]:
    """What there may be to say, the likeliest first: where, and of each thing that is meant."""
    reference = place.reference
    if reference is not None and reference.targets:
        yield reference.span, [_target(it, place, reference) for it in reference.targets]
    elif reference is None:
        given = given_at(place.analysis, place.offset)
        if given is not None and given.span is not None:
            yield given.span, [_target(given, place, None)]
    if (star := star_at(place)) is not None:
        yield star.span, [described_star(star, place)]
    if (window := described_window(place)) is not None:
        yield window[0], [window[1]]


def _target(target: Field | Relation, place: Place, reference: Reference | None) -> str:
    if isinstance(target, Relation):
        return described_relation(target, place, reference)
    return described_field(target, place, reference)


def _function(snapshot: Snapshot, offset: int) -> Hover | None:
    statement = snapshot.statement_at(offset)
    if statement is None:
        return None
    tokens = [it for it in tokenize(statement.text, snapshot.dialect) if it.kind != "comment"]
    at = offset - statement.start
    found = called_at(tokens, at, snapshot.dialect) or _counting(tokens, at, snapshot.dialect)
    if found is None:
        return None
    function, name = found
    return Hover(Span(name.start, name.end).shifted(statement.start), described(function))


def _counting(tokens: Sequence[Token], offset: int, dialect: str) -> tuple[Function, Token] | None:
    """The function that the star at *offset* is the argument of: it stands for no columns there."""
    for index, star in enumerate(tokens):
        if star.text == "*" and star.start <= offset <= star.end and index > 1:
            opening = tokens[index - 1]
            if opening.text == "(":
                found = called_at(tokens, tokens[index - 2].start, dialect)
                return (found[0], star) if found is not None else None
    return None
