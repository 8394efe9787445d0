"""Tables and columns in words, for whoever points at one: Markdown.

A column shows its declaration, its description, and what its table says of it (keys, references,
the values it can have); a table its description, columns, keys and size.
"""

from collections.abc import Iterator, Sequence

from defog_metadata.catalog.naming import Naming
from defog_metadata.catalog.values import Column, Table

__all__ = [
    "bullets",
    "code",
    "column_facts",
    "declared",
    "described_column",
    "described_table",
    "first_line",
    "in_glossary",
    "listed",
    "paragraphs",
]

_MOST_COLUMNS = 40


def described_table(table: Table, naming: Naming, *more: str) -> str:
    """*more* are facts that go behind those that the metadata of the table knows."""
    name = ".".join(naming.write(it) for it in (table.schema, table.name) if it)
    body = listed(
        [
            declared(naming.write(it.name), it.type, nullable=it.nullable)
            + (f"  -- {first_line(it.description)}" if it.description else "")
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
        *more,
    ]
    return paragraphs(table.description, code(f"{table.kind} {name} {body}"), bullets(facts))


def described_column(table: Table, column: Column, naming: Naming, *first: str) -> str:
    """*first* are facts that go before those that the metadata knows."""
    name = f"{naming.write(table.name)}.{naming.write(column.name)}"
    return paragraphs(
        code(declared(name, column.type, nullable=column.nullable)),
        column.description,
        bullets([*first, *column_facts(table, column)]),
        f"*{table.name}*: {first_line(table.description)}" if table.description else "",
    )


def column_facts(table: Table, column: Column) -> Iterator[str]:
    """What is to be known of a column beside its type, a sentence each."""
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
    elif column.common_values:
        yield "Often: " + ", ".join(f"`{it}`" for it in column.common_values)
    if column.default is not None:
        yield f"Default `{column.default}`"


def in_glossary(statements: Sequence[str]) -> str:
    """What the glossary says of something; the empty string where that is nothing."""
    return paragraphs("*In the glossary:*", bullets(list(statements))) if statements else ""


def declared(name: str, shown_type: str, *, nullable: bool = True) -> str:
    """A column as ``CREATE TABLE`` would declare it."""
    return " ".join(filter(None, (name, shown_type, "" if nullable else "NOT NULL")))


def listed(columns: list[str]) -> str:
    """Declarations in brackets, a line each; of very many only the first."""
    if not columns:
        return ""
    shown = columns[:_MOST_COLUMNS]
    if len(columns) > len(shown):
        shown.append(f"-- … and {len(columns) - len(shown)} more")
    return "(\n" + "\n".join(f"    {it}" for it in shown) + "\n)"


def code(sql: str) -> str:
    return f"```sql\n{sql.strip()}\n```"


def _referred(schema: str, table: str) -> str:
    return f"{schema}.{table}" if schema else table


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(columns)


def first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def bullets(facts: list[str]) -> str:
    return "\n".join(f"- {it}" for it in facts if it)


def paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))
