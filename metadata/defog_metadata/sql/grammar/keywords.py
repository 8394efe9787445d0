"""Keywords that a misspelled word may stand for."""

from collections.abc import Iterator

from defog_metadata.spelling import distance

__all__ = ["respellings"]

_KEYWORDS = tuple(
    """SELECT FROM WHERE GROUP ORDER HAVING JOIN LEFT RIGHT INNER OUTER CROSS FULL NATURAL UNION
    DISTINCT INTERSECT EXCEPT LIMIT OFFSET BETWEEN LIKE ILIKE EXISTS CASE WHEN THEN ELSE END AND
    OR NOT IN IS AS ON BY USING INTO VALUES UPDATE DELETE INSERT SET CREATE TABLE VIEW ALTER DROP
    WITH RECURSIVE OVER PARTITION ROWS RANGE PRECEDING FOLLOWING UNBOUNDED CURRENT ROW FILTER
    WITHIN QUALIFY WINDOW INTERVAL NULL TRUE FALSE ASC DESC NULLS FIRST LAST RETURNING LATERAL
    CONFLICT NOTHING PRIMARY FOREIGN KEY REFERENCES UNIQUE DEFAULT CHECK CONSTRAINT FETCH NEXT ONLY
    ALL ANY CAST COLLATE COLUMN ADD RENAME INDEX TEMPORARY REPLACE MATCHED MERGE EXPLAIN
    ANALYZE""".split()
)
# Words that are written as one by a slip.
_RUN_TOGETHER = {
    it.replace(" ", ""): it
    for it in (
        "GROUP BY",
        "ORDER BY",
        "PARTITION BY",
        "LEFT JOIN",
        "RIGHT JOIN",
        "INNER JOIN",
        "CROSS JOIN",
        "FULL JOIN",
        "UNION ALL",
        "NOT NULL",
        "NOT IN",
        "NOT LIKE",
        "INSERT INTO",
        "DELETE FROM",
        "SELECT DISTINCT",
    )
}
_LONG = 7


def respellings(word: str) -> Iterator[str]:
    """The keywords that are one slip away from *word*, in its letter case."""
    upper = word.upper()
    if upper in _KNOWN:
        return
    found = [_RUN_TOGETHER[upper]] if upper in _RUN_TOGETHER else []
    found += sorted(
        (it for it in _KEYWORDS if _is_slip(upper, it)), key=lambda it: abs(len(it) - len(upper))
    )
    for it in found:
        yield it.lower() if word.islower() else it


_KNOWN = frozenset(_KEYWORDS)


def _is_slip(written: str, meant: str) -> bool:
    """Whether a letter is missing, too much, another, or swapped with its neighbour.

    In a long word two such things may have happened.

    >>> _is_slip("FORM", "FROM"), _is_slip("SELEC", "SELECT"), _is_slip("FIRM", "FROM")
    (True, True, False)
    """
    if abs(len(written) - len(meant)) > 1 + (len(meant) >= _LONG) or len(written) < 2:  # noqa: PLR2004
        return False
    slips = distance(written, meant)
    return slips == 1 or (slips <= 2 and len(meant) >= _LONG)  # noqa: PLR2004
