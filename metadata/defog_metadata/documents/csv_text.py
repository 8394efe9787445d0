"""CSV with places: fields in double quotes may contain commas, line ends and doubled quotes.

What ``csv.reader(strict=True)`` takes has no faults here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from defog_metadata.documents.faults import Fault
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.notation import CSV_BARE, CSV_QUOTED
from defog_metadata.text import Span

__all__ = ["CsvRow", "CsvText", "read_csv", "written_field"]


class CsvRow(NamedTuple):
    span: Span
    """Without its line end."""
    fields: tuple[MappedText, ...]


class CsvText(NamedTuple):
    header: tuple[str, ...]
    """In lower case, without spaces around."""
    header_row: CsvRow | None
    rows: tuple[CsvRow, ...]
    """Behind the header, without empty ones; they may have too few or too many fields."""
    faults: tuple[Fault, ...]


def read_csv(text: str) -> CsvText:
    """Read *text*; never fails."""
    faults: list[Fault] = []
    rows = [it for it in _rows(text, faults) if any(field.text for field in it.fields)]
    if not rows:
        return CsvText((), None, (), tuple(faults))
    header = tuple(it.text.strip().casefold() for it in rows[0].fields)
    for row in rows[1:]:
        if len(row.fields) != len(header):
            message = (
                f"expected {len(header)} fields, found {len(row.fields)}"
                " (a field that contains a comma must be in double quotes)"
            )
            faults.append(Fault(row.span, message))
    return CsvText(header, rows[0], tuple(rows[1:]), tuple(sorted(faults)))


def written_field(value: str) -> str:
    """*value* as a field, in quotes where it needs them."""
    if not any(it in value for it in ',"\r\n'):
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


_BYTE_ORDER_MARK = "\ufeff"
_BARE = re.compile(r"[^,\r\n]*")
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"(?=[,\r\n]|\Z)')
_LINE_END = re.compile(r"\r\n|\r|\n")
_DOUBLED = re.compile(r'""')


def _rows(text: str, faults: list[Fault]) -> Iterator[CsvRow]:
    at = int(text.startswith(_BYTE_ORDER_MARK))
    while at < len(text):
        start = at
        fields: list[MappedText] = []
        while True:
            field, at = _field(text, at, faults)
            fields.append(field)
            if not text.startswith(",", at):
                break
            at += 1
        yield CsvRow(Span(start, at), tuple(fields))
        line_end = _LINE_END.match(text, at)
        at = line_end.end() if line_end else len(text)


def _field(text: str, at: int, faults: list[Fault]) -> tuple[MappedText, int]:
    if not text.startswith('"', at):
        found = _BARE.match(text, at)
        end = found.end() if found else at
        return MappedText(text[at:end], Span(at, end), CSV_BARE), end
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        return _quoted(text, Span(at + 1, quoted.end() - 1)), quoted.end()
    return _broken(text, at, faults)


def _quoted(text: str, place: Span) -> MappedText:
    if '"' not in text[place.start : place.end]:
        return MappedText(text[place.start : place.end], place, CSV_QUOTED)
    pieces: list[tuple[str, int]] = []
    done = place.start
    for doubled in _DOUBLED.finditer(text, place.start, place.end):
        pieces += [(text[done : doubled.start()], done), ('"', doubled.start())]
        done = doubled.end()
    pieces.append((text[done : place.end], done))
    return MappedText.of_pieces(pieces, place, CSV_QUOTED)


def _broken(text: str, at: int, faults: list[Fault]) -> tuple[MappedText, int]:
    """A field in quotes that is none: a quote inside is not doubled, or none closes it.

    A quote at the start of a later field rather opens that one: then the field ends with its line.
    """
    position = at + 1
    stray: list[Fault] = []
    while (quote := text.find('"', position)) >= 0:
        behind = quote + 1
        if text.startswith('"', behind):
            position = behind + 1
            continue
        if behind == len(text) or text[behind] in ",\r\n":
            faults += stray
            return _quoted(text, Span(at + 1, quote)), behind
        if text[quote - 1] in ",\r\n" and _LINE_END.search(text, at, quote):
            break
        stray.append(
            Fault(Span(quote, behind), "a quote inside a field in quotes is written twice")
        )
        position = behind
    line_end = _LINE_END.search(text, at)
    end = line_end.start() if line_end else len(text)
    faults.append(Fault(Span(at, end), "no quote closes this field"))
    return _quoted(text, Span(at + 1, end)), end
