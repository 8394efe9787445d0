"""Looking names up: columns and their qualifiers."""

from collections.abc import Sequence

from sqlglot import exp

from defog_metadata.catalog import Name
from defog_metadata.sql.binding.ambiguity import (
    chooses_between,
    is_ambiguous_within,
    outputs_called,
    status_of_several,
)
from defog_metadata.sql.binding.identifiers import name_of
from defog_metadata.sql.binding.quirks import (
    is_pseudo_column,
    orders_by_operands_relations,
    row_reference,
    sees_output_names,
    takes_fields,
)
from defog_metadata.sql.binding.tables import TableBinder
from defog_metadata.sql.scopes import Clause, Field, Relation, Scope, Status

__all__ = ["NameBinder"]

# What the tree has as a column and is the name of something else: a collation, a sequence.
_NO_COLUMNS = frozenset(((exp.Collate, "expression"), (exp.NextValueFor, "this")))
# Functions, for the tree, whose arguments are values and never words such as date parts.
_TAKE_NO_WORDS = (exp.AggFunc, exp.Case, exp.Coalesce, exp.Connector, exp.If, exp.Nullif)


class NameBinder(TableBinder):
    """Finds out what columns mean in the scopes that the layers above fill."""

    def column(self, node: exp.Column, scope: Scope, clause: Clause) -> None:
        """Record what a column reference means."""
        if (type(node.parent), node.arg_key) in _NO_COLUMNS or self._is_whole_table(node, scope):
            return
        if isinstance(node.parent, exp.Dot) and node.args.get("catalog"):
            return  # SQL Server's server.database.schema.table.column
        parts = [it for it in node.parts if isinstance(it, exp.Identifier)]
        path = tuple(map(name_of, parts))
        if isinstance(node.this, exp.Star):
            if not self._reaches_into(path, parts, scope, clause):
                self._qualifier(path, parts, scope, clause)
        elif len(path) == 1:
            self._unqualified(node, path[0], parts[0], scope, clause)
        elif path and not self._reaches_into(path[:-1], parts, scope, clause):
            self._qualified(path, parts, scope, clause)

    def _is_whole_table(self, node: exp.Column, scope: Scope) -> bool:
        """SQLite's ``x IN t``, where ``t`` is a CTE."""
        if self.dialect != "sqlite" or not isinstance(node.parent, exp.In):
            return False
        if node.arg_key != "field" or not isinstance(node.this, exp.Identifier):
            return False
        name = name_of(node.this)
        found = next(
            (it for it in scope.ctes if it.name and self.naming.equal(name, it.name)), None
        )
        if found is None:
            return False
        self.refer("table", name, node.this, "resolved", scope, "from", (found,))
        return True

    def _unqualified(
        self, node: exp.Column, name: Name, identifier: exp.Identifier, scope: Scope, clause: Clause
    ) -> None:
        status, targets = self._meaning(node, name, scope, clause)
        self.refer("column", name, identifier, status, scope, clause, targets)

    def _meaning(
        self, node: exp.Column, name: Name, scope: Scope, clause: Clause
    ) -> tuple[Status, tuple[Field | Relation, ...]]:
        is_bare = isinstance(node.parent, exp.Ordered | exp.Group | exp.Tuple)
        outputs = tuple(
            it
            for it in scope.aliases
            if it.is_called(name, self.naming)
            and sees_output_names(self.dialect, clause, is_bare=is_bare)
        )
        own = scope.fields_called(name, self.naming)
        if len(own) > 1:
            fields = tuple(it for _, it in own)
            status = self._status_of_several(own, node, name, scope, clause)
            return status, fields if status == "ambiguous" else (outputs or fields)[:1]
        if outputs and clause == "order by":
            return "resolved", outputs[:1]
        for level in scope.outward():
            if found := level.fields_called(name, self.naming):
                fields = tuple(it for _, it in found)
                status = "resolved" if len(found) == 1 else self._several_outside(found)
                return status, fields
            if level is scope and outputs:
                return "resolved", outputs[:1]
            if level.is_open:
                return "uncertain", ()
        if row_reference(self.dialect):
            relation = scope.relation((name,), self.naming)
            if relation is not None:
                return "resolved", (relation,)
        is_argument = isinstance(
            node.parent, exp.Func | exp.Kwarg | exp.PropertyEQ
        ) and not isinstance(node.parent, _TAKE_NO_WORDS)
        is_variable = any(
            it.kind == "variable" and it.name and it.name.key == name.key
            for it in self.local_relations
        )
        if is_variable or is_pseudo_column(self.dialect, name, is_argument=is_argument):
            return "uncertain", ()
        return "unknown", ()

    def _status_of_several(
        self,
        found: Sequence[tuple[Relation, Field]],
        node: exp.Column,
        name: Name,
        scope: Scope,
        clause: Clause,
    ) -> Status:
        if (status := self._several_outside(found)) != "ambiguous":
            return status
        projections = self.projections.get(id(scope), ())
        outputs = outputs_called(projections, name, scope, self.naming)
        return status_of_several(self.dialect, clause, outputs, node)

    def _several_outside(self, found: Sequence[tuple[Relation, Field]]) -> Status:
        """What columns of one name are where no select list can help."""
        relation, _ = found[0]
        if all(it is relation for it, _ in found):
            # The columns of a union go by names that only the first of its queries gives.
            within = relation.name is not None and is_ambiguous_within(self.dialect, relation)
            return "ambiguous" if within else "uncertain"
        # A function's alias is its column too, which an array of that name beside it may share.
        has_function = any(it.kind == "function" for it, _ in found)
        return "uncertain" if has_function or chooses_between(self.dialect) else "ambiguous"

    def _qualified(
        self, path: tuple[Name, ...], parts: list[exp.Identifier], scope: Scope, clause: Clause
    ) -> None:
        *qualifiers, name = path
        relation = self._qualifier(tuple(qualifiers), parts[:-1], scope, clause, then=name)
        if relation is None:
            self.refer("column", name, parts[-1], "uncertain", scope, clause, qualifier=path[:-1])
            return
        if relation.kind == "function" and not relation.fields:
            return
        found = scope.qualified_fields(tuple(qualifiers), name, self.naming)
        fields = tuple(it for _, it in found)
        status: Status = "resolved"
        if not fields:
            status = "uncertain" if self._may_have(relation, name) else "unknown"
        elif len(fields) > 1:
            within = all(it is relation for it, _ in found)
            is_refused = not within or is_ambiguous_within(self.dialect, relation)
            status = "ambiguous" if is_refused else "uncertain"
        self.refer(
            "column", name, parts[-1], status, scope, clause, fields, qualifier=tuple(qualifiers)
        )

    def _may_have(self, relation: Relation, name: Name) -> bool:
        return relation.is_open or is_pseudo_column(
            self.dialect, Name(name.text), is_argument=False
        )

    def _qualifier(
        self,
        path: tuple[Name, ...],
        parts: list[exp.Identifier],
        scope: Scope,
        clause: Clause,
        *,
        then: Name | None = None,
    ) -> Relation | None:
        """The relation before the dot; ``None`` when it is none, which has then been recorded."""
        relation = scope.relation(path, self.naming)
        if relation is not None:
            for part, identifier in zip(path[:-1], parts[:-1], strict=True):
                self.refer("schema", part, identifier, "resolved", scope, clause)
            self.refer("qualifier", path[-1], parts[-1], "resolved", scope, clause, (relation,))
            return relation
        status: Status = "unknown"
        if is_pseudo_column(self.dialect, path[-1], is_argument=False) or (
            then is not None and then.key in ("nextval", "currval")
        ):
            status = "uncertain"
        if scope.is_union and orders_by_operands_relations(self.dialect):
            status = "uncertain"
        self.refer("qualifier", path[-1], parts[-1], status, scope, clause)
        return None

    def _reaches_into(
        self, path: tuple[Name, ...], parts: list[exp.Identifier], scope: Scope, clause: Clause
    ) -> bool:
        """Whether ``a.b.c`` starts at a column with parts, or at a column of a relation."""
        if not takes_fields(self.dialect) or scope.relation(path, self.naming) is not None:
            return False
        head = scope.relation(path[:1], self.naming)
        if head is not None and len(path) > 1:
            fields = head.fields_called(path[1], self.naming)
            if fields or head.is_open:
                self.refer("qualifier", path[0], parts[0], "resolved", scope, clause, (head,))
                status: Status = "resolved" if fields else "uncertain"
                self.refer(
                    "column", path[1], parts[1], status, scope, clause, fields, qualifier=path[:1]
                )
                return True
        for level in scope.outward():
            if found := level.fields_called(path[0], self.naming):
                fields = tuple(it for _, it in found)
                self.refer("column", path[0], parts[0], "resolved", scope, clause, fields)
                return True
            if level.is_open:
                return True
        return False
