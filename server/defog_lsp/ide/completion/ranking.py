"""The order of the offers: how well a name fits what is typed, then what the user is about.

What the user is about shows in the words of the comment above the statement (often the question
itself) or of the file's name, in the names that the statement already uses, and in the keys that
tie its tables.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.matching import fit
from defog_lsp.ide.completion.subject import subject_of
from defog_lsp.ide.completion.surroundings import Fact, Surroundings
from defog_lsp.ide.completion.weights import weight_of
from defog_metadata.catalog import Name, Table, TableSummary
from defog_metadata.progress import check_stopped
from defog_metadata.pruning import Glossary, relevance, terms
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["described", "ranked"]


def ranked(candidates: Iterable[Candidate], snapshot: Snapshot, caret: Caret) -> list[Candidate]:
    """Those that fit what is typed, best first, without repeats."""
    found = [
        (rank, -weight_of(facts), candidate)
        for rank, candidate, facts in described(candidates, snapshot, caret)
    ]
    # Equal weights keep the order in which the sources gave them.
    return [it for _, _, it in sorted(found, key=lambda it: it[:2])]


def described(
    candidates: Iterable[Candidate], snapshot: Snapshot, caret: Caret
) -> Iterator[tuple[int, Candidate, Iterable[Fact]]]:
    """Those that fit what is typed, each once: how far they are from it, and the facts."""
    fitting: list[tuple[int, Candidate]] = []
    seen: set[tuple[object, ...]] = set()
    for candidate in candidates:
        check_stopped()
        rank = _fit(caret.prefix, candidate)
        item = candidate.item
        key = item.kind, item.insert, item.extra_edits
        if rank is not None and key not in seen:
            seen.add(key)
            fitting.append((rank, candidate))
    # Functions are about nothing in particular, so the question's words say nothing of them.
    named = [it for _, it in fitting if it.item.kind != "function"]
    describe = _Describer(snapshot, caret, named)
    places = count()
    for rank, it in fitting:
        if it.item.kind == "function":
            yield rank, it, (("function", 1),)
        else:
            yield rank, it, describe.candidate(it, next(places))


def _fit(typed: str, candidate: Candidate) -> int | None:
    rank = fit(typed, candidate.name)
    if rank is None or candidate.item.kind != "function":
        return rank
    # A short function's name is likelier the beginning of a column's than meant itself.
    return max(rank, 1) + candidate.is_rare if typed else rank


class _Describer:
    """Gathers what speaks for and against a candidate."""

    def __init__(self, snapshot: Snapshot, caret: Caret, candidates: Sequence[Candidate]) -> None:
        self._catalog = snapshot.catalog
        self._around = Surroundings(snapshot, caret)
        self._subject = subject_of(snapshot, caret)
        self._asked = frozenset(self._subject.words)
        documents = [_words(it, snapshot.glossary) for it in candidates] if self._asked else ()
        self._relevance = relevance(self._subject.words, documents) or [0.0] * len(candidates)
        # Where the statement itself shows what it is about the question's words are one hint
        # among others; before there is a FROM they are nearly the only one.
        self._has_from = any(it.fields for it in caret.scope.relations)
        self._has_several = len(caret.scope.relations) > 1

    def candidate(self, it: Candidate, index: int) -> Iterator[Fact]:
        is_late = self._has_from and it.field is not None
        words = "the question's words" if is_late else "the question's words, before FROM"
        yield words, self._relevance[index] * self._subject.weight
        if self._asked and it.item.kind != "keyword":
            own = terms(it.name)
            yield (
                "the question says its name",
                len(self._asked.intersection(own)) / max(len(own), 1) * self._subject.weight,
            )
        if it.item.kind in ("value", "list") or (it.item.kind == "join" and it.summary is None):
            yield "whole answer", 1  # nobody who sees one needs the parts
        elif it.field is not None:
            yield "column", 1
            yield "found further out", it.distance
            yield from self._around.of_column(it.field, it.relation)
        elif it.summary is not None or it.item.kind in ("cte", "table", "view"):
            yield from self._around.of_table(it.relation, self._table(it.summary))
            yield "stands behind its own table", it.item.kind == "join"
        elif it.item.kind == "alias":
            yield "qualifier among several", self._has_several
            yield "qualifier of the only relation", not self._has_several
        else:
            yield "schema or keyword", 1

    def _table(self, summary: TableSummary | None) -> Table | None:
        if summary is None:
            return None
        path = (Name(it, quoted=True) for it in (summary.schema, summary.name) if it)
        return self._catalog.table(*path)


def _words(it: Candidate, glossary: Glossary) -> tuple[str, ...]:
    """The candidate's document: its name, what its description and the glossary say of it."""
    if it.field is not None:
        name, column, table = terms(it.field.name.text), it.field.column, it.field.table
        if column is None:
            return name
        meant = glossary.of_column(table.name, column.name) if table is not None else ()
        return (*name, *terms(column.description), *meant)
    if it.summary is not None:
        meant = glossary.of_table(it.summary.name)
        return (*terms(it.summary.name), *terms(it.summary.description), *meant)
    return terms(it.item.label)
