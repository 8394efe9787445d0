"""What a glossary itself shows of the names in it: its words, its terms, its SQL."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from defog_metadata.catalog import Catalog
from defog_metadata.checks.glossary_sql import Fragment, fragments
from defog_metadata.checks.glossary_terms import definition_of
from defog_metadata.checks.vocabulary import Vocabulary, vocabulary_of
from defog_metadata.documents.glossary import GlossaryLine
from defog_metadata.pruning import Mention, looks_like_a_name, mentions
from defog_metadata.spelling import distance, nearest
from defog_metadata.text import Span

__all__ = ["HUMP", "GlossaryFacts", "is_in", "is_slip_of"]


@dataclass
class GlossaryFacts:
    """What the lines of a glossary and the database have to do with each other."""

    lines: Sequence[GlossaryLine]
    catalog: Catalog
    dialect: str
    vocabulary: Vocabulary = field(init=False)
    words: frozenset[str] = field(init=False)
    """What the prose is made of, names left out."""
    defined: dict[str, str] = field(init=False)
    """The terms that the glossary itself defines, by their keys."""
    has_humps: bool = field(init=False)
    """Whether names are written as ``orderId`` here."""
    _read: dict[str, tuple[Fragment, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        is_known = bool(self.catalog) and not self.catalog.is_partial
        self.vocabulary = vocabulary_of(self.catalog if is_known else Catalog())
        self.words = frozenset(self._prose())
        self.defined = {
            name.replace(" ", "_"): definition.term
            for line in self.lines
            if (definition := definition_of(line.text))
            for name in definition.names
        }
        made = (
            it
            for line in self.lines
            for found in _MADE.finditer(line.text)
            for it in found.groups()
        )
        self.defined.update((it.casefold(), it) for it in made if it)
        self.has_humps = self._has_humps()

    @property
    def made_names(self) -> Iterator[str]:
        """What is defined in the text and is written like a name."""
        return (
            it for key, it in self.defined.items() if it.casefold() == key and looks_like_a_name(it)
        )

    def is_used_twice(self, key: str) -> bool:
        """Whether the word *key* stands in the text at several places."""
        uses = sum(mention.key == (key,) for line in self.lines for mention in mentions(line.text))
        return uses > 1

    def fragments(self, text: str) -> tuple[Fragment, ...]:
        """The SQL in *text*, one of the lines; read once."""
        found = self._read.get(text)
        if found is None:
            found = tuple(fragments(text, self.dialect, self._is_or_nearly_is_a_name))
            self._read[text] = found
        return found

    def _is_or_nearly_is_a_name(self, word: str) -> bool:
        key = word.casefold()
        return self.vocabulary.has(key) or (
            len(key) >= _SHORTEST
            and is_slip_of(key, nearest(key, self.vocabulary.near_columns(key)))
        )

    def _prose(self) -> Iterator[str]:
        for line in self.lines:
            read = [it.span for it in self.fragments(line.text)]
            for mention in mentions(line.text):
                is_alone = mention.place != "code" and len(mention.parts) == 1
                if is_alone and not mention.is_marked and not is_in(mention, read):
                    yield mention.key[0]

    def _has_humps(self) -> bool:
        if self.vocabulary.has_humps:
            return True
        humped = {
            key
            for line in self.lines
            for mention in mentions(line.text)
            for key, part in zip(mention.key, mention.parts, strict=True)
            if HUMP.search(part) and self.vocabulary.has(key)
        }
        return len(humped) > 1


def is_in(mention: Mention, spans: Sequence[Span]) -> bool:
    return any(it.start <= mention.span.start < it.end for it in spans)


def is_slip_of(written: str, close: Sequence[str]) -> bool:
    """Whether the first of *close* is only a slip or two away from *written*."""
    if not close:
        return False
    slips = distance(written.casefold(), close[0].casefold())
    return slips <= (1 if len(written) < _LONG else 2)


_MADE = re.compile(r"\bAS\s+[`\"]?(\w+)|\b(\w+)[`\"]?\s+AS\s*\(")
_SHORTEST = 3
_LONG = 8
HUMP = re.compile(r"[a-z][A-Z]")
