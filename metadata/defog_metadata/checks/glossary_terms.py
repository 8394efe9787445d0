"""What a statement of a glossary defines: ``Revenue = …``, ``Churned means …``."""

import re
from dataclasses import dataclass

from defog_metadata.text import Span

__all__ = ["Definition", "definition_of", "plain"]


@dataclass(frozen=True, slots=True)
class Definition:
    """``term`` is what is defined; spans count from the start of the statement."""

    term: str
    """Without articles, emphasis and abbreviation."""
    names: tuple[str, ...]
    """All that it is called, as keys: of ``Average Order Value (AOV)`` both."""
    body: str
    head: Span
    is_strict: bool
    """Whether it says what the term is, and not only something about it."""


def definition_of(statement: str) -> Definition | None:
    """What *statement* defines, if it is of that form.

    >>> definition_of("NCT (Net Commission Total) = SUM(commission)").names
    ('nct', 'net commission total')
    >>> definition_of("Orders can be joined to customers") is None
    True
    """
    found = _DEFINED.match(statement)
    if found is None:
        return None
    head = found["head"].strip()
    body = found["body"].strip()
    if not body or len(head.split()) > _LONGEST or _SENTENCE.search(head):
        return None
    is_strict = _LOOSE.fullmatch(found["by"].strip(" *")) is None
    cleaned = plain(head)
    names = tuple(dict.fromkeys(filter(None, map(_key, _called(cleaned)))))
    if not names:
        return None
    start = found.start("head")
    return Definition(cleaned, names, body, Span(start, start + len(head)), is_strict)


def plain(text: str) -> str:
    """*text* without Markdown's emphasis and code marks, and without the article it starts with."""
    return _ARTICLE.sub("", _MARKS.sub("", text)).strip()


def _called(head: str) -> list[str]:
    """The names in a head, with what stands in brackets if it is short, or long, for the rest."""
    found = _BRACKETS.search(head)
    if found is None:
        return [head]
    outside = f"{head[: found.start()]} {head[found.end() :]}".strip()
    before, inside = head[: found.start()].strip(), found["inside"].strip()
    if _is_short_for(inside, before) or _is_short_for(before, inside):
        # What follows the brackets ("for a customer") belongs to both.
        rest = head[found.end() :].strip()
        return [outside, f"{inside} {rest}".strip()]
    return [head]


def _is_short_for(short: str, long: str) -> bool:
    """Whether *short* is an abbreviation and could be that of *long*."""
    if not _ABBREVIATION.fullmatch(short):
        return False
    letters = iter(long.casefold())
    capitals = [it for it in short.casefold() if it.isalpha()]
    return all(any(it == letter for letter in letters) for it in capitals)


def _key(name: str) -> str:
    return " ".join(re.findall(r"[\w%*]+", name.casefold()))


_LONGEST = 8
_MARKS = re.compile(r"\*\*|__(?=\w)|(?<=\w)__|`|(?<!\w)[*_](?=\w)|(?<=\w)\*(?!\w)")
_ARTICLE = re.compile(r"^(?:an?|the|our|any)\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\((?P<inside>[^()]*)\)")
_ABBREVIATION = re.compile(r"(?=.*[A-Z0-9].*[A-Z0-9])[A-Za-z0-9&%/-]{2,12}")
# A verb, or another clause: what stands before the definer is then no name of anything.
_SENTENCE = re.compile(
    r"[.;?!]\s|,|\b(?:if|when|where|while|because|that|which|can|should|must|will|always|never"
    r"|use|join|filter|note|is|are|has|have|means)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(r":|(?:is|are)\s+the", re.IGNORECASE)
_DEFINED = re.compile(
    r"""
    (?P<head>[^=:]+?)
    (?P<by>
        \s*:?=\s*(?!=)
      | (?:\*\*)?\s*:(?:\*\*)?\s+
      | \s+(?:means|is\s+defined\s+as|are\s+defined\s+as|is\s+calculated\s+as|is\s+computed\s+as
            |refers\s+to|stands\s+for|denotes|is\s+the|are\s+the)\s+
    )
    (?P<body>.*)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
