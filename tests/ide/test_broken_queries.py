"""Real queries, broken at places that differ from query to query: nothing may fail on them.

``python -m benchmarks.robustness`` breaks them at every token; that takes hours.
"""

import random
from collections.abc import Iterator

import pytest

from benchmarks.corpus import DATA, Query, queries
from benchmarks.robustness import Broken, ask, broken
from tests.support.cores import Cores, Part

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not here")
_PLACES = 3
_LONGEST = 6000
"""A few queries of TPC-DS are so long that each place would cost a second."""


def places(query: Query) -> Iterator[Broken]:
    chosen = random.Random(query.id)
    found = list(broken(query.sql, query.dialect))
    yield from chosen.sample(found, min(_PLACES, len(found)))


def failures(part: Part) -> list[str]:
    """What fails where queries are broken."""
    wrong: list[str] = []
    for query in part.of(it for it in queries() if len(it.sql) <= _LONGEST):
        found = list(places(query))
        assert found, query.id
        wrong += [
            f"{query.id} {it.way} at {it.offset}: {problem}"
            for it in found
            if (problem := ask(it, query.catalog, query.dialect))
        ]
    return wrong


def test_no_broken_query_makes_a_feature_fail(cores: Cores) -> None:
    wrong = [it for part in cores.share(failures) for it in part]
    assert not wrong, "\n".join(wrong[:20])
