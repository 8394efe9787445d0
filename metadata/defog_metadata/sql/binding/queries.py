"""Reading SELECT, set operations, VALUES and WITH."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Name
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.binding.projections import ProjectionBinder
from defog_metadata.sql.binding.quirks import (
    orders_by_any_operand,
    takes_recursion_without_keyword,
)
from defog_metadata.sql.facts.widths import cells
from defog_metadata.sql.scopes import Clause, Derivation, Field, Outputs, Relation, Scope

__all__ = ["QueryBinder"]

# The clauses of a SELECT that see its whole scope, with the name each has in the tree.
_CLAUSES: tuple[tuple[str, Clause], ...] = (
    ("distinct", "select"),
    ("where", "where"),
    ("prewhere", "where"),
    ("connect", "where"),
    ("group", "group by"),
    ("having", "having"),
    ("qualify", "qualify"),
    ("windows", "window"),
    ("cluster", "order by"),
    ("distribute", "order by"),
    ("sort", "order by"),
    ("order", "order by"),
    ("limit", "limit"),
    ("offset", "limit"),
)


class QueryBinder(ProjectionBinder):
    """Binds queries of every kind to the columns that they put out."""

    def query(self, node: exp.Expr, outer: Scope | None, ctes: tuple[Relation, ...]) -> Outputs:
        outputs = self._query(node, outer, ctes, None)
        fields = outputs[0]
        if isinstance(node, exp.Select) and node.args.get("kind") == "STRUCT":
            members = [(it.name.text, it.type) for it in fields]
            is_known = all(name and shown for name, shown in members)
            self.query_types[id(node)] = self.types.struct_of(members) if is_known else ""
        elif len(fields) == 1 and _has_one_column(node):
            self.query_types[id(node)] = fields[0].type
        return outputs

    def _query(
        self,
        node: exp.Expr,
        outer: Scope | None,
        ctes: tuple[Relation, ...],
        recursive: exp.TableAlias | None,
    ) -> Outputs:
        """As ``query``; *recursive* is the CTE that the right side of a union may refer to."""
        outputs = self.query_outputs[id(node)] = self._bound(node, outer, ctes, recursive)
        return outputs

    def _bound(
        self,
        node: exp.Expr,
        outer: Scope | None,
        ctes: tuple[Relation, ...],
        recursive: exp.TableAlias | None,
    ) -> Outputs:
        match node:
            case exp.Select():
                return self._select(node, outer, ctes)
            case exp.SetOperation():
                return self._set_operation(node, outer, ctes, recursive)
            case exp.Subquery():
                return self._subquery(node, outer, ctes, recursive)
            case exp.Values():
                return self._values(node, outer, ctes)
            case exp.Table():
                scope = self.new_scope(outer, self.ctes(node, outer, ctes), node)
                self.source(node, scope)
                return self.star(scope.relations), scope.is_open
            case _:
                self.command(node, outer, ctes)
                return self.returned(node)

    @abstractmethod
    def command(self, node: exp.Expr, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        """Bind something that is no query; the layer above knows how."""

    @abstractmethod
    def returned(self, node: exp.Expr) -> Outputs:
        """What a command's RETURNING puts out."""

    # WITH

    def ctes(
        self, node: exp.Expr, outer: Scope | None, ctes: tuple[Relation, ...]
    ) -> tuple[Relation, ...]:
        """The CTEs seen inside *node*: its own, nearest first, then those around it."""
        with_ = node.args.get("with_")
        if not isinstance(with_, exp.With):
            return ctes
        is_recursive = bool(with_.args.get("recursive"))
        for cte in with_.expressions:
            alias = cte.args.get("alias")
            if not isinstance(alias, exp.TableAlias):
                self.expression(cte.this, self.new_scope(outer, ctes), "select")
                continue
            if cte.args.get("scalar"):  # ClickHouse: WITH 1 AS x names a value
                self.expression(cte.this, self.new_scope(outer, ctes), "select")
                value = Relation(name_of(alias.this), "variable")
                self.local_relations = (value, *self.local_relations)
                continue
            may_recurse = is_recursive or takes_recursion_without_keyword(self.dialect)
            fields, is_open = self._query(cte.this, outer, ctes, alias if may_recurse else None)
            ctes = (self._cte(alias, fields, is_open=is_open), *ctes)
        if isinstance(walk := with_.args.get("search"), exp.RecursiveWithSearch) and ctes:
            last, *others = ctes
            ctes = (replace(last, fields=(*last.fields, *_walk_columns(walk))), *others)
        return ctes

    def _cte(self, alias: exp.TableAlias, fields: tuple[Field, ...], *, is_open: bool) -> Relation:
        identifier = alias.this
        return self.renamed(
            Relation(name_of(identifier), "cte", fields, is_open=is_open, span=span_of(identifier)),
            alias,
        )

    # The kinds of query

    def _set_operation(
        self,
        node: exp.SetOperation,
        outer: Scope | None,
        ctes: tuple[Relation, ...],
        recursive: exp.TableAlias | None,
    ) -> Outputs:
        ctes = self.ctes(node, outer, ctes)
        # A chain of unions leans left and may be hundreds long: walk it, do not recurse.
        operands, operations = _flattened(node)
        fields, is_open = self._query(operands[0], outer, ctes, recursive)
        own: tuple[Field, ...] = ()
        if recursive is not None:
            own = tuple(replace(it, derived=Derivation(passes=(it,))) for it in fields)
            ctes = (self._cte(recursive, own, is_open=is_open), *ctes)
        others: list[Field] = []
        for operation, operand in zip(operations, operands[1:], strict=True):
            right_fields, right_open = self._query(operand, outer, ctes, None)
            if orders_by_any_operand(self.dialect):
                others += [it for it in right_fields if it.name.text]
            if operation.args.get("by_name"):
                known = {it.name.key for it in fields}
                added = tuple(it for it in right_fields if it.name.key not in known)
                fields, is_open = (*fields, *added), is_open or right_open
            elif recursive is None or not _refers_to(operand, recursive):
                fields = tuple(self._common(fields, right_fields))
            if isinstance(operation, exp.Union):
                by_name = bool(operation.args.get("by_name"))
                fields = tuple(self._united(fields, right_fields, by_name=by_name))
        # What the CTE reads of itself is what all its operands put out.
        for it, whole in zip(own, fields, strict=False):
            if it.derived is not None:
                it.derived.passes = (whole,)
        scope = self.new_scope(outer, ctes, node)
        scope.is_union = True
        scope.relations.append(Relation(None, "subquery", (*fields, *others), is_open=is_open))
        self._clauses(node, scope)
        return fields, is_open

    def _common(self, left: Sequence[Field], right: Sequence[Field]) -> Iterator[Field]:
        """The columns on the left with types that take what is in those on the right as well."""
        for index, it in enumerate(left):
            pair = (it, right[index]) if index < len(right) else ()
            raw = [self._untyped.get(id(side), (side, side.type))[1] for side in pair]
            shown = self.types.shown(self.types.common(raw))
            yield it if shown == it.type else replace(it, type=shown)

    def _united(
        self, left: Sequence[Field], right: Sequence[Field], *, by_name: bool
    ) -> Iterator[Field]:
        """The columns on the left, with the values of those on the right as well."""
        named = {it.name.key: it for it in reversed(right)}
        for index, it in enumerate(left):
            other = (
                named.get(it.name.key) if by_name else next(iter(right[index : index + 1]), None)
            )
            if other is None or other is it:
                yield it
                continue
            both = replace(it, derived=Derivation(passes=(it, other)))
            if (untyped := self._untyped.get(id(it))) is not None:
                self._untyped[id(both)] = both, untyped[1]
            yield both

    def _subquery(
        self,
        node: exp.Subquery,
        outer: Scope | None,
        ctes: tuple[Relation, ...],
        recursive: exp.TableAlias | None,
    ) -> Outputs:
        ctes = self.ctes(node, outer, ctes)
        if isinstance(node.this, exp.Table):
            scope = self.new_scope(outer, ctes)
            self.source(node, scope)
            return self.star(scope.relations), scope.is_open
        fields, is_open = self._query(node.this, outer, ctes, recursive)
        if any(node.args.get(it) for it, _ in _CLAUSES):
            scope = self.new_scope(outer, ctes, node)
            scope.relations.append(Relation(None, "subquery", fields, is_open=is_open))
            self._clauses(node, scope)
        return fields, is_open

    def _values(self, node: exp.Values, outer: Scope | None, ctes: tuple[Relation, ...]) -> Outputs:
        scope = self.new_scope(outer, self.ctes(node, outer, ctes), node)
        for row in node.expressions:
            self.expression(row, scope, "values")
        rows = [cells(it) for it in node.expressions]
        width = len(rows[0]) if rows else 1
        start, prefix = _VALUES_NAMES.get(self.dialect, (1, "column"))
        # Nobody asks for the types of what is inserted.
        is_inserted = isinstance(node.parent, exp.Insert)
        fields = tuple(
            Field(
                Name(f"{prefix}{index + start}"),
                "" if is_inserted else self._type_in(rows, index, scope),
                derived=Derivation(tuple(it[index] for it in rows if index < len(it))),
            )
            for index in range(width)
        )
        alias = node.args.get("alias")
        if isinstance(alias, exp.TableAlias):
            fields = self.renamed(Relation(None, "values", fields), alias).fields
        return fields, False

    def _type_in(self, rows: Sequence[Sequence[exp.Expr]], index: int, scope: Scope) -> str:
        context = self.context(scope)
        found = [self.types.of(it[index], context) if index < len(it) else "" for it in rows]
        return self.types.shown(self.types.common(found))

    def _select(self, node: exp.Select, outer: Scope | None, ctes: tuple[Relation, ...]) -> Outputs:
        scope = self.new_scope(outer, self.ctes(node, outer, ctes), node)
        self.sources(node, scope)
        scope.aliases = tuple(self.aliases(node))
        self.projections[id(scope)] = node.expressions
        for projection in node.expressions:
            self.expression(projection, scope, "select")
        outputs = self.outputs(node, scope)
        # Types of aliases may rest on names that are only now bound.
        scope.aliases = tuple(self.typed(scope.aliases, outputs[0]))
        self._clauses(node, scope)
        return outputs

    def _clauses(self, node: exp.Expr, scope: Scope) -> None:
        for name, clause in _CLAUSES:
            value = node.args.get(name)
            for it in value if isinstance(value, list) else [value]:
                if isinstance(it, exp.Expr):
                    self.expression(it, scope, clause)

    # Expressions

    def expression(self, node: exp.Expr | None, scope: Scope, clause: Clause) -> None:
        """Bind the names in *node*, and the queries in it as parts of *scope*."""
        waiting = [node] if node is not None else []
        while waiting:
            it = waiting.pop()
            match it:
                case exp.Column():
                    self.column(it, scope, clause)
                    if isinstance(it.this, exp.Star):
                        names = [x for x in it.parts[:-1] if isinstance(x, exp.Identifier)]
                        path = tuple(map(name_of, names))
                        relation = scope.relation(path, self.naming) if path else None
                        self.star_names(it.this, [relation] if relation else [], scope, clause)
                        waiting += _star_parts(it.this)
                case exp.Star():
                    self.star_names(it, scope.relations, scope, clause)
                    waiting += _star_parts(it)
                case exp.Query():
                    self.query(it, scope, scope.ctes)
                case exp.Comprehension():
                    self._comprehension(it, scope, clause)
                case _:
                    waiting += reversed(list(it.iter_expressions()))

    def _comprehension(self, node: exp.Comprehension, scope: Scope, clause: Clause) -> None:
        """DuckDB's ``[x + 1 for x in list if x > 1]``."""
        self.expression(node.args.get("iterator"), scope, clause)
        inner = self.new_scope(scope, scope.ctes)
        iterated = node.args.get("iterator")
        variables = (
            (node.args.get("expression"), (iterated,) if isinstance(iterated, exp.Expr) else ()),
            (node.args.get("position"), ()),
        )
        fields = tuple(
            Field(name_of(it), span=span_of(it), derived=Derivation(nodes))
            for it, nodes in variables
            if isinstance(it, exp.Identifier)
        )
        inner.relations.append(Relation(None, "function", fields))
        self.expression(node.this, inner, clause)
        self.expression(node.args.get("condition"), inner, clause)


