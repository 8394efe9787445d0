"""Renaming in the public queries, there and back: ``python -m benchmarks.renames`` does it in all."""

from collections import Counter
from itertools import islice

import pytest

from benchmarks.corpus import DATA, queries
from benchmarks.renames import outcome
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import symbols_of


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside the repository")
def test_the_queries_are_what_they_were() -> None:
    outcomes: Counter[str] = Counter()
    for query in islice((it for it in queries() if it.is_valid), 0, None, 50):
        snapshot = Snapshot(query.sql, query.catalog, query.dialect)
        for it in symbols_of(snapshot).occurrences:
            if it.is_definition:
                outcomes[outcome(query, it)] += 1
    assert outcomes["same text"] > 100
    assert set(outcomes) <= {"same text", "same but for case"}
