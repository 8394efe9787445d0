"""What completion offers, before it is put into LSP's words."""

from dataclasses import dataclass
from typing import Literal

from defog_metadata.text import Edit, Span

__all__ = ["Completions", "Item", "ItemKind", "Subject", "SubjectKind"]

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


SubjectKind = Literal["table", "column", "function"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item stands for, by the names that find it again when nothing else is left.

    ``name`` is the column's or the function's; ``database``, ``schema`` and ``table`` are as the
    metadata has them, empty for a function.
    """

    kind: SubjectKind
    name: str = ""
    table: str = ""
    schema: str = ""
    database: str = ""


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
    """Markdown: what can be said without looking anything up."""
    snippet: str = ""
    """``insert`` with tab stops, for clients that know them."""
    subject: Subject | None = None
    """What the full documentation is about, where there is more to say."""
    extra_edits: tuple[Edit, ...] = ()
    """Changes elsewhere in the text that go with this one; none touches ``span``."""
    filter_text: str = ""
    """What a client that filters by itself is to compare with the text of ``span`` up to the
    caret; set when the answer is put together."""


@dataclass(frozen=True, slots=True)
class Completions:
    """The offers, best first. ``is_incomplete``: more would come with more typed."""

    items: tuple[Item, ...] = ()
    is_incomplete: bool = False
