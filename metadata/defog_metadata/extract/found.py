"""What a reader returns, when all that its queries have found is in the spool."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from defog_metadata.catalog import Table
from defog_metadata.extract.spool import Gathered

__all__ = ["Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """``table`` makes a table of what was gathered about it."""

    search_path: Sequence[str]
    table: Callable[[Gathered], Table]
