"""The names that engines give to columns that nobody named."""

from sqlglot import exp

from defog_metadata.catalog import Name

__all__ = ["implicit_name"]


def implicit_name(node: exp.Expr, dialect: str) -> Name | None:
    """The name of an unnamed output column; ``None`` where it cannot be told for sure."""
    if dialect not in {"postgres", "redshift", "materialize", "risingwave"}:
        # MySQL and SQLite take the text of the expression, others number it or refuse it.
        return None
    return _postgres_name(node)


def _postgres_name(node: exp.Expr) -> Name | None:
    match node:
        case exp.Paren() | exp.Filter() | exp.Window() | exp.WithinGroup() | exp.IgnoreNulls():
            return _postgres_name(node.this)
        case exp.Column(this=exp.Identifier() as identifier):
            return Name(identifier.name, bool(identifier.args.get("quoted")))
        case exp.Literal() | exp.Binary() | exp.Unary() | exp.Null() | exp.Boolean():
            # Booleans are called "bool" as 't'::bool, but nobody refers to either name.
            return Name("?column?", quoted=True)
        case exp.Cast():
            operand = _postgres_name(node.this)
            # Without a name of its own the cast is called after the engine's name of the type.
            return operand if operand and operand.text != "?column?" else None
        case exp.Coalesce():
            return Name("coalesce")
        case exp.Anonymous():
            return Name(str(node.this))
        case _:
            return None
