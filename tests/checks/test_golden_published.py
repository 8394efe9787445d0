"""The published golden queries as golden files: no false error, and each planted mistake in its place."""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
import yaml

from benchmarks.corpus import DATA, mutants, queries
from defog_metadata.catalog import Catalog
from defog_metadata.checks.documents import Document, check_document
from defog_metadata.documents.golden import golden_kind, read_golden_file
from defog_metadata.rules import DEFAULT_SEVERITIES, Finding
from defog_metadata.text import Span, TextFile
from tests.support.cores import Cores, Part

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data sets are not beside the repository"
)

# Counted when the test was written; nothing of them may be passed over.
ENTRIES = {
    "bigquery": 419,
    "mysql": 280,
    "postgres": 419,
    "snowflake": 200,
    "sqlite": 314,
    "tsql": 314,
}
MUTANTS = {"exact": 1749, "anywhere": 405}

_BEFORE_SQL = {"json": '"sql": "', "csv": '""?""",'}

Entries = Iterable[tuple[str, str]]


def as_json(entries: Entries) -> str:
    rows = [{"question": question, "sql": sql} for question, sql in entries]
    return json.dumps(rows, indent=2)


def as_csv(entries: Entries) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([("Id", "Question", "Query"), *((n, *it) for n, it in enumerate(entries))])
    return text.getvalue()


def as_yaml(entries: Entries) -> str:
    return yaml.safe_dump([{"question": question, "sql": sql} for question, sql in entries])


def as_sql(entries: Entries) -> str:
    # Without their own semicolons: one at the end of a line would end the entry.
    return "\n\n".join(f"-- {asked}\n{sql.rstrip().rstrip(';')}\n;" for asked, sql in entries)


PLACED: Mapping[str, Callable[[Entries], str]] = {"json": as_json, "csv": as_csv}
FORMATS = {**PLACED, "yaml": as_yaml, "sql": as_sql}


def found_in(text: str, ending: str, catalog: Catalog, dialect: str) -> list[Finding]:
    document = Document(
        TextFile(Path(f"/w/golden.{ending}"), text), catalog, dialect, DEFAULT_SEVERITIES
    )
    return [it for it in check_document("golden queries", document) if it.severity == "error"]


@pytest.mark.parametrize("ending", FORMATS)
def test_no_error_in_what_an_engine_accepts(ending: str) -> None:
    counted: Counter[str] = Counter()
    files: defaultdict[tuple[str, Catalog], list[tuple[str, str]]] = defaultdict(list)
    for query in queries("defog"):
        if query.is_valid is not False:
            files[query.dialect, query.catalog].append((query.question, query.sql))
            counted[query.dialect] += 1
    assert counted == ENTRIES
    for (dialect, catalog), rows in files.items():
        text = FORMATS[ending](rows)
        file = TextFile(Path(f"/w/golden.{ending}"), text)
        assert len(read_golden_file(file.text, golden_kind(file.path)).entries) == len(rows)
        found = found_in(text, ending, catalog, dialect)
        assert not found, [(it, text[it.span.start : it.span.end]) for it in found]


def planted(part: Part) -> Counter[str]:
    """How many mistakes were to be found at exactly a place, and how many anywhere."""
    counted: Counter[str] = Counter()
    for number, mutant in part.of(enumerate(mutants())):
        counted["exact" if mutant.span else "anywhere"] += 1
        for ending, written in PLACED.items():
            text = written([("Before?", "select 1"), (f'{number} ⟦😀⟧ "?"', mutant.sql)])
            found = found_in(text, ending, mutant.catalog, mutant.dialect)
            assert {it.code for it in found} == {"golden-invalid"}, mutant.sql
            if mutant.span is not None:
                code = mutant.kind.replace("_", "-")
                at = [it for it in found if is_at(it.span, text, ending, mutant.sql, mutant.span)]
                assert [it.message.endswith(f"[{code}]") for it in at] == [True], mutant.sql
    return counted


def test_every_planted_mistake_is_found_at_its_place(cores: Cores) -> None:
    assert sum(cores.share(planted), Counter()) == MUTANTS


def is_at(span: Span, text: str, ending: str, sql: str, wanted: Span) -> bool:
    """Whether *span* of a file is that of *wanted* in the SQL that the file has last."""
    start = text.rindex(_BEFORE_SQL[ending], 0, span.start) + len(_BEFORE_SQL[ending])
    before, there = text[start : span.start], text[span.start : span.end]
    return (
        read(there, ending) == sql[wanted.start : wanted.end]
        # A cell has quotes around it where it needs them.
        and read(before.removeprefix('"'), ending) == sql[: wanted.start]
    )


def read(written: str, ending: str) -> str:
    """A part of a string or cell, without its escapes."""
    if ending == "json":
        return str(json.loads(f'"{written}"'))
    return written.replace('""', '"')
