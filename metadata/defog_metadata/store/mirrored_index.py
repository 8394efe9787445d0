"""The words of a mirror that may be deleted or damaged while somebody asks about them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from defog_metadata.catalog import ForeignKey, Table
from defog_metadata.catalog.index import Lexicon, Postings, TableIndex
from defog_metadata.errors import CacheError

__all__ = ["MirroredIndex"]

T = TypeVar("T")


class _Answer(Protocol):
    def __call__(self, question: Callable[[TableIndex], T], /) -> T: ...


class MirroredIndex:
    """A ``TableIndex`` that asks *answer*, which knows what to read from now.

    Numbers stay what they are when a mirror is built again, since it is of the same file. Where
    that is gone too there is nothing left that they could mean: ``CacheError``.
    """

    def __init__(self, answer: _Answer) -> None:
        self._answer = answer
        self.lexicon: Lexicon = _MirroredLexicon(answer)

    @property
    def lengths(self) -> Sequence[float]:
        return self._answer(lambda it: it.lengths)

    @property
    def mean_length(self) -> float:
        return self._answer(lambda it: it.mean_length)

    def postings(self, term: str) -> Postings:
        return self._answer(lambda it: it.postings(term))

    def table(self, number: int) -> Table:
        return self._present(lambda it: it.table(number))

    def schema(self, number: int) -> str:
        return self._present(lambda it: it.schema(number))

    def named(self, key: str) -> Sequence[int]:
        return self._answer(lambda it: it.named(key))

    def numbered(self, qualified: str) -> Sequence[int]:
        return self._answer(lambda it: it.numbered(qualified))

    def keyed(self, key: str, schema: str) -> Sequence[tuple[int, str]]:
        return self._answer(lambda it: it.keyed(key, schema))

    def referring(self, key: str, schema: str) -> Sequence[tuple[int, ForeignKey]]:
        return self._answer(lambda it: it.referring(key, schema))

    def _present(self, question: Callable[[TableIndex], T]) -> T:
        try:
            return self._answer(question)
        except IndexError as error:
            raise CacheError("The metadata is gone: refresh it.") from error


class _MirroredLexicon:
    def __init__(self, answer: _Answer) -> None:
        self._answer = answer

    def has(self, term: str) -> bool:
        return self._answer(lambda it: it.lexicon.has(term))

    def has_form(self, form: str) -> bool:
        return self._answer(lambda it: it.lexicon.has_form(form))

    def of_root(self, root: str) -> Iterable[str]:
        return self._answer(lambda it: it.lexicon.of_root(root))

    def with_part(self, part: str) -> Iterable[str]:
        return self._answer(lambda it: it.lexicon.with_part(part))

    def shorts(self, letter: str) -> Iterable[str]:
        return self._answer(lambda it: it.lexicon.shorts(letter))

    def forms(self, letter: str, shortest: int, longest: int) -> Iterable[str]:
        # All are read here: a generator would fail where nobody repairs anything.
        return self._answer(lambda it: list(it.lexicon.forms(letter, shortest, longest)))

    def containing(self, text: str) -> Iterable[str]:
        return self._answer(lambda it: list(it.lexicon.containing(text)))
