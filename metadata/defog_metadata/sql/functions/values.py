"""What is known of a function."""

from dataclasses import dataclass
from typing import Literal

from defog_metadata.text import Span

__all__ = ["Function", "FunctionKind", "Parameter", "Signature"]

FunctionKind = Literal["scalar", "aggregate", "window", "table"]
"""``table``: returns rows, so it can stand in FROM."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. Where the engine gives no name, ``name`` is empty and ``type`` says it all.

    Words of the syntax are in capitals in ``name``: ``field FROM source``.
    """

    name: str
    type: str = ""
    is_optional: bool = False
    is_variadic: bool = False

    def __str__(self) -> str:
        shown = " ".join(filter(None, (self.name, self.type))) + "..." * self.is_variadic
        return f"[{shown}]" if self.is_optional else shown


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function. ``returns`` is empty where the type is not known."""

    parameters: tuple[Parameter, ...] = ()
    returns: str = ""

    def written(self, name: str) -> str:
        """The signature as documentation shows it.

        >>> Signature((Parameter("value", "numeric"),), "numeric").written("round")
        'round(value numeric) → numeric'
        """
        arguments = ", ".join(map(str, self.parameters))
        return f"{name}({arguments})" + (f" → {self.returns}" if self.returns else "")

    def spans(self, name: str) -> tuple[Span, ...]:
        """Where in ``written(name)`` each parameter is."""
        found: list[Span] = []
        offset = len(name) + 1
        for it in self.parameters:
            found.append(Span(offset, offset + len(str(it))))
            offset = found[-1].end + len(", ")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in function, under the name that its engine's documentation writes."""

    name: str
    kind: FunctionKind
    signatures: tuple[Signature, ...] = ()
    description: str = ""
    is_bare: bool = False
    """Whether it is called without parentheses, as ``current_date`` is."""
    extension: str = ""
    """The extension that a database must have installed for it; empty for most."""

    @property
    def returns_rows(self) -> bool:
        """Whether it can stand in FROM; some can be used as a value as well."""
        return self.kind == "table" or any(
            it.returns.startswith(("table", "setof")) for it in self.signatures
        )
