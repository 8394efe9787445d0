"""A mistake in the grammar of a statement."""

from dataclasses import dataclass

from defog_metadata.text import Edit, Fix, Span

__all__ = ["SyntaxProblem", "removal"]


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """``span`` is what a person would point at; it counts from the statement's start."""

    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()


def removal(span: Span, what: str) -> tuple[Fix, ...]:
    """The mend of what has no business where it stands."""
    return (Fix(f"Remove {what}", (Edit(span, ""),), is_certain=True),)
