"""What each name in the text is: what no grammar of an editor can tell.

Keywords, strings, numbers and comments are left to the editor's own colours.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from defog_metadata.catalog import Naming, Table
from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.windows import window_names
from defog_metadata.sql.functions.calls import all_called
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.symbols import Occurrence, SymbolKind, definitions_in
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

    def shifted(self, by: int) -> "SemanticToken":
        return SemanticToken(self.span.shifted(by), self.type, self.modifiers)


def semantic_tokens(snapshot: Snapshot, within: Span | None = None) -> list[SemanticToken]:
    """The names in *snapshot*, in the order of the text and without overlap.

    Only those of statements that reach into *within*, where it is given.
    """
    within = within or Span(0, len(snapshot.text))
    naming = snapshot.catalog.naming
    found = [
        it.shifted(analysis.statement.start)
        for analysis in snapshot.analyses_in(within)
        for it in _of_statement(analysis, snapshot.dialect, naming)
    ]
    return [it for it in _apart(found) if "\n" not in snapshot.text[it.span.start : it.span.end]]


def _of_statement(analysis: Analysis, dialect: str, naming: Naming) -> tuple[SemanticToken, ...]:
    """The names in a statement, from its start on: what an edit leaves alone keeps them."""
    known: tuple[SemanticToken, ...] | None = analysis.remembered.get(_of_statement)
    if known is None:
        check_stopped()
        found: dict[Span, SemanticToken] = {}
        for token in _called(analysis, dialect):
            found[token.span] = token
        for reference in analysis.references:
            if (named := _named(reference)) is not None:
                found[reference.span] = named
        for window in window_names(analysis, naming):
            given: tuple[Modifier, ...] = ("declaration",) if window.is_definition else ()
            found[window.span] = SemanticToken(window.span, "alias", given)
        for it in definitions_in(analysis, naming):
            found.setdefault(it.span, _defined(it))
        known = analysis.remembered[_of_statement] = tuple(found.values())
    return known


def _apart(found: Sequence[SemanticToken]) -> Iterator[SemanticToken]:
    end = 0
    for it in sorted(found, key=lambda it: (it.span.start, it.span.end)):
        if it.span.start >= end:
            yield it
            end = it.span.end


def _called(analysis: Analysis, dialect: str) -> Iterator[SemanticToken]:
    tokens = [it for it in tokenize(analysis.statement.text, dialect) if it.kind != "comment"]
    for _, name in all_called(tokens, dialect):
        yield SemanticToken(Span(name.start, name.end), "function", ("defaultLibrary",))
    for token in tokens:
        if token.kind == "parameter":
            yield SemanticToken(Span(token.start, token.end), "parameter")


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
    "window": "alias",
    "relation": "table",
    "column": "column",
    "stored": "table",
}


def _defined(occurrence: Occurrence) -> SemanticToken:
    return SemanticToken(occurrence.span, _KINDS[occurrence.symbol.kind], ("declaration",))
