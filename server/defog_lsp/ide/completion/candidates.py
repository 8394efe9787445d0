"""What could be offered, before anyone has decided in which order."""

from dataclasses import dataclass

from defog_lsp.ide.completion.items import Item
from defog_metadata.catalog import Table, TableSummary
from defog_metadata.sql.scopes import Field, Relation

__all__ = ["Candidate"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item with what ranking wants to know of it.

    ``field`` and its ``relation`` for a column, ``relation`` for a name in FROM, ``summary`` for
    a table of the database, with the ``table`` itself where that is at hand.
    """

    item: Item
    field: Field | None = None
    relation: Relation | None = None
    summary: TableSummary | None = None
    table: Table | None = None
    distance: int = 0
    """How many queries out the name was found: 0 is the caret's own."""
    typed_as: str = ""
    """What of it is typed, where that is neither the label nor the name of a column or table."""
    is_rare: bool = False
    """Whether it is seldom what is meant: equally fitting others go before it."""

    @property
    def name(self) -> str:
        """The part of the label that is being typed: behind the dot of a qualified one."""
        if self.typed_as:
            return self.typed_as
        if self.field is not None:
            return self.field.name.text
        return self.summary.name if self.summary is not None else self.item.label
