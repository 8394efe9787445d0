"""Code actions over fixtures: what is offered at a caret or a selection, and what comes of it."""

from collections.abc import Mapping, Sequence

from defog_lsp.ide.code_actions import CodeAction, Wanted, code_actions
from defog_metadata.rules import DEFAULT_SEVERITIES, Severity
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span
from tests.fixture import snapshot_of

__all__ = ["offered", "result", "selected"]


def selected(sql: str, dialect: str = "postgres") -> tuple[Snapshot, Span]:
    """The text without its marks: ``$0`` for a caret, two of them for a selection."""
    before, *rest = sql.split("$0")
    assert 1 <= len(rest) <= 2, "the fixture needs one $0 or two"
    start, end = len(before), len(before) + (len(rest[0]) if len(rest) == 2 else 0)
    return snapshot_of(before + "".join(rest), dialect), Span(start, end)


def offered(
    sql: str,
    dialect: str = "postgres",
    *,
    kinds: Sequence[str] = (),
    severities: Mapping[str, Severity] = DEFAULT_SEVERITIES,
    is_automatic: bool = False,
) -> list[CodeAction]:
    snapshot, span = selected(sql, dialect)
    return code_actions(snapshot, severities, Wanted(span, tuple(kinds), is_automatic))


def result(sql: str, title: str, dialect: str = "postgres") -> str:
    """The text after the action with *title*; empty where it is not offered."""
    snapshot, _ = selected(sql, dialect)
    found = [it for it in offered(sql, dialect) if it.title == title]
    assert len(found) <= 1, found
    return applied(snapshot.text, found[0].edits) if found else ""
