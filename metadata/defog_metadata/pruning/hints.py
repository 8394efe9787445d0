"""What a question needs though it does not say its name: dates where it speaks of time, names."""

import re

from defog_metadata.catalog import Column, Table
from defog_metadata.terms import stems

__all__ = ["holds_time", "is_label", "speaks_of_time"]

_TIME = frozenset(
    """time date day week weekday weekend month quarter year hour minute today yesterday tomorrow
    ago past last recent recently latest earliest previous current since until before after during
    when daily weekly monthly quarterly yearly annual annually season period trend cohort
    january february march april may june july august september october november december
    """.split()
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORD = re.compile(r"[a-z]+")
_TIME_TYPE = re.compile(r"date|time|year|interval", re.IGNORECASE)
_TIME_NAME = frozenset("date dt ts time timestamp day week month quarter year".split())


def speaks_of_time(question: str) -> bool:
    """Whether an answer may depend on when something was.

    >>> speaks_of_time("sales of the past 30 days"), speaks_of_time("customers by city")
    (True, False)
    """
    found = _WORD.findall(question.lower())
    return bool(_YEAR.search(question)) or any(
        it in _TIME or it.removesuffix("s") in _TIME for it in found
    )


def holds_time(column: Column) -> bool:
    """Whether the column says when something was, going by its type, else by its name."""
    return bool(_TIME_TYPE.match(column.type)) or not _TIME_NAME.isdisjoint(stems(column.name))


_LABELS = frozenset(("name", "title", "label"))


def is_label(table: Table, column: Column) -> bool:
    """Whether the column says which of the table's rows is meant: its key, or a name."""
    words = stems(column.name)
    return (
        column.name in table.primary_key
        or column.name.casefold() == "id"
        or (bool(words) and (words[-1] in _LABELS or words == (*stems(table.name), "id")))
    )
