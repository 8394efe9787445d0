"""What each name in the text is: what no grammar of an editor can tell.

Keywords, strings, numbers and comments are left to the editor's own colours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from defog_metadata.catalog import Table
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.functions.calls import all_called
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.symbols import Occurrence, SymbolKind, symbols_of
from defog_metadata.text import Span

__all__ = ["MODIFIERS", "TYPES", "SemanticToken", "semantic_tokens"]

TokenType = Literal["schema", "table", "view", "cte", "alias", "column", "function", "parameter"]
Modifier = Literal["declaration", "deprecated", "defaultLibrary"]

TYPES: tuple[TokenType, ...] = (
    "schema", "table", "view", "cte", "alias", "column", "function", "parameter",
)  # fmt: skip
MODIFIERS: tuple[Modifier, ...] = ("declaration", "deprecated", "defaultLibrary")


@dataclass(frozen=True, slots=True)
class SemanticToken:
    """A name within one line."""

    span: Span
    type: TokenType
    modifiers: tuple[Modifier, ...] = ()


def semantic_tokens(snapshot: Snapshot, within: Span | None = None) -> list[SemanticToken]:
    """The names in *snapshot*, in the order of the text and without overlap.

    Only those of statements that reach into *within*, where it is given.
    """
    within = within or Span(0, len(snapshot.text))
    found: dict[Span, SemanticToken] = {}
    for analysis in snapshot.analyses_in(within):
        for token in _called(analysis, snapshot.dialect):
            found[token.span] = token
        for reference in analysis.absolute():
            if (named := _named(reference)) is not None:
                found[reference.span] = named
    for it in symbols_of(snapshot).definitions(within):
        found.setdefault(it.span, _defined(it))
    return [it for it in _apart(found) if "\n" not in snapshot.text[it.span.start : it.span.end]]


def _apart(found: dict[Span, SemanticToken]) -> Iterator[SemanticToken]:
    end = 0
    for span in sorted(found):
        if span.start >= end:
            yield found[span]
            end = span.end


def _called(analysis: Analysis, dialect: str) -> Iterator[SemanticToken]:
    start = analysis.statement.start
    tokens = [it for it in tokenize(analysis.statement.text, dialect) if it.kind != "comment"]
    for _, name in all_called(tokens, dialect):
        yield SemanticToken(
            Span(name.start, name.end).shifted(start), "function", ("defaultLibrary",)
        )
    for token in tokens:
        if token.kind == "parameter":
            yield SemanticToken(Span(token.start, token.end).shifted(start), "parameter")


def _named(reference: Reference) -> SemanticToken | None:
    target = reference.targets[0] if reference.targets else None
    if reference.kind == "schema":
        return SemanticToken(reference.span, "schema")
    match target:
        case Field():
            return SemanticToken(reference.span, "column", _age(_described(target)))
        case Relation() if reference.kind == "table" or target.hidden is None:
            return SemanticToken(reference.span, _relation(target), _age(_of_table(target.table)))
        case Relation():
            return SemanticToken(reference.span, "alias")
        case None:
            return None


def _relation(relation: Relation) -> TokenType:
    match relation.kind:
        case "cte":
            return "cte" if relation.path else "alias"
        case "view":
            return "view"
        case "table" if relation.path:
            return "table"
        case _:
            return "alias"


def _described(field: Field) -> str:
    return field.column.description if field.column is not None else ""


def _of_table(table: Table | None) -> str:
    return table.description if table is not None else ""


def _age(description: str) -> tuple[Modifier, ...]:
    """Whether *description* says, at its beginning, that nobody should use this any more."""
    return ("deprecated",) if _DEPRECATED.match(description) else ()


_DEPRECATED = re.compile(r"\W*(?:deprecated|obsolete|do not use|don't use)\b", re.IGNORECASE)

_KINDS: dict[SymbolKind, TokenType] = {
    "alias": "alias",
    "cte": "cte",
    "relation": "table",
    "column": "column",
    "stored": "table",
}


def _defined(occurrence: Occurrence) -> SemanticToken:
    return SemanticToken(occurrence.span, _KINDS[occurrence.symbol.kind], ("declaration",))
