"""The entry: understand the caret, gather what fits there, put the best first."""

from collections.abc import Iterator

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.columns import columns, qualifiers
from defog_lsp.ide.completion.elsewhere import columns_elsewhere
from defog_lsp.ide.completion.items import Completions
from defog_lsp.ide.completion.keywords import keywords
from defog_lsp.ide.completion.ranking import ranked
from defog_lsp.ide.completion.relations import relations
from defog_metadata.sql.caret import Caret, caret_at
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["complete"]

_MOST_ITEMS = 100


def complete(snapshot: Snapshot, offset: int) -> Completions:
    """What can be written at *offset*, best first, at most a hundred items."""
    caret = caret_at(snapshot, offset)
    items = ranked(_candidates(snapshot, caret), snapshot, caret)
    return Completions(tuple(items[:_MOST_ITEMS]), len(items) > _MOST_ITEMS)


def _candidates(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    if caret.expected == "name" and caret.reference is not None:
        if caret.reference.kind == "table":
            yield from relations(snapshot, caret)
        else:
            yield from columns(snapshot, caret)
            if _is_before_from(caret, snapshot):
                yield from columns_elsewhere(snapshot, caret)
            if caret.reference.clause == "insert columns":
                return
            if not caret.qualifier:
                yield from qualifiers(snapshot, caret)
    if not caret.is_quoted:
        for keyword in keywords(caret):
            yield Candidate(keyword)


def _is_before_from(caret: Caret, snapshot: Snapshot) -> bool:
    """Whether the caret's query has nothing to select from yet."""
    if caret.reference is None or caret.reference.clause not in ("select", "values"):
        return False
    if caret.qualifier:
        return caret.scope.relation(caret.qualifier, snapshot.catalog.naming) is None
    return not caret.scope.relations
