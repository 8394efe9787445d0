"""What pruning leaves of a catalog, as values and as JSON."""

from dataclasses import dataclass
from typing import Any

from defog_metadata.catalog import Table
from defog_metadata.catalog.shapes import write_tables
from defog_metadata.pruning.joins import Origin

__all__ = ["KeptColumn", "KeptJoin", "KeptTable", "Pruned"]


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """``score`` is comparable within one answer only."""

    name: str
    score: float
    why: tuple[str, ...] = ()
    """For people; none where it came with its table."""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """``table`` has only the columns that are kept, and the keys that these make up."""

    table: Table
    score: float
    why: tuple[str, ...] = ()
    columns: tuple[KeptColumn, ...] = ()
    """In the table's order."""


@dataclass(frozen=True, slots=True)
class KeptJoin:
    """Tables go by their qualified names. Columns are empty where nothing tells them."""

    table: str
    columns: tuple[str, ...]
    other: str
    other_columns: tuple[str, ...]
    origin: Origin
    condition: str
    """As SQL writes it."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What is left of a catalog for one question."""

    question: str
    tables: tuple[KeptTable, ...]
    """The likeliest first, and behind them those that only join others."""
    joins: tuple[KeptJoin, ...]
    text: str
    """For a prompt: definitions of the tables, and the joins. Empty where nothing fits."""
    tokens: int
    """Of ``text``, as ``count_tokens`` estimates them."""
    search_path: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Values of JSON.

        ``metadata`` is in the shape of tables with columns that ``read_metadata`` reads back;
        ``joins`` are objects with the ``condition`` and its parts; ``why`` has, by the qualified
        name of each table, its and its columns' scores and reasons.
        """
        return {
            "question": self.question,
            "metadata": write_tables([it.table for it in self.tables], self.search_path),
            "joins": [
                {
                    "condition": it.condition,
                    "table": it.table,
                    "columns": list(it.columns),
                    "other_table": it.other,
                    "other_columns": list(it.other_columns),
                    "origin": it.origin,
                }
                for it in self.joins
            ],
            "tokens": self.tokens,
            "text": self.text,
            "why": {
                it.table.qualified_name: {
                    "score": _rounded(it.score),
                    "why": list(it.why),
                    "columns": {
                        column.name: {"score": _rounded(column.score), "why": list(column.why)}
                        for column in it.columns
                    },
                }
                for it in self.tables
            },
        }


def _rounded(score: float) -> float:
    return round(score, 4)
