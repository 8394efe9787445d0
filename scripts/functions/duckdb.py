"""DuckDB: what ``duckdb_functions()`` says, in the package that the tests install."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from defog_metadata.sql.functions import Function, FunctionKind, Parameter, Signature
from scripts.functions.known import known
from scripts.functions.listing import Listing

__all__ = ["listing"]

_QUERY = """
select function_name, function_type, coalesce(description, ''), coalesce(return_type, ''),
    parameters, parameter_types, coalesce(varargs, '')
from duckdb_functions() order by all
"""
_KINDS: dict[str, FunctionKind] = {
    "scalar": "scalar",
    "macro": "scalar",
    "aggregate": "aggregate",
    "table": "table",
    "table_macro": "table",
}
_INTERNAL = re.compile(
    r"_.*|icu_collate_.*|pg_\w+_is_visible|has_\w+_privilege|inet_\w+|pragma_.*|.*_verif\w+|test_.*"
    r"|(?:en|dis)able_.*|\w+_profiling|(?:arrow|pandas|seq)_scan\w*|\w+_to_pg_oid|python_map_function"
)
_UNNAMED = re.compile(r"col\d+")


@dataclass(frozen=True)
class _Row:
    name: str
    type: str
    description: str
    returns: str
    names: list[str]
    types: list[str | None]
    """Macros have none."""
    variadic: str


def listing() -> Listing:
    found = Listing(f"DuckDB {duckdb.__version__}; descriptions that are not ours: MIT")
    with duckdb.connect() as connection:
        rows = [_Row(*it) for it in connection.execute(_QUERY).fetchall()]
    for name in {it.name for it in rows if it.name.isidentifier() and it.type in _KINDS}:
        called = [it for it in rows if it.name == name and it.type in _KINDS]
        if _INTERNAL.fullmatch(name):
            found.internal.add(name)
        else:
            found.add(_function(called))
    found.lay_over(known("duckdb"))
    return found


def _function(rows: Sequence[_Row]) -> Function:
    # What is both a value and a table is noted as a value; the notes say more where it matters.
    rows = sorted(rows, key=lambda it: list(_KINDS).index(it.type))
    first = rows[0]
    shapes: dict[tuple[int, str], list[_Row]] = {}
    for it in rows:
        if _KINDS[it.type] == _KINDS[first.type]:
            shapes.setdefault((_positional(it), it.variadic), []).append(it)
    return Function(
        first.name,
        _KINDS[first.type],
        tuple(_signature(it) for _, it in sorted(shapes.items())),
        _sentence(first.description),
    )


def _positional(row: _Row) -> int:
    """How many arguments go by their place: those of table functions that have a name do not."""
    if row.type != "table":
        return len(row.names)
    return sum(bool(_UNNAMED.fullmatch(it)) for it in row.names)


def _signature(rows: Sequence[_Row]) -> Signature:
    """One signature for all overloads with the same number of arguments."""
    first = rows[0]
    count = _positional(first)
    parameters = [
        Parameter(
            _named(name),
            _common(it.types[index] for it in rows),
        )
        for index, name in enumerate(first.names[:count])
    ]
    if first.variadic:
        parameters.append(
            Parameter("value", _common((first.variadic,)), is_optional=True, is_variadic=True)
        )
    if len(first.names) > count:
        parameters.append(Parameter("option = value", is_optional=True, is_variadic=True))
    returns = "table" if _KINDS[first.type] == "table" else _common(it.returns for it in rows)
    return Signature(tuple(parameters), returns)


def _named(name: str) -> str:
    word = re.search(r"\w+", name)
    return "value" if word is None or _UNNAMED.fullmatch(name) else word[0]


def _common(types: Iterable[str | None]) -> str:
    """The one type of all overloads; empty where they differ."""
    distinct = {it for it in types if it} - {"ANY"}
    return distinct.pop() if len(distinct) == 1 else ""


def _sentence(text: str) -> str:
    """The first sentence of *text*, without Markdown."""
    first = re.split(r"(?<=\.)\s", " ".join(text.replace("`", "").split()))[0]
    return first if not first or first.endswith(".") else f"{first}."
