"""Which engine's own parser is asked about a statement, and how sure its answer is."""

import re
from collections.abc import Sequence
from typing import Literal

from defog_metadata.sql.readers import postgres, sqlite
from defog_metadata.sql.readers.refusal import Refusal
from defog_metadata.sql.source.tokens import Token

__all__ = ["Verdict", "verdict"]

Verdict = Refusal | Literal["readable", "unknown"]
"""``unknown``: no parser of the engine's own is here, or it cannot know what a program will put
in place of a placeholder."""


def verdict(text: str, tokens: Sequence[Token], dialect: str) -> Verdict:
    """What the engine's own parser says of the statement *text* made of *tokens*."""
    if dialect == "postgres" and postgres.is_here():
        refusal = postgres.refusal(text)
    elif dialect == "sqlite" and sqlite.is_here(tokens):
        refusal = sqlite.refusal(text, tokens)
    else:
        return "unknown"
    if refusal is None:
        return "readable"
    return "unknown" if _is_about_placeholder(refusal, text, tokens, dialect) else refusal


def _is_about_placeholder(
    refusal: Refusal, text: str, tokens: Sequence[Token], dialect: str
) -> bool:
    own = _OWN_PARAMETERS[dialect]
    return any(
        # A library that fills it in may write a whole list there: ``IN ?``.
        (it.kind == "parameter" and (not own.fullmatch(it.text) or it.start == refusal.span.start))
        # psql's :'name' and :"name"
        or (it.text == ":" and text[it.end : it.end + 1] in ("'", '"'))
        for it in tokens
    )


_OWN_PARAMETERS = {
    "postgres": re.compile(r"\$\d+"),
    "sqlite": re.compile(r"\?\d*|[:@$]\w+"),
}
