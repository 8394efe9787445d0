"""Formatting the public queries: none of them means anything else, and a second pass does nothing."""

import pytest

from benchmarks.corpus import DATA, Query, queries
from defog_lsp.ide.formatting import Style, format_document
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.syntax import parse
from tests.support.cores import Cores, Part

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public queries are not here")


def snapshot(query: Query, sql: str) -> Snapshot:
    return Snapshot(sql, query.catalog, query.dialect)


def formatted(part: Part) -> int:
    """How many queries formatting has changed."""
    changed = 0
    for query in part.of(queries()):
        before = snapshot(query, query.sql)
        edits = format_document(before, Style(width=60, keyword_case="upper"))
        changed += bool(edits)
        after = snapshot(query, applied(query.sql, edits))
        trees = [[parse(it.text, query.dialect).tree for it in seen.statements]
                 for seen in (before, after)]  # fmt: skip
        assert trees[0] == trees[1], query.id
        assert format_document(after, Style(width=60, keyword_case="upper")) == [], query.id
    return changed


def test_the_trees_are_the_same_before_and_after(cores: Cores) -> None:
    assert sum(cores.share(formatted)) > 2000
