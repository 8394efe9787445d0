"""Comments that silence a rule, written where the checks look for them."""

import re
from collections.abc import Iterator

from defog_lsp.ide.code_actions.actions import CodeAction
from defog_metadata.rules import Finding
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Edit, Span

__all__ = ["ignoring"]

_CODES = re.compile(
    r"(?:--+|#+|//+|/\*+)\s*defog\s*:\s*ignore(?:[\s,]+[a-z]+(?:[-_][a-z]+)+)+", re.IGNORECASE
)
_END_OF_LINE = re.compile(r"[^\r\n]*")


def ignoring(snapshot: Snapshot, finding: Finding) -> Iterator[CodeAction]:
    """Silence *finding*'s rule for its line; for its statement where no comment fits the line."""
    tokens = tokenize(snapshot.text, snapshot.dialect)
    scope, edit = "line", _for_line(snapshot.text, tokens, finding)
    if edit is None:
        scope, edit = "statement", _for_statement(snapshot, tokens, finding)
    if edit is not None:
        title = f"Ignore {finding.code} for this {scope}"
        yield CodeAction(title, "quickfix", (edit,), (finding,))


def _for_line(text: str, tokens: list[Token], finding: Finding) -> Edit | None:
    match = _END_OF_LINE.match(text, finding.span.start)
    end = match.end() if match else len(text)
    last = next((it for it in reversed(tokens) if it.start < end), None)
    if last is None:
        return None
    if last.end > end or not last.closed:
        return None  # a string, or a comment, that goes on in the next line
    directive = f"defog: ignore {finding.code}"
    if last.kind != "comment" or last.text.startswith("{") or last.end <= finding.span.start:
        return Edit(Span(last.end, last.end), f" -- {directive}")
    if listed := _CODES.match(last.text):
        at = last.start + listed.end()
        return Edit(Span(at, at), f", {finding.code}")
    if last.text.startswith("/*"):
        return Edit(Span(last.end, last.end), f" -- {directive}")
    # Whatever the comment says stays what it says.
    return Edit(Span(last.start, last.start), f"/* {directive} */ ")


def _for_statement(snapshot: Snapshot, tokens: list[Token], finding: Finding) -> Edit | None:
    text = snapshot.text
    statement = snapshot.statement_at(finding.span.start)
    if statement is None:
        return None
    start = statement.start
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if text[line:start].strip() or any(it.start < line < it.end for it in tokens):
        return None
    return Edit(Span(line, line), f"{text[line:start]}-- defog: ignore {finding.code}\n")
