r"""The files that a text reads: scripts that a client is told to include, and data.

psql's ``\i file``, MySQL's ``source file``, ``.read file`` of SQLite and DuckDB, ``@file`` of
SQL*Plus, sqlcmd's ``:r file``, SnowSQL's ``!source file``; DuckDB's ``read_csv('file')`` and
``from 'file'``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defog_metadata.progress import check_stopped
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.client_commands import ClientCommand
from defog_metadata.sql.source.pieces import client_commands
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["FileRead", "files_included", "files_read"]


@dataclass(frozen=True, slots=True)
class FileRead:
    """``name``, with slashes, stands at ``span`` of the text, in its ``quote`` if it has one."""

    span: Span
    name: str
    quote: str = ""
    is_beside: bool = False
    """Whether it is looked for where the text's file is, not where the client was started."""
    ending: str = ""
    """What the name has at its end where it does not say."""
    separator: str = "/"
    """What it is written with between its parts."""

    def written(self, name: str) -> str | None:
        """*name* as it can stand in this place; ``None`` where it would need other quotes."""
        name = name.replace("/", self.separator)
        if self.quote:
            return None if self.quote in name else name
        return name if _PLAIN.fullmatch(name) else None


def files_read(snapshot: Snapshot) -> list[FileRead]:
    """The files that the text of *snapshot* names, in its order.

    Names with wildcards, variables or addresses in them say which file it is to the client alone.
    """
    found = [*files_included(snapshot.text, snapshot.dialect), *_data(snapshot)]
    return sorted(found, key=lambda it: it.span)


def files_included(text: str, dialect: str) -> list[FileRead]:
    """The scripts that *text* includes."""
    if not _MAY_INCLUDE.search(text):
        return []
    found = (_included(it) for it in client_commands(text, dialect))
    return [it for it in found if it is not None]


def _included(command: ClientCommand) -> FileRead | None:
    match = _INCLUDE.match(command.text)
    if match is None:
        return None
    kind = next(it for it in _ELSEWHERE if match[it] is not None)
    # The client of MySQL takes all of the line; the others know quotes.
    pattern = _LINE if kind == "mysql" else _ARGUMENT
    argument = pattern.match(command.text, match.end())
    if argument is None:
        return None
    quote, name = argument["quote"] or "", argument["name"]
    if (quote and quote in name) or _ELSEWHERE[kind].search(name):
        return None
    is_beside = match.group().strip().lower() in _BESIDE
    separator = "\\" if kind == "sqlcmd" and "\\" in name else "/"
    return FileRead(
        Span(*argument.span("name")).shifted(command.start),
        name.replace(separator, "/"),
        quote,
        is_beside=is_beside,
        ending=".sql" if kind == "sqlplus" else "",
        separator=separator,
    )


def _data(snapshot: Snapshot) -> Iterator[FileRead]:
    """The files that DuckDB reads where they are named."""
    if snapshot.dialect != "duckdb" or not _MAY_READ.search(snapshot.text):
        return
    for analysis in snapshot.analyses:
        check_stopped()
        tokens = analysis.syntax.tokens
        for index, token in enumerate(tokens):
            name = token.text[1:-1]
            if token.kind != "string" or not token.closed or token.text[0] != "'" or "'" in name:
                continue
            if _is_read(tokens, index) and name and not _PATTERN.search(name):
                place = Span(token.start + 1, token.end - 1)
                yield FileRead(place.shifted(analysis.statement.start), name, "'")


def _is_read(tokens: Sequence[Token], index: int) -> bool:
    """Whether the string at *index* stands where a file's name does."""
    before = index - 1
    if before >= 0 and tokens[before].word in ("FROM", "JOIN"):
        # Not the FROM of ``extract(year from '…')``.
        return not any(it.word in _WITH_FROM for it in tokens[max(before - 4, 0) : before])
    while before >= 0 and (tokens[before].word in (",", "[") or tokens[before].kind == "string"):
        before -= 1
    is_call = before > 0 and tokens[before].word == "("
    return is_call and _READERS.fullmatch(tokens[before - 1].text) is not None


_INCLUDE = re.compile(
    r"(?:"
    r"(?P<psql>\\(?:include_relative|include|ir|i))(?=[ \t])"
    r"|(?P<mysql>\\\.|source)(?=[ \t])"
    r"|(?P<shell>\.read)(?=[ \t])"
    r"|(?P<sqlcmd>:r)(?=[ \t])"
    r"|(?P<snowsql>!source|!load)(?=[ \t])"
    r"|(?P<sqlplus>@@?|sta(?:rt)?(?=[ \t]))"
    r")[ \t]*",
    re.IGNORECASE,
)
_BESIDE = frozenset(("\\ir", "\\include_relative", "@@"))
_MAY_INCLUDE = re.compile(
    r"\\(?:i|\.)|^[ \t]*(?:@|(?:source|\.read|:r|!source|!load|sta(?:rt)?)[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
_ARGUMENT = re.compile(
    r"(?P<quote>['\"])?(?P<name>(?(quote)[^\r\n]+?(?=(?P=quote)(?!(?P=quote)))|[^\s;'\"]+))"
)
_LINE = re.compile(r"(?P<quote>(?!))?(?P<name>\S(?:[^\r\n;]*[^\s;])?)[ \t;]*$")
_ADDRESS = r"://"
_ELSEWHERE = {
    "psql": re.compile(r"[:`]|^\|"),
    "mysql": re.compile(r"(?!)"),
    "shell": re.compile(r"^\|"),
    "sqlcmd": re.compile(r"\$\(|^<"),
    "snowsql": re.compile(rf"{_ADDRESS}|&"),
    "sqlplus": re.compile(rf"{_ADDRESS}|&"),
}
"""What a name has in it that is filled in, or leads to something else than a file."""
_PATTERN = re.compile(rf"[*?\[]|{_ADDRESS}")
_READERS = re.compile(
    r"read_(?:csv(?:_auto)?|parquet|(?:nd)?json(?:_auto|_objects(?:_auto)?)?|text|blob|xlsx)"
    r"|sniff_csv|parquet_(?:scan|metadata|schema|file_metadata|kv_metadata)|st_read",
    re.IGNORECASE,
)
_MAY_READ = re.compile(r"(?:\b(?:from|join)|[(,\[])\s*'", re.IGNORECASE)
_WITH_FROM = frozenset(("EXTRACT", "SUBSTRING", "TRIM", "POSITION", "OVERLAY"))
_PLAIN = re.compile(r"[\w./\\~-]+")
