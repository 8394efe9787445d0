"""The public corpora: queries with an engine's verdict, and the schemas that they are about."""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from defog_metadata.catalog import Catalog, MemoryTables, Table
from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.text import Span

__all__ = ["DATA", "Mutant", "Query", "mutants", "queries", "schemas"]

DATA = Path(__file__).parents[2] / "shared" / "data"
_SEARCH_PATH = {"postgres": ("public",), "tsql": ("dbo",), "sqlite": ("main",)}


@dataclass(frozen=True)
class Query:
    """``is_valid`` is an engine's verdict; ``None`` where no engine was asked."""

    id: str
    set: str
    db: str
    dialect: str
    sql: str
    question: str
    is_valid: bool | None
    catalog: Catalog


@dataclass(frozen=True)
class Mutant:
    """A query with one mistake. ``span`` is ``None`` where the place of the error is free."""

    kind: str
    dialect: str
    sql: str
    span: Span | None
    suggestion: str
    catalog: Catalog


def queries(*sets: str) -> Iterator[Query]:
    """The queries of the sets *defog*, *tpch* and *tpcds*."""
    _require()
    for name in sets or ("defog", "tpch", "tpcds"):
        for line in (DATA / name / "queries.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            own = DATA / name / "schemas" / f"{row['db']}.{row['dialect']}.json"
            schema = own if own.exists() else DATA / name / "schemas" / f"{row['db']}.json"
            yield Query(
                row["id"],
                name,
                row["db"],
                row["dialect"],
                row["sql"],
                row.get("question") or "",
                (row.get("engine") or {}).get("valid"),
                _catalog(schema),
            )


def mutants() -> Iterator[Mutant]:
    """Queries with one mistake each, all of them rejected by an engine."""
    _require()
    with gzip.open(DATA / "mutants.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            where = row["expected_range"]
            yield Mutant(
                row["kind"],
                row["dialect"],
                row["sql"],
                Span(_offset(row["sql"], where["start"]), _offset(row["sql"], where["end"]))
                if where
                else None,
                row.get("suggestion") or "",
                _catalog(DATA / row["schema_file"]),
            )


@cache
def schemas() -> Mapping[str, tuple[tuple[Table, ...], str]]:
    """The tables and the glossary of each public schema for PostgreSQL, by its name."""
    _require()
    found = {}
    for folder in ("defog/schemas", "sample_schemas", "tpch/schemas", "tpcds/schemas"):
        for path in sorted((DATA / folder).glob("*.json")):
            if "." not in path.stem:  # else another dialect's, or as it was published
                document = json.loads(path.read_text(encoding="utf-8"))
                tables = tuple(read_metadata(document).tables)
                found[path.stem] = tables, document.get("glossary") or ""
    return found


def _require() -> None:
    if not DATA.is_dir():
        sys.exit(f"This measurement reads public data from {DATA.name}/ beside the repository.")


@cache
def _catalog(path: Path) -> Catalog:
    document = json.loads(path.read_text(encoding="utf-8"))
    dialect = document["dialect"]
    metadata = read_metadata(document)
    return Catalog(MemoryTables(metadata.tables), dialect, _SEARCH_PATH.get(dialect, ()))


def _offset(text: str, position: dict[str, int]) -> int:
    """A position in UTF-16 units as an offset in code points."""
    lines = text.split("\n")
    before = sum(len(it) + 1 for it in lines[: position["line"]])
    units = lines[position["line"]].encode("utf-16-le")[: 2 * position["character"]]
    return before + len(units.decode("utf-16-le"))
