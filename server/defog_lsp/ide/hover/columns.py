"""Columns in words: those of tables, and those that a query computes."""

from collections.abc import Iterator
from dataclasses import replace

from defog_lsp.ide.hover.place import Place
from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.described import (
    bullets,
    code,
    declared,
    described_column,
    first_line,
    in_glossary,
    paragraphs,
)
from defog_metadata.sql.facts.lineage import Lineage, Source, lineage
from defog_metadata.sql.scopes import Field, Reference

__all__ = ["described_field"]

_MOST_SOURCES = 8
_MOST_STATEMENTS = 3
_WIDEST = 100
"""Characters of an expression."""


def described_field(field: Field, place: Place, reference: Reference | None) -> str:
    """*field*, which a name means or is given to."""
    found = lineage(field, place.analysis, place.snapshot)
    if place.is_reduced and found.passed_on is None:
        found = Lineage(is_complete=False)
    passed = found.passed_on
    if passed is not None and passed.field.table is not None and passed.field.column is not None:
        is_named = reference is not None and reference.kind == "column"
        written = reference.name if is_named and reference is not None else field.name
        table, column = passed.field.table, passed.field.column
        text = _stored(table, column, written.text, written.key, place)
        below = place.views.lineage(table, column)
        if below is not None:
            text = paragraphs(text, _from(replace(below, expression=""), place))
            found = replace(below, sources=(*found.sources, *below.sources))
    else:
        found = place.views.through(found)
        text = _derived(field, found, place)
    return paragraphs(text, in_glossary(_glossary(found, place)))


def _stored(table: Table, column: Column, written: str, key: str, place: Place) -> str:
    if key == column.name.casefold():
        return described_column(table, column, place.naming)
    alias = f"`{written}` is `{table.name}.{column.name}`"
    return described_column(table, column, place.naming, alias)


def _derived(field: Field, found: Lineage, place: Place) -> str:
    lines = [place.declared(field)]
    if found.expression:
        lines.append(f"= {_short(found.expression)}")
    return paragraphs(code("\n".join(lines)), _from(found, place))


def _from(found: Lineage, place: Place) -> str:
    sources = list(_sources(found, place))
    return paragraphs("*From:*" if sources else "", bullets(sources))


def _sources(found: Lineage, place: Place) -> Iterator[str]:
    """A line for each column of a table, of very many only for the first."""
    for it in found.sources[:_MOST_SOURCES]:
        yield _source(it, found, place)
    if len(found.sources) > _MOST_SOURCES:
        yield f"… and {len(found.sources) - _MOST_SOURCES} more"
    if not found.is_complete and found.sources:
        yield "…"


def _source(it: Source, found: Lineage, place: Place) -> str:
    column = it.field.column
    name = column.name if column else it.field.name.text
    shown = declared(
        f"{place.naming.write(it.table)}.{place.naming.write(name)}",
        column.type if column else it.field.type,
    )
    through = it.through if it.through != found.expression else ""
    return "".join(
        (
            _inline(shown),
            f" in {_inline(_short(through))}" if through else "",
            f" — {first_line(column.description)}" if column and column.description else "",
        )
    )


def _glossary(found: Lineage, place: Place) -> list[str]:
    said: dict[str, None] = {}
    for it in found.sources[:_MOST_SOURCES]:
        if it.field.table is not None and it.field.column is not None:
            table, column = it.field.table.name, it.field.column.name
            lines = place.snapshot.glossary.said_of_column(table, column, most=_MOST_STATEMENTS)
            said.update(dict.fromkeys(lines))
    return list(said)[:_MOST_STATEMENTS]


def _short(expression: str) -> str:
    return expression if len(expression) <= _WIDEST else f"{expression[: _WIDEST - 1]}…"


def _inline(sql: str) -> str:
    """*sql* as code inside a line, whatever quotes it uses itself."""
    return f"`` {sql} ``" if "`" in sql else f"`{sql}`"
