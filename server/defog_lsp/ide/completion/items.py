"""What completion offers, before it is put into LSP's words."""

from dataclasses import dataclass
from typing import Literal

from defog_metadata.text import Span

ItemKind = Literal[
    "schema",
    "table",
    "view",
    "cte",
    "alias",
    "column",
    "function",
    "keyword",
    "join",
    "list",
    "type",
    "value",
]
"""``join``: a relation or condition that keys suggest; ``list``: several columns at once."""


@dataclass(frozen=True, slots=True)
class Item:
    """One offer: ``insert`` replaces the text of ``span``."""

    label: str
    kind: ItemKind
    span: Span
    insert: str
    detail: str = ""
    """Shown right behind the label: a column's type."""
    description: str = ""
    """Shown at the far end: the table a column belongs to."""
    documentation: str = ""
    """Markdown."""
    snippet: str = ""
    """``insert`` with tab stops, for clients that know them."""


@dataclass(frozen=True, slots=True)
class Completions:
    """The offers, best first. ``is_incomplete``: more would come with more typed."""

    items: tuple[Item, ...] = ()
    is_incomplete: bool = False
