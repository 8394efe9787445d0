"""Views by the words of their queries."""

from collections.abc import Iterator

from defog_metadata.store.index.connection import Rows
from defog_metadata.store.index.packing import storable, unpacked_numbers

__all__ = ["having_word"]


def having_word(rows: Rows, word: str) -> Iterator[int]:
    """The numbers of the views whose queries have the casefolded *word*, ascending.

    They are read a batch at a time, as far as they are wanted.
    """
    query = (
        "SELECT first, numbers FROM mentioned WHERE word = ? AND first > ? ORDER BY first LIMIT 1"
    )
    first = -1
    while found := rows.select(query, storable(word), first):
        ((first, packed),) = found
        yield from unpacked_numbers([packed])
