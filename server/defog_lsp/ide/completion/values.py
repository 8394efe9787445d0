"""The values that a column can have, where it is compared with one or given one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot.dialects.dialect import Dialect

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.completion.partners import compared_field
from defog_metadata.catalog import Column, Table
from defog_metadata.sql.scopes import Field, Scope
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.unfinished.inserts import inserted_row
from defog_metadata.text import Span

__all__ = ["values"]


def values(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """Inside ``status = '…'`` the bare values, after ``status =`` the quoted ones.

    First those that the column's type or a check allows, then those that it often has.
    """
    is_inside = caret.expected == "string"
    found = None if caret.qualifier else _compared(caret) or _inserted(snapshot, caret)
    if found is None:
        return
    table, column = found
    style = _style_at(snapshot, caret) if is_inside else _Style("'", *_escapes(snapshot.dialect))
    span = _whole(snapshot.text, caret.span, style) if is_inside else caret.span
    given = _given(caret.tokens)
    for value in dict.fromkeys((*column.enum_values, *column.common_values)):
        written = style.escaped(value)
        if "\n" in value or written in given:
            continue
        quoted = written if is_inside else f"'{written}'"
        item = Item(
            label=value if is_inside else quoted,
            kind="value",
            span=span,
            insert=quoted,
            description=f"{table.name}.{column.name}",
        )
        yield Candidate(item, typed_as=written)


def _compared(caret: Caret) -> tuple[Table, Column] | None:
    field = compared_field(caret) or _assigned(caret) or _examined(caret)
    if field is None or field.table is None or field.column is None:
        return None
    return field.table, field.column


def _examined(caret: Caret) -> Field | None:
    """The column of ``CASE column WHEN …``, where the caret is behind one of its WHENs."""
    before, depth = caret.before, 0
    if before[-1:] != ("WHEN",):
        return None
    for index in range(len(before) - 1, -1, -1):
        depth += (before[index] == "END") - (before[index] == "CASE")
        if depth < 0:
            operand = caret.tokens[index + 1 : before.index("WHEN", index)]
            is_name = bool(operand) and all(it.text == "." for it in operand[1::2])
            return _field(caret, operand[-1], caret.scope) if is_name else None
    return None


def _assigned(caret: Caret) -> Field | None:
    """The column of ``SET column =``."""
    reference = caret.reference
    if reference is None or reference.clause != "set" or caret.before[-1:] != ("=",):
        return None
    return _field(caret, caret.tokens[-2], None) if len(caret.tokens) > 1 else None


def _field(caret: Caret, name: Token, scope: Scope | None) -> Field | None:
    """The column that *name* means: in *scope*, or as the target of an assignment."""
    key = name.key
    targets = (
        target
        for it in caret.others
        if it.kind == "column" and it.name.key == key
        if it.scope is scope or (scope is None and it.clause == "set")
        for target in it.targets
    )
    return next((it for it in targets if isinstance(it, Field)), None)


def _inserted(snapshot: Snapshot, caret: Caret) -> tuple[Table, Column] | None:
    """The column that a value of ``INSERT … VALUES`` goes into."""
    row = inserted_row(caret.tokens)
    if row is None or not _begins_value(caret.before):
        return None
    catalog = snapshot.catalog
    table = catalog.table(*row.table)
    if table is None:
        return None
    named = [catalog.column(table, it) for it in row.columns] if row.columns else table.columns
    column = named[row.value] if row.value < len(named) else None
    return (table, column) if column is not None else None


def _begins_value(before: tuple[str, ...]) -> bool:
    """Whether a whole value of a row comes next, not a part of one."""
    depth = 0
    for index in range(len(before) - 1, 0, -1):
        depth += (before[index] == ")") - (before[index] == "(")
        if depth < 0:
            return before[-1] in ("(", ",") and before[index - 1] in ("VALUES", "VALUE", ",")
    return False


def _given(tokens: tuple[Token, ...]) -> set[str]:
    """The values that stand right before in the same list, as they are written."""
    found = set()
    for it in reversed(tokens):
        if it.kind == "string":
            found.add(it.text[1:-1])
        elif it.text != ",":
            break
    return found


@dataclass(frozen=True, slots=True)
class _Style:
    """How a kind of string writes what would end it."""

    quote: str
    doubles: bool
    has_backslash: bool

    def escaped(self, value: str) -> str:
        if self.quote not in ("'", '"'):
            return value  # between dollar signs nothing has a meaning
        if self.has_backslash:
            value = value.replace("\\", "\\\\")
        return value.replace(self.quote, (self.quote if self.doubles else "\\") + self.quote)


def _style_at(snapshot: Snapshot, caret: Caret) -> _Style:
    before = snapshot.text[: caret.span.start]
    doubles, has_backslash = _escapes(snapshot.dialect)
    has_backslash = has_backslash or _ESCAPE_STRING.search(before) is not None
    return _Style(before[-1:], doubles, has_backslash)


_ESCAPE_STRING = re.compile(r"(?<!\w)[eE]'$")
"""PostgreSQL's ``E'…'``."""


def _escapes(dialect: str) -> tuple[bool, bool]:
    """Whether a quote in a string is doubled, and whether a backslash is more than itself."""
    escapes = Dialect.get_or_raise(dialect or None).tokenizer_class.STRING_ESCAPES
    return "'" in escapes, "\\" in escapes


def _whole(text: str, span: Span, style: _Style) -> Span:
    """*span* with the rest of a value that is in the string already, if it is a plain one."""
    rest = _REST.match(text, span.end)
    is_closed = rest is not None and text[rest.end() : rest.end() + 1] == style.quote
    return Span(span.start, rest.end()) if rest is not None and is_closed else span


_REST = re.compile(r"[\w-]*")
