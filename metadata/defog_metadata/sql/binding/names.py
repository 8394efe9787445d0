"""Looking names up: columns, qualifiers and tables."""

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name
from defog_metadata.sql.binding.ambiguity import (
    is_ambiguous_within,
    outputs_called,
    status_of_several,
)
from defog_metadata.sql.binding.identifiers import fields_of, is_local, name_of, span_of
from defog_metadata.sql.binding.quirks import (
    is_pseudo_column,
    is_system_table,
    orders_by_operands_relations,
    row_reference,
    sees_output_names,
    takes_fields,
)
from defog_metadata.sql.scopes import (
    Clause,
    Field,
    Reference,
    ReferenceKind,
    Relation,
    RelationKind,
    Scope,
    Status,
)
from defog_metadata.sql.types import Context, engine_of

__all__ = ["NameBinder"]

# What the tree has as a column and is the name of something else: a collation, a sequence.
_NO_COLUMNS = frozenset(((exp.Collate, "expression"), (exp.NextValueFor, "this")))


class NameBinder:
    """Collects what is found: ``references`` and ``scopes``, in the order of the visit.

    ``text`` is the statement as written; ``query_types`` has the type of each query in it with a
    single column, by the identity of its node, and ``projections`` the select list of each scope.
    """

    def __init__(
        self,
        catalog: Catalog,
        dialect: str,
        local_relations: tuple[Relation, ...] = (),
        text: str = "",
    ) -> None:
        self.catalog = catalog
        self.dialect = dialect
        self.text = text
        self.types = engine_of(dialect)
        self.query_types: dict[int, str] = {}
        self.projections: dict[int, Sequence[exp.Expr]] = {}
        self.naming = catalog.naming
        self.local_relations = local_relations
        self.references: list[Reference] = []
        self.scopes: list[Scope] = []

    def new_scope(self, outer: Scope | None, ctes: tuple[Relation, ...]) -> Scope:
        scope = Scope(outer, ctes)
        self.scopes.append(scope)
        return scope

    def context(self, scope: Scope, earlier: Sequence[Field] = ()) -> Context:
        """What the types of expressions in *scope* depend on."""
        return Context(scope, self.naming, self.query_types, earlier, self.text)

    # Tables

    def table(self, node: exp.Table, scope: Scope) -> Relation:
        """The relation that a name in FROM (or the target of a command) means."""
        parts = [it for it in node.parts if isinstance(it, exp.Identifier)]
        path = tuple(map(name_of, parts))
        if node.args.get("catalog") and node.args.get("db") == "":
            # T-SQL's ``db..t``, whose schema only the server knows. It is not written anywhere.
            path = (*path[:-1], Name(""), path[-1])
        alias_node = node.args.get("alias")
        alias = alias_node.this if isinstance(alias_node, exp.TableAlias) else None
        found, status = self.found_table(path, scope)
        named = name_of(alias) if isinstance(alias, exp.Identifier) else path[-1]
        relation = replace(
            found,
            name=named,
            span=span_of(alias if isinstance(alias, exp.Identifier) else parts[-1]),
            path=path,
            hidden=path[-1] if isinstance(alias, exp.Identifier) else None,
        )
        schema_status = self._schema_status(path, status)
        for identifier in parts[:-1]:
            self._refer("schema", name_of(identifier), identifier, schema_status, scope, "from")
        self._refer(
            "table", path[-1], parts[-1], status, scope, "from", (relation,), qualifier=path[:-1]
        )
        if isinstance(alias_node, exp.TableAlias):
            relation = self.renamed(relation, alias_node)
        return relation

    def found_table(self, path: tuple[Name, ...], scope: Scope) -> tuple[Relation, Status]:
        """The relation at *path* before any alias, and how sure that is."""
        name = path[-1]
        if len(path) == 1:
            for cte in scope.ctes:
                if cte.name and self.naming.equal(name, cte.name):
                    return cte, "resolved"
        local = self._local(path)
        if local is not None and local.kind != "dropped":
            return local, "resolved"
        table = self.catalog.table(*path)
        if table is not None and local is not None:
            return Relation(None, "table", is_open=True), "uncertain"
        if table is not None:
            kind: RelationKind = "table" if table.kind in ("table", "foreign table") else "view"
            # Metadata without columns (a table merely named) cannot say which there are.
            is_open = self.catalog.is_partial or not table.columns
            return Relation(None, kind, fields_of(table), is_open=is_open, table=table), "resolved"
        unknown = Relation(None, "table", is_open=True)
        return unknown, "unknown" if self._knows_tables_of(path) else "uncertain"

    def _local(self, path: tuple[Name, ...]) -> Relation | None:
        relations = (it for it in self.local_relations if it.kind != "routine")
        return next((it for it in relations if is_local(it, path, self.catalog)), None)

    def variable(self, node: exp.Table) -> Relation:
        """The relation that a variable (T-SQL's ``@t``) holds."""
        name = Name(f"@{node.this.name}")
        found = self._local((name,)) or Relation(None, "table", is_open=True)
        relation = replace(found, name=name)
        alias = node.args.get("alias")
        if isinstance(alias, exp.TableAlias) and isinstance(alias.this, exp.Identifier):
            named = replace(relation, name=name_of(alias.this), span=span_of(alias.this))
            return self.renamed(named, alias)
        return relation

    def _knows_tables_of(self, path: tuple[Name, ...]) -> bool:
        """Whether the catalog is sure to list a table of this path, if it exists."""
        if self.catalog.is_partial or not self.catalog or is_system_table(self.dialect, path):
            return False
        return len(path) == 1 or (
            len(path) == 2 and self.catalog.has_schema(path[0])  # noqa: PLR2004
        )

    def _schema_status(self, path: tuple[Name, ...], of_table: Status) -> Status:
        if of_table == "resolved" or len(path) != 2 or self.catalog.has_schema(path[0]):  # noqa: PLR2004
            return "resolved"
        names_schemas = any(self.catalog.source.schemas())
        is_known = self.catalog.is_partial or is_system_table(self.dialect, path)
        return "unknown" if names_schemas and not is_known else "uncertain"

    def settle(self) -> None:
        """Decide what only the whole statement tells.

        Metadata that does not say where its tables live cannot tell which schemas there are; that
        one table of a schema is in it says that the schema's others are in it too.
        """
        tables = [it for it in self.references if it.kind == "table" and len(it.qualifier) == 1]
        schemas = {
            it.qualifier[0].key
            for it in tables
            if it.status == "resolved"
            and any(isinstance(x, Relation) and x.table and not x.table.schema for x in it.targets)
        }
        for index, it in enumerate(self.references):
            if (
                it.kind == "table"
                and it.status == "uncertain"
                and len(it.qualifier) == 1
                and it.qualifier[0].key in schemas
                and not self.catalog.is_partial
                and not is_system_table(self.dialect, (*it.qualifier, it.name))
                and self._local((*it.qualifier, it.name)) is None
            ):
                self.references[index] = replace(it, status="unknown")

    def renamed(self, relation: Relation, alias: exp.TableAlias) -> Relation:
        """*relation* with the column names that its alias lists."""
        columns = [it for it in alias.args.get("columns") or () if isinstance(it, exp.Identifier)]
        if not columns:
            return relation
        fields = tuple(
            Field(
                name_of(identifier),
                relation.fields[index].type if index < len(relation.fields) else "",
                span=span_of(identifier),
                table=relation.fields[index].table if index < len(relation.fields) else None,
                column=relation.fields[index].column if index < len(relation.fields) else None,
            )
            for index, identifier in enumerate(columns)
        )
        rest = relation.fields[len(columns) :]
        # A list that names every known column closes what was open only for want of names.
        is_open = relation.is_open and not 0 < len(relation.fields) <= len(columns)
        return replace(relation, fields=(*fields, *rest), is_open=is_open)

    # Columns

    def column(self, node: exp.Column, scope: Scope, clause: Clause) -> None:
        """Record what a column reference means."""
        if (type(node.parent), node.arg_key) in _NO_COLUMNS:
            return
        parts = [it for it in node.parts if isinstance(it, exp.Identifier)]
        path = tuple(map(name_of, parts))
        if isinstance(node.this, exp.Star):
            if not self._reaches_into(path, parts, scope, clause):
                self._qualifier(path, parts, scope, clause)
        elif len(path) == 1:
            self._unqualified(node, path[0], parts[0], scope, clause)
        elif path and not self._reaches_into(path[:-1], parts, scope, clause):
            self._qualified(path, parts, scope, clause)

    def _unqualified(
        self, node: exp.Column, name: Name, identifier: exp.Identifier, scope: Scope, clause: Clause
    ) -> None:
        status, targets = self._meaning(node, name, scope, clause)
        self._refer("column", name, identifier, status, scope, clause, targets)

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
        is_argument = isinstance(node.parent, exp.Func | exp.Kwarg | exp.PropertyEQ)
        if is_pseudo_column(self.dialect, name, is_argument=is_argument):
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
        return "uncertain" if any(it.kind == "function" for it, _ in found) else "ambiguous"

    def _qualified(
        self, path: tuple[Name, ...], parts: list[exp.Identifier], scope: Scope, clause: Clause
    ) -> None:
        *qualifiers, name = path
        relation = self._qualifier(tuple(qualifiers), parts[:-1], scope, clause, then=name)
        if relation is None:
            self._refer("column", name, parts[-1], "uncertain", scope, clause, qualifier=path[:-1])
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
        self._refer(
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
                self._refer("schema", part, identifier, "resolved", scope, clause)
            self._refer("qualifier", path[-1], parts[-1], "resolved", scope, clause, (relation,))
            return relation
        status: Status = "unknown"
        if is_pseudo_column(self.dialect, path[-1], is_argument=False) or (
            then is not None and then.key in ("nextval", "currval")
        ):
            status = "uncertain"
        if scope.is_union and orders_by_operands_relations(self.dialect):
            status = "uncertain"
        self._refer("qualifier", path[-1], parts[-1], status, scope, clause)
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
                self._refer("qualifier", path[0], parts[0], "resolved", scope, clause, (head,))
                status: Status = "resolved" if fields else "uncertain"
                self._refer(
                    "column", path[1], parts[1], status, scope, clause, fields, qualifier=path[:1]
                )
                return True
        for level in scope.outward():
            if found := level.fields_called(path[0], self.naming):
                fields = tuple(it for _, it in found)
                self._refer("column", path[0], parts[0], "resolved", scope, clause, fields)
                return True
            if level.is_open:
                return True
        return False

    def _refer(  # noqa: PLR0913, PLR0917 - a reference has that many parts
        self,
        kind: ReferenceKind,
        name: Name,
        identifier: exp.Identifier,
        status: Status,
        scope: Scope,
        clause: Clause,
        targets: tuple[Field | Relation, ...] = (),
        *,
        qualifier: tuple[Name, ...] = (),
    ) -> None:
        span = span_of(identifier)
        if span is not None:
            self.references.append(
                Reference(kind, name, span, status, scope, clause, targets, qualifier)
            )
