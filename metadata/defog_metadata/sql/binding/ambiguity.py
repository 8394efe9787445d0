"""When a name that several columns have is a mistake, engine by engine.

What PostgreSQL, MariaDB, SQLite and DuckDB do here has been asked of them; see the tests.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from sqlglot import exp

from defog_metadata.catalog import Name, Naming
from defog_metadata.sql.binding.identifiers import name_of
from defog_metadata.sql.scopes import Clause, Relation, Scope, Status

__all__ = ["chooses_between", "is_ambiguous_within", "outputs_called", "status_of_several"]

# The clauses where a bare name means an output first. Engines not listed may take one anywhere.
_OUTPUTS_FIRST: dict[str, frozenset[str]] = {
    "postgres": frozenset(("order by",)),
    "materialize": frozenset(("order by",)),
    "risingwave": frozenset(("order by",)),
    "duckdb": frozenset(("order by",)),
    "tsql": frozenset(("order by",)),
    "fabric": frozenset(("order by",)),
    "sqlite": frozenset(("order by",)),
    "mysql": frozenset(("group by", "having", "order by")),
}
# Which are content with the first of several outputs that the query calls so.
_TAKES_FIRST_ALIAS = frozenset(("sqlite", "duckdb"))
# Where the others never look at the select list.
_NEVER_OUTPUTS: dict[str, frozenset[str]] = {"bigquery": frozenset(("where", "on", "select"))}
# ClickHouse takes the column of the left table. The others are no engines.
_LENIENT = frozenset(("clickhouse", "dax", "prql", "solr", "druid", "tableau"))
# SQLite and DuckDB take the first of the columns that a query puts out under one name.
_REFUSE_WITHIN = frozenset(
    ("postgres", "redshift", "materialize", "risingwave", "mysql", "tsql", "fabric", "snowflake",
     "bigquery")
)  # fmt: skip

_Output = tuple[Literal["alias", "column", "star"], str]
"""How the select list names an output, and which expression it is."""


def chooses_between(dialect: str) -> bool:
    """Whether the engine itself picks one of several relations' columns of a name."""
    return dialect in _LENIENT


def status_of_several(
    dialect: str, clause: Clause, outputs: Sequence[_Output], node: exp.Column
) -> Status:
    """What a name is that several relations have and *outputs* of the select list have too."""
    if clause == "returning" and dialect in {"tsql", "fabric"}:
        return "uncertain"
    if not outputs:
        return "ambiguous"
    if clause in _NEVER_OUTPUTS.get(dialect, ()):
        return "ambiguous"
    first = _OUTPUTS_FIRST.get(dialect)
    if first is None:
        return "uncertain"
    is_bare = isinstance(node.parent, exp.Ordered | exp.Group | exp.Tuple)
    if isinstance(node.parent, exp.Tuple) and isinstance(node.parent.parent, exp.Distinct):
        clause = "order by"  # DISTINCT ON goes by the rules of ORDER BY
    if dialect in _TAKES_FIRST_ALIAS and is_bare and clause in first:
        # A column is no name of an output in SQLite, unless a star stands for it.
        named = [it for it in outputs if it[0] == "alias" or (it[0], dialect) == ("star", "sqlite")]
        if named or dialect == "sqlite":
            return "resolved" if named else "ambiguous"
    if dialect == "mysql":
        inside = node.find_ancestor(exp.Window, exp.AggFunc, exp.Select)
        if isinstance(inside, exp.Window):
            return "uncertain"
        is_bare = is_bare or (clause == "having" and not isinstance(inside, exp.AggFunc))
    if not is_bare or clause not in first:
        return "ambiguous"
    return "resolved" if len({it for _, it in outputs}) == 1 else "ambiguous"


def is_ambiguous_within(dialect: str, relation: Relation) -> bool:
    """Whether two columns of one name in *relation* make the name unusable."""
    # Metadata that lists a column twice says nothing about the database.
    return dialect in _REFUSE_WITHIN and relation.kind in {"subquery", "cte"}


def outputs_called(
    projections: Sequence[exp.Expr], name: Name, scope: Scope, naming: Naming
) -> list[_Output]:
    """What the select list puts out under *name*, written or implied."""
    return [
        (kind, key)
        for projection in projections
        for kind, it, key in _named(projection, scope, naming, name)
        if naming.equal(it, name)
    ]


def _named(
    node: exp.Expr, scope: Scope, naming: Naming, wanted: Name
) -> Iterator[tuple[Literal["alias", "column", "star"], Name, str]]:
    match node:
        case exp.Alias() if isinstance(node.args.get("alias"), exp.Identifier):
            yield "alias", name_of(node.args["alias"]), _key(node.this)
        case exp.Column(this=exp.Star()) | exp.Star():
            parts = node.parts[:-1] if isinstance(node, exp.Column) else []
            path = tuple(name_of(it) for it in parts if isinstance(it, exp.Identifier))
            for index, relation in enumerate(scope.relations):
                if not path or relation.is_called(path, naming):
                    for _ in relation.fields_called(wanted, naming):
                        key = relation.name.key if relation.name else str(index)
                        yield "star", wanted, f"{key}.{wanted.key}"
        case exp.Column(this=exp.Identifier() as identifier):
            yield "column", name_of(identifier), _key(node)


def _key(node: exp.Expr) -> str:
    """Equal for expressions that are one: ``o.id`` twice is not two columns."""
    if isinstance(node, exp.Column):
        return ".".join(it.name.casefold() for it in node.parts[-2:])
    return node.sql().casefold()
