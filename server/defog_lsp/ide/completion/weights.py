"""How much each fact about a candidate counts: what it adds to the candidate's weight."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

__all__ = ["weight_of"]


def weight_of(facts: Iterable[tuple[str, float]]) -> float:
    return sum(_WEIGHTS.get(fact, 0.0) * value for fact, value in facts)


_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        # What kind of item it is
        "whole answer": 20.0,
        "column": 4.0,
        "qualifier among several": 1.0,
        "qualifier of the only relation": -2.0,
        "function": -8.0,
        "schema or keyword": -10.0,
        "found further out": -1.5,
        # What the question says
        "the question's words, before FROM": 3.0,
        "the question's words": 0.8,
        # Columns
        "used in another query": 2.0,
        "another of its name's kind is used": 1.2,
        "put out by the query itself": 2.0,
        "used in group by, wanted in select": 3.0,
        "used in order by, wanted in select": 1.5,
        "used in having, wanted in select": 0.5,
        "used in where, wanted in select": 0.2,
        "used in select, wanted in select": -0.6,
        "used in select, wanted in group by": 3.5,
        "used in order by, wanted in group by": 2.0,
        "used in group by, wanted in group by": -2.0,
        "used in select, wanted in order by": 1.5,
        "used in group by, wanted in order by": 2.5,
        "used in order by, wanted in order by": -1.0,
        "used in select, wanted in having": 1.5,
        "used in where, wanted in where": 0.4,
        "used in select, wanted in where": 0.2,
        "used in insert columns, wanted in insert columns": -6.0,
        "used in set, wanted in set": -2.0,
        "used in on, wanted in on": 0.4,
        "follows the same words": 3.0,
        "precedes the same words": 1.0,
        "fits the alias": 2.0,
        "golden uses": 2.0,
        "joined: a key ties it": 3.0,
        "joined: another relation has it": 1.5,
        "joined: in the primary key": 0.5,
        "compared with itself": -4.0,
        "compared: a key ties them": 6.0,
        "compared: of the same name": 2.0,
        "compared: one name ends with the other": 1.5,
        "compared: names of one kind": 2.0,
        "compared: of the same type": 0.5,
        "computed with itself": -4.0,
        "computed: of the same type": 0.5,
        "number for a function": 1.5,
        "key for a function over numbers": -2.0,
        "time for a function": 2.0,
        "text for a function": 1.0,
        "suits the number": 0.5,
        "suits the string": 0.5,
        "key beside a value": -1.0,
        # Tables
        "defined here": 3.0,
        "defined here and not read yet": 2.0,
        "in FROM already": -1.0,
        "a key ties it to one in FROM": 3.0,
        "it shares what looks like a key": 1.0,
        "has the missing columns": 5.0,
        "has no missing column": -1.0,
        "golden reads": 1.0,
        "stands behind its own table": -0.1,
    }
)
