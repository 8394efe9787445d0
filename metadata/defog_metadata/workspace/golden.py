"""Golden queries: questions with the SQL that answers them, as their files have them.

JSON ``[{"question", "sql"}]`` or ``{"golden_queries": [...]}``, or CSV with the columns
``question`` and ``sql``; ``query`` is accepted for ``sql``. What cannot be read is left out: a
check of its own says what is wrong with it.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["GoldenQuery", "read_golden_queries"]


@dataclass(frozen=True, slots=True)
class GoldenQuery:
    question: str
    sql: str


def read_golden_queries(paths: Iterable[Path]) -> tuple[GoldenQuery, ...]:
    """The golden queries of all the files that can be read."""
    return tuple(query for path in paths for query in _file(path))


def _file(path: Path) -> Iterator[GoldenQuery]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = _csv_rows(text) if path.suffix.casefold() == ".csv" else _json_rows(text)
    except (OSError, ValueError, csv.Error):
        return
    for row in rows:
        question, sql = row.get("question"), row.get("sql") or row.get("query")
        if isinstance(question, str) and isinstance(sql, str) and sql.strip():
            yield GoldenQuery(question, sql)


def _json_rows(text: str) -> list[dict[str, object]]:
    document = json.loads(text)
    if isinstance(document, dict):
        document = document.get("golden_queries")
    return [it for it in document if isinstance(it, dict)] if isinstance(document, list) else []


def _csv_rows(text: str) -> list[dict[str, object]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{key.strip().casefold(): it for key, it in row.items() if key} for row in reader]
