"""Following CREATE, ALTER and DROP: what later statements of the file see changed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Name
from defog_metadata.sql.binding.alterations import AlteredColumns, stored_as
from defog_metadata.sql.binding.identifiers import fields_of, is_local, name_of, span_of
from defog_metadata.sql.binding.queries import QueryBinder
from defog_metadata.sql.scopes import Field, Outputs, Relation, RelationKind, Scope
from defog_metadata.sql.source.lexer import Token

__all__ = ["DefinitionBinder"]


class DefinitionBinder(QueryBinder):
    """Keeps ``local_relations`` as the file's statements have left them, the newest first."""

    def definition(self, node: exp.Expr, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        """Bind a statement that defines or removes relations."""
        match node:
            case exp.Create():
                self._create(node, outer, ctes)
            case exp.Drop():
                self._drop(node)
            case exp.Alter():
                self._alter(node)
            case exp.Declare():
                self._declare(node)

    def opaque(self, tokens: Sequence[Token]) -> None:
        """Follow a statement that has no tree, as far as its words tell."""
        words = [it.word for it in tokens]
        if words[:2] == ["RENAME", "TABLE"]:
            for index, word in enumerate(words):
                if word == "TO":
                    self._rename(_path_at(tokens, index - 1, -1), _path_at(tokens, index + 1, 1))
        elif words[:1] == ["CREATE"]:
            self._define_unread(tokens, words)
        elif words[:1] == ["ALTER"] and words[1:2] != ["INDEX"]:
            start = next((i + 1 for i, it in enumerate(words) if it in _ALTERED), len(words))
            while words[start : start + 1] and words[start] in _BEFORE_ALTERED:
                start += 1
            if path := _path_at(tokens, start, 1):
                # Something has changed, and nothing says what.
                self._define(path, replace(self._present(path), is_open=True))

    def _define_unread(self, tokens: Sequence[Token], words: Sequence[str]) -> None:
        """A relation that nobody could read the definition of: any columns may be in it."""
        head = words[1:_LONGEST_CREATE]
        start = next((i + 2 for i, it in enumerate(head) if it in _RELATIONS), 0)
        if not start or not _BEFORE_RELATION.issuperset(words[1 : start - 1]):
            return
        while words[start : start + 1] and words[start] in _IF_NOT_EXISTS:
            start += 1
        path = _path_at(tokens, start, 1)
        if path and not self._exists(path):
            self._define(path, Relation(path[-1], "table", is_open=True))

    def named(self, tokens: Sequence[Token]) -> None:
        """Remember what a statement names that is no relation: routines and variables."""
        if [it.word for it in tokens[:3]] == ["BEGIN", "NOT", "ATOMIC"]:  # MariaDB
            tokens = tokens[3:]
        if tokens and tokens[0].word in _DECLARES:
            # DECLARE a, b INT64: the names stand before the commas, the last before the type.
            for index, token in enumerate(tokens[1:], 1):
                if index % 2 == 0 and token.text != ",":
                    break
                if index % 2 and token.kind in ("word", "quoted"):
                    name = Name(token.text.strip('`"'))
                    self.local_relations = (Relation(name, "variable"), *self.local_relations)
        else:
            self._routine(tokens)

    def _routine(self, tokens: Sequence[Token]) -> None:
        words = [it.word for it in tokens[:_LONGEST_CREATE]]
        if words[:1] == ["CREATE"] and words[1:2] and words[1] in _OVERLOADS:
            made = Relation(Name(words[1].lower()), "routine")
            self.local_relations = (made, *self.local_relations)
            return
        start = next((i + 1 for i, it in enumerate(words) if it in _ROUTINES), 0)
        if words[:1] != ["CREATE"] or not start:
            return
        while words[start : start + 1] and words[start] in _IF_NOT_EXISTS:
            start += 1
        if path := _path_at(tokens, start, 1):
            made = Relation(path[-1], "routine", is_open=True, path=path)
            self.local_relations = (made, *self.local_relations)

    def select_into(self, node: exp.Query, outputs: Outputs) -> None:
        """``SELECT … INTO t`` makes a table of what the query puts out."""
        first: exp.Expr = node
        while isinstance(first, exp.SetOperation | exp.Subquery):
            first = first.this
        into = first.args.get("into")
        table = into.this if isinstance(into, exp.Into) else None
        if isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier):
            self._define(_path(table), self._made("table", *outputs, table.this))

    # CREATE

    def _create(self, node: exp.Create, outer: Scope | None, ctes: tuple[Relation, ...]) -> None:
        source = node.args.get("expression")
        outputs: Outputs = ((), True)
        if isinstance(source, exp.Query):
            if isinstance(node.this, exp.UserDefinedFunction):
                outer = self._parameters(node.this, outer, ctes)
            outputs = self.query(source, outer, ctes)
        kind = str(node.args.get("kind") or "").upper()
        schema = node.this
        table = schema.this if isinstance(schema, exp.Schema) else schema
        if (
            kind not in {"TABLE", "VIEW", "MATERIALIZED VIEW"}
            or not isinstance(table, exp.Table)
            or not isinstance(table.this, exp.Identifier)
        ):
            return
        path = _path(table)
        copied = list(self._copied(node))
        if node.args.get("exists") and self._exists(path):
            return
        if isinstance(schema, exp.Schema):
            outputs = self._declared_columns(schema, outputs)
        fields, is_open = outputs
        if copied:
            fields = (*(it for relation in copied for it in relation.fields), *fields)
            is_open = any(it.is_open for it in copied)
        self._define(path, self._made(_kind(kind), fields, is_open, table.this))

    def _parameters(
        self, node: exp.UserDefinedFunction, outer: Scope | None, ctes: tuple[Relation, ...]
    ) -> Scope:
        """What the query that is a routine's body sees around it: DuckDB's macros, BigQuery."""
        given = [it.this if isinstance(it, exp.ColumnDef) else it for it in node.expressions]
        fields = tuple(
            Field(name_of(it), span=span_of(it)) for it in given if isinstance(it, exp.Identifier)
        )
        is_open = len(fields) < len(given)
        return Scope(outer, ctes, [Relation(None, "function", fields, is_open=is_open)])

    def _declared_columns(self, schema: exp.Schema, outputs: Outputs) -> Outputs:
        declared = [it for it in schema.expressions if isinstance(it, exp.ColumnDef)]
        if declared:
            return tuple(map(self._declared, declared)), False
        names = [it for it in schema.expressions if isinstance(it, exp.Identifier)]
        renames = exp.TableAlias(columns=[it.copy() for it in names])
        for new, old in zip(renames.args["columns"], names, strict=True):
            new.meta.update(old.meta)
        fields, is_open = outputs
        relation = self.renamed(Relation(None, "view", fields, is_open=is_open), renames)
        return relation.fields, relation.is_open

    def _copied(self, node: exp.Create) -> Iterable[Relation]:
        """The relations whose columns the new table has: LIKE, CLONE, INHERITS, PARTITION OF."""
        sources: list[object] = [
            it.this for it in node.find_all(exp.LikeProperty, exp.PartitionedOfProperty)
        ]
        for inherited in node.find_all(exp.InheritsProperty):
            sources += inherited.expressions
        if isinstance(clone := node.args.get("clone"), exp.Clone):
            sources.append(clone.this)
        for source in sources:
            if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
                yield self.table(source, Scope())

    def _declared(self, node: exp.ColumnDef) -> Field:
        kind = node.args.get("kind")
        shown = self.types.cast(kind) if isinstance(kind, exp.DataType) else ""
        return Field(name_of(node.this), shown, span=span_of(node.this))

    def _declare(self, node: exp.Declare) -> None:
        """T-SQL's table variables."""
        for item in node.expressions:
            kind = item.args.get("kind")
            names = item.this if isinstance(item.this, list) else [item.this]
            for it in names if isinstance(kind, exp.Schema) else ():
                if isinstance(it, exp.Parameter):
                    fields, is_open = self._declared_columns(kind, ((), True))
                    name = Name(f"@{it.name}")
                    relation = Relation(name, "table", fields, is_open=is_open, path=(name,))
                    self.local_relations = (relation, *self.local_relations)

    @staticmethod
    def _made(
        kind: RelationKind, fields: tuple[Field, ...], is_open: object, name: exp.Identifier
    ) -> Relation:
        return Relation(
            name_of(name), kind, fields, is_open=bool(is_open) or not fields, span=span_of(name)
        )

    # ALTER and DROP

    def _alter(self, node: exp.Alter) -> None:
        table = node.this
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
            return
        if str(node.args.get("kind") or "").upper() not in {"TABLE", "VIEW"}:
            return
        path = _path(table)
        relation = self._altered(table, is_optional=bool(node.args.get("exists")))
        columns = AlteredColumns(relation, self.naming, self.types)
        for action in node.args.get("actions") or ():
            if isinstance(action, exp.AlterRename) and isinstance(action.this, exp.Table):
                to = next(iter(node.args.get("options") or ()), None)
                if isinstance(to, exp.ToTableProperty):  # RENAME a TO b, without COLUMN
                    columns.rename(name_of(action.this.this), name_of(to.this.this))
                else:
                    self._define(path, columns.relation())
                    self._rename(path, _path(action.this))
                    return
            else:
                columns.apply(action)
        self._define(path, columns.relation())

    def _rename(self, old: tuple[Name, ...], new: tuple[Name, ...]) -> None:
        if not old or not new:
            return
        relation = self._present(old)
        self._drop_path(old)
        path = new if len(new) > 1 else (*old[:-1], *new)
        if relation.table is not None:
            table = replace(relation.table, name=stored_as(new[-1], self.naming))
            relation = replace(relation, table=table, fields=fields_of(table))
        self._define(path, relation)

    def _drop(self, node: exp.Drop) -> None:
        if str(node.args.get("kind") or "").upper() not in {"TABLE", "VIEW"}:
            return
        for table in node.args.get("tables") or [node.this]:
            if isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier):
                self._altered(table, is_optional=bool(node.args.get("exists")))
                self._drop_path(_path(table))

    def _altered(self, table: exp.Table, *, is_optional: bool) -> Relation:
        """The relation that a command names; IF EXISTS says that it may not be there."""
        path = _path(table)
        if is_optional and not self._exists(path):
            return self._present(path)
        return self.table(table, Scope())

    # What is kept

    def _present(self, path: tuple[Name, ...]) -> Relation:
        return self.found_table(path, Scope())[0]

    def _exists(self, path: tuple[Name, ...]) -> bool:
        return self.found_table(path, Scope())[1] == "resolved"

    def _define(self, path: tuple[Name, ...], relation: Relation) -> None:
        others = [
            it
            for it in self.local_relations
            if it.kind in {"routine", "variable"} or not is_local(it, path, self.catalog)
        ]
        defined = replace(relation, name=path[-1], path=path, hidden=None)
        self.local_relations = (defined, *others)

    def _drop_path(self, path: tuple[Name, ...]) -> None:
        # The database may still have it, until the file is run.
        self._define(path, Relation(path[-1], "dropped", is_open=True))


