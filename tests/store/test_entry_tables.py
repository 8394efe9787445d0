"""Cache files as streams: the tables, and the complaints, are those of the whole document."""

import json
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.shapes import (
    read_metadata,
    table_from_json,
    write_columns,
    write_published,
    write_seed,
    write_tables,
)
from defog_metadata.errors import CacheError, ExtractionCancelled, MetadataError
from defog_metadata.store import json_stream, surveys
from defog_metadata.store.entries import read_entry
from defog_metadata.store.entry_file import EntryChanged
from defog_metadata.store.entry_tables import EntryTables
from tests.catalog.strategies import catalogs

Said = tuple[Any, ...]
ROWS = [{"column_name": "id", "data_type": "integer"}]
SHAPES: tuple[Callable[[list[Table]], dict[str, Any]], ...] = (
    write_seed,
    write_tables,
    write_columns,
    lambda it: write_tables(it, ["public", "sales"]),
    lambda it: write_published(it, "- a statement"),
)


def said_as_a_stream(path: Path) -> Said:
    found = EntryTables(path)
    records = [*found.records()]
    assert len(found) == len(records)
    # What the mirror keeps of a table is that table.
    assert all(table_from_json(json.loads(json.dumps(it))) == table for table, it in records)
    return (
        tuple(table for table, _ in records),
        found.shape,
        found.glossary,
        found.search_path,
        found.db_type,
        found.timestamp,
    )


def said_as_a_whole(path: Path) -> Said:
    entry = read_entry(path)
    try:
        found = read_metadata(entry.metadata)
    except MetadataError as error:
        raise CacheError(
            f"The metadata in the cache file {path} cannot be used: {error}."
            " It is left as it is: repair or delete it, then refresh the metadata."
        ) from None
    return (
        found.tables,
        found.shape,
        found.glossary,
        found.search_path,
        entry.db_type,
        entry.timestamp,
    )


def said(read: Callable[[Path], Said], path: Path) -> Said | str:
    try:
        return read(path)
    except CacheError as error:
        return str(error)


