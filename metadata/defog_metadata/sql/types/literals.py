"""Whether a string literal can become a value of a type, where PostgreSQL has to make one of it."""

import re
from datetime import date

__all__ = ["can_be"]

_FILLED_IN = re.compile(r"[{}$%@?<>\[\]#]|:(?=[^\W\d])")
_WHOLE = re.compile(r"[+-]?(?:\d[\d_]*|0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)")
_NUMBER = re.compile(
    r"[+-]?(?:(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?|0[xX][\da-fA-F_.pP+-]+"
    r"|0[oO][0-7_]+|0[bB][01_]+|inf(?:inity)?|nan)",
    re.IGNORECASE,
)
_BOOLEANS = ("true", "false", "yes", "no", "on", "off", "1", "0")
_UUID = re.compile(r"\{?(?:[\da-f]{4}-?){7}[\da-f]{4}\}?", re.IGNORECASE)
_MOMENTS = frozenset(
    "now today tomorrow yesterday epoch infinity -infinity +infinity allballs".split()
)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
# Parts of a day, a year alone, and what is an interval.
_NO_MOMENT = re.compile(
    r"\d{1,5}|\d{4}-\d{1,2}|-?\d+ (?:second|minute|hour|day|week|month|year)s?", re.IGNORECASE
)
_PRINTED = re.compile(r"[\w\s.,+-]*")


def can_be(text: str, family: str) -> bool:
    """Whether *text* may be a value of *family*; true where that is not certain."""
    written = text.strip()
    if _FILLED_IN.search(written) or not written.isascii():
        # A program may put something into its place.
        return True
    match family:
        case "whole":
            return _WHOLE.fullmatch(written) is not None
        case "wide" | "float":
            return _NUMBER.fullmatch(written) is not None
        case "boolean":
            return any(it.startswith(written.lower()) for it in _BOOLEANS) and written != ""
        case "uuid":
            return _UUID.fullmatch(written) is not None
        case "date" | "moment":
            return _can_be_moment(written)
        case _:
            return True


def _can_be_moment(written: str) -> bool:
    if day := _DAY.fullmatch(written):
        try:
            date(int(day[1]) or 1, int(day[2]), int(day[3]))
        except ValueError:
            return False
        return True
    if _NO_MOMENT.fullmatch(written):
        return False
    if any(it.isdigit() for it in written) or not _PRINTED.fullmatch(written):
        return True
    return any(it in _MOMENTS for it in written.lower().split())
