"""What a statement gives names to, and what a comment above such a name says of it."""

import re
from collections.abc import Iterator, Sequence

from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.scopes import Field, Relation
from defog_metadata.sql.source.tokens import Token

__all__ = ["columns_given", "given_at", "relations_made", "said_above"]

_DIRECTIVE = re.compile(r"\bdefog\s*:|\bnoqa\b|\bsqlfluff\b", re.IGNORECASE)


def columns_given(analysis: Analysis) -> Iterator[Field]:
    """Every column that the statement may have given its name."""
    for fields, _ in analysis.bound.outputs.values():
        yield from fields
    for scope in analysis.scopes:
        yield from scope.aliases
        for relation in (*scope.ctes, *scope.relations):
            yield from relation.fields
    for relation in relations_made(analysis):
        yield from relation.fields


def relations_made(analysis: Analysis) -> Iterator[Relation]:
    """The relations that the statement makes or changes, as it writes them."""
    for it in analysis.made:
        if it.kind not in ("routine", "variable", "dropped"):
            yield it


def given_at(analysis: Analysis, offset: int) -> Field | Relation | None:
    """What the name at *offset*, counted from the statement's start, is given to."""
    named: list[Field | Relation] = list(relations_made(analysis))
    for scope in analysis.scopes:
        # Of a recursive CTE the statement around it knows more than the CTE itself.
        named = [*scope.ctes, *named, *scope.relations]
    for it in (*named, *columns_given(analysis)):
        if it.span is not None and it.span.touches(offset):
            return it
    return None


def said_above(tokens: Sequence[Token], offset: int, text: str) -> str:
    """What the comments in the lines directly above *offset* say; *tokens* are those of *text*.

    A comment behind something else on its line is about that.
    """
    found: list[str] = []
    for it in reversed([token for token in tokens if token.end <= offset]):
        line = text[text.rfind("\n", 0, it.start) + 1 : it.start]
        gap = text[it.end : offset]
        if it.kind != "comment" or line.strip() or gap.strip() or gap.count("\n") > 1:
            break
        if not _DIRECTIVE.search(it.text):
            found.append(_plain(it.text))
        offset = it.start
    return "\n".join(filter(None, reversed(found)))


def _plain(comment: str) -> str:
    """The words of *comment* without the signs that make it one."""
    if comment.startswith("/*"):
        lines = comment.removesuffix("*/")[2:].splitlines()
        return "\n".join(it.strip().lstrip("*+ ").rstrip() for it in lines).strip()
    return comment.lstrip("-#/ ").strip()
