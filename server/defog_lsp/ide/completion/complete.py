"""The entry: understand the caret, gather what fits there, put the best first."""

from collections.abc import Iterable, Iterator

from defog_lsp.ide.completion.columns import columns, qualifiers
from defog_lsp.ide.completion.items import Completions, Item
from defog_lsp.ide.completion.keywords import keywords
from defog_lsp.ide.completion.matching import fit
from defog_lsp.ide.completion.relations import relations
from defog_metadata.sql.caret import Caret, caret_at
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["complete"]

_MOST_ITEMS = 100


def complete(snapshot: Snapshot, offset: int) -> Completions:
    """What can be written at *offset*, best first, at most a hundred items."""
    caret = caret_at(snapshot, offset)
    ranked = _ranked(_candidates(snapshot, caret), caret)
    return Completions(tuple(ranked[:_MOST_ITEMS]), len(ranked) > _MOST_ITEMS)


def _candidates(snapshot: Snapshot, caret: Caret) -> Iterator[Item]:
    if caret.expected == "name" and caret.reference is not None:
        if caret.reference.kind == "table":
            yield from relations(snapshot, caret)
        else:
            yield from columns(snapshot, caret)
            if caret.reference.clause == "insert columns":
                return
            if not caret.qualifier:
                yield from qualifiers(snapshot, caret)
    if not caret.is_quoted:
        yield from keywords(caret)


def _ranked(items: Iterable[Item], caret: Caret) -> list[Item]:
    fitting: list[tuple[int, Item]] = []
    seen: set[tuple[str, str]] = set()
    for item in items:
        # Behind a dot only the last part of a qualified label is being typed.
        rank = fit(caret.prefix, item.label.rpartition(".")[2] if "." in item.label else item.label)
        if rank is None or (item.kind, item.insert) in seen:
            continue
        seen.add((item.kind, item.insert))
        fitting.append((rank, item))
    # Sorting is stable: equal fits keep the order in which the sources gave them.
    return [item for _, item in sorted(fitting, key=lambda it: it[0])]
