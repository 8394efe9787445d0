"""Hover: what the name under the caret stands for.

A column shows its type, what its table says of it (keys, references, allowed values) and its
description, through aliases, CTEs and subqueries down to the table it comes from. A table shows
its description, size and columns; both show what the glossary says of them. Where a name may mean
several things, each is shown. A function of the engine shows its signatures. Names that resolve to
nothing show nothing: an unknown name is a diagnostic's business.
"""

from dataclasses import dataclass

from defog_metadata.catalog import Column, Naming, Table
from defog_metadata.catalog.described import (
    code,
    declared,
    described_column,
    described_table,
    in_glossary,
    listed,
)
from defog_metadata.pruning import Glossary
from defog_metadata.sql.functions import described
from defog_metadata.sql.functions.calls import called_at
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.text import Span

_MOST_STATEMENTS = 3


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
    parts = dict.fromkeys(
        "\n\n".join(filter(None, (_described(it, reference, naming), _said(it, snapshot.glossary))))
        for it in reference.targets
    )
    return Hover(reference.span, "\n\n---\n\n".join(parts))


def _said(target: Field | Relation, glossary: Glossary) -> str:
    """What the glossary says of a stored table or column."""
    table = target.table
    if table is None:
        return ""
    if isinstance(target, Relation):
        return in_glossary(glossary.said_of_table(table.name, most=_MOST_STATEMENTS))
    column = target.column.name if target.column else ""
    return in_glossary(glossary.said_of_column(table.name, column, most=_MOST_STATEMENTS))


def _function(snapshot: Snapshot, offset: int) -> Hover | None:
    statement = snapshot.statement_at(offset)
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
            return described_table(table, naming)
        case Relation():
            return _relation(target, naming)
        case Field(table=Table() as table, column=Column() as column):
            return _column(table, column, target, reference, naming)
        case Field():
            return code(declared(naming.write(target.name.text), target.type))


def _relation(relation: Relation, naming: Naming) -> str:
    name = naming.write(relation.name.text) if relation.name else "(unnamed)"
    what = {"cte": "with", "function": "function"}.get(relation.kind, relation.kind)
    columns = [declared(naming.write(it.name.text), it.type) for it in relation.fields]
    if relation.is_open:
        columns.append("…")
    return code(f"{what} {name} {listed(columns)}" if columns else f"{what} {name}")


def _column(
    table: Table, column: Column, field: Field, reference: Reference, naming: Naming
) -> str:
    written = reference.name if reference.kind == "column" else field.name
    if written.key == column.name.casefold():
        return described_column(table, column, naming)
    alias = f"`{written.text}` is `{table.name}.{column.name}`"
    return described_column(table, column, naming, alias)
