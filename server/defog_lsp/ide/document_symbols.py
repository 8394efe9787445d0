"""The outline of a document: its statements, their CTEs, and the columns that they put out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.extents import cte_text
from defog_metadata.sql.scopes import Field, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Span

__all__ = ["DocumentSymbol", "DocumentSymbolKind", "document_symbols"]

DocumentSymbolKind = Literal["statement", "cte", "column", "table", "view", "routine"]
_MOST_WORDS = 6
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class DocumentSymbol:
    """``span`` is all of it, ``name_span`` inside of that what it is called by."""

    name: str
    kind: DocumentSymbolKind
    span: Span
    name_span: Span
    detail: str = ""
    children: Sequence["DocumentSymbol"] = field(default=())


def document_symbols(snapshot: Snapshot) -> list[DocumentSymbol]:
    """A symbol for each statement, in the order of the text."""
    return [_statement(it, snapshot.dialect) for it in snapshot.analyses]


def _statement(analysis: Analysis, dialect: str) -> DocumentSymbol:
    span = analysis.statement.span
    tree = analysis.syntax.tree
    children = list(_inside(analysis, tree, dialect)) if tree is not None else []
    kind, name, name_span = _called(analysis, tree)
    return DocumentSymbol(name, kind, span, name_span, children=children)


def _called(analysis: Analysis, tree: exp.Expr | None) -> tuple[DocumentSymbolKind, str, Span]:
    """What a statement is, and what it is best called by."""
    text, start = analysis.statement.text, analysis.statement.start
    title = " ".join(text[: _MOST_WORDS * _LONGEST_TITLE].split()[:_MOST_WORDS])[:_LONGEST_TITLE]
    first = text.split(maxsplit=1)[0] if text.strip() else text
    name_span = Span(start, start + len(first))
    if isinstance(tree, exp.Create):
        kind = _CREATED.get(str(tree.args.get("kind") or "").upper(), "statement")
        table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        named = next(iter(table.find_all(exp.Identifier)), None) if table is not None else None
        own = table.this if isinstance(table, exp.Table) else named
        if isinstance(own, exp.Identifier) and (span := span_of(own)) is not None:
            return kind, own.name, span.shifted(start)
    return "statement", title or "(empty)", name_span


_CREATED: dict[str, DocumentSymbolKind] = {
    "TABLE": "table",
    "VIEW": "view",
    "MATERIALIZED VIEW": "view",
    "FUNCTION": "routine",
    "PROCEDURE": "routine",
}


def _inside(analysis: Analysis, tree: exp.Expr, dialect: str) -> Iterator[DocumentSymbol]:
    """The CTEs of the statement's own WITH, then the columns that it puts out or declares."""
    if isinstance(tree, exp.Create) and (made := _made(tree, analysis)) is not None:
        yield from _columns(made.fields, analysis)
    with_ = tree.args.get("with_")
    if with_ is None and isinstance(tree.args.get("expression"), exp.Query):
        tree = tree.args["expression"]
        with_ = tree.args.get("with_")
    relations = {it.span: it for scope in analysis.scopes for it in scope.ctes}
    ctes = with_.expressions if isinstance(with_, exp.With) else []
    tokens = tokenize(analysis.statement.text, dialect) if ctes else ()
    tokens = [it for it in tokens if it.kind != "comment"]
    for cte in ctes:
        alias = cte.args.get("alias")
        identifier = alias.this if isinstance(alias, exp.TableAlias) else None
        if isinstance(identifier, exp.Identifier) and (span := span_of(identifier)) is not None:
            yield _cte(identifier, span, relations.get(span), tokens, analysis)
    if not isinstance(analysis.syntax.tree, exp.Create):
        outputs = analysis.bound.outputs.get(id(tree))
        yield from _columns(outputs[0] if outputs else (), analysis)


def _made(tree: exp.Create, analysis: Analysis) -> Relation | None:
    """The relation that a CREATE makes."""
    table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    own = table.this if isinstance(table, exp.Table) else None
    span = span_of(own) if isinstance(own, exp.Identifier) else None
    found = (it for it in analysis.made if span is not None and it.span == span)
    return next(found, None)


def _cte(
    identifier: exp.Identifier,
    name: Span,
    relation: Relation | None,
    tokens: Sequence[Token],
    analysis: Analysis,
) -> DocumentSymbol:
    start = analysis.statement.start
    text = cte_text(name, tokens)
    whole = Span(name.start, text.body.end if text else name.end)
    columns = list(_columns(relation.fields, analysis, whole)) if relation else []
    return DocumentSymbol(
        name_of(identifier).text, "cte", whole.shifted(start), name.shifted(start), children=columns
    )


def _columns(
    fields: Sequence[Field], analysis: Analysis, within: Span | None = None
) -> Iterator[DocumentSymbol]:
    """Those of *fields* that have a place in the text (and *within* it): a star's have none."""
    start = analysis.statement.start
    size = len(analysis.statement.text)
    for it in fields:
        if it.span is None or not it.name.text or it.span.end > size:
            continue
        if within is None or (within.start <= it.span.start and it.span.end <= within.end):
            span = it.span.shifted(start)
            yield DocumentSymbol(it.name.text, "column", span, span, it.type)
