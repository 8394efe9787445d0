"""Golden queries: questions with the SQL that answers them, as their files have them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from defog_metadata.documents.golden import golden_kind, read_golden_file
from defog_metadata.workspace.encoding import decode

__all__ = ["GoldenQuery", "read_golden_queries"]


@dataclass(frozen=True, slots=True)
class GoldenQuery:
    question: str
    sql: str


def read_golden_queries(paths: Iterable[Path]) -> tuple[GoldenQuery, ...]:
    """The golden queries of all the files that can be read.

    What cannot is left out: a check of its own says what is wrong with it.
    """
    return tuple(query for path in paths for query in _file(path))


def _file(path: Path) -> Iterator[GoldenQuery]:
    try:
        text, _ = decode(path.read_bytes())
    except OSError:
        return
    for entry in read_golden_file(text, golden_kind(path)).entries:
        if entry.sql.text.strip():
            yield GoldenQuery(entry.question.text, entry.sql.text)
