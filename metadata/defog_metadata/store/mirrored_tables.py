"""Tables read from a mirror that may be deleted or damaged while it is in use."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from defog_metadata.catalog import Table, TableSource, TableSummary
from defog_metadata.catalog.index import TableIndex
from defog_metadata.lazy import lazy
from defog_metadata.store.generation import BROKEN, Generation
from defog_metadata.store.mirrored_index import MirroredIndex

__all__ = ["MirroredTables"]

logger = logging.getLogger(__name__)
T = TypeVar("T")
_REPAIRS = 2


class MirroredTables:
    """A ``TableSource`` that has its mirror repaired when reading from it fails."""

    def __init__(self, generation: Generation, repair: Callable[[Generation], TableSource]) -> None:
        """*repair* answers with what to read from instead of the broken generation."""
        self._source: TableSource = generation
        self._repair = repair
        self._repairing = threading.Lock()

    def __len__(self) -> int:
        return self._answer(len)

    def schemas(self) -> Sequence[str]:
        return self._answer(lambda it: it.schemas())

    def named(self, key: str) -> Sequence[Table]:
        return self._answer(lambda it: it.named(key))

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        return self._answer(lambda it: it.summaries(prefix=prefix, schema=schema, limit=limit))

    @lazy
    def index(self) -> TableIndex:
        def answer(question: Callable[[TableIndex], T]) -> T:
            return self._answer(lambda it: question(it.index))

        return MirroredIndex(answer)

    def matching(
        self, typed: str, *, schema: str | None = None, limit: int
    ) -> Sequence[TableSummary]:
        return self._answer(lambda it: it.matching(typed, schema=schema, limit=limit))

    def similar(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return self._answer(lambda it: it.similar(key, limit=limit))

    def referring(self, table: Table, *, limit: int | None = None) -> Sequence[Table]:
        return self._answer(lambda it: it.referring(table, limit=limit))

    def mentioning(self, table: Table, *, limit: int) -> Sequence[Table]:
        return self._answer(lambda it: it.mentioning(table, limit=limit))

    def about(self, words: Sequence[str], *, limit: int) -> Sequence[Table]:
        return self._answer(lambda it: it.about(words, limit=limit))

    def having(self, column: str, *, limit: int) -> Sequence[TableSummary]:
        return self._answer(lambda it: it.having(column, limit=limit))

    def column_count(self) -> int:
        return self._answer(lambda it: it.column_count())

    def column_names(self, prefix: str = "", *, limit: int) -> Sequence[str]:
        return self._answer(lambda it: it.column_names(prefix, limit=limit))

    def columns_matching(self, typed: str, *, limit: int) -> Sequence[str]:
        return self._answer(lambda it: it.columns_matching(typed, limit=limit))

    def similar_columns(self, key: str, *, limit: int = 20) -> Sequence[str]:
        return self._answer(lambda it: it.similar_columns(key, limit=limit))

    def tables(self) -> Iterator[Table]:
        return self._stream(lambda it: it.tables())

    def _answer(self, question: Callable[[TableSource], T]) -> T:
        source = self._source
        for _ in range(_REPAIRS):
            try:
                return question(source)
            except BROKEN as error:
                source = self._instead_of(source, error)
        return question(source)

    def _stream(self, start: Callable[[TableSource], Iterable[T]]) -> Iterator[T]:
        source, given = self._source, 0
        try:
            for it in start(source):
                yield it
                given += 1
        except BROKEN as error:
            # The same file gives the same tables in the same order.
            yield from islice(start(self._instead_of(source, error)), given, None)

    def _instead_of(self, source: TableSource, error: BaseException) -> TableSource:
        with self._repairing:
            if self._source is source:  # else another thread came first
                if not isinstance(source, Generation):
                    raise error
                logger.warning("The mirror %s is damaged: %s", source.folder, error)
                self._source = self._repair(source)
            return self._source
