"""The mend of a broken statement: one change of one token after which a parser can read it.

Each likely slip around the place where the parser gave up is undone, and the parser is asked
again. What makes the statement readable was the slip; so both the place and the mend are known.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from defog_metadata.sql.grammar.brackets import open_at
from defog_metadata.sql.grammar.expectations import called, doubled
from defog_metadata.sql.grammar.keywords import respellings
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.readers.refusal import Refusal
from defog_metadata.sql.source.tokens import Token
from defog_metadata.sql.unfinished.levels import level_of
from defog_metadata.text import Edit, Fix, Span

__all__ = ["Read", "mended"]

Read = Callable[[str], Refusal | None]
"""Why a statement cannot be read; ``None`` if it can."""

_MOST_TRIED = 40
_LONGEST_TEXT = 50_000
# How far before the token that a parser gave up at the slip may be.
_BACK = 4
# How many characters further a parser must come for a change to be the mend of one mistake of
# several.
_FURTHER = 12


@dataclass(frozen=True, slots=True)
class _Try:
    edit: Edit
    problem: SyntaxProblem
    may_go_on: bool = False
    """Whether it is enough that the parser comes further than before."""


def mended(
    text: str, tokens: Sequence[Token], at: int, offset: int, read: Read
) -> SyntaxProblem | None:
    """The slip at or before the token with the index *at*, where the parser gave up."""
    if len(text) > _LONGEST_TEXT:
        return None
    tries = (*_spellings(tokens, at), *_words(tokens, at), *_brackets(tokens, at, offset))
    best: SyntaxProblem | None = None
    others = 0
    for it in tries[:_MOST_TRIED]:
        span = it.edit.span
        changed = f"{text[: span.start]}{it.edit.text}{text[span.end :]}"
        refusal = read(changed)
        grown = len(it.edit.text) - (span.end - span.start)
        if refusal is None:
            if best is None:
                best = it.problem
            elif it.may_go_on and it.problem.span == best.span:
                others += 1
                best = replace(best, fixes=(*best.fixes, *it.problem.fixes))
            if not it.may_go_on:
                break
        elif it.may_go_on and best is None and refusal.span.start > offset + grown + _FURTHER:
            best = _less_certain(it.problem)
    return _less_certain(best) if best is not None and others else best


def _less_certain(problem: SyntaxProblem) -> SyntaxProblem:
    return replace(problem, fixes=tuple(replace(it, is_certain=False) for it in problem.fixes))


def _spellings(tokens: Sequence[Token], at: int) -> Iterator[_Try]:
    """A keyword that is misspelled: the nearest to the place first."""
    # sqlglot may have gone back to before the slip.
    for index in range(min(at + 1, len(tokens) - 1), max(-1, at - _BACK - 1), -1):
        token = tokens[index]
        if token.kind != "word" or (index and tokens[index - 1].text == "."):
            continue
        span = Span(token.start, token.end)
        for keyword in respellings(token.text):
            fix = Fix(f"Write {keyword}", (Edit(span, keyword),), is_certain=True)
            message = f"{token.text} is not expected here; did you mean {keyword.upper()}?"
            yield _Try(fix.edits[0], SyntaxProblem(span, message, (fix,)), may_go_on=True)


def _words(tokens: Sequence[Token], at: int) -> Iterator[_Try]:
    """A word or a comma that is missing or too much."""
    found = tokens[at] if at < len(tokens) else None
    before = tokens[at - 1] if at else None
    if before is not None and before.word in ("GROUP", "ORDER", "PARTITION"):
        end = Span(before.end, before.end)
        yield _inserted(
            end, " BY", Span(before.start, before.end), f"expected BY after {before.word}"
        )
    for index in (at, at - 1, at - 2):
        if 0 < index < len(tokens) and _same(tokens[index - 1], tokens[index]):
            problem = doubled(tokens[index - 1], tokens[index])
            yield _Try(problem.fixes[0].edits[0], problem)
    if found is None or before is None:
        return
    place = Span(before.end, before.end)
    span = Span(found.start, found.end)
    shape = level_of(tokens[:at]).shape
    if shape.startswith("CASE"):
        yield _inserted(place, " THEN", span, f"expected THEN before {called(found)}")
        for behind, token in zip(tokens[at - 1 : at + 2], tokens[at : at + 2], strict=False):
            end = Span(behind.end, behind.end)
            start = Span(token.start, token.end)
            yield _inserted(end, " END", start, f"expected END before {called(token)}")
    if shape.split(" ")[-1] in _OPERANDS:
        if _ends_in_condition(shape):
            yield _inserted(place, " AND", span, f"expected AND or OR before {called(found)}")
        else:
            yield _inserted(place, ",", span, f"expected a comma before {called(found)}")


def _brackets(tokens: Sequence[Token], at: int, offset: int) -> Iterator[_Try]:
    """A bracket that should have been closed before the place where the parser gave up."""
    opened = open_at(tokens, offset)
    if not opened or len(open_at(tokens, tokens[-1].end)) == 0:
        return
    innermost = opened[-1]
    span = Span(innermost.start, innermost.end)
    # A bracket can be closed behind each token from the place back to its own start; where the
    # statement ends, all that are open can.
    count = len(opened) if at >= len(tokens) else 1
    for index in range(min(at, len(tokens)) - 1, max(-1, at - _BACK * 2), -1):
        token = tokens[index]
        if token.start <= innermost.start:
            break
        place = Span(token.end, token.end)
        yield _inserted(
            place, ")" * count, span, "this ( is never closed", f"after {called(token)}"
        )


def _inserted(place: Span, text: str, span: Span, message: str, where: str = "") -> _Try:
    title = f"Write {text.strip()} {where}".strip() if where else f"Add {text.strip()}"
    fix = Fix(title, (Edit(place, text),), is_certain=text == " BY")
    return _Try(fix.edits[0], SyntaxProblem(span, message, (fix,)))


def _same(one: Token, other: Token) -> bool:
    return one.text.upper() == other.text.upper() and one.text not in ("(", ")")


_OPERANDS = frozenset(("n", "v", "f", "()", "(Q)", "*"))
_CLAUSES = frozenset("SELECT FROM WHERE ON HAVING QUALIFY BY SET VALUES RETURNING WHEN".split())


def _ends_in_condition(shape: str) -> bool:
    clauses = [it for it in shape.split(" ") if it in _CLAUSES]
    return bool(clauses) and clauses[-1] in ("WHERE", "ON", "HAVING", "QUALIFY", "WHEN")
