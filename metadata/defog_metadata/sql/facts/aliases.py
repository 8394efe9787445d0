"""Short names for tables."""

from collections.abc import Container
from itertools import chain, count

from defog_metadata.catalog import Naming

__all__ = ["free_alias"]

# Initials that read as a word of the language, whether or not the dialect reserves it.
_WORDS = frozenset(
    "as at by do go if in is no of on or to add all and any asc end for not set use".split()
)


def free_alias(name: str, taken: Container[str], naming: Naming) -> str:
    """The initials of *name*, with a number where something is called so or it is a keyword.

    *taken* are casefolded.
    """
    parts = [it for it in name.casefold().split("_") if it]
    initials = "".join(it[0] for it in parts) or "t"
    if not initials.isidentifier():
        initials = f"t{initials}" if f"t{initials}".isidentifier() else "t"
    candidates = chain((initials,), (f"{initials}{number}" for number in count(2)))
    return next(
        it for it in candidates if it not in taken and it not in _WORDS and naming.write(it) == it
    )
