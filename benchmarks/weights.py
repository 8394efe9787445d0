"""Fits the weights of completion's facts to the public queries: ``python -m benchmarks.weights``.

At references as ``benchmarks.completion`` takes them the candidates that fit what is typed equally
well are described by their facts; the weights that make the right one likeliest (a softmax over
each list, held near the present weights) are printed where they differ from these. What they do
for people is then for ``make bench-completion`` and the fixtures to tell.
"""

import argparse
from collections.abc import Iterable, Iterator

import numpy as np

from benchmarks.completion import samples
from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.complete import candidates
from defog_lsp.ide.completion.ranking import described
from defog_lsp.ide.completion.weights import WEIGHTS
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import caret_at

__all__ = ["main"]

Row = tuple[dict[str, float], bool]
"""The facts about a candidate, and whether it is the right one."""
_Found = tuple[int, Candidate, Iterable[tuple[str, float]]]
_STEPS = 400
_RATE = 0.15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=350, help="references a set and dialect")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hold", type=float, default=0.001, help="how much change costs")
    arguments = parser.parse_args()
    lists = list(_lists(arguments.sample, arguments.seed))
    names = sorted({fact for rows in lists for facts, _ in rows for fact in facts})
    before = np.array([WEIGHTS.get(it, 0.0) for it in names])
    after = _fitted(lists, names, before, arguments.hold)
    print(f"{len(lists)} lists, {len(names)} facts")
    for name, old, new in sorted(zip(names, before, after, strict=True), key=lambda it: it[0]):
        if abs(new - old) > 0.05:
            print(f"{old:7.2f} {new:7.2f}  {name}")


def _lists(sample: int, seed: int) -> Iterator[list[Row]]:
    for _, _, references in samples([], sample, seed):
        for query, reference in references:
            wanted = reference.name.text.casefold()
            for rest in (query.sql[reference.span.end :], ""):
                for typed in (0, 1, 2):
                    for comment in {"", f"-- {query.question}\n" if query.question else ""}:
                        head = comment + query.sql[: reference.span.start] + wanted[:typed]
                        snapshot = Snapshot(head + rest, query.catalog, query.dialect)
                        caret = caret_at(snapshot, len(head))
                        found = list(described(candidates(snapshot, caret), snapshot, caret))
                        yield from _best(found, wanted)


def _best(found: list[_Found], wanted: str) -> Iterator[list[Row]]:
    """Those that fit what is typed as well as the right one, where there is a choice."""
    right = [fit for fit, it, _ in found if it.name.casefold() == wanted]
    rows: list[Row] = []
    for fit, it, facts in found:
        if right and fit == min(right):
            summed: dict[str, float] = {}
            for name, value in facts:
                summed[name] = summed.get(name, 0.0) + value
            rows.append((summed, it.name.casefold() == wanted))
    if len(rows) > 1 and not all(is_right for _, is_right in rows):
        yield rows


def _fitted(
    lists: list[list[Row]], names: list[str], before: np.ndarray, hold: float
) -> np.ndarray:
    """Adam over the softmax of each list; *hold* pulls every weight to what it is now."""
    index = {name: place for place, name in enumerate(names)}
    facts = np.zeros((sum(map(len, lists)), len(names)), np.float32)
    rows = [row for it in lists for row in it]
    for place, (values, _) in enumerate(rows):
        for name, value in values.items():
            facts[place, index[name]] = value
    right = np.array([is_right for _, is_right in rows], float)
    starts = np.cumsum([0, *map(len, lists[:-1])])
    owner = np.repeat(np.arange(len(lists)), list(map(len, lists)))

    def shares(weighed: np.ndarray) -> np.ndarray:
        return weighed / np.add.reduceat(weighed, starts)[owner]

    weights, mean, spread = before.copy(), np.zeros_like(before), np.zeros_like(before)
    for step in range(1, _STEPS + 1):
        scores = facts @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        slope = (shares(likely) - shares(likely * right)) @ facts / len(lists)
        slope += hold * (weights - before)
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        weights -= _RATE * mean / (1 - 0.9**step) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return weights


if __name__ == "__main__":
    main()