def _kind(word: str) -> RelationKind:
    return "table" if word == "TABLE" else "view"


def _path(table: exp.Table) -> tuple[Name, ...]:
    return tuple(name_of(it) for it in table.parts if isinstance(it, exp.Identifier))


_DECLARES = frozenset(("DECLARE", "LET"))
_ROUTINES = frozenset(("FUNCTION", "PROCEDURE", "PROC", "AGGREGATE", "MACRO"))
# What changes which types go together; remembered by the kind, as it has no name.
_OVERLOADS = frozenset(("OPERATOR", "CAST"))
# CREATE OR REPLACE TEMPORARY AGGREGATE FUNCTION IF NOT EXISTS.
_LONGEST_CREATE = 8
_IF_NOT_EXISTS = frozenset(("IF", "NOT", "EXISTS"))
_ALTERED = frozenset(("TABLE", "VIEW"))
# What a definition makes that queries read from, and what may stand before that.
_RELATIONS = frozenset(("TABLE", "VIEW", "STREAM", "DICTIONARY"))
_BEFORE_RELATION = frozenset(
    "OR REPLACE ALTER TEMP TEMPORARY GLOBAL LOCAL PRIVATE UNLOGGED MATERIALIZED RECURSIVE VIRTUAL"
    " TRANSIENT VOLATILE EXTERNAL FOREIGN DYNAMIC HYBRID ICEBERG SECURE FORCE LIVE SNAPSHOT"
    " MULTISET SET".split()
)
_BEFORE_ALTERED = frozenset(("IF", "EXISTS", "ONLY"))


def _path_at(tokens: Sequence[Token], index: int, step: int) -> tuple[Name, ...]:
    """The dotted name that starts (*step* 1) or ends (-1) at *index*."""
    found: list[Name] = []
    while 0 <= index < len(tokens) and tokens[index].kind in ("word", "quoted"):
        token = tokens[index]
        is_quoted = token.kind == "quoted"
        found.append(Name(token.text[1:-1] if is_quoted else token.text, is_quoted))
        if not 0 <= index + step < len(tokens) or tokens[index + step].text != ".":
            break
        index += 2 * step
    return tuple(found[::step])
