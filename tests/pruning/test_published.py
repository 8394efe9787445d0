"""What published golden queries need is kept: a sample, held a little below what is measured.

``make bench-pruning`` measures all of it.
"""

import pytest

from benchmarks import pruning
from benchmarks.corpus import DATA
from defog_metadata.pruning.evidence import Evidence
from defog_metadata.pruning.prune import Pruner
from defog_metadata.pruning.pruned import Pruned

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data is not here")

EVERY_HOW_MANY = 4


@pytest.mark.parametrize(
    ("columns", "tokens", "least_tables", "least_columns"),
    [(10, 2000, 0.90, 0.72), (50, 2000, 0.96, 0.91), (50, 500, 0.92, 0.82)],
)
def test_of_one_catalog_with_everything(
    columns: int, tokens: int, least_tables: float, least_columns: float
) -> None:
    catalog, glossary = pruning.huge_catalog()
    pruner = Pruner(catalog, Evidence(glossary=glossary))
    score = pruning.Score()
    for case in pruning.cases()[::EVERY_HOW_MANY]:
        pruned = pruner.prune(
            case.huge.question, prune_bm25_num_columns=columns, prune_max_tokens=tokens
        )
        assert pruned.tokens <= tokens
        score.add(case.huge, *kept(pruned))
    assert score.tables[1] > 100
    assert score.tables[0] >= least_tables * score.tables[1]
    assert score.columns[0] >= least_columns * score.columns[1]


def test_golden_queries_help() -> None:
    every = pruning.cases()
    catalog, glossary = pruning.huge_catalog()
    scores = pruning.Score(), pruning.Score()
    for case in every[:: 4 * EVERY_HOW_MANY]:
        evidences = (
            Evidence(glossary=glossary),
            pruning.evidence_for(case, every, glossary, is_huge=True),
        )
        for score, evidence in zip(scores, evidences, strict=True):
            pruned = Pruner(catalog, evidence).prune(case.huge.question, prune_bm25_num_columns=10)
            score.add(case.huge, *kept(pruned))
    assert scores[1].columns[0] > scores[0].columns[0]


def kept(pruned: Pruned) -> tuple[set[str], set[tuple[str, str]]]:
    return (
        {it.table.qualified_name for it in pruned.tables},
        {(it.table.qualified_name, column.name) for it in pruned.tables for column in it.columns},
    )
