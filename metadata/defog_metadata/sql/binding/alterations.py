"""The columns of a table while ALTER changes them."""

from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Column, Name, Naming
from defog_metadata.sql.binding.identifiers import fields_of, name_of, span_of
from defog_metadata.sql.scopes import Field, Relation
from defog_metadata.sql.types import Engine

__all__ = ["AlteredColumns", "stored_as"]


class AlteredColumns:
    """What ``apply`` and ``rename`` have made of a relation; ``relation`` is the outcome."""

    def __init__(self, relation: Relation, naming: Naming, types: Engine) -> None:
        self._naming = naming
        self._types = types
        self._relation = relation
        self._fields = list(relation.fields)
        self._renamed: dict[str, str] = {}

    def apply(self, action: exp.Expr) -> None:
        match action:
            case exp.ColumnDef():
                self._add(action)
            case exp.Schema():
                for it in action.expressions:
                    if isinstance(it, exp.ColumnDef):
                        self._add(it)
            case exp.Drop():
                for it in action.args.get("tables") or [action.this]:
                    if isinstance(it, exp.Column) and isinstance(it.this, exp.Identifier):
                        self._drop(it.this)
            case exp.RenameColumn(this=exp.Column() as old):
                self.rename(name_of(old.this), name_of(action.args["to"].this))
            case exp.ModifyColumn(this=exp.ColumnDef() as new):
                if isinstance(old_name := action.args.get("rename_from"), exp.Identifier):
                    self.rename(name_of(old_name), name_of(new.this))
                self._retype(new.this, new.args.get("kind"))
            case exp.AlterColumn():
                self._retype(action.this, action.args.get("dtype"))

    def rename(self, old: Name, new: Name) -> None:
        for index, it in enumerate(self._fields):
            if it.is_called(old, self._naming):
                stored = stored_as(new, self._naming)
                self._renamed[it.name.text] = stored
                column = replace(it.column, name=stored) if it.column else None
                self._fields[index] = replace(it, name=new, column=column, is_stored=False)

    def relation(self) -> Relation:
        """The relation as it is now; a table of the database is changed as a value too."""
        table = self._relation.table
        if table is None:
            return replace(self._relation, fields=tuple(self._fields))
        naming = self._naming
        columns = tuple(
            it.column or Column(stored_as(it.name, naming), it.type) for it in self._fields
        )
        kept = {it.name for it in columns}
        changed = replace(
            table,
            columns=columns,
            primary_key=tuple(self._renamed.get(it, it) for it in table.primary_key),
            foreign_keys=tuple(
                key
                for it in table.foreign_keys
                if kept.issuperset((key := replace(it, columns=self._names(it.columns))).columns)
            ),
        )
        return replace(self._relation, table=changed, fields=fields_of(changed))

    def _names(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._renamed.get(it, it) for it in columns)

    def _called(self, identifier: exp.Identifier) -> Field | None:
        name, naming = name_of(identifier), self._naming
        return next((it for it in self._fields if it.is_called(name, naming)), None)

    def _drop(self, identifier: exp.Identifier) -> None:
        if (found := self._called(identifier)) is not None:
            self._fields.remove(found)

    def _add(self, node: exp.ColumnDef) -> None:
        if self._called(node.this) is None:
            kind = node.args.get("kind")
            shown = self._types.cast(kind) if isinstance(kind, exp.DataType) else ""
            self._fields.append(Field(name_of(node.this), shown, span=span_of(node.this)))

    def _retype(self, identifier: object, kind: object) -> None:
        if not isinstance(identifier, exp.Identifier) or not isinstance(kind, exp.DataType):
            return
        found = self._called(identifier)
        if found is not None:
            shown = self._types.cast(kind)
            column = replace(found.column, type=shown) if found.column else None
            self._fields[self._fields.index(found)] = replace(found, type=shown, column=column)


def stored_as(name: Name, naming: Naming) -> str:
    """The name that the database would give, in the letter case of the file where that fits."""
    return name.text if naming.same(name, name.text) else naming.fold(name)
