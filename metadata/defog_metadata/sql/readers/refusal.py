"""What a parser says of a statement that it cannot read."""

from dataclasses import dataclass

from defog_metadata.text import Span

__all__ = ["Refusal"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """``span`` is the token at which the parser gave up; empty, at the end, if it wanted more."""

    span: Span
    reason: str = ""
    """Its own words, where they say more than that the token is not expected."""
