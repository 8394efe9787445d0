"""The type of an expression, where it can be told without guessing."""

from sqlglot import exp

from defog_metadata.catalog import Name, Naming
from defog_metadata.sql.scopes import Scope

__all__ = ["type_of"]


def type_of(node: exp.Expr, scope: Scope, naming: Naming, dialect: str) -> str:
    """The type as the dialect writes it, or the empty string."""
    match node:
        case exp.Alias() | exp.Paren() | exp.Filter() | exp.Window():
            return type_of(node.this, scope, naming, dialect)
        case exp.Column(this=exp.Identifier()):
            return _column_type(node, scope, naming)
        case exp.Cast(to=exp.DataType() as to):
            return to.sql(dialect=dialect or None).lower()
        case exp.Literal():
            if node.is_string:
                return "text"
            return "integer" if node.is_int else "numeric"
        case exp.Boolean() | exp.Predicate() | exp.Connector() | exp.Not():
            return "boolean"
        case exp.Count():
            return "bigint"
        case exp.Max() | exp.Min() | exp.FirstValue() | exp.LastValue() | exp.Lag() | exp.Lead():
            return type_of(node.this, scope, naming, dialect)
        case exp.Coalesce():
            parts = [node.this, *node.expressions]
            types = {type_of(it, scope, naming, dialect) for it in parts} - {""}
            return types.pop() if len(types) == 1 else ""
        case exp.Concat() | exp.DPipe() | exp.Upper() | exp.Lower() | exp.Trim() | exp.Substring():
            return "text"
        case exp.RowNumber():
            return "bigint"
        case _:
            return ""


def _column_type(node: exp.Column, scope: Scope, naming: Naming) -> str:
    path = [
        Name(it.name, bool(it.args.get("quoted")))
        for it in node.parts
        if isinstance(it, exp.Identifier)
    ]
    if len(path) == 1:
        for level in scope.outward():
            if found := level.fields_called(path[0], naming):
                return found[0][1].type
        return ""
    relation = scope.relation(tuple(path[:-1]), naming)
    fields = relation.fields_called(path[-1], naming) if relation else ()
    return fields[0].type if fields else ""
