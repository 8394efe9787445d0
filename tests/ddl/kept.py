"""What each engine keeps of metadata that PostgreSQL shows: the one place that says what it loses.

``kept`` is what extraction must give of tables that were made from such metadata; ``docs/ddl.md``
tells the same in words. Everything that is not changed here must come back as it was.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from defog_metadata.catalog import Column, ForeignKey, Table, UniqueKey
from defog_metadata.ddl.keys import settled, with_types_of_referred
from defog_metadata.ddl.ordering import in_key_order

__all__ = ["by_name", "kept", "named_as_written"]


def by_name(tables: Iterable[Table]) -> dict[tuple[str, str], Table]:
    return {(it.schema, it.name): it for it in tables}


def kept(tables: Sequence[Table], engine: str, *, database: str = "") -> list[Table]:
    """The tables that *engine* must show for *tables*; *database* is where MariaDB has them."""
    made = [it for it in tables if it.kind in ("table", "foreign table")]
    schemas = {it.schema for it in made}

    def placed(schema: str) -> str:
        if engine == "sqlite":
            return "main"
        if engine == "mysql" and len(schemas) == 1:
            return database
        return schema

    return [
        replace(
            table,
            schema=placed(table.schema),
            kind="table",
            columns=tuple(_column(table, it, engine) for it in table.columns),
            unique_keys=_unique_keys(table.unique_keys, engine),
            foreign_keys=_foreign_keys(
                [
                    replace(it, referred_schema=placed(it.referred_schema or table.schema))
                    for it in table.foreign_keys
                ],
                engine,
            ),
            indexes=tuple(sorted(table.indexes, key=lambda it: it.name)),
            description=_description(table.description, engine),
            row_estimate=None,
        )
        for table in _related(made, engine)
    ]


def _related(tables: Sequence[Table], engine: str) -> Sequence[Table]:
    """What column by column cannot be told of keys; InnoDB wants the same type on both sides."""
    found = settled(tables)
    if engine != "mysql":
        return found
    return with_types_of_referred([it.table for it in in_key_order(found)])


def named_as_written(found: Table, expected: Table, engine: str) -> Table:
    """*found* without the names that the engine gave to what had none, and its own additions."""
    referring = [it.columns for it in found.foreign_keys]
    unnamed_unique = {it.columns for it in expected.unique_keys if not it.name}
    unnamed_keys = {it.columns for it in expected.foreign_keys if not it.name}
    written = {it.name for it in expected.indexes}
    return replace(
        found,
        unique_keys=_unique_keys(
            [
                replace(it, name="") if it.columns in unnamed_unique else it
                for it in found.unique_keys
            ],
            engine,
        ),
        foreign_keys=_foreign_keys(
            [
                replace(it, name="") if it.columns in unnamed_keys else it
                for it in found.foreign_keys
            ],
            engine,
        ),
        # InnoDB makes an index for each foreign key.
        indexes=tuple(
            sorted(
                (
                    it
                    for it in found.indexes
                    if engine != "mysql" or it.name in written or it.columns not in referring
                ),
                key=lambda it: it.name,
            )
        ),
        # Of a new table InnoDB says that it has no rows; PostgreSQL and SQLite say nothing.
        row_estimate=None,
    )


def _unique_keys(keys: Iterable[UniqueKey], engine: str) -> tuple[UniqueKey, ...]:
    # SQLite does not tell what they are called.
    named = (replace(it, name="") if engine == "sqlite" else it for it in keys)
    return tuple(sorted(named, key=lambda it: (it.name, it.columns)))


def _foreign_keys(keys: Iterable[ForeignKey], engine: str) -> tuple[ForeignKey, ...]:
    named = (replace(it, name="") if engine == "sqlite" else it for it in keys)
    return tuple(sorted(named, key=lambda it: (it.name, it.columns)))


def _column(table: Table, column: Column, engine: str) -> Column:
    is_key = column.name in table.primary_key
    shown = {"postgres": _in_postgres, "mysql": _in_mariadb, "sqlite": _in_sqlite}[engine]
    kind, default = shown(table, column)
    return replace(
        column,
        type=kind,
        default=default,
        # PostgreSQL and MySQL have no primary key with NULL in it.
        nullable=column.nullable and not (is_key and engine != "sqlite"),
        description=_description(column.description, engine),
        common_values=(),
    )


def _description(text: str, engine: str) -> str:
    # A comment behind a line of SQL is one line.
    return " ".join(text.split()) if engine == "sqlite" else text


def _in_postgres(table: Table, column: Column) -> tuple[str, str | None]:
    default = column.default
    if default == "'G'::mpaa_rating":
        # The values of the type are not in the metadata, so that it is a domain here.
        default = "('G'::text)::mpaa_rating"
    return column.type, default


_NUMBERED = re.compile(r"nextval\(.*\)")
_LITERAL = re.compile(r"\(?('[^']*')(?:::text)?\)?::[\w ]+")

_MARIADB_TYPES = {
    "bigint": "bigint(20)", "integer": "int(11)", "smallint": "smallint(6)", "real": "float",
    "double precision": "double", "numeric": "decimal(38,10)", "money": "decimal(19,4)",
    "boolean": "tinyint(1)", "text": "text", "character varying": "text", "xml": "text",
    "tsvector": "text", "uuid": "char(36)", "bytea": "longblob", "text[]": "longtext",
    "date": "date", "time without time zone": "time", "timestamp without time zone": "datetime",
    # Types of the schemas' own. The metadata do not tell what they are.
    "year": "int(11)", "mpaa_rating": "text", '"Name"': "text", '"Flag"': "tinyint(1)",
    '"Phone"': "text", '"NameStyle"': "tinyint(1)", '"AccountNumber"': "text", '"OrderNumber"': "text",
}  # fmt: skip
_SQLITE_TYPES = {
    "bigint": "INTEGER", "integer": "INTEGER", "smallint": "INTEGER", "real": "REAL",
    "double precision": "REAL", "numeric": "REAL", "money": "REAL(19, 4)", "boolean": "INTEGER",
    "text": "TEXT", "character varying": "TEXT", "xml": "TEXT", "tsvector": "TEXT",
    "uuid": "TEXT(36)", "bytea": "BLOB", "text[]": "TEXT", "date": "DATE",
    "time without time zone": "TIME", "timestamp without time zone": "TIMESTAMP",
    "year": "INTEGER", "mpaa_rating": "TEXT", '"Name"': "TEXT", '"Flag"': "INTEGER",
    '"Phone"': "TEXT", '"NameStyle"': "INTEGER", '"AccountNumber"': "TEXT", '"OrderNumber"': "TEXT",
}  # fmt: skip
_SIZED = re.compile(r"(character varying|character|numeric)\(([\d,]+)\)")


def _in_mariadb(table: Table, column: Column) -> tuple[str, str | None]:
    kind = column.type
    if match := _SIZED.fullmatch(kind):
        word = {"character varying": "varchar", "character": "char", "numeric": "decimal"}
        kind = f"{word[match[1]]}({match[2]})"
    else:
        kind = _MARIADB_TYPES[kind]
    keys = [
        table.primary_key,
        *(it.columns for it in table.unique_keys),
        *(it.columns for it in table.foreign_keys),
    ]
    if kind == "text" and any(column.name in it for it in keys):
        kind = "varchar(255)"  # a text is in a key only with a length
    return kind, _mariadb_default(table, column, kind)


def _mariadb_default(table: Table, column: Column, kind: str) -> str | None:
    match column.default:
        case None:
            return None
        case text if _NUMBERED.fullmatch(text):
            is_first = table.primary_key[:1] == (column.name,)
            return "AUTO_INCREMENT" if is_first else None
        case "now()" | "CURRENT_TIMESTAMP":
            return "current_timestamp()"
        case "('now'::text)::date":
            return "curdate()"
        case "uuid_generate_v1()":
            return "uuid()"
        case "true" | "false" as text:
            return {"true": "1", "false": "0"}[text] if kind == "tinyint(1)" else text
        case text:
            value = _value(text, column)
            scale = re.fullmatch(r"decimal\(\d+,(\d+)\)", kind)
            # A number is shown with all the digits that the column has.
            return f"{float(value):.{scale[1]}f}" if scale else value


def _value(text: str, column: Column) -> str:
    """A literal without its cast."""
    match = _LITERAL.fullmatch(text)
    value = match[1] if match else text
    return value.strip("'") if column.type in ("bigint", "integer") else value


def _in_sqlite(table: Table, column: Column) -> tuple[str, str | None]:
    kind = column.type
    if match := _SIZED.fullmatch(kind):
        word = {"character varying": "TEXT", "character": "TEXT", "numeric": "REAL"}
        kind = f"{word[match[1]]}({match[2].replace(',', ', ')})"
    else:
        kind = _SQLITE_TYPES[kind]
    match column.default:
        case None:
            return kind, None
        case text if _NUMBERED.fullmatch(text):
            return kind, None  # a whole-numbered primary key counts up by itself, and nothing else
        case "now()" | "CURRENT_TIMESTAMP":
            return kind, "CURRENT_TIMESTAMP"
        case "('now'::text)::date":
            return kind, "CURRENT_DATE"
        case "uuid_generate_v1()":
            return kind, None
        case "true" | "false" as text:
            return kind, text.upper()
        case text:
            return kind, _value(text, column)
