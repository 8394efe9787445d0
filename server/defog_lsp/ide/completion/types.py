"""The types that a value can be cast to."""

from collections.abc import Iterator
from functools import lru_cache

from sqlglot.dialects.dialect import Dialect

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["types"]

_COMMON = (
    "integer int bigint numeric decimal text varchar string date timestamp timestamptz datetime "
    "boolean bool float float64 int64 double real json jsonb uuid interval signed unsigned char"
).split()
_INTERNAL = frozenset("null unknown hllsketch super object nullable lowcardinality name".split())


def types(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The common types first, then the others that the dialect has."""
    if caret.qualifier:
        return  # a type of a schema: the metadata has none
    for name in _types_of(snapshot.dialect):
        written = name.upper() if caret.prefix.isupper() else name
        yield Candidate(Item(name, "type", caret.span, written))


@lru_cache(maxsize=64)
def _types_of(dialect: str) -> tuple[str, ...]:
    known = Dialect.get_or_raise(dialect or None)
    type_tokens = known.parser_class.TYPE_TOKENS
    names = {
        word.lower()
        for word, token in known.tokenizer_class.KEYWORDS.items()
        if token in type_tokens and word.replace(" ", "").isalnum()
    } - _INTERNAL
    return (*(it for it in _COMMON if it in names), *sorted(names - set(_COMMON)))
