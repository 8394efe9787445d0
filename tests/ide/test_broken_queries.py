"""Real queries, broken at places that differ from query to query: nothing may fail on them.

``python -m benchmarks.robustness`` breaks them at every token; that takes hours.
"""

import random
from collections.abc import Iterator

import pytest

from benchmarks.corpus import DATA, Query, queries
from benchmarks.robustness import Broken, ask, broken

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not here")
_PLACES = 3
_LONGEST = 6000
"""A few queries of TPC-DS are so long that each place would cost a second."""
_DIALECTS = ("postgres", "mysql", "sqlite", "bigquery", "snowflake", "tsql")


def places(query: Query) -> Iterator[Broken]:
    chosen = random.Random(query.id)
    found = list(broken(query.sql, query.dialect))
    yield from chosen.sample(found, min(_PLACES, len(found)))


@pytest.mark.parametrize("dialect", _DIALECTS)
def test_no_broken_query_makes_a_feature_fail(dialect: str) -> None:
    wrong: list[str] = []
    asked = 0
    for query in queries():
        if query.dialect != dialect or len(query.sql) > _LONGEST:
            continue
        for it in places(query):
            asked += 1
            if problem := ask(it, query.catalog, dialect):
                wrong.append(f"{query.id} {it.way} at {it.offset}: {problem}")
    assert asked
    assert not wrong, "\n".join(wrong[:20])
