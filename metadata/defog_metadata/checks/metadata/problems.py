"""What is wrong with metadata, and of what: values that no file is needed for."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Code", "MetadataProblem", "Part", "Place"]

Code = Literal["configuration", "metadata-duplicate", "metadata-type", "metadata-drift"]
Part = Literal["name", "schema", "type", "primary key", "unique key", "foreign key", "index"]


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a table (the one at index ``table`` of those checked) or of its column."""

    table: int
    column: int | None = None
    part: Part = "name"
    name: str = ""
    """Of a key or index: the one name in it that is meant."""


@dataclass(frozen=True, slots=True)
class MetadataProblem:
    """One mistake. ``message`` is a sentence that can stand alone: it names what it is about."""

    code: Code
    place: Place
    message: str
    meant: tuple[str, ...] = ()
    """What may have been meant instead of what stands there, the likeliest first."""
    earlier: Place | None = None
    """Of a duplicate: the one before it."""
    is_sure: bool = True
    """False where only the database itself could tell."""

    def __str__(self) -> str:
        return self.message
