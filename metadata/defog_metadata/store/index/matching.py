"""Names that somebody may mean who has typed a part of one, or misspelt it.

Finds what ``catalog.matching`` says: each way to mean a name asks for the numbers of the names that
may, in the order of their lengths, until there are enough.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, combinations, islice, pairwise
from typing import NamedTuple

from defog_metadata.catalog import TableSummary
from defog_metadata.catalog.matching import (
    ENOUGH,
    SHORTEST_INSIDE,
    SHORTEST_SLIP,
    Typed,
    abbreviates,
    name_words,
    slips_of,
)
from defog_metadata.spelling import nearest
from defog_metadata.store.index.connection import Rows
from defog_metadata.store.index.grams import containing, sharing
from defog_metadata.store.index.names import MOST_WORDS
from defog_metadata.store.index.packing import storable, unpacked_numbers

__all__ = ["having", "matching", "similar"]

_LAST = "\U0010ffff"
_FEW_NAMES = 2000
"""So many names that start alike are sorted at once. Of more, enough are among the shortest."""
_AT_ONCE = 100
_LONGEST_SHORT_FORM = 20
_LONGEST_SLIP = 40
_MOST_RATED = 200
_LONGEST_SHORT_KEY = 8
"""In so few letters one slip leaves hardly three in a row as they were."""


class _Found(NamedTuple):
    """A table that may be meant. In the order in which they are told."""

    close: int
    length: int
    key: str
    schema: str
    id: int
    summary: TableSummary


def matching(rows: Rows, typed: str, *, schema: str | None, limit: int) -> Sequence[TableSummary]:
    """What ``TableSource.matching`` gives for *typed*, which is not empty."""
    wanted = Typed(storable(typed))
    found: dict[int, _Found] = {}

    def add(numbers: Iterator[int], rate: Callable[[str, str], int | None]) -> None:
        # What comes closer is among them once more, but there was less of it than *limit*.
        for it in _tables(rows, numbers, schema, limit, rate):
            found.setdefault(it.id, it)

    add(_starting(rows, wanted.key), lambda *_: 0)
    if len(found) < limit:
        add(_beginning(rows, wanted), lambda *_: 1)
    if len(found) < limit:
        add(_inside(rows, wanted), lambda key, _: 2 if wanted.key in key else None)
    if len(found) < min(limit, ENOUGH):
        add(
            _abbreviated(rows, wanted),
            lambda _, words: 3 if abbreviates(wanted.letters, words.split(" ")) else None,
        )
    if len(found) < min(limit, ENOUGH):
        add(_slipped(rows, wanted), lambda *_: 4)
    return [it.summary for it in sorted(found.values())[:limit]]


def similar(rows: Rows, key: str, *, limit: int) -> Sequence[str]:
    """What ``TableSource.similar`` gives."""
    key = storable(key)
    near = sharing(rows, "name", key, _MOST_RATED)
    known = {it for (it,) in rows.select(
        "SELECT key FROM name WHERE id IN (SELECT value FROM json_each(?))", json.dumps(near)
    )}  # fmt: skip
    words = key.split("_")
    maybe = {key, *("_".join(words[it:]) for it in range(len(words)))}
    maybe |= {"_".join(words[:it]) for it in range(1, len(words))}
    if len(key) <= _LONGEST_SHORT_KEY:
        maybe |= slips_of(key, (*_letters(rows), "_"))
    known.update(it for (it,) in rows.select(
        "SELECT key FROM name WHERE key IN (SELECT value FROM json_each(?))", json.dumps([*maybe])
    ))  # fmt: skip
    for query, values in (
        ("SELECT key FROM name WHERE key >= ? AND key < ? LIMIT ?", _range(f"{key}_")),
        (
            "SELECT key FROM name WHERE id IN (SELECT name FROM beginning WHERE words = ?) LIMIT ?",
            (Typed(key).words,),
        ),
    ):
        known.update(it for (it,) in rows.select(query, *values, _MOST_RATED))
    return nearest(key, sorted(known), limit=limit)


def having(rows: Rows, column: str, *, limit: int) -> Sequence[TableSummary]:
    """What ``TableSource.having`` gives."""
    numbers: list[int] = []
    first = -1
    while len(numbers) < limit and (
        found := rows.select(
            "SELECT first, numbers FROM holding WHERE key = ? AND first > ? ORDER BY first LIMIT 1",
            storable(column),
            first,
        )
    ):
        ((first, packed),) = found
        numbers += unpacked_numbers([packed])[: limit - len(numbers)]
    query = (
        "SELECT r.name, r.schema, r.kind, r.description FROM json_each(?) AS wanted"
        " CROSS JOIN relation AS r ON r.id = wanted.value"
    )
    return [TableSummary(*it) for it in rows.select(query, json.dumps(numbers))]


def _tables(
    rows: Rows,
    numbers: Iterator[int],
    schema: str | None,
    most: int,
    rate: Callable[[str, str], int | None],
) -> Iterator[_Found]:
    """The first *most* tables of the names *numbers* that *rate* allows by key and words."""
    query = (
        "SELECT r.id, r.key, n.words, r.name, r.schema, r.kind, r.description"
        " FROM json_each(?) AS wanted CROSS JOIN name AS n ON n.id = wanted.value"
        f" CROSS JOIN relation AS r ON r.key = n.key{' AND r.schema = ?' * (schema is not None)}"
    )
    more = [] if schema is None else [storable(schema)]
    given = 0
    while asked := list(islice(numbers, _AT_ONCE)):
        for number, key, words, name, its_schema, kind, description in rows.select(
            query, json.dumps(asked), *more
        ):
            close = rate(key, words)
            # One key may be written as different words: ``orderlines`` and ``OrderLines``.
            if close is None or (close and storable(" ".join(name_words(name))) != words):
                continue
            summary = TableSummary(name, its_schema, kind, description)
            yield _Found(close, len(key), key, its_schema, number, summary)
            given += 1
            if given == most:
                return


def _starting(rows: Rows, key: str) -> Iterator[int]:
    return _in_order(
        rows,
        "SELECT id FROM name WHERE key >= ? AND key < ? LIMIT ?",
        "SELECT id FROM name NOT INDEXED WHERE id > ? AND key >= ? AND key < ? ORDER BY id LIMIT ?",
        _range(key),
    )


def _beginning(rows: Rows, typed: Typed) -> Iterator[int]:
    if not typed.words:
        return iter(())
    return _in_order(
        rows,
        "SELECT DISTINCT name FROM beginning WHERE words >= ? AND words < ? LIMIT ?",
        "SELECT id FROM name WHERE id > ? AND (substr(words, 1, ?) = ? OR instr(words, ?))"
        " ORDER BY id LIMIT ?",
        _range(typed.words),
        (len(typed.words), typed.words, f" {typed.words}"),
    )


def _in_order(
    rows: Rows,
    few: str,
    many: str,
    values: Sequence[object],
    others: Sequence[object] | None = None,
) -> Iterator[int]:
    """Numbers of names, ascending: all at once where they are *few*, else as far as wanted."""
    found = rows.select(few, *values, _FEW_NAMES + 1)
    if len(found) <= _FEW_NAMES:
        yield from sorted(it for (it,) in found)
        return
    last = 0
    while page := rows.select(many, last, *(others or values), _AT_ONCE):
        yield from (it for (it,) in page)
        last = page[-1][0]


def _inside(rows: Rows, typed: Typed) -> Iterator[int]:
    if len(typed.key) >= SHORTEST_INSIDE and typed.letters:
        yield from containing(rows, "name", typed.key)


def _abbreviated(rows: Rows, typed: Typed) -> Iterator[int]:
    """Names in which the beginnings of some words may make up what is typed.

    Either three letters or more are of one word, which finds it, or at most two are of each: then
    few words can begin with them.
    """
    letters = typed.letters
    if not 1 < len(letters) <= _LONGEST_SHORT_FORM:
        return
    found: set[int] = set()
    for place in range(len(letters) - 2):
        found.update(_with_word(rows, letters[:place], letters[place:]))
    for parts in _splits(letters):
        found.update(_with_words(rows, parts))
    yield from sorted(found)


def _with_word(rows: Rows, before: str, rest: str) -> list[int]:
    """Names with a word that the first letters of *rest* begin; the others come in order."""
    query = (
        "SELECT DISTINCT b.name FROM beginning AS b"
        " WHERE b.words >= ? AND b.words < ? AND b.words GLOB ?"
    )
    values = [*_range(rest[:3]), "*".join((rest[:3], *rest[3:], ""))]
    if before:
        query += " AND (SELECT words FROM name WHERE id = b.name) GLOB ?"
        values.append("*".join(("", *before, f" {rest[:3]}", *rest[3:], "")))
    return [it for (it,) in rows.select(f"{query} LIMIT ?", *values, _FEW_NAMES)]


def _splits(letters: str) -> Iterator[Sequence[str]]:
    """*letters* in two parts or more, of one or two each."""
    for count in range(max(2, (len(letters) + 1) // 2), len(letters) + 1):
        if count > MOST_WORDS and count < len(letters):
            continue
        for doubles in combinations(range(count), len(letters) - count):
            ends = accumulate((1 + (it in doubles) for it in range(count)), initial=0)
            yield [letters[start:end] for start, end in pairwise(ends)]


def _with_words(rows: Rows, parts: Sequence[str]) -> list[int]:
    """Names with words that *parts* begin."""
    pattern = "*".join(f" {it}" for it in parts)
    query = (
        "SELECT n.id FROM initials AS i CROSS JOIN name AS n ON n.id = i.name"
        " WHERE i.letters = ? AND ' ' || n.words GLOB ? LIMIT ?"
    )
    initials = "".join(it[0] for it in parts)
    return [it for (it,) in rows.select(query, initials, f"*{pattern}*", _FEW_NAMES)]


def _slipped(rows: Rows, typed: Typed) -> Iterator[int]:
    if not SHORTEST_SLIP <= len(typed.words) <= _LONGEST_SLIP:
        return
    slips = slips_of(typed.words, (*_letters(rows), " "))
    query = (
        "SELECT DISTINCT b.name FROM json_each(?) AS slip CROSS JOIN beginning AS b"
        " ON b.words >= slip.value AND b.words < slip.value || ? ORDER BY b.name LIMIT ?"
    )
    found = rows.select(query, json.dumps([*slips]), _LAST, _FEW_NAMES)
    yield from (it for (it,) in found)


def _letters(rows: Rows) -> Sequence[str]:
    return [it for (it,) in rows.select("SELECT letter FROM letter")]


def _range(start: str) -> tuple[str, str]:
    return start, start + _LAST
