"""From "a parser gave up here" to what a person would say and do about it."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.sql.grammar.brackets import unclosed, unclosed_quote
from defog_metadata.sql.grammar.cases import cases
from defog_metadata.sql.grammar.clauses import misplaced_clauses
from defog_metadata.sql.grammar.commas import stray_commas
from defog_metadata.sql.grammar.ctes import with_list
from defog_metadata.sql.grammar.expectations import expectation
from defog_metadata.sql.grammar.gaps import gaps
from defog_metadata.sql.grammar.mends import Read, mended
from defog_metadata.sql.grammar.names import dangling_dots, inner_aliases, reserved_names
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.grammar.start import odd_start
from defog_metadata.sql.readers.refusal import Refusal
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["explained", "lenient_mistake"]


def explained(
    text: str, tokens: Sequence[Token], dialect: str, refusal: Refusal, read: Read
) -> SyntaxProblem:
    """The mistake because of which *text* is refused; comments are not among the *tokens*."""
    if problem := unclosed_quote(text, tokens) or odd_start(text, tokens, dialect):
        return problem
    offset = refusal.span.start
    at = next((i for i, it in enumerate(tokens) if it.end > offset), len(tokens))
    if refusal.reason:
        found = tokens[min(at, len(tokens) - 1)]
        return SyntaxProblem(Span(found.start, found.end), refusal.reason)
    bracket = unclosed(tokens)
    # What is surely wrong is what the parser fell over, if it stands before that place; but with a
    # bracket too few, nothing is sure about where a clause belongs.
    wrong = _surely_wrong(text, tokens, dialect) if bracket is None else ()
    sure = min(wrong, key=lambda it: it.span, default=None)
    reach = tokens[at].end if at < len(tokens) else len(text)
    if sure is not None and sure.span.start < reach:
        return sure
    return mended(text, tokens, at, offset, read) or bracket or expectation(tokens, at)


def lenient_mistake(
    text: str, tokens: Sequence[Token], dialect: str, tree: exp.Expr | None
) -> SyntaxProblem | None:
    """The first mistake in a statement that sqlglot has read although no engine would."""
    problems = [*_surely_wrong(text, tokens, dialect)]
    if tree is not None:
        problems += reserved_names(tree, tokens, dialect)
        problems += inner_aliases(tree, tokens, dialect)
    return min(problems, key=lambda it: it.span, default=None)


def _surely_wrong(text: str, tokens: Sequence[Token], dialect: str) -> Iterator[SyntaxProblem]:
    yield from stray_commas(tokens, dialect)
    yield from dangling_dots(text, tokens, dialect)
    yield from misplaced_clauses(tokens, dialect)
    yield from gaps(tokens, dialect)
    yield from cases(tokens)
    yield from with_list(tokens, dialect)
