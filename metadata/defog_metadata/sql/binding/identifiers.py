"""Identifiers of a tree as names and places, and a table's columns as fields."""

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name, Table
from defog_metadata.sql.scopes import Field, Relation
from defog_metadata.text import Span

__all__ = ["fields_of", "is_local", "name_of", "span_of"]


def name_of(identifier: exp.Identifier) -> Name:
    mark = "#" * _mark(identifier)
    return Name(f"{mark}{identifier.name}", bool(identifier.args.get("quoted")))


def _mark(identifier: exp.Expr) -> int:
    """The number of signs before the name of one of T-SQL's temporary tables."""
    return 2 if identifier.args.get("global_") else bool(identifier.args.get("temporary"))


def span_of(identifier: exp.Expr) -> Span | None:
    """Where the identifier stands, quotes included; ``None`` where sqlglot made it up."""
    start, end = identifier.meta.get("start"), identifier.meta.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        return None
    return Span(start - min(start, _mark(identifier)), end + 1)


def fields_of(table: Table) -> tuple[Field, ...]:
    return tuple(
        Field(Name(it.name, quoted=True), it.type, table, it, is_stored=True)
        for it in table.columns
    )


def is_local(local: Relation, path: tuple[Name, ...], catalog: Catalog) -> bool:
    """Whether *path* means *local*, a relation that the file itself has defined or dropped."""
    if not local.path or not path:
        return False
    pairs = zip(reversed(local.path), reversed(path), strict=False)
    if not all(catalog.naming.equal(ours, theirs) for ours, theirs in pairs):
        return False
    longer = max(local.path, path, key=len)
    if min(len(local.path), len(path)) > 1 or len(longer) == 1:
        return True
    # One of the two has no schema: it is where unqualified names are looked for.
    schema = longer[-2]
    stored = [it for it in catalog.source.schemas() if catalog.naming.same(schema, it)]
    return any(catalog.is_visible(Table("", schema=it)) for it in stored or [schema.text])
