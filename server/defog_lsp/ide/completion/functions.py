"""The functions that can be called at the caret."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item, Subject
from defog_lsp.ide.completion.letter_case import in_case_of
from defog_lsp.ide.completion.matching import fit
from defog_lsp.ide.completion.snippets import call
from defog_metadata.sql.functions import Function, described, functions_of
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["functions"]

# What people call most, in this order; the rest is ranked behind them.
_COMMON = tuple(
    """count sum avg min max coalesce round cast concat date_trunc extract lower upper length now
    nullif row_number rank lag lead substring trim replace abs greatest least string_agg array_agg
    group_concat listagg to_char to_date date date_format strftime datediff dateadd date_add
    date_sub date_diff year month day ifnull isnull if iif iff nvl current_date current_timestamp
    curdate getdate dense_rank first_value last_value ntile floor ceil ceiling mod power len left
    right percentile_cont stddev variance json_extract unnest generate_series""".split()
)
_RANKS = {name: index for index, name in enumerate(_COMMON)}
_UNASKED = ("count", "sum", "avg", "min", "max")
_AGGREGATING = frozenset(("select", "having", "order by", "qualify", "window"))
_OVER_WINDOWS = frozenset(("select", "order by", "qualify"))
_WITHOUT = frozenset(("insert columns", "limit"))
# After these words comes something other than an expression, although a name is expected.
_BEFORE_OTHERS = frozenset(("IS", "OVER", "COLLATE", "ESCAPE", "INTERVAL", "REFERENCES", "WINDOW"))
# Dialects in which a function that returns rows can stand in a select list as well.
_ROWS_AS_VALUES = frozenset(
    """postgres redshift materialize risingwave duckdb spark spark2 hive databricks""".split()
)
_BEFORE_RELATION = frozenset(("FROM", "JOIN", ",", "LATERAL", "APPLY", "(", "TABLE", "USING"))
_WORST_FIT = 3


def functions(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """The functions that fit what is typed, those that people call most first."""
    if caret.qualifier or caret.is_quoted or not _is_callable(caret):
        return
    library = functions_of(snapshot.dialect)
    is_called = bool(_CALLED.match(snapshot.text, caret.span.end))
    for key in _fitting(caret, snapshot.dialect):
        function = library[key]
        is_rare = key not in _RANKS
        yield Candidate(_item(key, function, caret, is_called=is_called), is_rare=is_rare)


_CALLED = re.compile(r"\w*\s*\(")


def _is_callable(caret: Caret) -> bool:
    """Whether the grammar takes a call at the caret."""
    reference, last = caret.reference, caret.before[-1] if caret.before else ""
    if reference is None:
        return False
    if reference.kind == "table":
        return reference.clause in ("from", "on") and _is_source(caret.before)
    return (
        reference.clause not in _WITHOUT
        and last not in _BEFORE_OTHERS
        and caret.before[-2:] != ("USING", "(")
        and not (reference.clause == "set" and _is_target(caret.before))
    )


def _is_source(before: tuple[str, ...]) -> bool:
    """Whether a relation is read here, not written to."""
    last, previous = before[-1:], before[-2:-1]
    return bool(last) and last[0] in _BEFORE_RELATION and previous not in (("DELETE",), ("INTO",))


def _is_target(before: tuple[str, ...]) -> bool:
    """Whether the name is what SET assigns to, not a part of the value."""
    if not before or before[-1] not in ("SET", ",", "("):
        return False
    depth = 0
    for index in range(len(before) - 1, -1, -1):
        word = before[index]
        depth += (word == ")") - (word == "(")
        if depth < 0:  # inside brackets: of a list of columns, or of a call
            return before[index - 1] in ("SET", ",")
    return True


def _is_argument(before: tuple[str, ...]) -> bool:
    """Whether the caret is inside brackets that a query has not opened."""
    depth = 0
    for word in reversed(before):
        depth += (word == ")") - (word == "(")
        if depth < 0 or (depth == 0 and word in ("SELECT", "HAVING")):
            return depth < 0
    return False


def _fitting(caret: Caret, dialect: str) -> list[str]:
    """The names of functions that begin with what is typed, then those with a part that does."""
    library = functions_of(dialect)
    if not caret.prefix:
        clause = caret.reference.clause if caret.reference else None
        is_wanted = clause in ("select", "having") and not _is_argument(caret.before)
        common = [it for it in _UNASKED if it in library] if is_wanted else []
        return [it for it in common if _can_stand(library[it], caret, dialect)]
    typed = caret.prefix.casefold()
    found = [
        it
        for it in _by_letter(dialect).get(typed[0], ())
        if _can_stand(library[it], caret, dialect)
        and (
            it.startswith(typed)
            or (
                len(typed) > 1
                and (it[0] == typed[0] or f"_{typed}" in it)
                and (fit(typed, it) or 0) in range(1, _WORST_FIT + 1)
            )
        )
    ]
    return sorted(found, key=lambda it: (_RANKS.get(it, len(_RANKS)), it.startswith("pg_"), it))


@lru_cache(maxsize=64)
def _by_letter(dialect: str) -> Mapping[str, Sequence[str]]:
    """The functions that come with the engine, by each letter that a part of the name begins with.

    There are thousands in some libraries, of which a letter leaves some dozens.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, function in functions_of(dialect).items():
        if not function.extension:
            for letter in {name[0], *(it[0] for it in name.split("_") if it)}:
                found[letter].append(name)
    return MappingProxyType(found)


def _can_stand(function: Function, caret: Caret, dialect: str) -> bool:
    reference = caret.reference
    if reference is None:
        return False
    if reference.kind == "table" or caret.before[-2:] == ("TABLE", "("):
        return function.returns_rows
    match function.kind:
        case "aggregate":
            # SQLite's max and min of several values are ordinary functions.
            is_scalar_too = dialect == "sqlite" and function.name in ("max", "min")
            return reference.clause in _AGGREGATING or is_scalar_too
        case "window":
            return reference.clause in _OVER_WINDOWS
        case "table":
            return reference.clause == "select" and dialect in _ROWS_AS_VALUES
        case "scalar":
            return True


def _item(key: str, function: Function, caret: Caret, *, is_called: bool) -> Item:
    name = in_case_of(caret, function.name)
    is_bare = is_called or function.is_bare
    snippet = "" if is_bare else call(name, function)
    # Where there are no tab stops, a person would stand behind brackets to be filled in: who types
    # the opening one is shown the signature, and editors close it.
    is_left_open = is_bare or (bool(snippet) and "()" not in snippet)
    signature = next(iter(function.signatures), None)
    return Item(
        label=name,
        kind="function",
        span=caret.span,
        insert=name if is_left_open else f"{name}()",
        detail="" if signature is None or function.is_bare else signature.written(""),
        description="" if function.kind == "scalar" else function.kind,
        documentation=described(function),
        subject=Subject("function", key),
        snippet=snippet,
    )
