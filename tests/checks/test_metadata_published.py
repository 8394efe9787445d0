"""The published metadata files against the databases they describe: no false error, and every
planted mistake found where it is."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from defog_metadata.catalog import Catalog, MemoryTables
from defog_metadata.catalog.shapes import read_metadata, write_csv
from defog_metadata.checks.metadata import validation_problems
from defog_metadata.checks.metadata.files import FileKind, check_metadata_file
from defog_metadata.rules.findings import Finding
from defog_metadata.rules.fixes import applied
from tests.support.databases import PUBLISHED

SAMPLES = PUBLISHED.parent / "sample_schemas"
SCHEMAS = sorted((PUBLISHED / "schemas").glob("*.json"))
GOLDEN = sorted((PUBLISHED / "golden").glob("*.metadata.json"))
FILES = (*SCHEMAS, *GOLDEN, *sorted(SAMPLES.glob("*.json")))
PLAIN = [it for it in SCHEMAS if it.name.count(".") == 1]

pytestmark = pytest.mark.skipif(
    not PLAIN, reason="the public data sets are not beside the repository"
)


def dialect_of(path: Path) -> str:
    middle = path.name.split(".")[1]
    return middle if middle not in ("json", "published", "metadata") else "postgres"


@cache
def database_of(path: Path) -> Catalog | None:
    """What a real database shows of what *path* describes, where there is that."""
    name, dialect = path.name.split(".")[0], dialect_of(path)
    other = "" if dialect == "postgres" else f".{dialect}"
    found = PUBLISHED / "schemas" / f"{name}{other}.json"
    if not found.exists():
        return None
    tables = read_metadata(json.loads(found.read_text(encoding="utf-8"))).tables
    return Catalog(MemoryTables(tables), dialect)


def found_in(text: str, path: Path, kind: FileKind = "json") -> list[Finding]:
    database = database_of(path)
    catalog = database or Catalog(dialect=dialect_of(path))
    return check_metadata_file(text, kind, catalog, database)


@pytest.mark.parametrize("path", FILES, ids=lambda it: it.name)
def test_no_false_error(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert found_in(text, path) == []
    metadata = read_metadata(json.loads(text))
    assert validation_problems(metadata.tables, dialect_of(path)) == ()
    assert found_in(write_csv(metadata.tables, metadata.search_path), path, "csv") == []
    # By itself, of a database that nobody has read.
    assert check_metadata_file(text, "json", Catalog(dialect=dialect_of(path)), None) == []


# --- planted mistakes: texts with one each, the line it is in and its code ---


def misspelled(name: str) -> str:
    """*name* with a letter twice, so that it is no other."""
    at = len(name) // 2
    return name[:at] + name[at] + name[at:]


def _replaced(text: str, match: re.Match[str], new: str) -> tuple[str, int]:
    return text[: match.start(1)] + new + text[match.end(1) :], text.count("\n", 0, match.start(1))


def planted_names(text: str, member: str, code: str) -> Iterator[tuple[str, int, str]]:
    for match in re.finditer(rf'"{member}": "([^"]+)"', text):
        yield (*_replaced(text, match, misspelled(match[1])), code)


def planted_types(text: str) -> Iterator[tuple[str, int, str]]:
    for match in re.finditer(r'"data_type": "([A-Za-z]+)(?=[(" ])', text):
        yield (*_replaced(text, match, misspelled(match[1])), "metadata-type")


def planted_tables(text: str) -> Iterator[tuple[str, int, str]]:
    """A table of the published shape renamed."""
    for match in re.finditer(r'^ {4}"([^"]+)": \[', text, re.MULTILINE):
        yield (*_replaced(text, match, misspelled(match[1])), "metadata-drift")


def planted_duplicates(text: str) -> Iterator[tuple[str, int, str]]:
    """A column said once more, right behind itself."""
    for match in re.finditer(r"( +\{[^{}]*\}),?\n", text):
        again = f"{match[1]},\n"
        name = match[1].index("column_name")
        line = (
            text.count("\n", 0, match.start(1)) + again.count("\n") + match[1].count("\n", 0, name)
        )
        yield text[: match.start(1)] + again + text[match.start(1) :], line, "metadata-duplicate"


def mistakes(text: str) -> Iterator[tuple[str, int, str]]:
    yield from planted_tables(text)
    yield from planted_names(text, "column_name", "metadata-drift")
    yield from planted_types(text)
    yield from planted_duplicates(text)


@cache
def laid_out(path: Path) -> str:
    """The file with a member a line, which is what makes a line an answer."""
    return json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2, ensure_ascii=False)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda it: it.name.split(".")[0])
def test_every_planted_mistake_is_found_in_its_line(path: Path) -> None:
    text = laid_out(path)
    assert found_in(text, path) == []
    columns = text.count('"column_name"')
    planted = list(mistakes(text))
    # Each table, and the name and type of each column, and each column twice.
    tables = len(json.loads(text)["table_metadata"])
    assert len(planted) == tables + 3 * columns
    for broken, line, code in planted:
        found = found_in(broken, path)
        assert [(it.code, broken.count("\n", 0, it.span.start)) for it in found] == [(code, line)]
        if code != "metadata-duplicate":
            mended = applied(broken, found[0].fixes[0].edits)
            assert found_in(mended, path) == []


REFERRING = [it for it in FILES if '"foreign_key": {' in laid_out(it)]


@pytest.mark.parametrize("path", REFERRING, ids=lambda it: it.name)
@pytest.mark.parametrize("part", ["table", "column"])
def test_every_key_to_nowhere_is_found_in_its_line(path: Path, part: str) -> None:
    broken, lines = with_broken_references(path, part)
    found = check_metadata_file(broken, "json", Catalog(dialect="postgres"), None)
    assert [(it.code, broken.count("\n", 0, it.span.start)) for it in found] == [
        ("metadata-drift", line) for line in lines
    ]


def with_broken_references(path: Path, part: str) -> tuple[str, list[int]]:
    """The file with the table or column of each foreign key misspelled, and the lines of those."""
    text = laid_out(path)
    pattern = re.compile(rf'("foreign_key": \{{[^{{}}]*?"{part}": ")([^"]+)')
    lines = [text.count("\n", 0, it.start(2)) for it in pattern.finditer(text)]
    return pattern.sub(lambda it: it[1] + misspelled(it[2]), text), lines


def test_what_is_planted() -> None:
    """How many mistakes the tests above have looked for."""
    counted = Counter(code for path in GOLDEN for _, _, code in mistakes(laid_out(path)))
    references = sum(len(with_broken_references(it, "table")[1]) for it in REFERRING)
    assert len(GOLDEN) == 11
    assert counted == {"metadata-drift": 768, "metadata-type": 658, "metadata-duplicate": 658}
    assert references == 224
