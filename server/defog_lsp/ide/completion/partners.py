"""What the name at the caret is compared with or computed with: a column, or a value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from defog_metadata.catalog import Naming
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.sql.source.lexer import Token
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["Partner", "compared_field", "partner_of", "value_beside"]

_MATCHES = frozenset(("IN", "LIKE", "ILIKE"))
_COMPARISONS = frozenset(("=", "<", ">", "<=", ">=", "<>", "!="))
_OPERATORS = frozenset(("+", "-", "*", "/", "%", "||"))


@dataclass(frozen=True, slots=True)
class Partner:
    """The column on the other side; ``owner`` is its relation where it was named."""

    field: Field
    owner: Relation | None
    tie: Literal["compared", "computed"]


def compared_field(caret: Caret) -> Field | None:
    """The column that what stands at the caret is compared with: ``=``, ``IN (…)``, ``LIKE``."""
    reference = _compared(caret)
    target = reference.targets[0] if reference else None
    return target if isinstance(target, Field) else None


def partner_of(caret: Caret, naming: Naming) -> Partner | None:
    """The other side of the comparison or calculation, before the caret or behind it."""
    tie: Literal["compared", "computed"] = "compared"
    reference = _compared(caret) or _compared_behind(caret)
    if reference is None:
        tie = "computed"
        reference = _computed(caret) or _computed_behind(caret)
    if reference is None or not isinstance(reference.targets[0], Field):
        return None
    owner = reference.scope.relation(reference.qualifier, naming) if reference.qualifier else None
    return Partner(reference.targets[0], owner, tie)


Value = Literal["number", "date", "text"]


def value_beside(caret: Caret) -> Value | None:
    """The kind of value that the name at the caret is compared with."""
    sides = (caret.after[:2], caret.tokens[-1:-3:-1])
    value = next((it[1] for it in sides if len(it) > 1 and _compares(it[0])), None)
    if value is None and len(caret.after) > 2 and caret.after[0].word == "IN":  # noqa: PLR2004
        value = caret.after[2]
    match value.kind if value else None:
        case "number":
            return "number"
        case "string":
            return "date" if value and _DATE.match(value.text) else "text"
        case _:
            return None


_DATE = re.compile(r"\W\d{4}-\d\d?-\d\d?\b")


def _compares(token: Token) -> bool:
    return token.text in _COMPARISONS or token.word in {"LIKE", "ILIKE"}


def _compared(caret: Caret) -> Reference | None:
    tokens = list(caret.tokens)
    while tokens and (tokens[-1].kind == "string" or tokens[-1].text == ","):
        tokens.pop()  # the values before this one in an IN list
    if tokens and tokens[-1].text == "(" and len(tokens) > 1 and tokens[-2].word == "IN":
        tokens.pop()
    elif len(tokens) != len(caret.tokens):
        return None
    if not tokens or not (tokens[-1].text in _COMPARISONS or tokens[-1].word in _MATCHES):
        return None
    tokens.pop()
    if tokens and tokens[-1].word == "NOT":
        tokens.pop()
    return _column_at_end(caret, tokens)


def _compared_behind(caret: Caret) -> Reference | None:
    return _column_behind(caret, _COMPARISONS)


def _computed(caret: Caret) -> Reference | None:
    tokens = caret.tokens
    if not tokens or tokens[-1].text not in _OPERATORS:
        return None
    return _column_at_end(caret, tokens[:-1])


def _computed_behind(caret: Caret) -> Reference | None:
    return _column_behind(caret, _OPERATORS)


def _column_behind(caret: Caret, signs: frozenset[str]) -> Reference | None:
    """The column behind one of the *signs* that follows the caret."""
    after = caret.after
    if not after or after[0].text not in signs:
        return None
    end = 1
    while len(after) > end + 1 and after[end + 1].text == ".":
        end += 2
    if len(after) > end + 1 and after[end + 1].text == "(":
        return None
    return _column_at_end(caret, after[1 : end + 1])


def _column_at_end(caret: Caret, tokens: Sequence[Token]) -> Reference | None:
    """The column whose name is the last token, where it is one of the caret's own query."""
    if not tokens:
        return None
    name = tokens[-1].key
    qualifier = tokens[-3].key if len(tokens) > 2 and tokens[-2].text == "." else ""  # noqa: PLR2004
    found = [
        it
        for it in caret.others
        if it.kind == "column" and it.targets and it.name.key == name and it.scope is caret.scope
    ]
    exact = (it for it in found if (it.qualifier[-1].key if it.qualifier else "") == qualifier)
    return next(exact, found[0] if found else None)
