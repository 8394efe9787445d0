"""Caret fixtures: a query with ``$0``, what must be offered there, and what must not be.

Labels stand in one text, separated by spaces; a keyword of several words is written with
underscores (``GROUP_BY``). Each case is run in every dialect that it names.
"""

import re
from collections.abc import Iterable

import pytest

from defog_lsp.ide.completion import Item, complete
from defog_metadata.catalog import Catalog
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import CATALOG

Case = tuple[str, str, str, str]
"""Dialects, the query, the wanted labels, the unwanted labels."""

ALL = "postgres mysql sqlite snowflake bigquery tsql duckdb"
_MOST_ITEMS = 100


def without(*dialects: str) -> str:
    """All dialects but these."""
    return " ".join(it for it in ALL.split() if it not in dialects)


def cases(*groups: Iterable[Case]) -> pytest.MarkDecorator:
    """A test of ``dialect, sql, wanted, unwanted`` for each dialect of each case."""
    return pytest.mark.parametrize(
        ("dialect", "sql", "wanted", "unwanted"),
        [
            pytest.param(dialect, sql, wanted, unwanted, id=f"{dialect}: {sql}")
            for group in groups
            for dialects, sql, wanted, unwanted in group
            for dialect in dialects.split()
        ],
    )


def items_at(sql: str, dialect: str, catalog: Catalog = CATALOG) -> list[Item]:
    """The items at ``$0``, which are checked to be such that an editor can take them."""
    before, marker, after = sql.partition("$0")
    assert marker, "the fixture needs a $0"
    own = Catalog(catalog.source, dialect, catalog.search_path)
    found = complete(Snapshot(before + after, own, dialect), len(before))
    assert len(found.items) <= _MOST_ITEMS
    for it in found.items:
        assert 0 <= it.span.start <= it.span.end <= len(before + after)
        assert it.label.strip()
        assert it.insert
    return list(found.items)


def check(dialect: str, sql: str, wanted: str, unwanted: str, catalog: Catalog = CATALOG) -> None:
    labels = {it.label for it in items_at(sql, dialect, catalog)}
    missing = _labels(wanted) - labels
    surplus = _labels(unwanted) & labels
    assert not missing, f"not offered: {missing}; offered: {labels}"
    assert not surplus, f"offered although it cannot stand there: {surplus}"


_JOINT = re.compile(r"(?<=[A-Z])(?<!STRAIGHT)_(?=[A-Z])")


def _labels(text: str) -> set[str]:
    return {_JOINT.sub(" ", it) for it in text.split()}
