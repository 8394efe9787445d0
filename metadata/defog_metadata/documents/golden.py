"""Golden queries: questions with the SQL that answers them, at their places in a file.

JSON and YAML: ``[{"question": ..., "sql": ...}]``, or that list under ``golden_queries``; CSV with
the columns ``question`` and ``sql``; ``query`` is accepted for ``sql``. In a ``.sql`` file the
comment before a statement is its question; a statement ends with a semicolon at the end of a line.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from defog_metadata.documents.csv_text import CsvRow, read_csv
from defog_metadata.documents.faults import Fault
from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.mapped import MappedText
from defog_metadata.documents.nodes import Items, Members, Node, Scalar, as_text
from defog_metadata.documents.sql_comments import commented_statements
from defog_metadata.documents.yaml_text import read_yaml, with_blanks_behind
from defog_metadata.text import Span

__all__ = [
    "GoldenEntry",
    "GoldenFile",
    "GoldenKind",
    "asked",
    "golden_kind",
    "read_golden_file",
]

GoldenKind = Literal["json", "yaml", "csv", "sql"]

_ENTRIES = "golden_queries"
_SQL = ("sql", "query")
_KINDS: Mapping[str, GoldenKind] = {
    ".csv": "csv",
    ".sql": "sql",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_END = re.compile(r"[\s.?!…]+$")


@dataclass(frozen=True, slots=True)
class GoldenEntry:
    question: MappedText
    sql: MappedText
    span: Span
    """All of the entry."""

    @property
    def asked(self) -> str:
        """The question, regardless of how it is written."""
        return asked(self.question.text)


@dataclass(frozen=True, slots=True)
class GoldenFile:
    entries: tuple[GoldenEntry, ...]
    problems: tuple[Fault, ...] = ()

    def entry_at(self, offset: int) -> GoldenEntry | None:
        """The entry whose SQL a caret at *offset* is in."""
        return next((it for it in self.entries if it.sql.place.touches(offset)), None)


def asked(question: str) -> str:
    """*question*, regardless of how it is written."""
    plain = unicodedata.normalize("NFKC", question).casefold()
    return _END.sub("", " ".join(plain.split()))


def golden_kind(path: Path) -> GoldenKind:
    """How the golden queries of the file *path* are written, by its ending; JSON where in doubt."""
    return _KINDS.get(path.suffix.lower(), "json")


def read_golden_file(text: str, kind: GoldenKind) -> GoldenFile:
    """The entries of *text* that have a question and SQL, and what is wrong with the rest."""
    faults: list[Fault] = []
    entries = tuple(_READERS[kind](text, faults))
    return GoldenFile(entries, tuple(sorted(set(faults))))


def _json(text: str, faults: list[Fault]) -> Iterator[GoldenEntry]:
    found = read_json(text)
    faults += found.faults
    return _of_root(found.root, faults)


def _yaml(text: str, faults: list[Fault]) -> Iterator[GoldenEntry]:
    found = read_yaml(text)
    faults += found.faults
    for entry in _of_root(found.root, faults):
        yield replace(entry, sql=with_blanks_behind(entry.sql, text))


def _of_root(root: Node | None, faults: list[Fault]) -> Iterator[GoldenEntry]:
    if root is None:
        return
    if isinstance(root, Members):
        entries = next(root.named(_ENTRIES), None)
        if entries is None:
            message = f'expected a list of entries, or an object that has one as "{_ENTRIES}"'
            faults.append(Fault(_head(root.span), message))
            return
        root = entries
    if not isinstance(root, Items):
        faults.append(Fault(_head(root.span), "expected a list of entries"))
        return
    for item in root.items:
        if isinstance(item, Members):
            yield from _of_members(item, faults)
        else:
            faults.append(Fault(_head(item.span), "expected an object with question and sql"))


def _of_members(item: Members, faults: list[Fault]) -> Iterator[GoldenEntry]:
    question = _wanted(item, ("question",), faults)
    sql = _wanted(item, _SQL, faults)
    if question is not None and sql is not None:
        yield GoldenEntry(question, sql, item.span)


def _wanted(item: Members, keys: Sequence[str], faults: list[Fault]) -> MappedText | None:
    values = list(item.named(*keys))
    if not values:
        faults.append(Fault(_head(item.span), f"this entry has no {keys[0]}"))
        return None
    found = values[-1]
    text = as_text(found)
    if text is None and keys == _SQL and _is_blank(found):
        faults.append(Fault(_head(item.span), "the sql is empty"))
        return found.content if isinstance(found, Scalar) else None
    if text is None:
        faults.append(Fault(_head(found.span), f"the {keys[0]} must be text"))
    elif not text.text.strip():
        faults.append(Fault(found.span, f"the {keys[0]} is empty"))
        # SQL that is only just being written is an entry all the same.
        return text if isinstance(found, Scalar) and keys == _SQL else None
    return text


def _is_blank(node: Node) -> bool:
    """Whether *node* is what YAML has behind a key that nothing has been written behind."""
    return isinstance(node, Scalar) and not node.content.text and bool(node.content.notation.quote)


def _csv(text: str, faults: list[Fault]) -> Iterator[GoldenEntry]:
    found = read_csv(text)
    faults += found.faults
    if found.header_row is None:
        faults.append(Fault(Span(0, len(text)), "the file is empty"))
        return
    columns = [
        next((found.header.index(it) for it in names if it in found.header), None)
        for names in (("question",), _SQL)
    ]
    for names, column in zip(("question", "sql"), columns, strict=True):
        if column is None:
            faults.append(Fault(found.header_row.span, f"there is no column {names}"))
    asked, answered = columns
    if asked is None or answered is None:
        return
    for row in found.rows:
        question, sql = _field(row, asked), _field(row, answered)
        for name, field in (("question", question), ("sql", sql)):
            if field is None:
                faults.append(Fault(row.span, f"this row has no {name}"))
            elif not field.text.strip():
                faults.append(Fault(row.span, f"the {name} is empty"))
        if question is not None and question.text.strip() and sql is not None:
            yield GoldenEntry(question, sql, row.span)


def _field(row: CsvRow, column: int) -> MappedText | None:
    return row.fields[column] if column < len(row.fields) else None


def _sql(text: str, faults: list[Fault]) -> Iterator[GoldenEntry]:
    for comment, sql in commented_statements(text):
        if comment is None or not comment.text.strip():
            message = "a comment before the statement must say which question it answers"
            faults.append(Fault(_head(sql.place), message))
        elif not sql.text.strip():
            faults.append(Fault(comment.place, "no statement answers this question"))
        else:
            span = Span(min(comment.place.start, sql.place.start), sql.place.end)
            yield GoldenEntry(comment, sql, span)


def _head(span: Span) -> Span:
    """The beginning of something long, which is enough to point at it."""
    return Span(span.start, min(span.end, span.start + 1))


_READERS: Mapping[GoldenKind, Callable[[str, list[Fault]], Iterator[GoldenEntry]]] = {
    "json": _json,
    "yaml": _yaml,
    "csv": _csv,
    "sql": _sql,
}
