"""How much each fact about a candidate counts: what it adds to the candidate's weight.

``python -m benchmarks.weights`` says what would fit the public queries best.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

__all__ = ["WEIGHTS", "weight_of"]


def weight_of(facts: Iterable[tuple[str, float]]) -> float:
    return sum(WEIGHTS.get(fact, 0.0) * value for fact, value in facts)


WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        # What kind of item it is
        "whole answer": 20.0,
        "column": 9.9,
        "qualifier among several": 1.0,
        "qualifier of the only relation": -2.0,
        "function": -8.0,
        "schema or keyword": -10.0,
        "found further out": -3.8,
        # What the question says
        "the question's words, before FROM": 1.6,
        "the question's words": 0.8,
        "the question says its name": 2.0,
        # What the statement does with the column elsewhere
        "used in group by, wanted in a call": 1.9,
        "used in having, wanted in a call": 0.5,
        "used in on, wanted in a call": -1.0,
        "used in order by, wanted in a call": -0.2,
        "used in select, wanted in a call": -2.3,
        "used in where, wanted in a call": -1.2,
        "used in group by, wanted in group by": -5.7,
        "used in on, wanted in group by": -1.5,
        "used in order by, wanted in group by": 2.4,
        "used in select, wanted in group by": 6.1,
        "used in where, wanted in group by": 0.2,
        "used in group by, wanted in having": -0.8,
        "used in having, wanted in having": -0.4,
        "used in select, wanted in having": 0.8,
        "used in insert columns, wanted in insert columns": -6.0,
        "used in group by, wanted in on": -0.4,
        "used in on, wanted in on": -2.7,
        "used in order by, wanted in on": 0.3,
        "used in where, wanted in on": -0.9,
        "used in group by, wanted in order by": 0.9,
        "used in on, wanted in order by": -2.2,
        "used in order by, wanted in order by": -1.7,
        "used in select, wanted in order by": 1.6,
        "used in where, wanted in order by": -1.7,
        "used in group by, wanted in select": 3.6,
        "used in having, wanted in select": 0.7,
        "used in on, wanted in select": -0.9,
        "used in order by, wanted in select": 1.7,
        "used in select, wanted in select": -4.2,
        "used in where, wanted in select": -2.2,
        "used in set, wanted in set": -2.0,
        "used in another query": -0.3,
        "used in group by, wanted in where": 0.2,
        "used in on, wanted in where": -1.8,
        "used in order by, wanted in where": -0.5,
        "used in select, wanted in where": -1.1,
        "used in where, wanted in where": -1.8,
        # What stands in like places, and what golden queries do
        "another of its name's kind is used": 2.5,
        "put out by the query itself": 5.0,
        "the alias may stand for its table": 5.3,
        "the same of another relation is used here": -0.6,
        "beside the same column elsewhere": 0.7,
        "follows the same words": 3.0,
        "precedes the same words": 1.7,
        "limited on the other side": 3.6,
        "fits the alias": 5.8,
        "golden uses": 2.0,
        # What it is joined to, compared or computed with
        "compared with itself": -4.0,
        "compared: a key ties them": 6.6,
        "compared: names end alike": 3.6,
        "compared: names of one kind": 3.1,
        "compared: of the same name": -2.7,
        "compared: of the same type": 5.1,
        "computed with itself": -4.0,
        "computed: of the same type": 1.4,
        "joined: a key ties it": 2.4,
        "joined: another relation has it": 1.9,
        "joined: in the primary key": 1.0,
        # What the place takes
        "does not suit the value": -1.6,
        "key beside a value": -1.7,
        "key for a function over numbers": -2.4,
        "key in group by": 0.3,
        "key in on": 2.0,
        "key in order by": -0.3,
        "key in select": 0.6,
        "key in where": -0.5,
        "number for a function": 2.3,
        "suits the date": 1.0,
        "suits the number": -0.1,
        "suits the text": 1.5,
        "text for a function": 2.0,
        "time for a function": 4.9,
        # Tables
        "defined here": 2.7,
        "defined here and not read yet": 3.0,
        "in FROM already": -1.5,
        "a key ties it to one in FROM": 2.9,
        "it shares what looks like a key": 1.1,
        "has the missing columns": 6.0,
        "has no missing column": 0.2,
        "golden reads": 1.0,
        "needs its schema": -0.5,
        "stands behind its own table": -0.1,
    }
)
