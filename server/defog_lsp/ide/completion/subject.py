"""What the user is about, in words: those of the comment, else those of the file's name."""

from dataclasses import dataclass

from defog_metadata.pruning import terms
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["Subject", "subject_of"]

_FROM_NAME = 0.5
"""A file's name is about all of its statements, and shorter than a question: measured, more gains
nothing."""
# What files are called by those who have no name for them.
_NAMELESS = frozenset(
    terms(
        """untitled unnamed new copy scratch scratchpad temp tmp test query sqlquery sql script
        console worksheet draft playground sandbox misc foo bar"""
    )
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The words in question, and from 0 to 1 how much they count."""

    words: tuple[str, ...]
    weight: float = 1.0


def subject_of(snapshot: Snapshot, caret: Caret) -> Subject:
    """The words of the comment above the statement; without one, those of the file's name.

    Words that the statement has answered already ask for nothing more.
    """
    comment = terms(caret.comment)
    named = () if comment else tuple(it for it in terms(snapshot.name) if _says_something(it))
    answered = {word for it in caret.others for word in terms(it.name.text)}
    words = tuple(it for it in comment or named if it not in answered)
    return Subject(words, 1.0 if comment else _FROM_NAME)


def _says_something(word: str) -> bool:
    return not word.isdecimal() and word not in _NAMELESS
