"""All statements that create some tables, in the order in which they run."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from defog_metadata.catalog import Column, ForeignKey, Table
from defog_metadata.ddl.columns import ColumnWriter, literal
from defog_metadata.ddl.comments import comment_text, comments_on
from defog_metadata.ddl.flavours import Flavour
from defog_metadata.ddl.indexes import IndexWriter
from defog_metadata.ddl.names import Names
from defog_metadata.ddl.ordering import Ordered
from defog_metadata.ddl.prerequisites import Prerequisites, serial_defaults
from defog_metadata.ddl.views import View
from defog_metadata.progress import check_stopped, tell_progress

__all__ = ["Statement", "Writer"]


@dataclass(frozen=True, slots=True)
class Statement:
    """``text`` ends with a semicolon; ``place``: of the table that it is about, if of one alone."""

    text: str
    place: int | None = None


class Writer:
    """The statements for tables of the dialect *source*, named as they are to be created."""

    def __init__(
        self,
        source: str,
        flavour: Flavour,
        ordered: Sequence[Ordered],
        views: Sequence[View] = (),
        *,
        if_not_exists: bool,
    ) -> None:
        self._flavour = flavour
        self._source = source
        self._ordered = ordered
        self._views = views
        self._if_not_exists = if_not_exists
        self._name = Names(flavour.dialect)
        tables = [it.table for it in ordered]
        self._columns = ColumnWriter(source, flavour, self._name, serial_defaults(tables))
        self._indexes = IndexWriter(source, flavour, self._name, self._columns)
        # The database's own may be Latin-1. Left out where that does not matter, and the same
        # for all, since texts in keys must agree in it.
        self._needs_unicode = flavour.dialect == "mysql" and (
            source != "mysql" or any(map(_is_beyond_ascii, tables))
        )
        # Of a view only the schema has to be there: it has no types but those of its tables.
        needing = [*tables, *(replace(it.table, columns=()) for it in views)]
        self._beginning = Prerequisites(
            source, flavour, self._name, self._columns, needing, if_not_exists
        )

    def __iter__(self) -> Iterator[Statement]:
        yield from map(Statement, self._beginning.statements())
        for done, it in enumerate(self._ordered):
            check_stopped()
            tell_progress(done, len(self._ordered), it.table.name)
            for text in self._table(it.table, it.later):
                yield Statement(text, it.place)
        if self._flavour.foreign_keys == "altered":
            for it in self._ordered:
                for place in sorted(it.later):
                    added = self._foreign_key(it.table, it.table.foreign_keys[place])
                    yield Statement(
                        self._beginning.unless_there(
                            f"ALTER TABLE {self._path(it.table)} ADD {added}"
                        ),
                        it.place,
                    )
        for view in self._views:
            yield from map(Statement, self._view(view))

    def _table(self, table: Table, later: Container[int]) -> Iterator[str]:
        flavour = self._flavour
        lines = [
            _Line(self._column(table, it), self._comment_line(it.description))
            for it in table.columns
        ]
        lines += [_Line(it) for it in self._constraints(table, later)]
        opening = f"CREATE TABLE {self._exists}{self._path(table)} ("
        body = _joined(opening, self._comment_line(table.description), lines)
        tail = self._tail(table)
        statement = f"{body} {tail};" if tail else f"{body};"
        if self._if_not_exists and flavour.dialect in ("tsql", "fabric"):
            wanted = literal(self._path(table), flavour.dialect)
            statement = f"IF OBJECT_ID({wanted}) IS NULL {statement}"
        yield statement
        yield from self._further(table, "TABLE")

    def _further(self, table: Table, what: str) -> Iterator[str]:
        """What is said of *table* once it is there, as *what*."""
        flavour = self._flavour
        if flavour.indexes == "statements":
            for index in table.indexes:
                if written := self._indexes.statement(
                    table, index, if_not_exists=self._if_not_exists
                ):
                    yield written
        if flavour.comments == "statements":
            yield from comments_on(table, flavour.dialect, what)

    def _view(self, view: View) -> Iterator[str]:
        table, dialect = view.table, self._flavour.dialect
        columns = f" {self._name.listed(view.columns)}" if view.columns else ""
        kind = table.kind.upper()
        # Only of what keeps rows PostgreSQL can say it; a view it would replace.
        exists = "" if (dialect, table.kind) == ("postgres", "view") else self._exists
        statement = f"CREATE {kind} {exists}{self._path(table)}{columns} AS\n{view.query}"
        if self._if_not_exists and dialect == "postgres" and not exists:
            yield (
                f"DO $defog$ BEGIN {statement}; "
                "EXCEPTION WHEN duplicate_table THEN NULL; END $defog$;"
            )
        else:
            yield f"{statement};"
        yield from self._further(table, kind)

    @property
    def _exists(self) -> str:
        return "IF NOT EXISTS " if self._if_not_exists and self._flavour.if_not_exists else ""

    def _path(self, table: Table) -> str:
        return self._name.path(table.database, table.schema, table.name)

    def _comment_line(self, description: str) -> str:
        return " ".join(description.split()) if self._flavour.comments == "lines" else ""

    def _column(self, table: Table, column: Column) -> str:
        text = comment_text(column.description, self._flavour.dialect, is_column=True)
        comment = ""
        if text and self._flavour.comments == "inline":
            comment = f"COMMENT {text}"
        elif text and self._flavour.comments == "options":
            comment = f"OPTIONS(description={text})"
        return self._columns.written(table, column, comment)

    def _constraints(self, table: Table, later: Container[int]) -> Iterator[str]:
        flavour = self._flavour
        columns = {it.name for it in table.columns}
        is_inline = len(table.primary_key) == 1 and not flavour.not_enforced
        if table.primary_key and flavour.primary_keys and not is_inline:
            yield f"PRIMARY KEY {self._name.listed(table.primary_key)}{flavour.not_enforced}"
        if flavour.unique_keys:
            for unique in table.unique_keys:
                named = f"CONSTRAINT {self._name(unique.name)} " if unique.name else ""
                yield f"{named}UNIQUE {self._name.listed(unique.columns)}"
        if flavour.foreign_keys != "none":
            # SQLite looks for the other table when a row comes; others when the key is declared.
            is_patient = flavour.dialect == "sqlite"
            for place, key in enumerate(table.foreign_keys):
                is_near = key.referred_schema in ("", table.schema) or flavour.keys_across_schemas
                is_possible = is_near and columns.issuperset(key.columns)
                if is_possible and (place not in later or is_patient):
                    yield self._foreign_key(table, key)
        if flavour.indexes == "inline":
            for index in table.indexes:
                if written := self._indexes.declaration(table, index):
                    yield written

    def _foreign_key(self, table: Table, key: ForeignKey) -> str:
        named = f"CONSTRAINT {self._name(key.name)} " if key.name else ""
        schema = key.referred_schema or table.schema
        referred = self._name.path(table.database, schema, key.referred_table)
        return (
            f"{named}FOREIGN KEY {self._name.listed(key.columns)} "
            f"REFERENCES {referred} {self._name.listed(key.referred_columns)}"
            f"{self._flavour.not_enforced}"
        )

    def _tail(self, table: Table) -> str:
        flavour = self._flavour
        parts = []
        if flavour.tail:
            key = self._name.listed(table.primary_key) if table.primary_key else "tuple()"
            parts.append(flavour.tail.format(key=key))
        if self._needs_unicode:
            parts.append("DEFAULT CHARSET=utf8mb4")
        text = comment_text(table.description, flavour.dialect, is_column=False)
        if text and flavour.comments == "inline":
            parts.append(flavour.table_comment.format(text))
        elif text and flavour.comments == "options":
            parts.append(f"OPTIONS(description={text})")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    comment: str = ""


def _is_beyond_ascii(table: Table) -> bool:
    return any(
        not text.isascii()
        for column in table.columns
        for text in (column.default or "", column.type, *column.enum_values)
    )


def _joined(opening: str, comment: str, lines: Sequence[_Line]) -> str:
    """The statement up to its closing bracket, a declaration a line, comments behind them."""
    shown = [_commented(opening, comment)]
    for place, it in enumerate(lines):
        comma = "," if place < len(lines) - 1 else ""
        shown.append(f"    {_commented(it.text + comma, it.comment)}")
    return "\n".join([*shown, ")"])


def _commented(text: str, comment: str) -> str:
    return f"{text} -- {comment}" if comment else text
