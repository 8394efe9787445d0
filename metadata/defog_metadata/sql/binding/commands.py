"""Reading INSERT, UPDATE, DELETE, MERGE and what else holds queries."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name
from defog_metadata.sql.binding.definitions import DefinitionBinder
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.scopes import Field, Relation, Scope

__all__ = ["Binder"]

# Dialects with ON DUPLICATE KEY UPDATE in the place of ON CONFLICT.
_DUPLICATE_KEY = frozenset(("mysql", "doris", "starrocks", "singlestore"))
# Where a column of an upsert's target has to be told from the row that was to be inserted.
_AMBIGUOUS_UPSERT = frozenset(("postgres", "materialize", "risingwave"))


class Binder(DefinitionBinder):
    """Binds any statement. ``local_relations`` are then what later statements see."""

    def __init__(
        self,
        catalog: Catalog,
        dialect: str,
        local_relations: tuple[Relation, ...] = (),
        text: str = "",
    ) -> None:
        super().__init__(catalog, dialect, local_relations, text)
        self._returning: dict[int, tuple[tuple[Field, ...], bool]] = {}

    def statement(self, tree: exp.Expr) -> None:
        """Bind a whole statement."""
        if isinstance(tree, exp.Query):
            self.select_into(tree, self.query(tree, None, ()))
        else:
            self.command(tree, None, ())
        self.settle()

    def command(self, node: exp.Expr, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        ctes = self.ctes(node, outer, ctes)
        match node:
            case exp.Insert():
                self._insert(node, outer, ctes)
            case exp.Update():
                self._update(node, outer, ctes)
            case exp.Delete():
                self._delete(node, outer, ctes)
            case exp.Merge():
                self._merge(node, outer, ctes)
            case exp.Create() | exp.Drop() | exp.Alter() | exp.Declare():
                self.definition(node, outer, ctes)
            case _:
                for query in _queries(node):
                    self.query(query, outer, ctes)

    def returned(self, node: exp.Expr) -> tuple[tuple[Field, ...], bool]:
        return self._returning.get(id(node), ((), True))

    # Data

    def _insert(self, node: exp.Insert, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        scope = self.new_scope(outer, ctes, node)
        target = self._target(node.this, scope)
        if isinstance(node.this, exp.Schema):
            self._target_columns(node.this.expressions, target, scope)
        source = node.args.get("expression")
        query_scopes = len(self.scopes)
        if isinstance(source, exp.Expr):
            if isinstance(source, exp.Query | exp.Values | exp.Subquery):
                self.query(source, outer, ctes)
            else:
                self.expression(source, scope, "values")
        conflict = node.args.get("conflict")
        if isinstance(conflict, exp.OnConflict):
            seen = self.scopes[query_scopes].relations if len(self.scopes) > query_scopes else []
            update = self.new_scope(outer, ctes)
            update.relations += scope.relations
            update.relations += self._inserted(node, target, seen)
            if self.dialect not in _AMBIGUOUS_UPSERT:
                # Only the target's columns can be meant without a qualifier.
                update.merged += [it.name for it in (target.fields if target else ())]
            self._conflict(conflict, scope, update, target)
        self._bind_returning(node, scope)

    def _inserted(
        self, node: exp.Insert, target: Relation | None, selected: Sequence[Relation]
    ) -> Iterator[Relation]:
        """What an upsert sees besides its target: the row that was to be inserted."""
        if self.dialect not in _DUPLICATE_KEY:
            if target is not None:
                yield replace(target, name=Name("excluded"), path=(), hidden=None)
            return
        yield from selected
        alias = node.expression.args.get("alias") if node.expression else None
        if isinstance(alias, exp.TableAlias) and isinstance(alias.this, exp.Identifier):
            listed = node.this.expressions if isinstance(node.this, exp.Schema) else ()
            names = [name_of(it) for it in listed if isinstance(it, exp.Identifier)]
            fields = target.fields if target else ()
            if names and target is not None:
                fields = tuple(
                    it for name in names for it in target.fields_called(name, self.naming)
                )
            row = Relation(name_of(alias.this), "values", fields, span=span_of(alias.this))
            yield self.renamed(row, alias)

    def _conflict(
        self, node: exp.OnConflict, scope: Scope, update: Scope, target: Relation | None
    ) -> None:
        for key in node.args.get("conflict_keys") or ():
            self.expression(key, scope, "insert columns")
        for call in node.find_all(exp.Anonymous) if self.dialect in _DUPLICATE_KEY else ():
            if call.name.upper() == "VALUES":  # VALUES(a): what was to be inserted into a
                self._target_columns(call.expressions, target, scope)
        self._assignments(node.args.get("expressions") or (), update, target)
        self.expression(node.args.get("where"), update, "where")
        self.expression(node.args.get("index_predicate"), scope, "where")

    def _update(self, node: exp.Update, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        scope = self.new_scope(outer, ctes, node)
        target = self._update_target(node, scope)
        self._assignments(node.expressions, scope, target)
        self.expression(node.args.get("where"), scope, "where")
        self.expression(node.args.get("order"), scope, "order by")
        self.expression(node.args.get("limit"), scope, "limit")
        self._bind_returning(node, scope)

    def _update_target(self, node: exp.Update, scope: Scope) -> Relation | None:
        """Bind what an UPDATE reads and writes; the one relation that it writes, if it is one."""
        table = node.this
        if self.dialect in {"tsql", "fabric"} and isinstance(table, exp.Table):
            # UPDATE c SET … FROM customers c: the first name is the alias of the second.
            self.sources(node, scope)
            identifier = table.this
            named = (
                next((it for it in scope.relations if self._is_alias(it, identifier)), None)
                if isinstance(identifier, exp.Identifier) and len(table.parts) == 1
                else None
            )
            if named is not None:
                name = name_of(identifier)
                self.refer("qualifier", name, identifier, "resolved", scope, "from", (named,))
                scope.relations.remove(named)
            else:
                named = self._source_of_its_own(table, scope)
                scope.relations.pop()
            scope.relations.insert(0, named)
            return named
        self.source(table, scope)
        target = scope.relations[0] if len(scope.relations) == 1 else None
        self.sources(node, scope)
        return target

    def _source_of_its_own(self, table: exp.Table, scope: Scope) -> Relation:
        """Add a target that is no alias of what FROM lists.

        ``UPDATE t SET … FROM t x``: T-SQL takes the two for one, if there is but one of them.
        """
        others = tuple(scope.relations)
        self.source(table, scope)
        target = scope.relations[-1]
        same = [it for it in others if it.table is not None and it.table == target.table]
        if len(same) == 1:
            scope.merged += [it.name for it in target.fields]
        return target

    def _is_alias(self, relation: Relation, identifier: exp.Identifier) -> bool:
        return relation.name is not None and self.naming.equal(relation.name, name_of(identifier))

    def _delete(self, node: exp.Delete, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        scope = self.new_scope(outer, ctes, node)
        sources, named = self._deleted_from(node)
        for source in sources:
            self.source(source, scope)
        self.sources(node, scope)
        for source in node.args.get("using") or ():
            self.source(source, scope)
        for table in named:
            if scope.relation((name_of(table.this),), self.naming) is None:
                self._source_of_its_own(table, scope)  # T-SQL's DELETE t FROM other
            else:
                self._name_of_source(table, scope)
        self.expression(node.args.get("where"), scope, "where")
        self.expression(node.args.get("order"), scope, "order by")
        self.expression(node.args.get("limit"), scope, "limit")
        self._bind_returning(node, scope)

    def _deleted_from(self, node: exp.Delete) -> tuple[list[exp.Expr], list[exp.Table]]:
        """What a DELETE brings into scope, and what only names relations that are there."""
        listed = [
            it
            for it in node.args.get("tables") or ()
            if isinstance(it, exp.Table) and isinstance(it.this, exp.Identifier)
        ]
        target = node.this
        if not isinstance(target, exp.Expr):  # BigQuery's DELETE without FROM
            return list(listed), []
        if (
            self.dialect in _DUPLICATE_KEY
            and node.args.get("using")
            and isinstance(target, exp.Table)
            and isinstance(target.this, exp.Identifier)
        ):
            return [], [target, *listed]  # MySQL's DELETE FROM o USING orders o
        return [target], listed

    def _name_of_source(self, table: exp.Table, scope: Scope) -> None:
        """``DELETE c FROM customers c``: the first name is one of the relations."""
        identifier = table.this
        relation = scope.relation((name_of(identifier),), self.naming)
        targets = (relation,) if relation else ()
        self.refer("qualifier", name_of(identifier), identifier, "resolved", scope, "from", targets)

    def _merge(self, node: exp.Merge, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        scope = self.new_scope(outer, ctes, node)
        self.source(node.this, scope)
        target = scope.relations[0] if scope.relations else None
        self.source(node.args.get("using"), scope)
        condition = node.args.get("on")
        self.expression(condition if isinstance(condition, exp.Expr) else None, scope, "on")
        whens = node.args.get("whens")
        for when in whens.expressions if isinstance(whens, exp.Whens) else ():
            one = scope
            if not when.args.get("matched") or when.args.get("source"):
                # Only one side has a row here, so that a bare name can mean nothing else.
                one = self.new_scope(scope.outer, scope.ctes)
                one.relations += scope.relations[:: 1 if when.args.get("source") else -1]
                one.is_natural = True
            self.expression(when.args.get("condition"), one, "where")
            then = when.args.get("then")
            if isinstance(then, exp.Update):
                assigned = then.args.get("expressions")
                # Snowflake's UPDATE * has none.
                self._assignments(assigned if isinstance(assigned, list) else (), one, target)
                self.expression(then.args.get("where"), one, "where")
            elif isinstance(then, exp.Insert):
                if isinstance(then.this, exp.Tuple):
                    self._target_columns(then.this.expressions, target, scope)
                source = then.args.get("expression")
                self.expression(source if isinstance(source, exp.Expr) else None, one, "values")
        self._bind_returning(node, scope)

    def _target(self, node: exp.Expr | None, scope: Scope) -> Relation | None:
        table = node.this if isinstance(node, exp.Schema) else node
        if isinstance(table, exp.Table) and isinstance(table.this, exp.Parameter):
            scope.relations.append(self.variable(table))
            return scope.relations[-1]
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
            return None
        # A CTE cannot be written to: the target is looked up past them.
        relation = self.table(table, Scope(scope.outer))
        scope.relations.append(relation)
        return relation

    def _target_columns(
        self, nodes: Sequence[exp.Expr], target: Relation | None, scope: Scope
    ) -> None:
        alone = Scope(None, scope.ctes, [target] if target else [])
        self.scopes.append(alone)
        for node in nodes:
            identifier = node.this if isinstance(node, exp.Column) else node
            if isinstance(identifier, exp.Identifier) and target is not None:
                column = exp.Column(this=identifier.copy())
                column.this.meta.update(identifier.meta)
                self.column(column, alone, "insert columns")

    def _assignments(
        self, nodes: Sequence[exp.Expr], scope: Scope, target: Relation | None
    ) -> None:
        """``SET a = 1``: the left side names columns of the target, the right side anything."""
        alone = scope
        if target is not None:
            alone = Scope(None, scope.ctes, [target])
            self.scopes.append(alone)
        for node in nodes:
            if isinstance(node, exp.EQ | exp.PropertyEQ) and not isinstance(
                node.this, exp.Identifier
            ):
                left = node.this
                is_plain = not isinstance(left, exp.Column) or not left.args.get("table")
                self.expression(left, alone if is_plain else scope, "set")
                self.expression(node.expression, scope, "set")
            else:
                self.expression(node, scope, "set")

    def _bind_returning(self, node: exp.Expr, scope: Scope) -> None:
        returning = node.args.get("returning")
        if not isinstance(returning, exp.Returning):
            self._returning[id(node)] = ((), False)
            return
        if self.dialect in {"tsql", "fabric"} and scope.relations:
            target = replace(scope.relations[0], path=(), hidden=None)
            scope.relations += [
                replace(target, name=Name("inserted")),
                replace(target, name=Name("deleted")),
            ]
        fields: list[Field] = []
        is_open = False
        for projection in returning.expressions:
            self.expression(projection, scope, "returning")
            found, more = self.output(projection, scope)
            if projection.is_star:
                self.query_outputs[id(projection)] = found, more
            fields += found
            is_open = is_open or more
        self._returning[id(node)] = (tuple(fields), is_open)


def _queries(node: exp.Expr) -> list[exp.Expr]:
    """The outermost queries inside *node*."""
    found: list[exp.Expr] = []
    waiting = [node]
    while waiting:
        it = waiting.pop()
        if isinstance(it, exp.Query) and it is not node:
            found.append(it)
        else:
            waiting += it.iter_expressions()
    return found
