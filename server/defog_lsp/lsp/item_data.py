"""What a completion item carries through the client, so that it can be found again.

All of it is names: the server keeps nothing between an answer and the request about one of its
items. What comes back was in the client's hands and may be anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defog_lsp.ide.completion import Subject, SubjectKind

__all__ = ["ItemData", "read_data", "to_data"]

_NAMES = ("name", "table", "schema", "database")
_KINDS: "tuple[SubjectKind, ...]" = ("table", "column", "function")


@dataclass(frozen=True, slots=True)
class ItemData:
    """The parts of a ``Subject``, and what it takes to look it up."""

    kind: "SubjectKind"
    names: Mapping[str, str]
    uri: str
    """Of the document, whose place says which database is meant."""
    dialect: str


def to_data(subject: "Subject", uri: str, dialect: str) -> dict[str, str]:
    """JSON, without what is empty."""
    names = {it: getattr(subject, it) for it in _NAMES}
    data = {"uri": uri, "dialect": dialect, "kind": subject.kind, **names}
    return {key: value for key, value in data.items() if value}


def read_data(data: object) -> ItemData | None:
    """The inverse of ``to_data``; ``None`` for what that cannot have made."""
    if not isinstance(data, Mapping) or not all(isinstance(it, str) for it in data.values()):
        return None
    kind = next((it for it in _KINDS if it == data.get("kind")), None)
    if kind is None or "uri" not in data:
        return None
    names = {it: str(data.get(it, "")) for it in _NAMES}
    return ItemData(kind, names, data["uri"], data.get("dialect", ""))
