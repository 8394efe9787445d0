"""``CASE WHEN … THEN … END``: each WHEN has its THEN."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defog_metadata.sql.grammar.expectations import called
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["cases"]


@dataclass(slots=True)
class _Case:
    depth: int
    """How many brackets are open around it."""
    waits_for_then: bool = False


def cases(tokens: Sequence[Token]) -> Iterator[SyntaxProblem]:
    """The words that come where a THEN should; comments are not among the *tokens*."""
    opened: list[_Case] = []
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.kind != "word" or (index and tokens[index - 1].text in (".", ":", "AS")):
            continue
        word = token.word
        if word == "CASE" and (index == 0 or tokens[index - 1].word != "END"):
            opened.append(_Case(depth))
        if not opened or opened[-1].depth != depth:
            continue
        case = opened[-1]
        if word in ("WHEN", "ELSE", "END") and case.waits_for_then:
            yield SyntaxProblem(
                Span(token.start, token.end), f"expected THEN before {called(token)}"
            )
            return
        if word in ("WHEN", "THEN"):
            case.waits_for_then = word == "WHEN"
        elif word == "END":
            opened.pop()
