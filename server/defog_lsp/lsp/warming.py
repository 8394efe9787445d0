"""What is slow the first time, done before anybody asks, while nobody waits."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from defog_lsp.lsp import late, loading
from defog_lsp.lsp.tasks import Tasks

if TYPE_CHECKING:
    from defog_metadata.sql.snapshot import Snapshot

__all__ = ["Warming"]

# ruff: noqa: PLC0415 - importing late is the first of what is slow

_LOOK_SECONDS = 0.05


class Warming:
    """Uses each dialect of the session's projects once."""

    def __init__(self, tasks: Tasks, is_busy: Callable[[], bool]) -> None:
        """*is_busy* says whether somebody waits for an answer, or is typing."""
        self._tasks = tasks
        self._is_busy = is_busy
        self._dialects: set[str] = set()

    def prepare(self, dialect: str) -> None:
        """Have *dialect* used once, in the background; it is one that sqlglot knows, or empty."""
        if dialect not in self._dialects:
            self._dialects.add(dialect)
            self._tasks.spawn(self._use(dialect), f"warming up {dialect}")

    async def _use(self, dialect: str) -> None:
        for step in _first_uses(dialect):
            while self._is_busy():  # noqa: ASYNC110 - that ends with time, and tells nobody
                await asyncio.sleep(_LOOK_SECONDS)
            await asyncio.to_thread(step)


def _first_uses(dialect: str) -> Iterator[Callable[[], object]]:
    """What takes longer the first time than ever after, in steps that may wait for each other.

    sqlglot's dialect, the dialect's functions and keywords, the ranking of words.
    """
    yield loading.load_first
    yield partial(_complete_once, "select t. from t", 9, dialect)
    yield partial(_complete_once, "select co from t", 9, dialect)
    yield loading.warm_up
    yield partial(_check_once, "select c from t where c = 'x'", dialect)
    yield partial(_complete_once, "-- c\nselect  from t", 12, dialect)


def _complete_once(text: str, offset: int, dialect: str) -> None:
    from defog_lsp.ide.completion import complete

    complete(_sample(text, dialect), offset)


def _check_once(text: str, dialect: str) -> None:
    from defog_lsp.ide.diagnostics import diagnostics

    diagnostics(_sample(text, dialect), late.default_severities())


def _sample(text: str, dialect: str) -> "Snapshot":
    from defog_metadata.catalog import Catalog, Column, Table

    table = Table("t", (Column("c", "text", description="c"), Column("d", "text")))
    return late.snapshot(text, Catalog.of(table, dialect=dialect, search_path=()), dialect)
