"""The tables of a database that something speaks for: few, however many there are."""

from collections.abc import Iterator, Sequence
from itertools import islice

from defog_lsp.ide.completion.matching import fit
from defog_lsp.ide.completion.subject import subject_of
from defog_metadata.catalog import Table
from defog_metadata.sql.facts.keys import keyed_tables
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.unfinished.skeleton import PLACEHOLDER

__all__ = ["asked_tables", "golden_tables", "named_relations", "related_tables", "tied_tables"]

_MOST_ASKED = 40
_MOST_GOLDEN = 40


def named_relations(caret: Caret) -> list[Relation]:
    """What the caret's query reads already, the caret itself aside."""
    return [
        it for it in caret.scope.relations if it.name is not None and it.name.text != PLACEHOLDER
    ]


def tied_tables(snapshot: Snapshot, caret: Caret) -> Iterator[Table]:
    """The tables that keys or golden queries tie to those in FROM, the last one's first."""
    for relation in reversed(named_relations(caret)):
        if relation.table is not None:
            yield from related_tables(relation.table, snapshot)


def related_tables(table: Table, snapshot: Snapshot) -> list[Table]:
    """The tables that keys or golden queries tie to *table*, each once."""
    found = {it.qualified_name: it for it in keyed_tables(table, snapshot.catalog)}
    for name in snapshot.usage.joined_to(table):
        if name not in found and (other := snapshot.catalog.qualified(name)) is not None:
            found[name] = other
    return list(found.values())


def golden_tables(snapshot: Snapshot, typed: str = "") -> Iterator[Table]:
    """The tables that golden queries read, those they read most first, that fit what is typed."""
    names = (
        it
        for it in snapshot.usage.read_most
        if not typed or fit(typed, it.rpartition(".")[2]) is not None
    )
    for name in islice(names, _MOST_GOLDEN):
        if (table := snapshot.catalog.qualified(name)) is not None:
            yield table


def asked_tables(snapshot: Snapshot, caret: Caret, *more: str) -> Sequence[Table]:
    """The tables that the words of the question, and *more* words, occur in, the best first."""
    words = (*subject_of(snapshot, caret).words, *more)
    return snapshot.catalog.source.about(words, limit=_MOST_ASKED) if words else ()
