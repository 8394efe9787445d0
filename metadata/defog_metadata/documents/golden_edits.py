"""A golden query added to a file of them, in the manner of the file."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping

import yaml

from defog_metadata.documents.csv_text import read_csv
from defog_metadata.documents.golden import GoldenKind, asked, golden_kind, read_golden_file
from defog_metadata.documents.json_edits import element_added
from defog_metadata.documents.json_text import read_json
from defog_metadata.documents.nodes import Items, Members, Node, member
from defog_metadata.documents.yaml_text import read_yaml
from defog_metadata.text import Edit, Span, TextFile

__all__ = ["golden_addition", "golden_file_addition"]

_ENTRIES = "golden_queries"
_SQL = ("sql", "query")
_STATEMENT_END = "; \t\r\n"


def golden_addition(text: str, kind: GoldenKind, question: str, sql: str) -> Edit | None:
    """What adds *question* and *sql* to the end of *text*; ``None`` for text that is not sound."""
    return _WRITERS[kind](text, question, sql)


def golden_file_addition(
    files: Iterable[TextFile], question: str, sql: str
) -> tuple[TextFile, Edit] | None:
    """The first of *files* that can take the query, and what adds it to that.

    ``None`` where none can, or one of them has the question already.
    """
    first: tuple[TextFile, Edit] | None = None
    for file in files:
        kind = golden_kind(file.path)
        entries = read_golden_file(file.text, kind).entries
        if any(it.asked == asked(question) for it in entries):
            return None
        edit = golden_addition(file.text, kind, question, sql) if first is None else None
        first = first if edit is None else (file, edit)
    return first


def _json(text: str, question: str, sql: str) -> Edit | None:
    if not text.strip("\ufeff \t\r\n"):
        entry = {"question": question, "sql": sql}
        edit = element_added("[]", Items(Span(0, 2), ()), entry)
        return Edit(Span(0, len(text)), f"[{edit.text}]\n")
    root, faults = read_json(text)
    entries = _list(root)
    if faults or entries is None:
        return None
    return element_added(text, entries, {"question": question, _sql_key(entries): sql})


def _yaml(text: str, question: str, sql: str) -> Edit | None:
    if not text.strip("\ufeff \t\r\n"):
        return _behind(text, _yaml_entry(question, "sql", sql, ""))
    root, faults = read_yaml(text)
    entries = _list(root)
    if faults or entries is None or not entries.is_block or not entries.items:
        return None
    first = entries.items[0].span.start
    line_start = text.rfind("\n", 0, first) + 1
    margin = text[line_start:first].partition("-")[0]
    return _behind(text, _yaml_entry(question, _sql_key(entries), sql, margin))


def _yaml_entry(question: str, key: str, sql: str, margin: str) -> str:
    inner = f"{margin}  "
    lines = sql.split("\n")
    is_spread = len(lines) > 1 and lines[0] != "" and not lines[0].startswith(" ")
    if is_spread and lines[-1] and all(it == it.rstrip() and it.isprintable() for it in lines):
        written = "|-\n" + "\n".join(f"{inner}  {it}" if it else "" for it in lines)
    else:
        written = _yaml_scalar(sql)
    return f"{margin}- question: {_yaml_scalar(question)}\n{inner}{key}: {written}\n"


def _yaml_scalar(text: str) -> str:
    style = '"' if "\n" in text else None
    written: str = yaml.safe_dump(text, allow_unicode=True, default_style=style, width=1_000_000)
    return written.removesuffix("...\n").rstrip("\n")


def _csv(text: str, question: str, sql: str) -> Edit | None:
    found = read_csv(text)
    header = found.header or ("question", "sql")
    key = next((it for it in _SQL if it in header), None)
    if found.faults or "question" not in header or key is None:
        return None
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    if not found.header:
        writer.writerow(header)
    values = {"question": question, key: sql}
    writer.writerow([values.get(it, "") for it in header])
    return _behind(text, stream.getvalue())


def _sql(text: str, question: str, sql: str) -> Edit | None:
    comment = "\n".join(f"-- {it}" for it in question.split("\n"))
    before = text.rstrip()
    missing = ";" if before and not before.endswith(";") else ""
    gap = "\n\n" if before else ""
    added = f"{missing}{gap}{comment}\n{sql.rstrip(_STATEMENT_END)};\n"
    return Edit(Span(len(before), len(text)), _with_line_ends_of(text, added))


def _behind(text: str, lines: str) -> Edit:
    """*lines* behind the last line of *text*."""
    end = len(text)
    gap = "" if not text or text.endswith(("\n", "\ufeff")) else "\n"
    return Edit(Span(end, end), _with_line_ends_of(text, gap + lines))


def _with_line_ends_of(text: str, added: str) -> str:
    return added.replace("\n", "\r\n") if "\r\n" in text else added


def _list(root: Node | None) -> Items | None:
    found = member(root, _ENTRIES) if isinstance(root, Members) else root
    return found if isinstance(found, Items) else None


def _sql_key(entries: Items) -> str:
    """What the last entry calls its SQL."""
    last = entries.items[-1] if entries.items else None
    names = {key.text for key, _ in last.members} if isinstance(last, Members) else set()
    return "query" if "query" in names and "sql" not in names else "sql"


_WRITERS: Mapping[GoldenKind, Callable[[str, str, str], Edit | None]] = {
    "json": _json,
    "yaml": _yaml,
    "csv": _csv,
    "sql": _sql,
}
