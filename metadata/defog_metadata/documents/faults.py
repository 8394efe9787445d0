from dataclasses import dataclass

from defog_metadata.text import Span

__all__ = ["Fault"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong with the form of a file, at one place."""

    span: Span
    message: str
