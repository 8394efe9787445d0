"""SQLite: the library that Python comes with, for names and numbers of arguments."""

import sqlite3
from contextlib import closing

from defog_metadata.sql.functions import Function, FunctionKind, Parameter, Signature
from scripts.functions.known import known
from scripts.functions.listing import Listing

__all__ = ["listing"]

_KINDS: dict[str, FunctionKind] = {"s": "scalar", "a": "aggregate", "w": "aggregate"}


def listing() -> Listing:
    more = known("sqlite")
    found = Listing(f"SQLite {sqlite3.sqlite_version}")
    with closing(sqlite3.connect(":memory:")) as connection:
        rows = connection.execute("select name, type, narg from pragma_function_list").fetchall()
    for name, kind, count in sorted(rows):
        if name.isidentifier() and name not in more.internal:
            before = found.functions.get(name)
            signatures = (*(before.signatures if before else ()), _signature(count))
            found.add(Function(name, _KINDS[kind], signatures))
    found.lay_over(more)
    return found


def _signature(count: int) -> Signature:
    if count < 0:
        return Signature((Parameter("argument", is_optional=True, is_variadic=True),))
    return Signature(tuple(Parameter(f"argument{it}") for it in range(1, count + 1)))
