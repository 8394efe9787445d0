"""Metadata files: every fault and mistake at its place, and mends that mend it.

A line ``^^^ code: message`` under a line says what is found there; nothing else is.
"""

import re
from collections.abc import Sequence

import pytest

from defog_metadata.catalog import Catalog, Column, MemoryTables, Table
from defog_metadata.checks.metadata.files import FileKind, check_metadata_file
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding
from defog_metadata.rules.fixes import applied

STORED = (
    Table(
        "orders",
        (Column("id", "integer"), Column("total", "numeric(10,2)"), Column("note", "text")),
        "public",
    ),
    Table("customers", (Column("id", "integer"), Column("mood", "mood")), "public"),
)
DATABASE = Catalog(MemoryTables(STORED), "postgres", ("public",))
NOTHING = Catalog(MemoryTables(()), "postgres")


def findings(
    text: str, kind: FileKind = "json", database: Catalog | None = DATABASE
) -> list[Finding]:
    return check_metadata_file(text, kind, database or NOTHING, database)


def check(
    marked: str, kind: FileKind = "json", database: Catalog | None = DATABASE
) -> list[Finding]:
    lines: list[str] = []
    expected: list[tuple[int, int, int, str]] = []
    for line in marked.strip("\n").split("\n"):
        mark = re.fullmatch(r"( *)(\^+) ([\w-]+): (.*)", line)
        if mark:
            expected.append(
                (len(lines) - 1, len(mark[1]), len(mark[1]) + len(mark[2]), f"{mark[3]}: {mark[4]}")
            )
        else:
            lines.append(line)
    text = "\n".join(lines)
    found = findings(text, kind, database)
    assert [_shown(it, text) for it in found] == expected
    return found


def _shown(finding: Finding, text: str) -> tuple[int, int, int, str]:
    line = text.count("\n", 0, finding.span.start)
    start = text.rfind("\n", 0, finding.span.start) + 1
    return (
        line,
        finding.span.start - start,
        finding.span.end - start,
        f"{finding.code}: {finding.message}",
    )


def check_fix(text: str, mended: str, kind: FileKind = "json") -> None:
    fixes = findings(text, kind)[0].fixes
    assert applied(text, fixes[0].edits) == mended
    assert [it.message for it in findings(mended, kind)] == []


SHAPES = (
    '{"orders": [{"column_name": "%s", "data_type": "%s"}]}',
    '{"public.orders": [{"column_name": "%s", "data_type": "%s"}]}',
    '{"orders": {"table_description": "", "columns": [{"column_name": "%s", "data_type": "%s"}]}}',
    '{"table_metadata": [{"table_name": "orders", "table_schema": "public", "column_metadata": [{"column_name": "%s", "data_type": "%s"}]}]}',
    '{"table_metadata": {"orders": [{"column_name": "%s", "data_type": "%s"}]}, "glossary": ""}',
    '{"version": 1, "orders": [{"column_name": "%s", "data_type": "%s"}]}',
)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape(shape: str) -> None:
    good = shape % ("total", "numeric")
    assert findings(good) == []
    (found,) = findings(shape % ("totl", "numeric"))
    text = shape % ("totl", "numeric")
    assert text[found.span.start : found.span.end] == "totl"
    check_fix(text, good)
    text = shape % ("total", "numerik")
    (found,) = findings(text)
    assert (found.code, text[found.span.start : found.span.end]) == ("metadata-type", "numerik")
    check_fix(text, good)
    (found,) = findings(shape % ("total", "text"))
    assert (found.code, found.severity) == ("metadata-drift", "error")
    check_fix(shape % ("total", "text"), shape % ("total", "numeric(10,2)"))
    text = good.replace("orders", "order")
    (found,) = findings(text)
    assert text[found.span.start : found.span.end] in ("order", "public.order")
    check_fix(text, good)


def test_duplicates() -> None:
    found = check(
        """
{"orders": [{"column_name": "id", "data_type": "int"},
            {"column_name": "id", "data_type": "int"}],
                             ^^ metadata-duplicate: orders has the column id twice
 "customers": [],
 "orders": []}
  ^^^^^^ metadata-duplicate: the table orders is defined twice
"""
    )
    assert [it.related[0].message for it in found] == ["the first one is here"] * 2


def test_empty_names() -> None:
    check(
        """
{"orders": [{"column_name": "", "data_type": "int"}],
                            ^^ configuration: column 1 of orders has no name
 "": []}
 ^^ configuration: table 2 has no name
"""
    )


