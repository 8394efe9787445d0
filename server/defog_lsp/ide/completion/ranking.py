"""The order of the offers: how well a name fits what is typed, then what the user is about.

What the user is about shows in the words of the comment above the statement (often the question
itself), in the names that the statement already uses, and in the keys that tie its tables.
"""

from collections.abc import Iterable, Sequence
from itertools import count

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.matching import fit
from defog_lsp.ide.completion.surroundings import Surroundings
from defog_metadata.catalog import Name
from defog_metadata.pruning import relevance, terms
from defog_metadata.sql.caret import Caret
from defog_metadata.sql.scopes import Field
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["ranked"]


def ranked(candidates: Iterable[Candidate], snapshot: Snapshot, caret: Caret) -> list[Candidate]:
    """Those that fit what is typed, best first, without repeats."""
    fitting: list[tuple[int, Candidate]] = []
    seen: set[tuple[object, ...]] = set()
    for candidate in candidates:
        rank = _fit(caret.prefix, candidate)
        item = candidate.item
        key = item.kind, item.insert, item.extra_edits
        if rank is not None and key not in seen:
            seen.add(key)
            fitting.append((rank, candidate))
    # Functions are about nothing in particular, so the question's words say nothing of them.
    named = [it for _, it in fitting if it.item.kind != "function"]
    weigh = _Weigher(snapshot, caret, named)
    places = count()
    weights = (
        _FUNCTION if it.item.kind == "function" else weigh.candidate(it, next(places))
        for _, it in fitting
    )
    weighed = [
        (rank, -weight, index)
        for index, ((rank, _), weight) in enumerate(zip(fitting, weights, strict=True))
    ]
    # Equal weights keep the order in which the sources gave them.
    return [fitting[index][1] for _, _, index in sorted(weighed)]


_FUNCTION = -8.0
"""Behind names, before keywords."""


def _fit(typed: str, candidate: Candidate) -> int | None:
    rank = fit(typed, candidate.name)
    if rank is None or candidate.item.kind != "function":
        return rank
    # A short function's name is likelier the beginning of a column's than meant itself.
    return max(rank, 1) + candidate.is_rare if typed else rank


class _Weigher:
    """Adds up what speaks for a candidate. The weights are tuned with ``make bench-completion``."""

    def __init__(self, snapshot: Snapshot, caret: Caret, candidates: Sequence[Candidate]) -> None:
        self._catalog = snapshot.catalog
        self._caret = caret
        self._usage = snapshot.usage
        self._around = Surroundings(snapshot, caret)
        self._relevance = relevance(
            terms(caret.comment), [_words(it) for it in candidates] if caret.comment else ()
        ) or [0.0] * len(candidates)

    def candidate(self, it: Candidate, index: int) -> float:
        weight = self._about(it) * self._relevance[index]
        if it.item.kind in ("value", "list") or (it.item.kind == "join" and it.summary is None):
            return weight + 20  # whole answers: nobody who sees one needs the parts
        if it.field is not None:
            return weight + self._column(it.field, it)
        if it.summary is not None or it.item.kind in ("cte", "table", "view"):
            return weight + self._table(it)
        if it.item.kind == "alias":
            return weight + self._qualifier()
        return weight - 10  # schemas and keywords come after names

    def _about(self, it: Candidate) -> float:
        """How much the question's words count.

        Where the statement itself shows what it is about they are one hint among others; before
        there is a FROM they are nearly the only one.
        """
        if it.field is None:
            return 3.0
        return 0.8 if any(it.fields for it in self._caret.scope.relations) else 3.0

    def _column(self, field: Field, it: Candidate) -> float:
        around = self._around
        weight = 4.0 - 1.5 * it.distance
        weight += around.joins(field, it.relation)
        weight += around.uses(field, it.relation)
        weight += around.suits(field)
        weight += around.habit(field)
        return weight

    def _qualifier(self) -> float:
        # Where one relation is in scope nobody needs its name.
        return 1.0 if len(self._caret.scope.relations) > 1 else -2.0

    def _table(self, it: Candidate) -> float:
        around = self._around
        weight = 0.0
        if it.relation is not None:
            weight += 3.0 + around.reads(it.relation)
        if it.summary is not None:
            table = self._catalog.table(
                *(Name(part, quoted=True) for part in (it.summary.schema, it.summary.name) if part)
            )
            if table is not None and it.item.kind == "join":
                weight -= 0.1  # the table with its condition stands right behind the table
            if table is not None:
                weight += around.neighbours(table) + around.provides(table)
                weight += min(self._usage.of_table(table), 10) * 0.1
        return weight


def _words(it: Candidate) -> tuple[str, ...]:
    if it.field is not None:
        described = it.field.column.description if it.field.column else ""
        return (*terms(it.field.name.text), *terms(described))
    if it.summary is not None:
        return (*terms(it.summary.name), *terms(it.summary.description))
    return terms(it.item.label)
