"""Hover: what the name under the caret stands for.

A column shows its type, what its table says of it (keys, references, allowed values) and its
description, through aliases, CTEs and subqueries down to the table it comes from. A table shows
its description, size and columns. Where a name may mean several things, each is shown. A function
of the engine shows its signatures. Names that resolve to nothing show nothing: an unknown name is a
diagnostic's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from defog_metadata.catalog import Column, Naming, Table
from defog_metadata.sql.functions import described
from defog_metadata.sql.functions.calls import called_at
from defog_metadata.sql.lexer import tokenize
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.text import Span

_MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Hover:
    """``markdown`` describes the text of ``span``."""

    span: Span
    markdown: str


def hover(snapshot: Snapshot, offset: int) -> Hover | None:
    """Describe the name at *offset*; ``None`` where there is nothing to say."""
    reference = snapshot.reference_at(offset)
    if reference is None or not reference.targets:
        return _function(snapshot, offset)
    naming = snapshot.catalog.naming
    parts = dict.fromkeys(_described(it, reference, naming) for it in reference.targets)
    return Hover(reference.span, "\n\n---\n\n".join(parts))


def _function(snapshot: Snapshot, offset: int) -> Hover | None:
    statement = next((it for it in snapshot.statements if it.span.touches(offset)), None)
    if statement is None:
        return None
    tokens = [it for it in tokenize(statement.text, snapshot.dialect) if it.kind != "comment"]
    found = called_at(tokens, offset - statement.start, snapshot.dialect)
    if found is None:
        return None
    function, name = found
    return Hover(Span(name.start, name.end).shifted(statement.start), described(function))


def _described(target: Field | Relation, reference: Reference, naming: Naming) -> str:
    match target:
        case Relation(table=Table() as table):
            return _table(table, naming)
        case Relation():
            return _relation(target, naming)
        case Field(table=Table() as table, column=Column() as column):
            return _column(table, column, target, reference, naming)
        case Field():
            return _code(_declared(naming.write(target.name.text), target.type))


def _table(table: Table, naming: Naming) -> str:
    name = ".".join(naming.write(it) for it in (table.schema, table.name) if it)
    body = _listed(
        [
            _declared(naming.write(it.name), it.type, nullable=it.nullable)
            + (f"  -- {_first_line(it.description)}" if it.description else "")
            for it in table.columns
        ]
    )
    facts = [
        f"Primary key: {_names(table.primary_key)}" if table.primary_key else "",
        *(
            f"{_names(it.columns)} → {_referred(it.referred_schema, it.referred_table)}"
            f"({', '.join(it.referred_columns)})"
            for it in table.foreign_keys
        ),
        f"About {table.row_estimate:,} rows" if table.row_estimate is not None else "",
    ]
    return _paragraphs(table.description, _code(f"{table.kind} {name} {body}"), _bullets(facts))


def _relation(relation: Relation, naming: Naming) -> str:
    name = naming.write(relation.name.text) if relation.name else "(unnamed)"
    what = {"cte": "with", "function": "function"}.get(relation.kind, relation.kind)
    columns = [_declared(naming.write(it.name.text), it.type) for it in relation.fields]
    if relation.is_open:
        columns.append("…")
    return _code(f"{what} {name} {_listed(columns)}" if columns else f"{what} {name}")


def _column(
    table: Table, column: Column, field: Field, reference: Reference, naming: Naming
) -> str:
    name = f"{naming.write(table.name)}.{naming.write(column.name)}"
    facts = list(_column_facts(table, column))
    written = reference.name if reference.kind == "column" else field.name
    if written.key != column.name.casefold():
        facts.insert(0, f"`{written.text}` is `{table.name}.{column.name}`")
    return _paragraphs(
        _code(_declared(name, column.type, nullable=column.nullable)),
        column.description,
        _bullets(facts),
        f"*{table.name}*: {_first_line(table.description)}" if table.description else "",
    )


def _column_facts(table: Table, column: Column) -> Iterator[str]:
    if column.name in table.primary_key:
        others = len(table.primary_key) > 1
        yield f"Primary key ({_names(table.primary_key)})" if others else "Primary key"
    for key in table.foreign_keys_of(column.name):
        referred = _referred(key.referred_schema, key.referred_table)
        yield f"References {referred}({', '.join(key.referred_columns)})"
    if any(column.name in it.columns for it in table.unique_keys):
        yield "Unique"
    if column.enum_values:
        yield "One of " + ", ".join(f"`{it}`" for it in column.enum_values)
    if column.default is not None:
        yield f"Default `{column.default}`"


def _declared(name: str, shown_type: str, *, nullable: bool = True) -> str:
    return " ".join(filter(None, (name, shown_type, "" if nullable else "NOT NULL")))


def _listed(columns: list[str]) -> str:
    if not columns:
        return ""
    shown = columns[:_MOST_COLUMNS]
    if len(columns) > len(shown):
        shown.append(f"-- … and {len(columns) - len(shown)} more")
    return "(\n" + "\n".join(f"    {it}" for it in shown) + "\n)"


def _referred(schema: str, table: str) -> str:
    return f"{schema}.{table}" if schema else table


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(columns)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _code(sql: str) -> str:
    return f"```sql\n{sql.strip()}\n```"


def _bullets(facts: list[str]) -> str:
    return "\n".join(f"- {it}" for it in facts if it)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))
