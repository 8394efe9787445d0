"""Metadata files checked: findings with their places and mends."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from defog_metadata.catalog import Catalog, MemoryTables, OverlaidTables, Table
from defog_metadata.catalog.shapes.keys import join_key, split_key
from defog_metadata.checks.metadata.drift import drift
from defog_metadata.checks.metadata.placed import PlacedFile
from defog_metadata.checks.metadata.placed_csv import read_placed_csv
from defog_metadata.checks.metadata.placed_json import read_placed_json
from defog_metadata.checks.metadata.problems import MetadataProblem
from defog_metadata.checks.metadata.whole import metadata_problems
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Fix, Related, Severity
from defog_metadata.spelling import is_clear
from defog_metadata.text import Edit, Span

__all__ = ["FileKind", "check_metadata_file", "file_kind", "read_placed"]

FileKind = Literal["json", "csv"]


def file_kind(path: Path) -> FileKind:
    """How the file *path* is written, by its ending; JSON where in doubt."""
    return "csv" if path.suffix.lower() == ".csv" else "json"


def check_metadata_file(
    text: str,
    kind: FileKind,
    catalog: Catalog,
    database: Catalog | None,
    severities: Mapping[str, Severity] = DEFAULT_SEVERITIES,
) -> list[Finding]:
    """What is wrong with the metadata in *text*, in its order.

    *catalog* is all that is known of the database, this and other files laid over it; *database*
    what it is itself, as it was last read, and ``None`` where it never was.
    """
    placed = read_placed(text, kind)
    tables = [it.table for it in placed.tables]
    together = Catalog(
        OverlaidTables(MemoryTables(tables), catalog.source),
        catalog.dialect,
        catalog.search_path,
        is_partial=catalog.is_partial,
    )
    problems = [
        *metadata_problems(
            tables, catalog.dialect, known_types=_known_types(tables, database), catalog=together
        ),
        *(drift(tables, database) if database else ()),
    ]
    found = [
        *(Finding(it.span, "configuration", "error", it.message) for it in placed.faults),
        *(finding for it in problems if (finding := _finding(it, placed, text, severities))),
    ]
    return sorted(found, key=lambda it: (it.span, it.code))


@lru_cache(maxsize=8)  # completion, hover and diagnostics ask about the same text
def read_placed(text: str, kind: FileKind) -> PlacedFile:
    """The tables of a metadata file, with their places."""
    return read_placed_csv(text) if kind == "csv" else read_placed_json(text)


def _known_types(tables: Iterable[Table], database: Catalog | None) -> set[str]:
    """The types that the database gives to columns of *tables*."""
    if database is None:
        return set()
    return {
        column.type
        for table in tables
        for stored in database.source.named(table.name.casefold())
        for column in stored.columns
    }


def _finding(
    problem: MetadataProblem, placed: PlacedFile, text: str, severities: Mapping[str, Severity]
) -> Finding | None:
    severity = severities.get(problem.code, "error")
    if severity == "off":
        return None
    # What only the database could tell is worth a look, and no more.
    if not problem.is_sure and severity in ("error", "warning"):
        severity = "information"
    related: tuple[Related, ...] = ()
    if problem.earlier is not None:
        where = _visible(placed.span(problem.earlier), text)
        related = (Related(where, "the first one is here"),)
    span = _visible(placed.span(problem.place), text)
    return Finding(
        span, problem.code, severity, problem.message, tuple(_fixes(problem, placed)), related
    )


def _visible(span: Span, text: str) -> Span:
    """*span*; of an empty text, the quotes around it."""
    if span.start < span.end or text[span.start - 1 : span.start] != '"':
        return span
    return Span(span.start - 1, min(span.end + 1, len(text)))


def _fixes(problem: MetadataProblem, placed: PlacedFile) -> Iterator[Fix]:
    texts = placed.texts(problem.place)
    place = problem.place
    # Of a key, only one of its parts is the table's name, and one its schema's.
    is_key = (
        place.column is None
        and place.part in ("name", "schema")
        and placed.tables[place.table].has_key
    )
    part = 2 if place.part == "name" else 1
    for index, meant in enumerate(problem.meant if texts else ()):
        written = [_with_part(it.text, part, meant) if is_key else meant for it in texts]
        edits = (
            edit
            for text, new in zip(texts, written, strict=True)
            for edit in text.edits([Edit(Span(0, len(text.text)), new)])
        )
        name = split_key(texts[0].text)[part] if is_key else texts[0].text
        is_certain = index == 0 and is_clear(name, problem.meant)
        yield Fix(f"Change to {written[0]}", tuple(edits), is_certain=is_certain)


def _with_part(key: str, part: int, name: str) -> str:
    """*key* with *name* in the place of one of its three parts."""
    parts = list(split_key(key))
    parts[part] = name
    return join_key(*parts)
