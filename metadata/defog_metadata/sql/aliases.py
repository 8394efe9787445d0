"""Short names for tables."""

from collections.abc import Container

from defog_metadata.catalog import Naming

__all__ = ["free_alias"]

# Not reserved everywhere, but read as something else behind a table in one place or another.
_WORDS = frozenset("as at by do go if in is no of on or to asc end for set use".split())


def free_alias(name: str, taken: Container[str], naming: Naming) -> str:
    """The initials of *name*, or more of it, or with a number, until nothing is called so.

    *taken* are casefolded. Words that the dialect reserves are no aliases.
    """
    parts = [it for it in name.casefold().split("_") if it]
    initials = "".join(it[0] for it in parts) or "t"
    candidates = [initials, name.casefold()[:3]]
    candidates += [f"{initials}{number}" for number in range(2, 100)]
    candidates += [f"t{number}" for number in range(1, 1000)]
    return next(
        it
        for it in candidates
        if it not in taken
        and it not in _WORDS
        and it.isidentifier()
        and it.isascii()
        and naming.write(it) == it
    )
