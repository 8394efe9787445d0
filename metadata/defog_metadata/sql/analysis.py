"""One statement understood: its references and scopes, at offsets of the whole text."""

from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from defog_metadata.catalog import Catalog
from defog_metadata.sql.binding import Binder
from defog_metadata.sql.scopes import Bound, Reference, Relation, Scope
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.source.statements import Statement
from defog_metadata.sql.syntax import Syntax, parse

__all__ = ["Analysis", "analyse"]


@dataclass(frozen=True, eq=False)
class Analysis:
    """``references`` and ``scopes`` count from the statement's start; see ``absolute``."""

    statement: Statement
    syntax: Syntax
    references: tuple[Reference, ...] = ()
    scopes: tuple[Scope, ...] = ()
    known_after: tuple[Relation, ...] = ()
    """The relations that the file itself has defined up to and with this statement."""
    bound: Bound = field(default_factory=Bound)
    """What the nodes of ``syntax.tree`` mean."""
    nulls_equal: bool = False
    """Whether an earlier statement of the file has made NULL equal NULL (T-SQL's ANSI_NULLS)."""
    remembered: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What has been concluded from it, by those who did; shared by all copies of the analysis."""

    def absolute(self) -> Iterator[Reference]:
        """The references, with spans in the whole text."""
        for it in self.references:
            yield replace(it, span=it.span.shifted(self.statement.start))


_Key = tuple[str, str, tuple[int, ...]]
_MOST_CHARACTERS = 1_500_000
"""Of statements: far more than a person has open, and some hundred megabytes at the worst."""


_leftovers: list[dict[Any, Any]] = []
"""What is no longer needed. It goes bit by bit: no thread runs while memory is given back, which
for the trees of a large file takes many milliseconds."""
_AT_ONCE = 2
"""Of the leftovers, for each statement that is understood: they go faster than others come."""


def _clean_up() -> None:
    for _ in range(_AT_ONCE):
        try:
            last = _leftovers[-1]
        except IndexError:
            return
        # Another thread may do the same with it.
        if last:
            with suppress(KeyError):
                last.popitem()
        else:
            with suppress(ValueError):
                _leftovers.remove(last)


@dataclass
class _Understood:
    """Statements already understood: an edit changes one of a file's many.

    The next version of the text finds the others here. Analyses are never changed, so threads may
    share them.
    """

    found: dict[_Key, tuple[tuple[Relation, ...], Analysis]] = field(default_factory=dict)
    size: int = 0

    def remember(self, key: _Key, known: tuple[Relation, ...], analysis: Analysis) -> None:
        if self.size > _MOST_CHARACTERS:
            _leftovers.append(self.found)
            self.found, self.size = {}, 0
        # The relations stay with their ids, which nothing else can then be given.
        self.found[key] = known, analysis
        self.size += len(key[0])

    def __del__(self, leftovers: list[dict[Any, Any]] = _leftovers) -> None:
        if self.found:
            leftovers.append(self.found)


_understood: WeakKeyDictionary[Catalog, _Understood] = WeakKeyDictionary()


def analyse(
    statement: Statement,
    catalog: Catalog,
    dialect: str,
    known: tuple[Relation, ...] = (),
    text: str | None = None,
) -> Analysis:
    """Bind *statement*; *known* are the relations that earlier statements have defined.

    It is read as *text*, which is as long as its own, where that is given.
    """
    text = statement.text if text is None else text
    understood = _understood.setdefault(catalog, _Understood())
    key = (text, dialect, tuple(map(id, known)))
    if (found := understood.found.get(key)) is not None:
        return replace(found[1], statement=statement)
    _clean_up()
    analysis = _analysed(statement, text, catalog, dialect, known)
    understood.remember(key, known, analysis)
    return analysis


def _analysed(
    statement: Statement,
    text: str,
    catalog: Catalog,
    dialect: str,
    known: tuple[Relation, ...],
) -> Analysis:
    syntax = parse(text, dialect)
    binder = Binder(catalog, dialect, known, text)
    tokens = [it for it in tokenize(text, dialect) if it.kind != "comment"]
    if syntax.tree is not None:
        binder.statement(syntax.tree)
    elif not syntax.problems:
        binder.opaque(tokens)
    binder.named(tokens)
    return Analysis(
        statement,
        syntax,
        tuple(binder.references),
        tuple(binder.scopes),
        binder.local_relations,
        Bound(binder.query_scopes, binder.query_outputs, binder.query_types),
    )
