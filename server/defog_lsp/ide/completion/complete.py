"""The entry: understand the caret, gather what fits there, put the best first."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.columns import assigns_to_several, columns, qualifiers, windows
from defog_lsp.ide.completion.delivery import delivered
from defog_lsp.ide.completion.elsewhere import columns_elsewhere
from defog_lsp.ide.completion.functions import functions
from defog_lsp.ide.completion.items import Completions
from defog_lsp.ide.completion.joins import conditions, joined_tables
from defog_lsp.ide.completion.keywords import keywords
from defog_lsp.ide.completion.lists import expanded_star, grouped, insert_columns, insert_target
from defog_lsp.ide.completion.ranking import ranked
from defog_lsp.ide.completion.relations import most_shown, relations, schemas
from defog_lsp.ide.completion.types import types
from defog_lsp.ide.completion.values import values
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.templates import FILLED_IN
from defog_metadata.sql.unfinished.caret import Caret, caret_at

__all__ = ["candidates", "complete"]

_MOST_ITEMS = 100


def complete(snapshot: Snapshot, offset: int) -> Completions:
    """What can be written at *offset*, best first, at most a hundred items."""
    caret = caret_at(snapshot, offset)
    # What a template puts there has no name that could be written.
    nameable = (it for it in candidates(snapshot, caret) if FILLED_IN not in it.item.insert)
    is_table = caret.reference is not None and caret.reference.kind == "table"
    most = min(_MOST_ITEMS, most_shown(caret)) if is_table else _MOST_ITEMS
    found = ranked(nameable, snapshot, caret, most=most)
    return delivered(found, snapshot.text, offset, most=most)


def candidates(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """What fits there, in no order."""
    match caret.expected:
        case "name" if caret.reference is not None and caret.reference.kind == "table":
            yield from relations(snapshot, caret)
            yield from joined_tables(snapshot, caret)
            yield from functions(snapshot, caret)
        case "name" if caret.reference is not None:
            yield from _names(snapshot, caret)
        case "column":
            yield from insert_columns(snapshot, caret)
            yield from columns(snapshot, caret)
            if assigns_to_several(caret):
                yield from qualifiers(snapshot, caret)
        case "window":
            yield from windows(caret)
        case "string":
            yield from values(snapshot, caret)
        case "type":
            yield from types(snapshot, caret)
        case "schema":
            yield from schemas(snapshot, caret)
        case "continuation":
            yield from insert_target(snapshot, caret)
            yield from expanded_star(snapshot, caret)
        case _:
            pass
    if not caret.is_quoted:
        for keyword in keywords(caret, snapshot.dialect):
            yield Candidate(keyword)


def _names(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """What an expression can start with."""
    yield from values(snapshot, caret)
    yield from conditions(snapshot, caret)
    yield from grouped(snapshot, caret)
    yield from columns(snapshot, caret)
    yield from columns_elsewhere(snapshot, caret)
    if not caret.qualifier:
        yield from qualifiers(snapshot, caret)
    yield from functions(snapshot, caret)
