"""How well documents fit a question, by BM25."""

from collections.abc import Mapping, Sequence

__all__ = ["coverage", "relevance"]


def relevance(question: Sequence[str], documents: Sequence[Sequence[str]]) -> list[float]:
    """For each document its fit from 0 (none) to 1 (the best one's), in their order.

    Both are words as ``terms`` makes them. Rare words count for more: rarity is taken among the
    documents given, so that the cost is theirs alone, however large the database.
    """
    asked = [it for it in dict.fromkeys(question) if any(it in document for document in documents)]
    if not asked:
        return [0.0] * len(documents)
    # numpy comes with it: not worth a start's time until a question is really there.
    from rank_bm25 import BM25Plus  # noqa: PLC0415

    # The library divides by lengths: an empty document has none.
    ranker = BM25Plus([list(it) or [""] for it in documents])
    scores = ranker.get_scores(asked)
    fitting = [
        float(score) if not set(asked).isdisjoint(document) else 0.0
        for score, document in zip(scores, documents, strict=True)
    ]
    best = max(fitting)
    return [it / best for it in fitting] if best > 0 else fitting


def coverage(
    question: Sequence[str],
    documents: Sequence[Sequence[str]],
    sure: Sequence[Mapping[str, float]],
) -> list[float]:
    """For each document, how much of the question it says: from 0 (nothing) to 1 (all of it).

    *sure* has, for each document, how surely (0 to 1) each of its words means the question's. Of
    the question only the words count that some document has.
    """
    if not any(sure):
        return [0.0] * len(documents)
    import numpy as np  # noqa: PLC0415 - as above
    from rank_bm25 import BM25Plus  # noqa: PLC0415

    ranker = BM25Plus([list(it) or [""] for it in documents])
    scores = np.zeros(len(documents))
    whole = 0.0
    for word in question:
        if word in ranker.idf:
            chances = np.array([it.get(word, 0.0) for it in sure])
            scores += chances * ranker.get_scores([word])
            whole += ranker.idf[word] * (ranker.k1 + 1 + ranker.delta)
    return [float(it) for it in scores / whole]