def test_keys() -> None:
    text = (
        '{"orders": {"columns": [{"column_name": "id", "data_type": "int",\n'
        '  "foreign_key": {"table": "customer", "column": "id"}}],\n'
        '  "primary_key": ["idd"],\n'
        '  "foreign_keys": [{"columns": ["note"], "referred_table": "customers", "referred_columns": ["uid"]}]}}'
    )
    found = findings(text)
    assert [
        (text.count("\n", 0, it.span.start), text[it.span.start : it.span.end]) for it in found
    ] == [
        (2, "idd"),
        (3, "uid"),
    ]
    text = text.split('  "foreign_keys"', maxsplit=1)[0].rstrip(",\n") + "}}"
    found = findings(text)
    assert [text[it.span.start : it.span.end] for it in found] == ["customer", "idd"]
    assert found[0].fixes[0].title == "Change to customers"


def test_a_type_of_the_database_s_own() -> None:
    text = '{"customers": [{"column_name": "mood", "data_type": "mood"}]}'
    assert findings(text) == []
    (found,) = findings(text, database=None)
    assert found.severity == "information"


def test_without_a_database_there_is_no_drift() -> None:
    assert findings('{"nowhere": [{"column_name": "x", "data_type": "int"}]}', database=None) == []


def test_csv() -> None:
    text = (
        "table_name,column_name,data_type,column_description\n"
        'ordrs,id,int,"a, b"\n'
        "ordrs,total,numeric,\n"
        '"ordrs","note",text,x\n'
    )
    check_fix(text, text.replace("ordrs", "orders"), "csv")
    check(
        """
table_name,column_name,data_type
orders,totl,numeric
       ^^^^ metadata-drift: public.orders has no column totl in the database; did you mean total?
orders,id
^^^^^^^^^ configuration: expected 3 fields, found 2 (a field that contains a comma must be in double quotes)
orders,note,txt
            ^^^ metadata-type: no dialect knows the type txt of orders.note; did you mean text?
orders,note,text
       ^^^^ metadata-duplicate: orders has the column note twice
,id,int
^^^^^^^ configuration: table_name: missing
""",
        "csv",
    )
    check(
        """
table,column_name,data_type
^^^^^^^^^^^^^^^^^^^^^^^^^^^ configuration: the header has no table_name; expected table_name,column_name,data_type,column_description
""",
        "csv",
    )


def test_faults_of_the_file_itself() -> None:
    check(
        """
{"orders": [{"column_name": "id", "data_type": 3},
                                               ^ configuration: data_type: expected text, found a number
            {"column_name": "note"},
            ^ configuration: data_type: missing
            {"column_name": "totl", "data_type": "numeric"}]}
                             ^^^^ metadata-drift: public.orders has no column totl in the database; did you mean total?
"""
    )
    check(
        """
[1, 2]
^ configuration: not metadata in a known shape: expected one of: {"table_metadata": [{"table_name": ..., "column_metadata": [...]}]}; {"<table>": [{"column_name": ..., "data_type": ...}]}; {"<table>": {"table_description": ..., "columns": [...]}}; {"table_metadata": {"<table>": [...]}, "glossary": ...}; or CSV with the header table_name,column_name,data_type,column_description
"""
    )
    broken = '{"orders": [{"column_name": "totl" "data_type": "numeric"}]}'
    found = findings(broken)
    assert [it.code for it in found] == ["metadata-drift", "configuration"]


def test_severities() -> None:
    text = '{"ordrs": []}'
    assert (
        check_metadata_file(
            text, "json", DATABASE, DATABASE, {**DEFAULT_SEVERITIES, "metadata-drift": "off"}
        )
        == []
    )
    (found,) = check_metadata_file(
        text, "json", DATABASE, DATABASE, {**DEFAULT_SEVERITIES, "metadata-drift": "hint"}
    )
    assert found.severity == "hint"


BROKEN: Sequence[str] = (
    "",
    "{",
    "[",
    '{"',
    '{"a',
    '{"a":',
    '{"a": [',
    '{"a": [{',
    '{"a": [{"column_name"',
    "null",
    "1",
    '{"a": {"columns": [1, {}]}}',
    '{"table_metadata": [1]}',
    '{"table_metadata": {"a": 1}}',
    '{"a": [[]]}',
    '{"a": {"columns": {}}}',
    "\x00",
    '{"a": {"columns": [], "foreign_keys": [{}]}}',
    "a,b\n1",
    '"',
)


@pytest.mark.parametrize("text", BROKEN)
def test_broken_text_never_raises(text: str) -> None:
    kinds: tuple[FileKind, ...] = ("json", "csv")
    for kind in kinds:
        for end in range(len(text) + 1):
            for it in check_metadata_file(text[:end], kind, DATABASE, DATABASE):
                assert 0 <= it.span.start <= it.span.end <= len(text)


def test_a_file_cut_off_anywhere_never_raises() -> None:
    for shape in SHAPES:
        text = shape % ("total", "numeric")
        for end in range(len(text)):
            check_metadata_file(text[:end], "json", DATABASE, DATABASE)
