"""Renaming in the public queries, there and back: ``python -m benchmarks.renames`` does it in all."""

from collections import Counter
from itertools import islice

import pytest

from benchmarks.corpus import DATA, queries
from benchmarks.renames import outcome, outcome_of_stored, stored_in
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import symbols_of
from tests.support.cores import Cores, Part

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data sets are not beside the repository"
)


def renamed(part: Part) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for query in part.of(islice((it for it in queries() if it.is_valid), 0, None, 50)):
        snapshot = Snapshot(query.sql, query.catalog, query.dialect)
        for it in symbols_of(snapshot).occurrences:
            if it.is_definition:
                outcomes[outcome(query, it)] += 1
    return outcomes


def renamed_stored(part: Part) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for query in part.of(islice((it for it in queries() if it.is_valid), 0, None, 60)):
        for stored in stored_in(query):
            outcomes[outcome_of_stored(query, stored)] += 1
    return outcomes


def test_the_queries_are_what_they_were(cores: Cores) -> None:
    outcomes = sum(cores.share(renamed), Counter())
    assert outcomes["same text"] > 100
    assert set(outcomes) <= {"same text", "same but for case"}


def test_what_is_stored_can_have_another_name(cores: Cores) -> None:
    outcomes = sum(cores.share(renamed_stored), Counter())
    done = outcomes["same text"] + outcomes["same but for case and quotes"]
    refused = sum(count for it, count in outcomes.items() if it.startswith("refused"))
    assert done > 100
    assert refused < done / 50
    assert done + refused == outcomes.total()
