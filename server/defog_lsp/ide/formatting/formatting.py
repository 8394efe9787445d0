"""A document, a part of it, or the statement that has just been ended, in lines of a width.

Only what is understood is touched: a statement with mistakes, or one that is more than a query or a
definition, stays as it is. Whatever was laid out is read again, and dropped if it would mean
anything else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from defog_lsp.ide.formatting.builder import document
from defog_lsp.ide.formatting.layout import written
from defog_metadata.progress import check_stopped, tell_progress
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.syntax import parse
from defog_metadata.text import Edit, Span

__all__ = ["Style", "format_document", "format_range", "format_typed"]


KeywordCase = Literal["preserve", "upper", "lower"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is to look."""

    width: int = 100
    indent: str = "  "
    keyword_case: KeywordCase = "preserve"


def format_document(snapshot: Snapshot, style: Style) -> list[Edit]:
    """What makes every statement of *snapshot* look like *style*."""
    return format_range(snapshot, Span(0, len(snapshot.text)), style)


def format_range(snapshot: Snapshot, within: Span, style: Style) -> list[Edit]:
    """The same for the statements that reach into *within*."""
    found: list[Edit] = []
    for number, analysis in enumerate(snapshot.analyses_in(within), 1):
        check_stopped()
        done = max(0, analysis.statement.start - within.start)
        tell_progress(done, within.end - within.start, f"statement {number}")
        found += _edits(analysis, snapshot, style)
    return found


def format_typed(snapshot: Snapshot, offset: int, style: Style) -> list[Edit]:
    """The same for the statement whose semicolon stands before *offset*."""
    before = snapshot.text[:offset].rstrip()
    ended = (
        it
        for it in snapshot.analyses
        if before.endswith(";") and it.statement.span.end < len(before) <= it.statement.reach
    )
    analysis = next(ended, None)
    return list(_edits(analysis, snapshot, style)) if analysis is not None else []


def _edits(analysis: Analysis, snapshot: Snapshot, style: Style) -> Iterator[Edit]:
    span = analysis.statement.span
    text = snapshot.text[span.start : span.end]
    if analysis.syntax.tree is None or analysis.syntax.problems:
        return
    if not isinstance(analysis.syntax.tree, _UNDERSTOOD):
        return
    line = snapshot.text[snapshot.text.rfind("\n", 0, span.start) + 1 : span.start]
    margin = line[: len(line) - len(line.lstrip(" \t"))]
    formatted = _formatted(text, analysis, snapshot.dialect, style, margin)
    if formatted is not None and _means_the_same(text, formatted, snapshot.dialect):
        if formatted != text:
            yield Edit(span, formatted)
        if (gap := _NEEDLESS.match(snapshot.text, span.end)) is not None:
            yield Edit(Span(*gap.span()), "")


_NEEDLESS = re.compile(r"[ \t]+(?=;|\r?$)", re.MULTILINE)
_UNDERSTOOD = (exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create)


def _formatted(
    text: str, analysis: Analysis, dialect: str, style: Style, margin: str
) -> str | None:
    tokens = tokenize(text, dialect)
    if any(it.kind == "symbol" and it.text == ";" for it in tokens):
        return None  # the body of a routine: several statements, in an order of its own
    parts = document(text, tokens, _cased(analysis, style))
    return written(parts, width=style.width, indent=style.indent, margin=margin)


def _cased(analysis: Analysis, style: Style) -> Callable[[Token], str]:
    if style.keyword_case == "preserve":
        return lambda token: token.text
    tree = analysis.syntax.tree
    named = {
        span.start
        for it in (tree.find_all(exp.Identifier, exp.Func) if tree is not None else ())
        if (span := _place(it)) is not None
    }

    def cased(token: Token) -> str:
        if token.kind != "word" or token.start in named or token.text.upper() not in _KEYWORDS:
            return token.text
        return token.text.upper() if style.keyword_case == "upper" else token.text.lower()

    return cased


def _place(node: exp.Expr) -> Span | None:
    if isinstance(node, exp.Identifier):
        return span_of(node)
    start = node.meta.get("start")
    return Span(start, start) if isinstance(start, int) else None


_KEYWORDS = frozenset(
    """ALL ALTER AND ANTI ANY AS ASC BETWEEN BY CASE CAST COLLATE CONFLICT CONSTRAINT CREATE
    CROSS CUBE CURRENT DEFAULT DELETE DESC DISTINCT DO DROP DUPLICATE ELSE END ESCAPE EXCEPT
    EXISTS FALSE FETCH FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GROUP GROUPING HAVING IF
    ILIKE IN INNER INSERT INTERSECT INTERVAL INTO IS JOIN KEY LAST LATERAL LEFT LIKE LIMIT
    MATCHED MATERIALIZED MERGE MINUS NATURAL NEXT NOT NOTHING NULL NULLS OFFSET ON ONLY OR
    ORDER OUTER OVER OVERWRITE PARTITION PRECEDING PRIMARY QUALIFY RANGE RECURSIVE REFERENCES
    REPLACE RETURNING RIGHT ROLLUP ROW ROWS SELECT SEMI SET SETS SIMILAR TABLE TEMP TEMPORARY
    THEN TO TRUE UNBOUNDED UNION UNIQUE UPDATE USING VALUES VIEW WHEN WHERE WINDOW WITH
    WITHIN""".split()
)


def _means_the_same(before: str, after: str, dialect: str) -> bool:
    """Whether an engine reads the same tokens in both, and people the same comments."""
    comments = [
        [it.text.split() for it in tokenize(text, dialect) if it.kind == "comment"]
        for text in (before, after)
    ]
    if comments[0] != comments[1] or _words(before, dialect) != _words(after, dialect):
        return False
    trees = [parse(text, dialect) for text in (before, after)]
    return trees[0].tree == trees[1].tree and not trees[1].problems


def _words(text: str, dialect: str) -> list[tuple[str, str]] | None:
    try:
        tokens = Dialect.get_or_raise(dialect or None).tokenize(text)
    except SqlglotError:
        tokens = None
    if tokens is None:
        return None
    return [
        (it.token_type.name, it.text if it.text.upper() not in _KEYWORDS else "") for it in tokens
    ]
