"""The tables of a database that something speaks for: few, however many there are."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from defog_lsp.ide.completion.matching import fit
from defog_lsp.ide.completion.subject import subject_of
from defog_metadata.catalog import Catalog, Table, TableSummary
from defog_metadata.sql.facts.keys import MOST_KEYED, keyed_tables, keys_between
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.unfinished.skeleton import PLACEHOLDER

__all__ = [
    "asked_tables",
    "closest",
    "golden_tables",
    "holding_tables",
    "named_relations",
    "related_tables",
    "stored",
    "tied_tables",
]

_FEWEST_ELSEWHERE = 40
"""Tables that what is typed may mean, in whatever schema."""
_MOST_ASKED = 40
_MOST_GOLDEN = 40
_MOST_HOLDING = 3
_MOST_COLUMNS = 5


def named_relations(caret: Caret) -> list[Relation]:
    """What the caret's query reads already, the caret itself aside."""
    return [
        it for it in caret.scope.relations if it.name is not None and it.name.text != PLACEHOLDER
    ]


def tied_tables(snapshot: Snapshot, caret: Caret) -> Iterator[Table]:
    """The tables that keys or golden queries tie to those in FROM, the last one's first."""
    for relation in reversed(named_relations(caret)):
        if relation.table is not None:
            yield from related_tables(relation.table, snapshot, caret.prefix)


def related_tables(table: Table, snapshot: Snapshot, typed: str) -> list[Table]:
    """The tables that keys or golden queries tie to *table*, each once.

    Of so many that not all are looked at, those that *typed* may mean are.
    """
    catalog = snapshot.catalog
    found = {it.qualified_name: it for it in keyed_tables(table, catalog)}
    for name in snapshot.usage.joined_to(table):
        if name not in found and (other := catalog.qualified(name)) is not None:
            found[name] = other
    if typed and len(found) >= MOST_KEYED:
        for it in stored(catalog.source.matching(typed, limit=_MOST_ASKED), catalog):
            if any(keys_between(it, table)):
                found.setdefault(it.qualified_name, it)
    return list(found.values())


def stored(summaries: Iterable[TableSummary], catalog: Catalog) -> Iterator[Table]:
    """The tables that *summaries* are of."""
    for it in summaries:
        for table in catalog.source.named(it.name.casefold()):
            if table.summary == it:
                yield table


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


def holding_tables(snapshot: Snapshot, typed: str) -> Iterator[Table]:
    """Some tables with columns whose names start with what is *typed*, if anything is."""
    source = snapshot.catalog.source
    names = source.column_names(typed.casefold(), limit=_MOST_COLUMNS) if typed else ()
    for name in names:
        found = source.having(name.casefold(), limit=_MOST_HOLDING)
        yield from stored(found, snapshot.catalog)


def closest(snapshot: Snapshot, typed: str, *, most: int) -> list[TableSummary]:
    """The tables that *typed* may mean: *most* of each schema on the search path, then of any.

    Of the others at least those that come closest, however many there are on the search path.
    """
    catalog = snapshot.catalog
    source = catalog.source
    found = source.matching(typed, schema=None, limit=_FEWEST_ELSEWHERE)
    if len(found) < _FEWEST_ELSEWHERE:  # then these are all
        return list(found)
    paths = (source.matching(typed, schema=it, limit=most) for it in _search_path(catalog))
    first = list(chain.from_iterable(paths))
    if (room := most - len(first)) > _FEWEST_ELSEWHERE:
        found = source.matching(typed, schema=None, limit=room)
    return [*first, *found]


def _search_path(catalog: Catalog) -> list[str]:
    """The schemas in which a bare name is looked for, where the database has others as well."""
    schemas = catalog.source.schemas()
    found = [it for it in ("", *catalog.search_path) if it in schemas]
    return found if len(found) < len(schemas) else []
