"""What is opened and never closed, or closed and never opened."""

from collections.abc import Sequence

from defog_metadata.sql.grammar.problem import SyntaxProblem, removal
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Edit, Fix, Span

__all__ = ["open_at", "unclosed", "unclosed_quote"]


def unclosed_quote(text: str, tokens: Sequence[Token]) -> SyntaxProblem | None:
    """The first string, quoted name or comment without an end, up to the end of its line."""
    token = next((it for it in tokens if not it.closed), None)
    if token is None:
        return None
    what = {"string": "string", "quoted": "quoted name"}.get(token.kind, "comment")
    line_end = text.find("\n", token.start)
    end = token.end if line_end < 0 else line_end
    span = Span(token.start, min(end, token.end) if what != "comment" else end)
    return SyntaxProblem(span, f"this {what} is never closed", _closing(token, what))


def _closing(token: Token, what: str) -> tuple[Fix, ...]:
    if what == "comment":
        return (Fix("Close the comment", (Edit(Span(token.end, token.end), " */"),)),)
    quote = token.text[0]
    if quote not in _CLOSING:  # with a prefix, or of several characters: which end is not obvious
        return ()
    end = token.start + len(token.text.rstrip())
    return (Fix(f"Close the {what}", (Edit(Span(end, end), _CLOSING[quote]),)),)


_CLOSING = {"'": "'", '"': '"', "`": "`", "[": "]"}


def unclosed(tokens: Sequence[Token]) -> SyntaxProblem | None:
    """The first bracket that closes nothing, or the innermost that nothing closes."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "symbol":
            continue
        if token.text == "(":
            opened.append(token)
        elif token.text == ")":
            if not opened:
                span = Span(token.start, token.end)
                return SyntaxProblem(span, "this ) closes nothing", removal(span, "this )"))
            opened.pop()
    if not opened:
        return None
    end = tokens[-1].end
    closing = Fix("Close it at the end", (Edit(Span(end, end), ")" * len(opened)),))
    last = opened[-1]
    return SyntaxProblem(Span(last.start, last.end), "this ( is never closed", (closing,))


def open_at(tokens: Sequence[Token], offset: int) -> list[Token]:
    """The round brackets that are open before *offset*, the outermost first."""
    opened: list[Token] = []
    for token in tokens:
        if token.start >= offset:
            break
        if token.text == "(" and token.kind == "symbol":
            opened.append(token)
        elif token.text == ")" and token.kind == "symbol" and opened:
            opened.pop()
    return opened
