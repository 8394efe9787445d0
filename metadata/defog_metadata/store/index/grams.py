"""Texts by the three letters in a row that they have: what finds a part of one, or a misspelt one.

SQLite's own full-text search has such an index too, but answers with whole rows of every text that
has any of the grams, in its order. What is wanted here are the few that share most.
"""

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable

from defog_metadata.store.index.connection import Rows
from defog_metadata.store.index.packing import packed_numbers, unpacked_numbers

__all__ = ["containing", "grams", "sharing", "write_grams"]

_START, _END = "\x02", "\x03"
_AT_MOST = 500_000
_MOST_COUNTED = 20_000
"""So many texts are looked at for a misspelt one: those with its rarest grams."""


def grams(text: str, *, is_whole: bool) -> set[str]:
    """Its grams, with its start and its end among them if it *is_whole*."""
    padded = f"{_START}{text}{_END}" if is_whole else text
    return {padded[it : it + 3] for it in range(len(padded) - 2)}


def write_grams(index: sqlite3.Connection, of: str, query: str) -> None:
    """Index what *query* selects, rows of ascending numbers and texts, as *of*."""
    index.execute(f"CREATE TABLE {of}_gram (gram TEXT, first INTEGER, numbers BLOB, count INTEGER)")
    held: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    count = 0

    def flush() -> None:
        index.executemany(
            f"INSERT INTO {of}_gram VALUES (?, ?, ?, ?)",
            ((gram, it[0], packed_numbers(it), len(it)) for gram, it in held.items()),
        )
        held.clear()

    for number, text in index.execute(query):
        for gram in grams(text, is_whole=True):
            held[gram].append(number)
            count += 1
        if count > _AT_MOST:
            flush()
            count = 0
    flush()
    index.execute(f"CREATE INDEX {of}_gram_by_gram ON {of}_gram (gram, first, count)")


def containing(rows: Rows, of: str, text: str) -> list[int]:
    """The numbers of the texts that have all grams of *text*, ascending: few others do."""
    wanted = grams(text, is_whole=False)
    counts = _counts(rows, of, wanted)
    if len(counts) < len(wanted):
        return []
    found: set[int] | None = None
    for gram in sorted(wanted, key=counts.__getitem__):
        # What is left is soon few enough to be looked at one by one.
        if found is not None and len(found) * _FEWER < counts[gram]:
            break
        numbers = _numbers(rows, of, gram)
        found = set(numbers) if found is None else found.intersection(numbers)
    return sorted(found or ())


_FEWER = 20


def sharing(rows: Rows, of: str, text: str, limit: int) -> list[int]:
    """The numbers of the *limit* texts that have most grams in common with *text*.

    What differs in few places lacks few grams, so that it has some of the rarest.
    """
    counts = _counts(rows, of, grams(text, is_whole=True))
    shared: Counter[int] = Counter()
    left = _MOST_COUNTED
    for gram in sorted(counts, key=lambda it: (counts[it], it)):
        if shared and counts[gram] > left:
            break
        shared.update(_numbers(rows, of, gram))
        left -= counts[gram]
    return [number for number, _ in shared.most_common(limit)]


def _counts(rows: Rows, of: str, wanted: Iterable[str]) -> dict[str, int]:
    """In how many texts each of the *wanted* grams is, of those that are in any."""
    listed = list(wanted)
    places = ",".join("?" * len(listed))
    query = f"SELECT gram, sum(count) FROM {of}_gram WHERE gram IN ({places}) GROUP BY gram"
    return dict(rows.select(query, *listed))


def _numbers(rows: Rows, of: str, gram: str) -> "array[int]":
    query = f"SELECT numbers FROM {of}_gram WHERE gram = ? ORDER BY first"
    return unpacked_numbers(it for (it,) in rows.select(query, gram))
