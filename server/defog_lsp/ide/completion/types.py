"""The types that a value can be cast to."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.types.vocabulary import types_of
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["types"]


def types(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The common types first, then the others that the dialect has."""
    if caret.qualifier:
        return  # a type of a schema: the metadata has none
    for name in types_of(snapshot.dialect):
        written = name.upper() if caret.prefix.isupper() else name
        yield Candidate(Item(name, "type", caret.span, written))
