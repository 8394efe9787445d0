"""Which words the queries of views are made of: those that may read a table have its name's.

More views do than read it: a column or an alias may be called the same. Who asks looks closer.
"""

import re

from defog_metadata.catalog.values import Table

__all__ = ["mentions", "words_of"]

_WORD = re.compile(r"\w+")


def words_of(text: str) -> frozenset[str]:
    """The words of a name or query, in casefolded form.

    Quotes and brackets do not count: how a name is written differs by engine.
    """
    return frozenset(_WORD.findall(text.casefold()))


def mentions(view: Table, name: str) -> bool:
    """Whether the query of *view* has all the words of the table name *name*."""
    words = words_of(name) if view.definition else frozenset()
    return bool(words) and words <= words_of(view.definition)
