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
        "column": 7.3,
        "qualifier among several": 1.0,
        "qualifier of the only relation": -2.0,
        "function": -8.0,
        "schema or keyword": -10.0,
        "found further out": -1.3,
        # What the question says
        "the question's words, before FROM": 2.4,
        "the question's words": 1.1,
        # Columns
        "used in another query": 0.5,
        "another of its name's kind is used": 1.6,
        "put out by the query itself": 3.7,
        "used in group by, wanted in select": 2.8,
        "used in order by, wanted in select": 1.0,
        "used in having, wanted in select": 0.7,
        "used in where, wanted in select": -0.7,
        "used in select, wanted in select": -2.1,
        "used in select, wanted in group by": 5.4,
        "used in order by, wanted in group by": 2.2,
        "used in group by, wanted in group by": -3.7,
        "used in select, wanted in order by": 1.1,
        "used in group by, wanted in order by": 1.3,
        "used in order by, wanted in order by": -1.1,
        "used in select, wanted in having": 1.2,
        "used in where, wanted in where": -1.0,
        "used in select, wanted in where": -0.5,
        "used in insert columns, wanted in insert columns": -6.0,
        "used in set, wanted in set": -2.0,
        "used in on, wanted in on": -1.5,
        "key in group by": 0.6,
        "key in on": 1.5,
        "key in order by": -0.7,
        "key in select": 0.3,
        "key in where": -0.3,
        "used in group by, wanted in having": -0.3,
        "used in group by, wanted in where": 0.4,
        "used in on, wanted in group by": -0.7,
        "used in on, wanted in order by": -0.9,
        "used in on, wanted in select": -0.7,
        "used in on, wanted in where": -1.0,
        "used in where, wanted in group by": 0.6,
        "used in where, wanted in on": -0.4,
        "used in where, wanted in order by": -0.9,
        "the alias may stand for its table": 4.0,
        "follows the same words": 3.4,
        "precedes the same words": 1.5,
        "fits the alias": 4.2,
        "golden uses": 2.0,
        "joined: a key ties it": 2.7,
        "joined: another relation has it": 1.7,
        "joined: in the primary key": 1.2,
        "compared with itself": -4.0,
        "compared: a key ties them": 6.2,
        "compared: of the same name": -1.6,
        "compared: one name ends with the other": 2.3,
        "compared: names of one kind": 3.6,
        "compared: of the same type": 3.5,
        "computed with itself": -4.0,
        "computed: of the same type": 1.5,
        "number for a function": 1.8,
        "key for a function over numbers": -2.1,
        "time for a function": 3.4,
        "text for a function": 1.3,
        "suits the number": 0.8,
        "suits the string": 2.0,
        "key beside a value": -1.5,
        # Tables
        "defined here": 2.5,
        "defined here and not read yet": 2.2,
        "in FROM already": -1.1,
        "a key ties it to one in FROM": 2.9,
        "it shares what looks like a key": 0.8,
        "has the missing columns": 5.3,
        "has no missing column": -0.3,
        "golden reads": 1.0,
        "stands behind its own table": -0.1,
    }
)
