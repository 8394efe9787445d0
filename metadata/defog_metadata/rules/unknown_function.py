"""unknown-function: a call of what is no function, but is spelled much like one."""

import re
from collections.abc import Iterator

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Problem
from defog_metadata.rules.mends import did_you_mean, respelled
from defog_metadata.spelling import distance, nearest, recased
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.functions import is_known, is_known_elsewhere, spellings
from defog_metadata.text import Span


def unknown_function(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find misspelled functions.

    A name like no other is left alone: it may be one that the database's users have defined, of
    which metadata says nothing.

    ::

    select coutn(*) from orders
           ^^^^^ there is no function coutn; did you mean count?
    """
    del catalog
    dialect = analysis.syntax.dialect
    defined = {it.path[-1].key for it in analysis.known_after if it.kind == "routine" and it.path}
    # Trino's WITH FUNCTION defines them in the statement itself.
    defined |= {it.casefold() for it in _DEFINITION.findall(analysis.syntax.text)}
    for name, span in _calls(analysis):
        key = name.casefold()
        if key in _GRAMMAR or key in defined:
            continue
        if is_known(key, dialect) or is_known_elsewhere(key):
            continue
        close = tuple(it for it in nearest(key, spellings(dialect)) if _is_slip(key, it))
        if close:
            shown = [recased(it, name) for it in close]
            start = f"there is no function {name}"
            fixes = tuple(respelled(span, key, close, shown))
            yield Problem(span, did_you_mean(start, shown), fixes)


def _calls(analysis: Analysis) -> Iterator[tuple[str, Span]]:
    """The names called in a query or a change of data, where a database may not have its own."""
    tree, text = analysis.syntax.tree, analysis.syntax.text
    if isinstance(tree, exp.Create):
        tree = tree.args.get("expression")
    if not isinstance(tree, exp.Query | exp.Insert | exp.Update | exp.Delete | exp.Merge):
        return
    for node in tree.find_all(exp.Func):
        span = span_of(node)
        if span is None or isinstance(node.parent, exp.Dot | exp.NetFunc):
            continue
        name = text[span.start : span.end]
        if name.isidentifier() and text[span.end :].lstrip().startswith("("):
            yield name, span


def _is_slip(written: str, known: str) -> bool:
    """Whether *written* is *known* with a slip of the fingers, not a name made after it."""
    slips = distance(written, known)
    if slips > (1 if len(known) < _LONG else 2):
        return False
    # ``round2`` and ``_sum`` are what people call functions of their own.
    is_numbered = any(it.isdigit() for it in written) and written.rstrip("0123456789") != written
    return not (is_numbered or written.startswith("_") or written.endswith("_"))


_LONG = 8
_DEFINITION = re.compile(r"\bFUNCTION\s+(\w+)", re.IGNORECASE)
# What looks like a call and is grammar, in some engine.
_GRAMMAR = frozenset(
    """all any array as cast columns cube every except exclude exists extract fields grouping if in
    index interval key lateral lambda map object over partition replace rename rollup row select
    set sets some struct table unique unnest using value values when with within""".split()
)
