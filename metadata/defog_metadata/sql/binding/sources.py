"""Reading FROM: each item becomes a relation of the scope."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Name
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.binding.names import NameBinder
from defog_metadata.sql.binding.quirks import sees_later_joins, sees_neighbours
from defog_metadata.sql.binding.table_functions import called, columns_of_table_function
from defog_metadata.sql.scopes import (
    Clause,
    Derivation,
    Field,
    Relation,
    RelationKind,
    Scope,
    Status,
)
from defog_metadata.sql.types import columns_of

__all__ = ["SourceBinder"]

# Where a column that USING has merged is told from that of a relation joined without it.
_MERGES_BEFORE_ALONE = frozenset(("postgres", "mysql", "sqlite"))


class SourceBinder(NameBinder):
    """Adds relations to a scope. Queries inside are left to the layer above."""

    @abstractmethod
    def query(
        self, node: exp.Expr, outer: Scope | None, ctes: tuple[Relation, ...]
    ) -> tuple[tuple[Field, ...], bool]:
        """Bind a query; the columns it puts out, and whether there may be more."""

    @abstractmethod
    def fields_in(self, scope: Scope) -> tuple[Field, ...]:
        """What a star stands for: every column, those that joins have made one only once."""

    @abstractmethod
    def expression(self, node: exp.Expr | None, scope: Scope, clause: Clause) -> None:
        """Bind every name in an expression."""

    def sources(self, node: exp.Expr, scope: Scope) -> None:
        """Bind the FROM clause, joins and lateral views of a SELECT or a command."""
        from_ = node.args.get("from_")
        if isinstance(from_, exp.From):
            self.source(from_.this, scope)
        for lateral in node.args.get("laterals") or ():
            self.source(lateral, scope)
        self.joins(node.args.get("joins") or (), scope)

    def joins(self, joins: Iterable[exp.Expr], scope: Scope) -> None:
        conditions: list[exp.Expr] = []
        for join in joins:
            self.source(join.this, scope)
            side = str(join.args.get("side") or "").upper()
            if join.args.get("method") == "NATURAL":
                scope.is_natural = True
                for it in scope.relations[-1].fields if scope.relations else ():
                    self._join_sides(it.name, scope, side)
            for identifier in join.args.get("using") or ():
                column = identifier if isinstance(identifier, exp.Identifier) else identifier.this
                if isinstance(column, exp.Identifier):
                    self._using(column, scope)
                    self._join_sides(name_of(column), scope, side)
            condition = join.args.get("on")
            if str(join.args.get("kind") or "").upper() in {"SEMI", "ANTI"} and scope.relations:
                # What only decides which rows stay is seen by the condition alone.
                self.expression(condition, self._seen_so_far(scope), "on")
                scope.relations.pop()
            elif isinstance(condition, exp.Expr) and sees_later_joins(self.dialect):
                conditions.append(condition)
            else:
                self.expression(condition, scope, "on")
        for condition in conditions:
            self.expression(condition, scope, "on")

    def _seen_so_far(self, scope: Scope) -> Scope:
        """A scope with what *scope* has now, whatever comes into it later."""
        copy = self.new_scope(scope.outer, scope.ctes)
        copy.relations += scope.relations
        copy.merged += scope.merged
        copy.merged_up_to |= scope.merged_up_to
        copy.sides |= scope.sides
        copy.is_natural = scope.is_natural
        return copy

    def _using(self, identifier: exp.Identifier, scope: Scope) -> None:
        name = name_of(identifier)
        # The right side is the last relation; the left side may have the column several times
        # only if it has been merged before. One target on each side is enough to know it.
        found = [
            (relation, it)
            for relation in scope.relations
            for it in relation.fields_called(name, self.naming)
        ]
        right = scope.relations[-1] if scope.relations else None
        fields = tuple(it for _, it in found)
        status: Status
        if right is None or any(it.is_open for it in scope.relations):
            status = "resolved" if fields else "uncertain"
        else:
            both = any(it is right for it, _ in found) and any(it is not right for it, _ in found)
            status = "resolved" if both else "unknown"
        self.refer("column", name, identifier, status, scope, "on", fields)
        scope.merged.append(name)
        if self.dialect in _MERGES_BEFORE_ALONE:
            scope.merged_up_to[name.key] = len(scope.relations)

    def _join_sides(self, name: Name, scope: Scope, side: str) -> None:
        """Note whose values the column has that a join makes one of the columns called *name*."""
        *before, right = scope.relations
        theirs = right.fields_called(name, self.naming)[:1]
        named = (it.fields_called(name, self.naming)[:1] for it in before)
        ours = scope.sides.get(name.key) or next(filter(None, named), ())
        if ours and theirs:
            both = (*ours, *theirs)
            scope.sides[name.key] = {"RIGHT": theirs, "FULL": both}.get(side, ours)

    def source(self, node: exp.Expr | None, scope: Scope) -> None:
        """Bind one item of FROM, with the joins that hang on it."""
        match node:
            case None:
                return
            case exp.Table():
                self._table_source(node, scope)
            case exp.Subquery() if isinstance(node.this, exp.Table | exp.Join):
                self._parenthesized(node, scope)
            case exp.Subquery() | exp.Query() | exp.Values():
                self._derived(node, scope, is_lateral=False)
            case exp.Lateral():
                self._lateral(node, scope)
            case exp.Unnest():
                self._unnest(node, scope)
            case exp.Alias():
                self.source(node.this, scope)
                return
            case exp.AtIndex(this=exp.Alias() as element):
                self._elements(element, node, scope)
            case exp.TableFromRows():
                self.expression(node.this, scope, "from")
                scope.relations.append(self._function(node.this, node, scope))
            case _:
                self.expression(node, scope, "from")
                scope.relations.append(
                    self._aliased(Relation(None, "function", is_open=True), node)
                )
        if isinstance(node, exp.Table | exp.Subquery):
            self.joins(node.args.get("joins") or (), scope)
            for lateral in node.args.get("laterals") or ():
                self.source(lateral, scope)

    def _table_source(self, node: exp.Table, scope: Scope) -> None:
        if isinstance(node.this, exp.Identifier):
            if self._is_field_of_earlier(node, scope):
                return
            relation = self.table(node, scope)
        elif isinstance(node.this, exp.Parameter):
            relation = self.variable(node)
        else:
            # The names in a semantic view are its own; ClickHouse's ``file('a', CSV)`` takes words.
            if not isinstance(node.this, exp.SemanticView) and self.dialect != "clickhouse":
                self.expression(node.this, scope, "from")
            relation = self._function(node.this, node, scope)
        if node.args.get("pivots"):
            self._pivots(node, relation, scope)
            # A pivot makes columns of values: which ones, only the data knows.
            pivot = node.args["pivots"][-1]
            alias = pivot.args.get("alias")
            opened = replace(relation, is_open=True)
            relation = self._aliased(opened, pivot) if alias else opened
        scope.relations.append(relation)

    def _is_field_of_earlier(self, node: exp.Table, scope: Scope) -> bool:
        """BigQuery's ``FROM t, t.items``: a correlated array, not a table in a schema."""
        parts = [it for it in node.parts if isinstance(it, exp.Identifier)]
        if len(parts) < 2 or not scope.relations:  # noqa: PLR2004
            return False
        relation = scope.relation((name_of(parts[0]),), self.naming)
        if relation is None or self.catalog.table(*map(name_of, parts)):
            return False
        self.refer("qualifier", name_of(parts[0]), parts[0], "resolved", scope, "from", (relation,))
        named = Relation(name_of(parts[-1]), "function", is_open=True, span=span_of(parts[-1]))
        scope.relations.append(self._aliased(named, node))
        return True

    def _elements(self, element: exp.Alias, node: exp.AtIndex, scope: Scope) -> None:
        """Redshift's ``FROM t, t.items AS item AT position``."""
        self.expression(element.this, scope, "from")
        alias, position = element.args.get("alias"), node.expression
        fields = tuple(
            Field(name_of(it), span=span_of(it), derived=Derivation(nodes))
            for it, nodes in ((alias, (element.this,)), (position, ()))
            if isinstance(it, exp.Identifier)
        )
        name = fields[0].name if fields else None
        span = fields[0].span if fields else None
        scope.relations.append(Relation(name, "function", fields, is_open=True, span=span))

    def _parenthesized(self, node: exp.Subquery, scope: Scope) -> None:
        """``(a JOIN b …)``: relations of this scope, or one relation if it has an alias."""
        alias = node.args.get("alias")
        if not isinstance(alias, exp.TableAlias) or alias.this is None:
            self.source(node.this, scope)
            return
        inner = self.new_scope(scope.outer, scope.ctes)
        self.source(node.this, inner)
        fields = self.fields_in(inner)
        relation = Relation(None, "subquery", fields, is_open=inner.is_open)
        scope.relations.append(self._aliased(relation, node))

    def _derived(self, node: exp.Expr, scope: Scope, *, is_lateral: bool) -> None:
        # A derived table does not see its neighbours; only LATERAL does.
        outer = scope if is_lateral else scope.outer
        if scope.relations and sees_neighbours(self.dialect):
            outer = self._seen_so_far(scope)
        fields, is_open = self.query(node, outer, scope.ctes)
        is_values = isinstance(node, exp.Values) or isinstance(node.this, exp.Values)
        kind: RelationKind = "values" if is_values else "subquery"
        relation = Relation(None, kind, fields, is_open=is_open)
        if node.args.get("pivots"):
            self._pivots(node, relation, scope)
            relation = replace(relation, is_open=True)
        named = self._aliased(relation, node)
        for pivot in node.args.get("pivots") or ():
            if pivot.args.get("alias"):
                named = self._aliased(named, pivot)
        scope.relations.append(named)

    def _pivots(self, node: exp.Expr, relation: Relation, scope: Scope) -> None:
        """Bind what a PIVOT aggregates and takes its columns from, and what an UNPIVOT collects."""
        for pivot in node.args.get("pivots") or ():
            inner = self.new_scope(scope.outer, scope.ctes)
            inner.relations.append(relation)
            is_unpivot = bool(pivot.args.get("unpivot"))
            fields = [it for it in pivot.args.get("fields") or () if isinstance(it, exp.In)]
            named = [part for it in fields for part in it.expressions] if is_unpivot else []
            aggregated = [] if is_unpivot else [*pivot.expressions, *(it.this for it in fields)]
            for it in (*aggregated, *named):
                self.expression(it, inner, "select")
            relation = replace(relation, is_open=True)  # the next one sees other columns

    def _lateral(self, node: exp.Lateral, scope: Scope) -> None:
        inner = node.this
        if isinstance(inner, exp.Subquery | exp.Query):
            fields, is_open = self.query(inner, scope, scope.ctes)
            scope.relations.append(
                self._aliased(Relation(None, "subquery", fields, is_open=is_open), node)
            )
            return
        self.expression(inner, scope, "from")
        relation = self._function(inner, node, scope)
        if node.args.get("view"):  # Hive's LATERAL VIEW: other functions may add columns
            relation = replace(relation, is_open=not relation.fields)
        scope.relations.append(relation)

    def _unnest(self, node: exp.Unnest, scope: Scope) -> None:
        for array in node.expressions:
            self.expression(array, scope, "from")
        alias = node.args.get("alias")
        columns = _alias_columns(alias)
        relation = self._function(node, node, scope)
        offset = node.args.get("offset")
        extra = (
            (
                Field(
                    name_of(offset),
                    self.types.position,
                    span=span_of(offset),
                    derived=Derivation(),
                ),
            )
            if isinstance(offset, exp.Identifier)
            else ()
        )
        if isinstance(alias, exp.TableAlias) and alias.this is None and columns:
            # BigQuery: the alias names the element, whose fields can also be reached by dots
            # and, for a struct, without any.
            element = columns[0]
            relation = Relation(
                name_of(element),
                "function",
                relation.fields,
                is_open=True,
                span=span_of(element),
            )
        scope.relations.append(replace(relation, fields=(*relation.fields, *extra)))

    def _function(self, function: exp.Expr, aliased: exp.Expr, scope: Scope) -> Relation:
        """A function in FROM: its alias names the row and, for one value, the column too."""
        alias = aliased.args.get("alias")
        name = alias.this if isinstance(alias, exp.TableAlias) else None
        known = columns_of(self.types, function, self.context(scope)) or [
            (it, "") for it in columns_of_table_function(function, self.dialect)
        ]
        if columns := _alias_columns(alias):
            types = [it for _, it in known]
            types += [self.types.position] * bool(aliased.args.get("ordinality") and types)
            types += [""] * (len(columns) - len(types))
            fields = tuple(
                Field(
                    name_of(it),
                    self._declared_type(it) or shown,
                    span=span_of(it),
                    derived=Derivation(tuple(_of_column(function, index))),
                )
                for index, (it, shown) in enumerate(zip(columns, types, strict=False))
            )
            relation = Relation(None, "function", fields, is_open=not self._lists_all(function))
        else:
            relation = Relation(
                None,
                "function",
                tuple(
                    _own_columns(function, known, name if self.types.alias_names_column else None)
                ),
                is_open=True,
            )
        if isinstance(name, exp.Identifier):
            return replace(relation, name=name_of(name), span=span_of(name))
        own = called(function)
        return replace(relation, name=Name(own)) if own else relation

    def _declared_type(self, identifier: exp.Identifier) -> str:
        """``AS t(id int)``: the type that the alias itself declares."""
        parent = identifier.parent
        kind = parent.args.get("kind") if isinstance(parent, exp.ColumnDef) else None
        return self.types.cast(kind) if isinstance(kind, exp.DataType) else ""

    def _lists_all(self, function: exp.Expr) -> bool:
        """Whether the alias's columns are all that the function has."""
        return isinstance(function, exp.Unnest | exp.GenerateSeries | exp.ExplodingGenerateSeries)

    def _aliased(self, relation: Relation, node: exp.Expr) -> Relation:
        alias = node.args.get("alias")
        if not isinstance(alias, exp.TableAlias):
            return relation
        if isinstance(alias.this, exp.Identifier):
            relation = replace(relation, name=name_of(alias.this), span=span_of(alias.this))
        return self.renamed(relation, alias)


def _own_columns(
    function: exp.Expr, known: Sequence[tuple[str, str]], alias: exp.Identifier | None
) -> Iterator[Field]:
    """The columns as the function itself names them, or as its alias does for a single one."""
    derived = Derivation((function,))
    for name, shown in known:
        if name:
            yield Field(Name(name, quoted=True), shown, derived=derived)
        elif isinstance(alias, exp.Identifier) and len(known) == 1:
            yield Field(name_of(alias), shown, span=span_of(alias), derived=derived)


def _of_column(function: exp.Expr, index: int) -> Iterator[exp.Expr]:
    """What of *function* its column number *index* is made of.

    Of UNNEST it is the array at that place; behind those comes only a number.
    """
    if not isinstance(function, exp.Unnest):
        yield function
    elif index < len(function.expressions):
        yield function if len(function.expressions) == 1 else function.expressions[index]


def _alias_columns(alias: object) -> list[exp.Identifier]:
    if not isinstance(alias, exp.TableAlias):
        return []
    found: list[exp.Identifier] = []
    for it in alias.args.get("columns") or ():
        identifier = it.this if isinstance(it, exp.ColumnDef) else it
        if isinstance(identifier, exp.Identifier):
            found.append(identifier)
    return found
