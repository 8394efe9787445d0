"""When two pieces of SQL are written the same but for their layout."""

from collections.abc import Hashable

from sqlglot import exp

from defog_metadata.catalog import Naming
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["written_alike"]


def written_alike(snapshot: Snapshot) -> Hashable:
    """The same for SQL whose trees are the same, however it is laid out, and in whatever order.

    Letter case counts only where the dialect says so; comments and the semicolon between
    statements never do.
    """
    naming = snapshot.catalog.naming
    return frozenset(_key(it, naming) for it in snapshot.analyses)


def _key(analysis: Analysis, naming: Naming) -> Hashable:
    tree = analysis.syntax.tree
    if tree is None:
        return tuple(
            it.text if it.kind in ("string", "quoted") else it.text.casefold()
            for it in analysis.syntax.tokens
            if it.text != ";"
        )
    alike = tree.copy()
    for name in alike.find_all(exp.Identifier):
        written = name_of(name)
        folded = written.key if naming.folding == "insensitive" else naming.fold(written)
        name.set("this", folded)
        name.set("quoted", True)
    for join in alike.find_all(exp.Join):
        if join.kind == "INNER":
            join.set("kind", None)  # JOIN alone is the same
    return alike
