"""One statement understood: its references and scopes, at offsets of the whole text."""

from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from defog_metadata.catalog import Catalog
from defog_metadata.sql.binding import Binder
from defog_metadata.sql.mentions import Mentions
from defog_metadata.sql.scopes import Bound, Reference, Relation, Scope
from defog_metadata.sql.source.statements import Statement
from defog_metadata.sql.syntax import Syntax, parse

__all__ = ["Analysis", "analyse", "bound_as"]


@dataclass(frozen=True, eq=False)
class Analysis:
    """``references`` and ``scopes`` count from the statement's start; see ``absolute``."""

    statement: Statement
    syntax: Syntax
    references: tuple[Reference, ...] = ()
    scopes: tuple[Scope, ...] = ()
    known_after: tuple[Relation, ...] = ()
    """The relations that the file itself has defined up to and with this statement.

    Those that this statement has defined or changed come first, in the order of ``made``."""
    made: tuple[Relation, ...] = ()
    """The same ones as the statement writes them: with places in it."""
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


_Ids = tuple[int, ...]
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


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a statement means where ``known`` is all that it mentions of what has been defined."""

    known: tuple[Relation, ...]
    analysis: Analysis


@dataclass
class _Understood:
    """Statements already understood: an edit changes one of a file's many.

    The next version of the text finds the others here. Analyses are never changed, so threads may
    share them. Whatever is known by its id is kept with it, so that nothing else gets that id.
    """

    found: dict[tuple[str, str, _Ids], _Bound] = field(default_factory=dict)
    defined: dict[Hashable, list[Relation]] = field(default_factory=dict)
    """What statements have defined, each relation as the object that stands for all its equals."""
    after: dict[tuple[_Ids, _Ids, int], tuple[tuple[Relation, ...], tuple[Relation, ...]]] = field(
        default_factory=dict
    )
    """What was known before a definition, and what behind it."""
    mentions: Mentions = field(default_factory=Mentions)
    size: int = 0

    def remember(self, key: tuple[str, str, _Ids], bound: _Bound) -> None:
        if self.size > _MOST_CHARACTERS:
            _leftovers.append(self.found)
            self.found, self.defined, self.after, self.size = {}, {}, {}, 0
            self.mentions = Mentions()
        self.found[key] = bound
        self.size += len(key[0])

    def known_after(self, known: tuple[Relation, ...], bound: _Bound) -> tuple[Relation, ...]:
        """What is known behind a statement before which *known* is.

        The very same object wherever the same relations are known.
        """
        left, before = bound.analysis.known_after, set(map(id, bound.known))
        new = [self._one(it) for it in left if id(it) not in before]
        gone = before.difference(map(id, left))
        if not new and not gone:
            return known
        key = (tuple(map(id, new)), tuple(sorted(gone)), id(known))
        if (found := self.after.get(key)) is None:
            left = tuple(it for it in known if id(it) not in gone) if gone else known
            after = (*new, *left)
            found = self.after[key] = known, after
        return found[1]

    def _one(self, relation: Relation) -> Relation:
        """*relation* for other statements, in whose text its spans mean nothing."""
        fields = tuple(replace(it, span=None, derived=None) for it in relation.fields)
        shared = replace(relation, fields=fields, span=None)
        # Not by its hash, for which each of a table's columns would go through all of them.
        key = (shared.path, shared.kind, tuple((it.name, it.type) for it in fields))
        alike = self.defined.setdefault(key, [])
        found = next((it for it in alike if it == shared), None)
        if found is None:
            alike.append(shared)
        return found or shared

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
    mentioned = understood.mentions.of(text, known)
    key = (text, dialect, tuple(map(id, mentioned)))
    if (bound := understood.found.get(key)) is None:
        _clean_up()
        bound = _Bound(mentioned, _analysed(statement, text, catalog, dialect, mentioned))
        understood.remember(key, bound)
    analysis = bound.analysis
    after = understood.known_after(known, bound)
    if len(mentioned) < len(known) and _misses_table(analysis):
        # What could have been meant instead is sought among all that is known.
        key = (text, dialect, (id(known),))
        if (bound := understood.found.get(key)) is None:
            bound = _Bound(known, replace(analysis, remembered={}))
            understood.remember(key, bound)
        analysis = bound.analysis
    return replace(analysis, statement=statement, known_after=after)


def _misses_table(analysis: Analysis) -> bool:
    return any(it.kind == "table" and it.status == "unknown" for it in analysis.references)


def _analysed(
    statement: Statement,
    text: str,
    catalog: Catalog,
    dialect: str,
    known: tuple[Relation, ...],
) -> Analysis:
    return bound_as(parse(text, dialect), statement, catalog, known)


def bound_as(
    syntax: Syntax, statement: Statement, catalog: Catalog, known: tuple[Relation, ...]
) -> Analysis:
    """What *syntax*, however it has come about, means in the place of *statement*."""
    binder = Binder(catalog, syntax.dialect, known, syntax.text)
    tokens = syntax.tokens
    if syntax.tree is not None:
        binder.statement(syntax.tree)
    elif not syntax.problems:
        binder.opaque(tokens)
    binder.named(tokens)
    before = set(map(id, known))
    return Analysis(
        statement,
        syntax,
        tuple(binder.references),
        tuple(binder.scopes),
        binder.local_relations,
        tuple(it for it in binder.local_relations if id(it) not in before),
        Bound(binder.query_scopes, binder.query_outputs, binder.query_types),
    )