def check(text: str, window: int) -> Said | str:
    """What is said of a file, by both readers."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("defog_metadata.store.entries._QUIET_SECONDS", -1)
        for module in (json_stream, surveys):
            patch.setattr(module, "WINDOW_BYTES", window)
        path = Path(folder, "entry.json")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        expected = said(said_as_a_whole, path)
        assert said(said_as_a_stream, path) == expected
        return expected


@st.composite
def layouts(draw: st.DrawFn) -> Callable[[Any], str]:
    """How a document is written: ours, the library's, and others'."""
    indent = draw(st.sampled_from([None, 0, 2, "\t", " \r\n"]))
    separators = draw(st.sampled_from([None, (",", ":"), (" , ", " : "), (",\r\n\t", ":\n")]))
    ascii_only = draw(st.booleans())
    return lambda it: json.dumps(it, indent=indent, separators=separators, ensure_ascii=ascii_only)


@st.composite
def documents(draw: st.DrawFn, metadata: Any) -> dict[str, Any]:
    """An entry whose members are in any order."""
    members = [
        ("metadata", metadata),
        ("timestamp", draw(st.sampled_from([1, 1234.5, 1e3]))),
        ("db_type", draw(st.sampled_from(["postgres", "", None]))),
        ("dev", draw(st.booleans())),
        ("other", {"metadata": [1]}),
    ]
    return dict(draw(st.permutations(members)))


WINDOWS = st.one_of(st.integers(4, 60), st.just(1 << 18))


@settings(max_examples=60, deadline=None)
@given(catalogs, st.sampled_from(SHAPES), layouts(), WINDOWS, st.data())
def test_every_shape(
    tables: list[Table],
    write: Callable[[list[Table]], dict[str, Any]],
    layout: Callable[[Any], str],
    window: int,
    data: st.DataObject,
) -> None:
    document = data.draw(documents(write(tables)))
    assert not isinstance(check(layout(document), window), str)


# Little that looks like every shape, and like none.
LEAVES: st.SearchStrategy[Any] = st.sampled_from(
    [None, 5, "", "text", [], {}, ROWS, [5], [{"table_name": "t", "column_metadata": ROWS}], [{}],
     {"columns": ROWS}, {"columns": 5}, {"table_description": ""}, {"columns": ROWS, "table_description": ""},
     {"t": ROWS}, {"table_name": "u", "table_schema": "s", "columns": ROWS}]
)  # fmt: skip
KEYS = st.sampled_from(
    ["t", "s.t", "glossary", "source", "table_metadata", "columns", "table_description"]
)
METADATA = st.recursive(LEAVES, lambda it: st.dictionaries(KEYS, it, max_size=4), max_leaves=6)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(METADATA, layouts(), WINDOWS, st.data())
def test_documents_that_fit_a_shape_or_none(
    metadata: Any, layout: Callable[[Any], str], window: int, data: st.DataObject
) -> None:
    document = data.draw(documents(metadata))
    if data.draw(st.booleans()):
        del document[data.draw(st.sampled_from([*document]))]
    check(layout(document), window)


@settings(max_examples=60, deadline=None)
@given(catalogs, st.sampled_from(SHAPES), WINDOWS, st.data())
def test_files_that_end_early(
    tables: list[Table],
    write: Callable[[list[Table]], dict[str, Any]],
    window: int,
    data: st.DataObject,
) -> None:
    text = json.dumps({"metadata": write(tables), "timestamp": 1.5}, indent=2)
    found = check(text[: data.draw(st.integers(0, len(text) - 1))], window)
    assert isinstance(found, str)
    assert "is not valid JSON" in found or "is empty" in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1]", "it is not a JSON object"),
        ('"text"', "it is not a JSON object"),
        ("", "is empty"),
        ("\0\0", "is empty"),
        ('{"metadata": [], "timestamp": 1}', 'no object "metadata"'),
        ('{"metadata": {}}', 'no number "timestamp"'),
        ('{"metadata": {"table_metadata": {}, "glossary": 5}, "timestamp": 1}', "expected text or null"),
        ('{"metadata": {"t": [{"column_name": 5}]}, "timestamp": 1}', "t[0].column_name: expected"),
        ('{"metadata": {"t": [{"column_name": 5}]}, "timestamp": 1', "not valid JSON"),
        ('{"metadata": {}, "timestamp": 1} x', "not valid JSON (Extra data: line 1 column 34"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("window", [4, 1 << 18])
def test_what_is_wrong(text: str, expected: str, window: int) -> None:
    found = check(text, window)
    assert isinstance(found, str)
    assert expected in found


@pytest.mark.parametrize(
    "text",
    [
        # Of members of one name the last counts, where the first stands.
        '{"metadata": {"t": [], "u": [], "t": %s}, "timestamp": 1}',
        '{"metadata": {"t": []}, "timestamp": 1, "metadata": {"u": %s}}',
        '{"metadata": {"u": %s}, "timestamp": 1, "timestamp": 2}',
        '{"metadata": {"table_metadata": {"t": [], "u": [], "t": %s}}, "timestamp": 1}',
        '{"metadata": {"table_metadata": [], "table_metadata": {"t": %s}}, "timestamp": 1}',
        # Tables whose names are those of the shapes' own keys.
        '{"metadata": {"table_metadata": %s, "glossary": %s}, "timestamp": 1}',
        '{"metadata": {"glossary": %s, "table_metadata": {"table_description": "", "columns": %s}}, "timestamp": 1}',
        '{"metadata": {"table_metadata": {"table_description": %s, "columns": %s}}, "timestamp": 1}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("window", [4, 1 << 18])
def test_names_that_mislead(text: str, window: int) -> None:
    found = check(text.replace("%s", json.dumps(ROWS)), window)
    assert not isinstance(found, str)
    assert any(it.columns for it in found[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "entry.json"
    path.write_bytes(json.dumps({"metadata": {"été": ROWS}, "timestamp": 1}).encode(encoding))
    assert said_as_a_stream(path) == said_as_a_whole(path)


# Going on, cost, changes


def many(count: int) -> Iterator[Table]:
    columns = (Column("id", "integer"), Column("text", "text", description="x" * 1000))
    return (Table(f"t{it}", columns, "s") for it in range(count))


def stored(path: Path, metadata: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"metadata": metadata, "timestamp": 1.5}, indent=2))
    return path


@pytest.mark.parametrize("write", SHAPES)
@pytest.mark.parametrize("stop", [1, 5, 299, 300])
def test_reading_goes_on_from_a_checkpoint(
    tmp_path: Path, write: Callable[[list[Table]], dict[str, Any]], stop: int
) -> None:
    path = stored(tmp_path / "entry.json", write([Table("p", (), "public"), *many(299)]))
    first = EntryTables(path)
    for count, _ in enumerate(first.records(), 1):
        if count == stop:
            break
    second = EntryTables(path)
    rest = [it for it, _ in second.records(first.checkpoint)]
    whole = EntryTables(path)
    assert rest == [*whole][stop:]
    assert second.search_path == whole.search_path
    assert second.checkpoint.tables == 300


@pytest.mark.parametrize("write", SHAPES)
def test_memory_does_not_grow_with_the_number_of_tables(
    tmp_path: Path,
    write: Callable[[list[Table]], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (json_stream, surveys):
        monkeypatch.setattr(module, "WINDOW_BYTES", 1 << 15)

    def peak_bytes(count: int) -> int:
        path = stored(tmp_path / "entry.json", write([*many(count)]))
        tracemalloc.start()
        assert sum(len(it.columns) for it in EntryTables(path)) == 2 * count
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count < 1000 or path.stat().st_size > 8 * peak
        return peak

    peak_bytes(1)  # imports
    assert peak_bytes(3000) < 1.5 * peak_bytes(300)


def test_a_walk_over_a_large_file_says_how_far_it_is_and_can_be_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveys, "_REPORTED_BYTES", 1 << 18)
    path = stored(tmp_path / "entry.json", write_tables(many(3000)))
    seen: list[tuple[int, int | None, str]] = []
    EntryTables(path, progress=lambda *it: seen.append(it))
    size = path.stat().st_size
    assert len(seen) > 10
    assert [it[0] for it in seen] == sorted({it[0] for it in seen})
    assert seen[-1][0] < size
    assert {it[1:] for it in seen} == {(size, "Reading the cache file")}
    answers = iter([False, True])
    with pytest.raises(ExtractionCancelled):
        EntryTables(path, cancelled=lambda: next(answers))


def test_a_file_that_changes_while_its_tables_are_read(tmp_path: Path) -> None:
    path = stored(tmp_path / "entry.json", write_tables(many(3000)))
    found = iter(EntryTables(path))
    next(found)
    stored(path, write_tables(many(2000)))
    with pytest.raises(EntryChanged, match="changes while it is read"):
        list(found)


def test_a_walk_begins_again_where_the_file_changes(tmp_path: Path) -> None:
    path = stored(tmp_path / "entry.json", write_tables(many(3000)))

    changes = [2000]

    def change(done: int, total: int | None, what: str) -> None:
        if changes:
            stored(path, write_tables(many(changes.pop())))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surveys, "_REPORTED_BYTES", 1 << 18)
        assert len(EntryTables(path, progress=change)) == 2000
