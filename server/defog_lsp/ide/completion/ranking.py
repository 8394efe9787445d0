"""The order of the offers: how well a name fits what is typed, then what the user is about.

What the user is about shows in the words of the comment above the statement (often the question
itself) or of the file's name, in the names that the statement already uses, and in the keys that
tie its tables.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.matching import fit
from defog_lsp.ide.completion.subject import Subject, subject_of
from defog_lsp.ide.completion.surroundings import Fact, Surroundings
from defog_lsp.ide.completion.weights import weight_of
from defog_metadata.catalog import Name, Table
from defog_metadata.progress import check_stopped
from defog_metadata.pruning import Glossary, relevance, terms
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["described", "ranked"]


_MOST_WEIGHED = 300
"""Candidates that facts are gathered for, where so many fit equally well."""
_MOST_LOOKED_INTO = 40
"""Tables whose columns and keys are asked about: those of the others are not read."""


def ranked(
    candidates: Iterable[Candidate], snapshot: Snapshot, caret: Caret, *, most: int
) -> list[Candidate]:
    """Those that fit what is typed, best first, without repeats.

    More than *most* where more fit, but not all of them: what cannot be among the first *most* is
    left out, and of very many that fit equally well, those that nothing speaks for.
    """
    found = [
        (rank, -weight_of(facts), candidate)
        for rank, candidate, facts in described(candidates, snapshot, caret, most=most)
    ]
    # Equal weights keep the order in which the sources gave them.
    return [it for _, _, it in sorted(found, key=lambda it: it[:2])]


def described(
    candidates: Iterable[Candidate], snapshot: Snapshot, caret: Caret, *, most: int | None = None
) -> Iterator[tuple[int, Candidate, Iterable[Fact]]]:
    """Those that fit what is typed, each once: how far they are from it, and the facts.

    With *most*, without those that ``ranked`` leaves out.
    """
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
    around = Surroundings(snapshot, caret)
    subject = subject_of(snapshot, caret)
    if most is not None and len(fitting) > most:
        asked = frozenset(subject.words)
        fitting = _promising(
            fitting, most, lambda it: around.speak_for(it.field) or _is_asked(it, asked)
        )
    # Functions are about nothing in particular, so the question's words say nothing of them.
    named = [it for _, it in fitting if it.item.kind != "function"]
    describe = _Describer(snapshot, caret, around, subject, named)
    places = count()
    for rank, it in fitting:
        if it.item.kind == "function":
            yield rank, it, (("function", 1),)
        else:
            yield rank, it, describe.candidate(it, next(places))


def _promising(
    fitting: list[tuple[int, Candidate]], most: int, has_hint: Callable[[Candidate], bool]
) -> list[tuple[int, Candidate]]:
    """What may be among the first *most*, and what shows that there are more, in its order."""
    last = sorted(rank for rank, _ in fitting)[most]
    found = [it for it in fitting if it[0] <= last]
    if len(found) <= _MOST_WEIGHED:
        return found
    equal = [index for index, (rank, _) in enumerate(found) if rank == last]
    hinted = [index for index in equal if has_hint(found[index][1])]
    room = _MOST_WEIGHED - (len(found) - len(equal))
    kept = frozenset(islice(dict.fromkeys((*hinted, *equal)), room))
    return [it for index, it in enumerate(found) if it[0] < last or index in kept]


def _is_asked(it: Candidate, asked: frozenset[str]) -> bool:
    return bool(asked) and not asked.isdisjoint(terms(it.name))


def _fit(typed: str, candidate: Candidate) -> int | None:
    rank = fit(typed, candidate.name)
    if rank is None or candidate.item.kind != "function":
        return rank
    # A short function's name is likelier the beginning of a column's than meant itself.
    return max(rank, 1) + candidate.is_rare if typed else rank


class _Describer:
    """Gathers what speaks for and against a candidate."""

    def __init__(
        self,
        snapshot: Snapshot,
        caret: Caret,
        around: Surroundings,
        subject: Subject,
        candidates: Sequence[Candidate],
    ) -> None:
        self._catalog = snapshot.catalog
        self._around = around
        self._subject = subject
        self._looked_into = 0
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
            if it.summary is not None:
                yield "golden reads", self._around.golden_reads(it.summary)
                yield "needs its schema", not self._catalog.is_visible(it.summary)
            yield from self._around.of_table(it.relation, self._table(it))
            yield "stands behind its own table", it.item.kind == "join"
        elif it.item.kind == "alias":
            yield "qualifier among several", self._has_several
            yield "qualifier of the only relation", not self._has_several
        else:
            yield "schema or keyword", 1

    def _table(self, it: Candidate) -> Table | None:
        """The table itself, whose columns and keys say something of names in the statement.

        Where there is none in it, and for more than some tables, they are not worth the reading.
        """
        summary = it.summary
        if it.table is not None or summary is None or not self._around.has_names:
            return it.table
        if self._looked_into >= _MOST_LOOKED_INTO:
            return None
        self._looked_into += 1
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
