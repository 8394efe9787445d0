"""The named windows of queries: where ``WINDOW`` defines them, and where they are used."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from defog_metadata.catalog import Name, Naming
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.text import Span

__all__ = ["WindowName", "window_names"]


@dataclass(frozen=True, slots=True)
class WindowName:
    """The name of a window at ``span``; ``query`` is the one whose windows it is looked up in.

    ``definition`` is where it is given, ``None`` where it is none that the query has. Spans count
    from the statement's start.
    """

    span: Span
    name: Name
    query: exp.Expr
    definition: Span | None

    @property
    def is_definition(self) -> bool:
        return self.span == self.definition


def window_names(analysis: Analysis, naming: Naming) -> tuple[WindowName, ...]:
    """Every name of a window in the statement, in no particular order."""
    found: tuple[WindowName, ...] | None = analysis.remembered.get(window_names)
    if found is None:
        found = analysis.remembered[window_names] = tuple(_names(analysis, naming))
    return found


def _names(analysis: Analysis, naming: Naming) -> Iterator[WindowName]:
    tree, text = analysis.syntax.tree, analysis.statement.text.casefold()
    if tree is None or not ("over" in text or "window" in text):
        return
    defined: dict[int, list[tuple[Name, Span]]] = {}
    for window in tree.find_all(exp.Window):
        # What orders a union is no part of a query that could have windows.
        query = window.find_ancestor(exp.Query)
        if query is None:
            continue
        if id(query) not in defined:
            names = (_placed(it.this) for it in query.args.get("windows") or ())
            defined[id(query)] = [it for it in names if it is not None]
        # OVER w has the name as an alias, and so has the window that WINDOW v AS (w …) is made of.
        used = _placed(window.args.get("alias"))
        given = _placed(window.this) if window.arg_key == "windows" else None
        for name, span in (it for it in (given, used) if it is not None):
            same = (place for it, place in defined[id(query)] if naming.equal(name, it))
            yield WindowName(span, name, query, next(same, None))


def _placed(identifier: object) -> tuple[Name, Span] | None:
    span = span_of(identifier) if isinstance(identifier, exp.Identifier) else None
    if not isinstance(identifier, exp.Identifier) or span is None:
        return None
    return name_of(identifier), span
