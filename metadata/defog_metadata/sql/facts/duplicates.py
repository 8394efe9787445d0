"""Two things of one query under one name, where the engine does not take that.

What PostgreSQL, MariaDB, SQLite and DuckDB refuse has been asked of them; see the tests.
"""

from collections.abc import Iterator

from sqlglot import exp

from defog_metadata.catalog import Name, Naming
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.scopes import Relation, Scope
from defog_metadata.text import Span

__all__ = ["duplicate_names", "duplicate_relations"]

_POSTGRES = frozenset(("postgres", "redshift", "materialize", "risingwave"))
# These refuse a second relation of one name at once. Others do when a name could mean both.
_STRICT = _POSTGRES | {"mysql", "tsql", "fabric", "bigquery", "snowflake", ""}
_LENIENT = frozenset(("sqlite", "duckdb", "oracle", "trino", "presto", "athena", "databricks"))
# Whose aliases differ by letter case on some servers.
_CASE_BY_SERVER = frozenset(("mysql", "tsql", "fabric"))
_NO_TWO_CTES = frozenset(("postgres", "mysql", "sqlite", "duckdb", "tsql", "fabric", "bigquery"))
_NO_TWO_WINDOWS = frozenset(("postgres", "mysql", "duckdb"))


def duplicate_relations(
    analysis: Analysis, naming: Naming
) -> Iterator[tuple[Scope, Relation, Relation]]:
    """The scope, the relation that has a name already, and the one that takes it again."""
    dialect = analysis.syntax.dialect
    if dialect not in _STRICT | _LENIENT:
        return
    targets = set() if dialect in _POSTGRES else _targets(analysis)
    seen: set[int] = set()
    for scope in analysis.scopes:
        # A scope of an upsert has the relations of another once more.
        fresh = [it for it in scope.relations if it.name and it.span and id(it) not in seen]
        seen |= {id(it) for it in scope.relations}
        for index, later in enumerate(fresh):
            for first in fresh[:index]:
                if (
                    _has_name_of(later, first, naming)
                    and first.span not in targets
                    and (dialect in _STRICT or _is_noticed(analysis, scope, later, naming))
                    and _clash(first, later, dialect)
                ):
                    yield scope, first, later
                    break


def duplicate_names(analysis: Analysis, naming: Naming) -> Iterator[tuple[str, Name, Span, Span]]:
    """CTEs of one WITH and windows of one query: what it is, its name, and both places."""
    tree, dialect = analysis.syntax.tree, analysis.syntax.dialect
    if tree is None:
        return
    if dialect in _NO_TWO_CTES:
        for with_ in tree.find_all(exp.With):
            aliases = [it.args.get("alias") for it in with_.expressions]
            yield from _repeated("CTE", [it.this for it in aliases if it is not None], naming)
    if dialect in _NO_TWO_WINDOWS:
        for select in tree.find_all(exp.Select):
            windows = select.args.get("windows") or ()
            yield from _repeated("window", [it.this for it in windows], naming)


def _repeated(
    what: str, identifiers: list[object], naming: Naming
) -> Iterator[tuple[str, Name, Span, Span]]:
    seen: dict[str, list[tuple[Name, Span]]] = {}
    for it in identifiers:
        span = span_of(it) if isinstance(it, exp.Identifier) else None
        if not isinstance(it, exp.Identifier) or span is None:
            continue
        name = name_of(it)
        alike = seen.setdefault(name.key, [])
        first = next((place for known, place in alike if naming.equal(name, known)), None)
        if first is not None:
            yield what, name, first, span
        alike.append((name, span))


def _has_name_of(later: Relation, first: Relation, naming: Naming) -> bool:
    if later.name is None or first.name is None or not naming.equal(later.name, first.name):
        return False
    return naming.dialect not in _CASE_BY_SERVER or later.name.text == first.name.text


def _clash(first: Relation, later: Relation, dialect: str) -> bool:
    """Whether two relations of one name get in each other's way."""
    if dialect == "mysql":
        # A table's alias is its own beside the database that the table is in.
        return _is_table(first) == _is_table(later) and first.path[:-1] == later.path[:-1]
    if _is_table(first) and _is_table(later) and not (first.hidden or later.hidden):
        # Without aliases, tables of two schemas can be told apart by these.
        if first.table is not None and later.table is not None:
            return first.table == later.table
        return first.path == later.path
    return True


def _is_table(relation: Relation) -> bool:
    return relation.kind in {"table", "view"}


def _is_noticed(analysis: Analysis, scope: Scope, relation: Relation, naming: Naming) -> bool:
    """Whether a name in the statement could mean both relations, or means none for want of one."""
    name = relation.name
    return any(
        it.status == "ambiguous" and name is not None and naming.equal(it.qualifier[-1], name)
        if it.kind == "column" and it.qualifier
        else it.kind == "qualifier" and it.status == "unknown"
        for it in analysis.references
        if any(level is scope for level in it.scope.outward())
    )


def _targets(analysis: Analysis) -> set[Span | None]:
    """Where commands name what they change: their FROM may name it again."""
    tree = analysis.syntax.tree
    commands = tree.find_all(exp.Update, exp.Delete, exp.Merge) if tree is not None else ()
    return {
        span_of(it)
        for command in commands
        if isinstance(command.this, exp.Table)
        for it in command.this.find_all(exp.Identifier)
    }
