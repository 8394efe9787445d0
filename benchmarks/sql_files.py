"""SQL files of any length over the tables of ``benchmarks.warehouse``, of the kinds that people
have: the same file for the same kind and length, always. One query in ten has a mistake.
"""

import random
from collections.abc import Callable, Iterator, Mapping

from benchmarks.warehouse import tables

__all__ = ["KINDS", "MARK", "sql_file"]

MARK = "count(*)"
"""Stands in every statement, where one could write: before it an edit breaks nothing."""
_TABLES = list(tables(10))


def sql_file(kind: str, lines: int) -> str:
    """The file of *kind*, of at least *lines* lines."""
    parts: list[str] = []
    written = 0
    for part in KINDS[kind](lines):
        parts.append(part)
        written += part.count("\n")
        if written >= lines:
            break
    return "".join(parts)


def _query(chosen: random.Random, number: int, *, relation: str = "{0}.{1}") -> str:
    table = chosen.choice(_TABLES)
    columns = [f"x.{it.name}" for it in table.columns[:4]]
    wrong = "x.nowhere" if number % 10 == 0 else columns[0]
    listed = ",\n    ".join([*columns, f"{MARK} as n{number}"])
    return (
        f"select\n    {listed}\nfrom {relation.format(table.schema, table.name)} x\n"
        f"where {wrong} is not null\n  and {columns[-1]} is not null\ngroup by {', '.join(columns)}"
    )


def _queries(_lines: int) -> Iterator[str]:
    chosen = random.Random(1)
    for number in range(10**9):
        yield f"-- question {number}\n{_query(chosen, number)};\n\n"


def _one(lines: int) -> Iterator[str]:
    """One statement: a query for each of many."""
    chosen = random.Random(2)
    defined = ",\n".join(
        f"q{number} as (\n{_query(chosen, number)}\n)" for number in range(lines // 11 + 1)
    )
    yield f"with {defined}\nselect {MARK}\nfrom q0;\n"


def _inserts(_lines: int) -> Iterator[str]:
    chosen = random.Random(3)
    yield f"create table kept (id int, name text, total numeric);\nselect {MARK} from kept;\n"
    for number in range(10**9):
        total = chosen.randrange(10**6) / 100
        yield f"insert into kept (id, name, total) values ({number}, 'it''s {number}', {total});\n"


def _rows(lines: int) -> Iterator[str]:
    """A dump: rows that are no SQL, in a few statements."""
    yield f"create table kept (id int, name text);\nselect {MARK} from kept;\n"
    while True:
        yield "copy kept (id, name) from stdin;\n"
        yield from (f"{number}\tit's {{number}}\n" for number in range(lines // 4))
        yield f"\\.\nselect {MARK} from kept;\n"


def _comments(_lines: int) -> Iterator[str]:
    chosen = random.Random(4)
    for number in range(10**9):
        about = "".join(f" * what it's for, {it}\n" for it in range(80))
        yield f"/*\n{about} */\n-- defog: ignore select-star\n{_query(chosen, number)};\n"


def _templates(_lines: int) -> Iterator[str]:
    chosen = random.Random(5)
    for number in range(10**9):
        query = _query(chosen, number, relation="{{{{ ref('{1}') }}}}")
        yield f"{query}{{% if wanted %}}\nhaving {MARK} > {{{{ least }}}}\n{{% endif %}};\n"


def _routines(_lines: int) -> Iterator[str]:
    chosen = random.Random(6)
    for number in range(10**9):
        body = _query(chosen, number).replace("\n", "\n    ")
        yield (
            f"create function f{number}() returns void as $$\nbegin\n    perform 1;\n    {body};\n"
            f"end\n$$ language plpgsql;\n"
        )


KINDS: Mapping[str, Callable[[int], Iterator[str]]] = {
    "queries": _queries,
    "one statement": _one,
    "inserts": _inserts,
    "dump": _rows,
    "comments": _comments,
    "templates": _templates,
    "routines": _routines,
}
