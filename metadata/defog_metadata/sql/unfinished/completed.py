"""A statement read around a name that stands in it, even where it does not parse as it is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sqlglot.errors import SqlglotError

from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis, bound_as
from defog_metadata.sql.facts.given import given_at
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.syntax import Syntax, tree_of
from defog_metadata.sql.unfinished.at_hand import AtHand, at_hand
from defog_metadata.sql.unfinished.repair import repairs
from defog_metadata.sql.unfinished.skeleton import CLAUSES, PLACEHOLDER

__all__ = ["Completed", "completed_at"]

_MOST_CUTS = 4


@dataclass(frozen=True, slots=True)
class Completed:
    """The name at ``offset`` of the whole text stands at ``at`` of the statement as it was read."""

    analysis: Analysis
    at: int
    offset: int
    is_reduced: bool = False
    """Whether expressions had to be replaced, whose types and columns are not the real ones."""


def completed_at(snapshot: Snapshot, offset: int) -> Completed | None:
    """The statement at *offset*, repaired where that is needed; ``None`` where nothing helps.

    In what only parses when repaired, *offset* has to be at a name or a star.
    """
    analysis = snapshot.analysis_at(offset)
    if analysis is not None and analysis.syntax.tree is not None:
        return Completed(analysis, offset - analysis.statement.start, offset)
    place = at_hand(snapshot, offset)
    text, at = place.statement.text, offset - place.statement.start
    tokens = [it for it in tokenize(text, snapshot.dialect) if it.kind != "comment"]
    touching = (it for it in tokens if it.start <= at <= it.end)
    names = [it for it in touching if it.kind in ("word", "quoted") or it.text == "*"]
    name = max(names, key=lambda it: it.start <= at < it.end, default=None)
    if name is None or not name.closed:
        return None
    words = Counter(it.text.upper() for it in tokens)
    for version, start in _versions(text, name, tokens, snapshot.dialect):
        check_stopped()
        found = _read(version, place, snapshot)
        if found is not None and _is_understood(found, start):
            new = Counter(it.text.upper() for it in found.syntax.tokens) - words
            is_reduced = bool(new.keys() & _REPLACING)
            return Completed(found, start, place.statement.start + name.start, is_reduced)
    return None


# What a reduced version has in the place of expressions and of set operations.
_REPLACING = frozenset(("NULL", "UNION"))


def _versions(
    text: str, name: Token, tokens: Sequence[Token], dialect: str
) -> Iterator[tuple[str, int]]:
    """Versions of *text* that may parse, the most faithful first, and where *name* is in each."""
    clauses = (it for it in reversed(tokens) if it.start >= name.end and it.word in CLAUSES)
    for it in islice(clauses, _MOST_CUTS):
        yield _closed(text[: it.start], tokens), name.start
    for version in dict.fromkeys(repairs(text, name.start, name.end, dialect)):
        before, mark, after = version.partition(PLACEHOLDER)
        if mark:
            yield f"{before}{name.text}{after}", len(before)
    # SET a = …, whose value is still to be written.
    yield _closed(f"{text[: name.end]} = NULL", tokens), name.start


def _closed(text: str, tokens: Sequence[Token]) -> str:
    """The start of a text with the brackets that it leaves open closed."""
    inside = [it.text for it in tokens if it.end <= len(text)]
    return text + ")" * (inside.count("(") - inside.count(")"))


def _read(text: str, place: AtHand, snapshot: Snapshot) -> Analysis | None:
    try:
        tree = tree_of(text, snapshot.dialect)
    except SqlglotError:
        return None
    if tree is None:
        return None
    syntax = Syntax(text, snapshot.dialect, tree)
    statement = replace(place.statement, text=text)
    return bound_as(syntax, statement, snapshot.catalog, place.known)


def _is_understood(analysis: Analysis, at: int) -> bool:
    """Whether the name at *at* means something there, or is given to something."""
    named = (it for it in analysis.references if it.span.start <= at < it.span.end)
    is_star = analysis.syntax.text.startswith("*", at)
    return is_star or any(it.targets for it in named) or given_at(analysis, at) is not None
