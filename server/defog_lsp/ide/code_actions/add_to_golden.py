"""A query with the question above it, for the workspace's golden queries."""

from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.code_actions.actions import CodeAction, GoldenQuery
from defog_lsp.ide.code_actions.place import Place
from defog_metadata.documents.sql_comments import comment_above

__all__ = ["add_to_golden"]

_CHANGES = (exp.Into, exp.Insert, exp.Update, exp.Delete, exp.Merge)
_OURS = "defog:"
"""What a comment for us begins with: it asks nothing."""


def add_to_golden(place: Place) -> Iterator[CodeAction]:
    """Add the statement at the caret, if it is a query that could be an answer.

    The comment above it is its question; without one the question is left empty.
    """
    statement, tree = place.analysis.statement, place.tree
    # What changes something is no answer, and a template is none before it has been filled in.
    if not isinstance(tree, exp.Query) or tree.find(*_CHANGES) or place.analysis.syntax.problems:
        return
    if place.snapshot.template.touches(statement.span):
        return
    lines = comment_above(place.snapshot.text, statement.start).split("\n")
    question = "\n".join(it for it in lines if not it.replace(" ", "").startswith(_OURS))
    sql = statement.text.replace("\r\n", "\n")
    yield CodeAction("Add to golden queries", "defog.golden", golden=GoldenQuery(question, sql))
