"""Which columns outputs are made of: ours beside ``sqlglot.lineage``, in published queries.

Asked of the named outputs of the queries that their engines accept. *more* and *less* is what we
say beside sqlglot, which counts what windows are ordered and divided by as well, and misses names
that MySQL takes in another letter case.
"""

import argparse
import random
from collections import Counter

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage as theirs_of

from benchmarks.corpus import Query, queries
from benchmarks.table import print_table
from defog_metadata.sql.facts.lineage import lineage
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["compared", "main"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="so many of the queries")
    parser.add_argument("--show", action="store_true", help="what the two do not agree on")
    asked = parser.parse_args()
    sample = [it for it in queries() if it.is_valid]
    if asked.sample is not None and asked.sample < len(sample):
        sample = random.Random(1).sample(sample, asked.sample)
    counts: Counter[str] = Counter()
    for query in sample:
        for name, how, ours, theirs in compared(query):
            counts[how] += 1
            if asked.show and how not in ("same", "sqlglot fails"):
                print(f"{how}: {name}\n{query.sql}\n  ours {ours}\n  theirs {theirs}\n")
    print(f"{len(sample)} queries.\n")
    print_table(("outcome", "outputs"), ((it, str(counts[it])) for it in sorted(counts)))


def compared(query: Query) -> list[tuple[str, str, list[str], list[str]]]:
    """Each named output once: its name, how the two compare, and the columns that both say."""
    snapshot = Snapshot(query.sql, query.catalog, query.dialect)
    analysis = snapshot.analyses[0]
    tree = analysis.syntax.tree
    outputs = analysis.bound.outputs.get(id(tree), ((), True))[0]
    schema = _schema(query)
    found: list[tuple[str, str, list[str], list[str]]] = []
    names = Counter(it.name.key for it in outputs)
    for it in outputs:
        if tree is None or not it.name.text or names[it.name.key] > 1 or it.name.text[0] == "?":
            continue
        made = lineage(it, analysis, snapshot)
        ours = {
            f"{x.field.table.name}.{x.field.column.name}".lower()
            for x in made.sources
            if x.field.table and x.field.column
        }
        try:
            theirs = _leaves(it.name.text, tree, schema, query.dialect)
        except (SqlglotError, ValueError, KeyError, AttributeError, IndexError, TypeError):
            found.append((it.name.text, "sqlglot fails", [], []))
            continue
        how = "same" if ours == theirs else "more" if ours > theirs else "less"
        how = how if how != "less" or ours < theirs else "other"
        found.append((it.name.text, how, sorted(ours), sorted(theirs)))
    return found


def _leaves(name: str, tree: exp.Expr, schema: dict[str, dict[str, str]], dialect: str) -> set[str]:
    root = theirs_of(name, tree.copy(), schema=schema, dialect=dialect)
    found = set()
    for node in root.walk():
        source = node.source
        if not node.downstream and isinstance(node.expression, exp.Table):
            column = node.name.rpartition(".")[2].strip('"`')
            found.add(f"{source.name if isinstance(source, exp.Table) else ''}.{column}".lower())
    return {it for it in found if not it.endswith(".*")}


def _schema(query: Query) -> dict[str, dict[str, str]]:
    return {
        table.name: {it.name: it.type or "text" for it in table.columns}
        for table in query.catalog.source.tables()
    }


if __name__ == "__main__":
    main()