# How each dialect calls the columns of VALUES: the first number, and what stands before it.
_VALUES_NAMES = {"mysql": (0, "column_"), "duckdb": (0, "col")}


def _walk_columns(walk: exp.RecursiveWithSearch) -> Iterator[Field]:
    """What ``SEARCH … SET a`` and ``CYCLE … SET b USING c`` add to the CTE before them."""
    for it in (walk.args.get("expression"), walk.args.get("using")):
        if isinstance(it, exp.Identifier):
            yield Field(name_of(it), span=span_of(it))


def _has_one_column(node: exp.Expr) -> bool:
    while isinstance(node, exp.Subquery | exp.SetOperation):
        node = node.this
    return isinstance(node, exp.Select) and len(node.expressions) == 1 and not node.is_star


def _refers_to(node: exp.Expr, cte: exp.TableAlias) -> bool:
    """Whether a part of *node* is called as the CTE is: its recursive term, most likely."""
    wanted = cte.name.casefold()
    return any(it.name.casefold() == wanted for it in node.find_all(exp.Table))


def _star_parts(star: exp.Star) -> list[exp.Expr]:
    return [it.this for it in star.args.get("replace") or () if isinstance(it, exp.Alias)]


def _flattened(node: exp.SetOperation) -> tuple[list[exp.Expr], list[exp.SetOperation]]:
    """The operands of a chain of set operations from the left, and the operations between."""
    operands: list[exp.Expr] = []
    operations: list[exp.SetOperation] = []
    current: exp.Expr = node
    while isinstance(current, exp.SetOperation):
        if operations and (
            current.args.get("with_") or any(current.args.get(c) for c, _ in _CLAUSES)
        ):
            break
        operands.append(current.expression)
        operations.append(current)
        current = current.this
    operands.append(current)
    return operands[::-1], operations[::-1]
