"""Signature help: what the argument being written is for.

Inside a call, the function's signatures with their parameters; inside a row of ``INSERT … VALUES``,
the columns that its values go into. Found by tokens, since a statement that is being written
seldom parses.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from defog_metadata.catalog import Column, Table
from defog_metadata.sql.functions import Function, Signature, facts
from defog_metadata.sql.functions.calls import Call, call_around
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.unfinished.inserts import InsertedRow, inserted_row
from defog_metadata.text import Span

__all__ = ["ParameterHelp", "SignatureHelp", "SignatureItem", "signature_help"]


@dataclass(frozen=True, slots=True)
class ParameterHelp:
    """``span`` is where the parameter stands in the label of its signature."""

    span: Span
    documentation: str = ""
    """Markdown."""


@dataclass(frozen=True, slots=True)
class SignatureItem:
    label: str
    parameters: tuple[ParameterHelp, ...]
    documentation: str = ""
    """Markdown."""


@dataclass(frozen=True, slots=True)
class SignatureHelp:
    """``parameter`` counts from 0, and is past the last where there are too many arguments."""

    signatures: tuple[SignatureItem, ...]
    active: int
    parameter: int


def signature_help(snapshot: Snapshot, offset: int) -> SignatureHelp | None:
    """What the argument or value at *offset* is for; ``None`` where it is for nothing known."""
    tokens = _tokens_before(snapshot, offset)
    call = call_around(tokens, snapshot.dialect)
    if call is not None:
        return _call(call) if call.function.signatures else None
    row = inserted_row(tokens)
    return _row(row, snapshot, offset) if row is not None else None


def _tokens_before(snapshot: Snapshot, offset: int) -> list[Token]:
    """The tokens of the statement up to *offset*; none inside a string or a comment."""
    statement = next(snapshot.statements_before(offset), None)
    if statement is None:
        return []
    ended = statement.reach <= offset and snapshot.text.endswith(";", 0, statement.reach)
    text = "" if ended else snapshot.text[statement.start : offset]
    tokens = tokenize(text, snapshot.dialect)
    if tokens and (not tokens[-1].closed or _is_open_comment(tokens[-1], len(text))):
        return []
    return [it for it in tokens if it.kind != "comment"]


def _is_open_comment(token: Token, end: int) -> bool:
    """Whether a comment up to the end of its line is still being written."""
    return token.kind == "comment" and token.end == end and not token.text.startswith("/*")


def _call(call: Call) -> SignatureHelp:
    function = call.function
    active = _fitting(call)
    return SignatureHelp(
        tuple(_signature(function, it) for it in function.signatures),
        active,
        _parameter(function.signatures[active], call.argument),
    )


def _signature(function: Function, signature: Signature) -> SignatureItem:
    spans = signature.spans(function.name)
    return SignatureItem(
        signature.written(function.name), tuple(map(ParameterHelp, spans)), facts(function)
    )


def _fitting(call: Call) -> int:
    """The signature that takes what is written so far, and was written with the same words."""
    signatures = call.function.signatures

    def misfit(index: int) -> tuple[bool, int, int]:
        parameters = signatures[index].parameters
        most = len(parameters)
        takes = call.argument < most or (most > 0 and parameters[-1].is_variadic)
        takes = takes or (most == 0 and not call.has_argument)
        words = {word for it in parameters for word in it.name.split() if word.isupper()}
        return not takes, -len(words & call.words), index

    return min(range(len(signatures)), key=misfit)


def _parameter(signature: Signature, argument: int) -> int:
    parameters = signature.parameters
    if parameters and parameters[-1].is_variadic:
        return min(argument, len(parameters) - 1)
    return min(argument, len(parameters))


def _row(row: InsertedRow, snapshot: Snapshot, offset: int) -> SignatureHelp | None:
    parts: list[str] = []
    documentation: list[str] = []
    for name, shown_type, described in _columns(row, snapshot, offset):
        parts.append(f"{name} {shown_type}".strip())
        documentation.append(described)
    if not parts:
        return None
    head = f"{'.'.join(it.text for it in row.table)} ("
    parameters: list[ParameterHelp] = []
    start = len(head)
    for part, described in zip(parts, documentation, strict=True):
        parameters.append(ParameterHelp(Span(start, start + len(part)), described))
        start += len(part) + len(", ")
    item = SignatureItem(f"{head}{', '.join(parts)})", tuple(parameters))
    return SignatureHelp((item,), 0, min(row.value, len(parts)))


def _columns(row: InsertedRow, snapshot: Snapshot, offset: int) -> Iterator[tuple[str, str, str]]:
    """Name, type and description of each column that the values go into."""
    catalog, naming = snapshot.catalog, snapshot.catalog.naming
    defined = _defined(row, snapshot, offset)
    table = catalog.table(*row.table) if defined is None else None
    if row.columns:
        for written in row.columns:
            column = catalog.column(table, written) if table is not None else None
            fields = defined.fields_called(written, naming) if defined else ()
            shown_type = column.type if column else fields[0].type if fields else ""
            yield written.text, shown_type, _described(table, column)
    elif defined is not None:
        yield from ((it.name.text, it.type, "") for it in defined.fields)
    elif table is not None:
        yield from ((it.name, it.type, _described(table, it)) for it in table.columns)


def _defined(row: InsertedRow, snapshot: Snapshot, offset: int) -> Relation | None:
    """The table, where an earlier statement of the file has made it."""
    called = (
        it for it in snapshot.known_at(offset) if it.is_called(row.table, snapshot.catalog.naming)
    )
    return next(called, None)


def _described(table: Table | None, column: Column | None) -> str:
    if table is None or column is None:
        return ""
    facts = [column.description]
    facts += [
        f"References {it.referred_table}({', '.join(it.referred_columns)})"
        for it in table.foreign_keys_of(column.name)
    ]
    if column.enum_values:
        facts.append("One of " + ", ".join(f"`{it}`" for it in column.enum_values))
    if column.default is not None:
        facts.append(f"Default `{column.default}`")
    return "\n\n".join(filter(None, facts))
