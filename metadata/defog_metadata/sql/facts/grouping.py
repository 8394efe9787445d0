"""What a query groups by, and which columns that leaves without one value a group."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.catalog import Naming, Table
from defog_metadata.sql.binding.identifiers import name_of
from defog_metadata.sql.facts.aggregates import call_kind, is_window, level_of
from defog_metadata.sql.facts.origins import origin_of, own_columns, scope_around
from defog_metadata.sql.facts.sameness import Key, Sameness, column_key, kinds_like
from defog_metadata.sql.facts.widths import has_hidden_side
from defog_metadata.sql.scopes import Bound, Relation, Scope

__all__ = ["Grouping"]

_SETS = (exp.Tuple, exp.Paren, exp.Rollup, exp.Cube, exp.GroupingSets)
# Where a number in GROUP BY is a number, not the place of an output.
_NO_ORDINALS = frozenset(("tsql", "fabric", "oracle"))
# Where HAVING alone makes a single group of all rows.
_HAVING_GROUPS = frozenset(("postgres", "duckdb", "redshift"))


class Grouping:
    """How one SELECT groups its rows. ``is_certain`` is false where something in it is unknown."""

    def __init__(
        self, select: exp.Select, bound: Bound, naming: Naming, dialect: str, text: str
    ) -> None:
        self._select = select
        self._bound = bound
        self._naming = naming
        self._dialect = dialect
        self._text = text
        self._scope = bound.scopes.get(id(select), Scope())
        self._same = Sameness(self._scope, bound, naming)
        self._outputs = {it.alias_or_name.casefold(): it for it in select.expressions}
        self._keys: set[Key] = set()
        self._kinds: set[type[exp.Expr]] = set()
        self._columns: dict[int, set[str]] = {}
        self._inner: set[Key] = set()
        self.is_certain = True
        group = select.args.get("group")
        self.expressions: Sequence[exp.Expr] = list(_flattened(group)) if group else []
        if group is not None and (group.args.get("all") or group.args.get("totals")):
            self.is_certain = False
        for it in self.expressions:
            self._add(it)

    def is_grouped(self) -> bool:
        """Whether the query puts out groups of rows instead of rows."""
        if self._select.args.get("group"):
            return True
        if self._select.args.get("having") and self._dialect in _HAVING_GROUPS:
            return True
        places = [*self._select.expressions, self._select.args.get("having")]
        places.append(self._select.args.get("order"))
        return any(self._has_aggregate(it) for it in places if isinstance(it, exp.Expr))

    def ungrouped(self) -> Iterator[exp.Column | exp.Star]:
        """The columns, or stars, that have no one value in a group, in the order of the text."""
        for projection in self._select.expressions:
            yield from self._in(projection)
        distinct = self._select.args.get("distinct")
        if isinstance(distinct, exp.Distinct) and isinstance(distinct.args.get("on"), exp.Expr):
            yield from self._in(distinct.args["on"])
        having = self._select.args.get("having")
        if isinstance(having, exp.Expr):
            yield from self._without_outputs(having)
        for name in ("qualify", "order"):
            clause = self._select.args.get(name)
            if isinstance(clause, exp.Expr):
                yield from self._without_outputs(clause)
        for window in self._select.args.get("windows") or ():
            yield from self._without_outputs(window)

    def _without_outputs(self, clause: exp.Expr) -> Iterator[exp.Column | exp.Star]:
        """As ``_in``; a name that the select list puts out as well may mean that.

        In PostgreSQL it does only where it is all that is ordered by.
        """
        for it in self._in(clause):
            is_name = isinstance(it, exp.Column) and len(it.parts) == 1
            may_be = self._dialect != "postgres" or isinstance(it.parent, exp.Ordered)
            if not (is_name and may_be and it.name.casefold() in self._outputs):
                yield it

    # What is grouped by

    def _add(self, node: exp.Expr) -> None:
        if isinstance(node, exp.Literal):
            self._add_output(node)
            return
        if isinstance(node, exp.Column):
            origin = self._same.origin(node)
            output = self._outputs.get(node.name.casefold()) if len(node.parts) == 1 else None
            if origin is None and not isinstance(output, exp.Alias):
                self.is_certain = False
            if isinstance(output, exp.Alias) and (origin is None or self._dialect != "postgres"):
                # Engines differ in which of the two goes first.
                self._keep(output.this)
            if origin is not None:
                self._keep(node)
            return
        self._keep(node)

    def _add_output(self, literal: exp.Literal) -> None:
        listed = self._select.expressions
        place = int(literal.name) if literal.is_int else 0
        is_place = self._dialect not in _NO_ORDINALS and 1 <= place <= len(listed)
        if not is_place or any(it.is_star for it in listed[:place]):
            self.is_certain = False
        else:
            self._keep(listed[place - 1].unalias())

    def _keep(self, node: exp.Expr) -> None:
        while isinstance(node, exp.Paren):
            node = node.this
        self._keys.add(self._same.key(node))
        self._kinds.update(kinds_like(node))
        if not isinstance(node, exp.Column):
            self._inner.update(self._same.key(it) for it in own_columns(node))
            return
        origin = self._same.origin(node)
        if origin is not None and not origin.members:
            for it in origin.relations:
                self._columns.setdefault(id(it), set()).add(origin.key)

    # What is left

    def _in(self, node: exp.Expr) -> Iterator[exp.Column | exp.Star]:
        waiting = [node]
        while waiting:
            it = waiting.pop()
            if isinstance(it, exp.Query):
                yield from self._in_query(it)
            elif isinstance(it, exp.Star) or (
                isinstance(it, exp.Column) and isinstance(it.this, exp.Star)
            ):
                if self._leaves_star(it):
                    yield it
            elif isinstance(it, exp.Column):
                if self._leaves(it):
                    yield it
            elif isinstance(it, exp.Lambda | exp.Columns) or self._is_key(it):
                continue
            elif is_window(it):
                waiting += reversed(list(_of_window(it)))
            elif call_kind(it, self._dialect, self._text) == "other":
                waiting += reversed(list(it.iter_expressions()))

    def _in_query(self, query: exp.Expr) -> Iterator[exp.Column]:
        """The columns of this query that a query inside it takes."""
        for column in own_columns(query):
            scope = scope_around(column, self._bound)
            origin = origin_of(column, scope, self._naming) if scope else None
            if origin is None or origin.scope is not self._scope or not self._leaves(column):
                continue
            above = column.parent
            while above is not None and above is not query.parent:
                if (
                    self._is_key(above)
                    or is_window(above)
                    or call_kind(above, self._dialect, self._text) != "other"
                ):
                    break
                above = above.parent
            else:
                yield column

    def _leaves(self, column: exp.Column) -> bool:
        origin = self._same.origin(column)
        if origin is None or origin.scope is not self._scope:
            return False
        if any(column_key(origin, length) in self._keys for length in range(len(column.parts))):
            return False
        if self._dialect not in ("postgres", "duckdb") and not self._is_output(column):
            # Others may see more of two expressions to be the same than their spelling shows.
            if self._same.key(column) in self._inner:
                return False
            if len(column.parts) == 1 and column.name.casefold() in self._aliases():
                return False
        return not any(self._depends(it) for it in origin.relations)

    def _is_output(self, column: exp.Column) -> bool:
        return column.parent is self._select or (
            isinstance(column.parent, exp.Alias) and column.parent.parent is self._select
        )

    def _aliases(self) -> set[str]:
        return {name for name, it in self._outputs.items() if isinstance(it, exp.Alias)}

    def _leaves_star(self, star: exp.Expr) -> bool:
        if isinstance(star.parent, exp.Func) or not isinstance(star.parent, exp.Select):
            return False
        inner = star.this if isinstance(star, exp.Column) else star
        if any(inner.args.values()) or has_hidden_side(self._select):
            return False
        relations: Sequence[Relation | None] = self._scope.relations
        if isinstance(star, exp.Column):
            path = tuple(name_of(it) for it in star.parts[:-1] if isinstance(it, exp.Identifier))
            relations = [it for it in self._scope.relations if it.is_called(path, self._naming)]
        return any(
            not it.is_open
            and not self._depends(it)
            and not {field.name.key for field in it.fields} <= self._columns.get(id(it), set())
            for it in relations
            if it is not None
        )

    def _depends(self, relation: Relation) -> bool:
        """Whether what is grouped by decides all columns of *relation*, or may do so."""
        grouped = self._columns.get(id(relation), set())
        if self._dialect != "postgres" or relation.kind != "table" or not grouped:
            return False
        table = relation.table
        if table is None or relation.is_open:
            return True
        if not table.primary_key:
            return not _tells_keys(table)
        return {it.casefold() for it in table.primary_key} <= grouped

    def _has_aggregate(self, node: exp.Expr) -> bool:
        waiting = [node]
        while waiting:
            it = waiting.pop()
            if isinstance(it, exp.Query):
                continue
            if is_window(it):
                waiting += _of_window(it)
            elif call_kind(it, self._dialect, self._text) != "aggregate":
                waiting += it.iter_expressions()
            elif level_of(it, self._scope, self._bound, self._naming) is self._scope:
                return True
        return False

    def _is_key(self, node: exp.Expr) -> bool:
        """Whether *node* is an expression that is grouped by."""
        while isinstance(node, exp.Paren | exp.Alias):
            node = node.this
        return type(node) in self._kinds and self._same.key(node) in self._keys


def _flattened(group: exp.Expr) -> Iterator[exp.Expr]:
    """The expressions of GROUP BY, those in sets of groupings included."""
    for it in group.iter_expressions():
        if isinstance(it, _SETS):
            yield from _flattened(it)
        else:
            yield it


def _of_window(window: exp.Expr) -> Iterator[exp.Expr]:
    """What a call with OVER takes, the call itself left out: it makes no groups."""
    call = window.this
    while isinstance(call, exp.IgnoreNulls | exp.RespectNulls | exp.Filter | exp.WithinGroup):
        if isinstance(call.args.get("expression"), exp.Expr):
            yield call.args["expression"]
        call = call.this
    yield from call.iter_expressions()
    for name, value in window.args.items():
        if name != "this":
            yield from (
                it
                for it in (value if isinstance(value, list) else [value])
                if isinstance(it, exp.Expr)
            )


def _tells_keys(table: Table) -> bool:
    """Whether the metadata would say that there is a primary key: hand-written ones do not."""
    return bool(
        table.unique_keys
        or table.foreign_keys
        or table.indexes
        or table.row_estimate is not None
        or any(not it.nullable or it.default for it in table.columns)
    )
