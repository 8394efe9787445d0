"""Other dialects: what sqlglot's grammars know, and what stands in ``known/``.

A grammar takes the functions of all dialects. What is a dialect's own shows in what its parser
reads or its generator writes differently from sqlglot's own, and in what its type tables add.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.expressions import ALL_FUNCTIONS

from defog_metadata.sql.functions import Function, FunctionKind, Parameter, Signature
from scripts.functions.known import known
from scripts.functions.listing import Listing

__all__ = ["DIALECTS", "listing"]

DIALECTS = tuple(
    """ansi bigquery clickhouse databricks doris dremio drill exasol hive oracle presto redshift
    singlestore snowflake spark spark2 starrocks tableau teradata trino tsql""".split()
)
# It warns of what it cannot translate, and nothing is translated here.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

# Dialects whose notes hold for another as well, the nearest last.
_PARENTS = {
    "databricks": ("hive", "spark"),
    "doris": ("mysql",),
    "presto": ("trino",),
    "singlestore": ("mysql",),
    "spark": ("hive",),
    "spark2": ("hive",),
    "starrocks": ("mysql",),
}
_LOWER = frozenset("clickhouse databricks drill hive presto redshift spark spark2 trino".split())
_CASE_SENSITIVE = frozenset(("clickhouse",))
_MOST_ARGUMENTS = 5
_CALL = re.compile(r"([A-Za-z_]\w*)\((.*)\)", re.DOTALL)
# What sqlglot calls arguments, where it would not help a reader.
_NAMES = {"this": "value", "expression": "other", "expressions": "values", "substr": "substring"}


def listing(dialect: str) -> Listing:
    found = Listing(f"The grammar of sqlglot {version('sqlglot')}")
    spoken = "" if dialect == "ansi" else dialect
    for name in sorted(getattr(Dialect.get_or_raise(spoken).parser_class, "AGG_FUNCTIONS", ())):
        found.add(Function(name, "aggregate"))
    for it in _own(spoken):
        found.add(it)
    for source in ("ansi", *_PARENTS.get(dialect, ()), dialect):
        found.lay_over(known(source))
    for key, it in found.functions.items():
        if it.name.islower() or it.name.isupper():
            styled = it.name.lower() if dialect in _LOWER else it.name.upper()
            found.functions[key] = replace(it, name=styled)
    return found


def _own(dialect: str) -> Iterator[Function]:
    """The functions that *dialect* has in a way of its own."""
    spoken = Dialect.get_or_raise(dialect or None)
    standard = Dialect.get_or_raise(None)
    builders = spoken.parser_class.FUNCTIONS
    for name, builder in sorted(builders.items()):
        if builder is not standard.parser_class.FUNCTIONS.get(name) and name.isidentifier():
            node = _built(dialect, name)
            # Where case matters, the parser's capitals say nothing: the notes have to.
            if node is not None and dialect not in _CASE_SENSITIVE:
                yield Function(name, _kind(type(node)), _signatures(dialect, name))
    typed = set(spoken.EXPRESSION_METADATA) - set(standard.EXPRESSION_METADATA)
    for kind in sorted(ALL_FUNCTIONS, key=lambda it: it.__name__):
        written = _written(kind, dialect)
        name = written.upper()
        if name in builders and (kind in typed or name != _written(kind, "").upper()):
            spelled = written if dialect in _CASE_SENSITIVE else name
            yield Function(spelled, _kind(kind), _signatures(dialect, name))


def _kind(kind: type[exp.Expr]) -> FunctionKind:
    if issubclass(kind, exp.AggFunc):
        return "window" if issubclass(kind, _WINDOW) else "aggregate"
    return "table" if issubclass(kind, exp.UDTF) else "scalar"


_WINDOW = (
    exp.CumeDist, exp.DenseRank, exp.FirstValue, exp.Lag, exp.LastValue, exp.Lead, exp.NthValue,
    exp.Ntile, exp.PercentRank, exp.Rank, exp.RowNumber,
)  # fmt: skip


def _written(kind: type[exp.Func], dialect: str) -> str:
    """The name under which *dialect* writes the function, or the empty string."""
    arguments = {it: exp.column(it) for it, is_needed in kind.arg_types.items() if is_needed}
    try:
        match = _CALL.fullmatch(kind(**arguments).sql(dialect=dialect or None))
    except (AttributeError, KeyError, TypeError, ValueError, SqlglotError):
        return ""  # it takes something else than columns
    return match[1] if match else ""


def _built(dialect: str, name: str, count: int | None = None) -> exp.Expr | None:
    """The call of *name* with *count* arguments, or with as many as it takes."""
    builder = Dialect.get_or_raise(dialect or None).parser_class.FUNCTIONS[name]
    for number in range(_MOST_ARGUMENTS + 1) if count is None else (count,):
        try:
            node = builder([exp.column(f"a{it}") for it in range(number)])
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, SqlglotError):
            continue
        if isinstance(node, exp.Expr):
            return node
    return None


def _signatures(dialect: str, name: str) -> tuple[Signature, ...]:
    """The arguments under the names that sqlglot gives them, in the order of the dialect.

    None where the builder makes something of them that does not show where they went.
    """
    for count in range(_MOST_ARGUMENTS, 0, -1):
        node = _built(dialect, name, count)
        if node is None:
            continue
        keys = [_key(node, f"a{it}") for it in range(count)]
        if all(keys):
            return (Signature(tuple(_parameters(node, keys))),)
    node = _built(dialect, name, 0)
    return (Signature(),) if node is not None and not node.arg_types else ()


def _key(node: exp.Expr, argument: str) -> str:
    for key, value in node.args.items():
        for it in value if isinstance(value, list) else [value]:
            if isinstance(it, exp.Expr) and it.find(exp.Identifier, exp.Var) is not None:
                names = {inner.name.casefold() for inner in it.find_all(exp.Identifier, exp.Var)}
                if argument in names:
                    return key
    return ""


def _parameters(node: exp.Expr, keys: list[str]) -> Iterator[Parameter]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            continue  # one that takes the rest
        is_variadic = keys.count(key) > 1
        is_optional = not node.arg_types.get(key, True)
        yield Parameter(_NAMES.get(key, key), "", is_optional, is_variadic)
