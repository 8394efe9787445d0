"""Looking tables up."""

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name
from defog_metadata.sql.binding.identifiers import fields_of, is_local, name_of, span_of
from defog_metadata.sql.binding.quirks import is_columnless, is_system_table
from defog_metadata.sql.scopes import (
    Clause,
    Derivation,
    Field,
    Outputs,
    Reference,
    ReferenceKind,
    Relation,
    RelationKind,
    Scope,
    Status,
)
from defog_metadata.sql.types import Context, engine_of

__all__ = ["TableBinder"]

_NO_RELATIONS = frozenset(("routine", "variable"))


class TableBinder:
    """Collects what is found: ``references`` and ``scopes``, in the order of the visit.

    ``text`` is the statement as written; ``query_types``, ``query_scopes`` and ``query_outputs``
    are what will be its ``Bound``; ``projections`` has the select list of each scope.
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
        self.query_scopes: dict[int, Scope] = {}
        self.query_outputs: dict[int, Outputs] = {}
        self.projections: dict[int, Sequence[exp.Expr]] = {}
        self.naming = catalog.naming
        self.local_relations = local_relations
        self.references: list[Reference] = []
        self.scopes: list[Scope] = []

    def new_scope(
        self, outer: Scope | None, ctes: tuple[Relation, ...], node: exp.Expr | None = None
    ) -> Scope:
        """A scope that is still empty; that of the query or command *node*, if one is given."""
        scope = Scope(outer, ctes)
        self.scopes.append(scope)
        if node is not None:
            self.query_scopes[id(node)] = scope
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
            self.refer("schema", name_of(identifier), identifier, schema_status, scope, "from")
        self.refer(
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
        unknown = Relation(None, "table", is_open=not is_columnless(self.dialect, path))
        return unknown, "unknown" if self._knows_tables_of(path) else "uncertain"

    def _local(self, path: tuple[Name, ...]) -> Relation | None:
        relations = (it for it in self.local_relations if it.kind not in _NO_RELATIONS)
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
                derived=Derivation(passes=relation.fields[index : index + 1]),
            )
            for index, identifier in enumerate(columns)
        )
        rest = relation.fields[len(columns) :]
        # A list that names every known column closes what was open only for want of names.
        is_open = relation.is_open and not 0 < len(relation.fields) <= len(columns)
        return replace(relation, fields=(*fields, *rest), is_open=is_open)

    def refer(  # noqa: PLR0913, PLR0917 - a reference has that many parts
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
