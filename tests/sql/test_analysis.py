"""What is remembered between versions of a text, and that remembering changes nothing."""

import gc
import weakref
from itertools import pairwise

from defog_metadata.catalog import Catalog
from defog_metadata.rules import check
from defog_metadata.sql.snapshot import Snapshot
from tests.fixture import CATALOG, TABLES


def test_an_edit_leaves_the_other_statements_understood() -> None:
    before = Snapshot("select id from orders; select name from customers", CATALOG, "postgres")
    after = Snapshot("select  id from orders; select name from customers", CATALOG, "postgres")
    assert before.analyses[1].references[0] is after.analyses[1].references[0]
    assert before.analyses[0].references[0] is not after.analyses[0].references[0]
    assert after.analyses[1].statement.start == before.analyses[1].statement.start + 1


def test_what_earlier_statements_define_is_part_of_the_question() -> None:
    def messages(text: str, catalog: Catalog = CATALOG) -> list[str]:
        return [it.message for it in check(Snapshot(text, catalog, "postgres"))]

    for _ in range(2):
        assert messages("create table t (a int); select a from t") == []
        assert messages("create table t (b int); select a from t") == ["there is no column a here"]
        assert messages("select a from t") == ["there is no table t"]
    fewer = Catalog.of(*TABLES[1:])
    assert messages("select 1 from customers") == []
    assert messages("select 1 from customers", fewer) == ["there is no table customers"]


def test_facts_are_computed_once() -> None:
    snapshot = Snapshot("select 1", CATALOG, "postgres")
    assert snapshot.statements is snapshot.statements
    assert type(snapshot).statements.__doc__ is None


def test_what_a_catalog_leaves_behind_goes_bit_by_bit() -> None:
    """All at once, a large file's would keep every thread from running."""
    text = "".join(f"select id, {it} from orders;" for it in range(10))
    snapshot = Snapshot(text, Catalog.of(*TABLES), "postgres")
    left = [weakref.ref(it.scopes[0].relations[0]) for it in snapshot.analyses]
    del snapshot
    gc.collect()
    counts = []
    for it in range(20):
        counts.append(sum(ref() is not None for ref in left))
        assert Snapshot(f"select name, {it} from customers", CATALOG, "postgres").analyses
    assert counts[0] == 10
    assert all(before - after <= 2 for before, after in pairwise(counts))
    assert counts[-1] == 0
