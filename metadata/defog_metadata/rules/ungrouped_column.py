"""ungrouped-column: a value of single rows where the query has groups, or the other way round."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.aggregates import call_kind, inside, is_window, level_of
from defog_metadata.sql.facts.extents import end_of_clause, end_of_source, extent
from defog_metadata.sql.facts.grouping import Grouping
from defog_metadata.sql.source.lexer import Token
from defog_metadata.sql.syntax import Syntax
from defog_metadata.text import Edit, Span

# MariaDB and SQLite take the value of any row; so does MySQL where it has been told to.
_STRICT = frozenset(
    """athena bigquery databricks duckdb fabric oracle postgres presto redshift snowflake spark
    trino tsql""".split()
)
_NO_NESTING = _STRICT - {"oracle"} | {"mysql", "sqlite"}
# Where windows are known to be refused in each clause.
_NO_WINDOWS = frozenset(
    ("bigquery", "duckdb", "fabric", "mysql", "postgres", "redshift", "sqlite", "tsql")
)


def ungrouped_column(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find columns that have no one value in a group, and aggregates where there are no groups.

    ::

    select customer_id, status, count(*) from orders group by customer_id
                        ^^^^^^ status is neither in GROUP BY nor inside an aggregate
    """
    tree, dialect = analysis.syntax.tree, analysis.syntax.dialect
    if tree is None:
        return
    misplaced = _Misplaced(analysis, catalog)
    for node in tree.find_all(exp.Select, exp.Update, exp.Delete):
        yield from misplaced.problems(node)
        if isinstance(node, exp.Select) and dialect in _STRICT:
            text = analysis.syntax.text
            grouping = Grouping(node, analysis.bound, catalog.naming, dialect, text)
            if grouping.is_grouped() and grouping.is_certain:
                yield from _ungrouped(node, grouping, analysis.syntax)


def _ungrouped(select: exp.Select, grouping: Grouping, syntax: Syntax) -> Iterator[Problem]:
    found: dict[str, Span] = {}
    for node in grouping.ungrouped():
        span = extent(node, syntax.tokens)
        if span is not None:
            found.setdefault(syntax.text[span.start : span.end], span)
    columns = [it for it in found if not it.endswith("*")]
    for written, span in found.items():
        added = [written] if grouping.expressions else columns
        edit = (
            _addition(select, grouping.expressions, added, syntax.tokens)
            if written in columns
            else None
        )
        title = f"{'Add' if grouping.expressions else 'Group by'} {', '.join(added)}"
        title += " to GROUP BY" if grouping.expressions else ""
        yield Problem(
            span,
            f"{written} is neither in GROUP BY nor inside an aggregate",
            (Fix(title, (edit,)),) if edit else (),
        )


def _addition(
    select: exp.Select, grouped: Sequence[exp.Expr], added: list[str], tokens: Sequence[Token]
) -> Edit | None:
    """The edit that groups by *added* as well."""
    group = select.args.get("group")
    if group is None:
        source = end_of_source(select, tokens)
        return _inserted(source, f" GROUP BY {', '.join(added)}") if source is not None else None
    last = extent(grouped[-1], tokens) if grouped else None
    # In ROLLUP and the like, another column would mean something else.
    if last is None or list(group.iter_expressions()) != list(grouped):
        return None
    return _inserted(end_of_clause(last.end, tokens), f", {', '.join(added)}")


def _inserted(offset: int, text: str) -> Edit:
    return Edit(Span(offset, offset), text)


class _Misplaced:
    """Aggregates and windows in clauses that come before there are groups."""

    def __init__(self, analysis: Analysis, catalog: Catalog) -> None:
        self._bound = analysis.bound
        self._naming = catalog.naming
        self._syntax = analysis.syntax
        self._dialect = analysis.syntax.dialect

    def problems(self, node: exp.Expr) -> Iterator[Problem]:
        for clause, condition in _clauses(node):
            for it in inside(condition):
                if is_window(it) and self._dialect in _NO_WINDOWS:
                    yield from self._at(
                        it, f"a window function cannot stand in {clause}: select it in a subquery"
                    )
                elif clause != "HAVING" and self._is_aggregate(it, node):
                    way = (
                        "write the condition in HAVING" if clause == "WHERE" else "select it first"
                    )
                    yield from self._at(it, f"an aggregate cannot stand in {clause}: {way}")
        if isinstance(node, exp.Select) and self._dialect in _NO_NESTING:
            yield from self._nested(node)

    def _nested(self, select: exp.Select) -> Iterator[Problem]:
        places = [*select.expressions, select.args.get("having"), select.args.get("order")]
        for place in places:
            for outer in inside(place) if isinstance(place, exp.Expr) else ():
                if not self._is_aggregate(outer, select):
                    continue
                for it in inside(outer):
                    is_part = it is outer or _is_wrapped(it)
                    if not is_part and self._is_aggregate(it, select):
                        yield from self._at(
                            it, "an aggregate cannot stand in another: select it in a subquery"
                        )

    def _is_aggregate(self, node: exp.Expr, query: exp.Expr) -> bool:
        """Whether *node* is, for certain, an aggregate over the rows of *query* itself."""
        if _is_wrapped(node) or call_kind(node, self._dialect, self._syntax.text) != "aggregate":
            return False
        scope = self._bound.scopes.get(id(query))
        return scope is not None and level_of(node, scope, self._bound, self._naming) is scope

    def _at(self, node: exp.Expr, message: str) -> Iterator[Problem]:
        span = extent(node, self._syntax.tokens)
        if span is not None:
            yield Problem(span, message)


def _clauses(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    where, having = node.args.get("where"), node.args.get("having")
    if isinstance(where, exp.Where):
        yield "WHERE", where.this
    if not isinstance(node, exp.Select):
        return
    if isinstance(having, exp.Having):
        yield "HAVING", having.this
    for join in node.args.get("joins") or ():
        if isinstance(join.args.get("on"), exp.Expr):
            yield "ON", join.args["on"]
    group = node.args.get("group")
    for it in group.expressions if isinstance(group, exp.Group) else ():
        yield "GROUP BY", it
        if isinstance(it, exp.Literal) and it.is_int and 1 <= int(it.name) <= len(node.expressions):
            listed = node.expressions[: int(it.name)]
            if not any(each.is_star for each in listed):
                yield "GROUP BY", listed[-1]


def _is_wrapped(node: exp.Expr) -> bool:
    """Whether FILTER, WITHIN GROUP or OVER stands behind *node*, and so counts in its place."""
    return (
        isinstance(
            node.parent,
            exp.Window | exp.Filter | exp.WithinGroup | exp.IgnoreNulls | exp.RespectNulls,
        )
        and node.parent.this is node
    )
