r"""Lines that are for the program which sends the text: psql's ``\i file``, ``GO``, ``@file``.

They stand between statements and are no SQL; what is a quote in them is none to the database.
"""

import re
from dataclasses import dataclass

from defog_metadata.sql.source.tokens import Token

__all__ = ["ClientCommand", "client_command"]


@dataclass(frozen=True, slots=True)
class ClientCommand:
    """A command, from its first character to the end of its line."""

    start: int
    text: str
    delimiter: str = ""
    """What ends statements from here on, where it says so."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def client_command(
    text: str, token: Token, dialect: str, *, is_first: bool
) -> ClientCommand | None:
    """The command that begins with *token*, which is the first of a statement if it is none."""
    first = token.text[0]
    if first == "\\":
        # No operator starts with a backslash: it is psql's, unless it is the ``\N`` of MySQL, a
        # NULL, or the ``\.`` of its client.
        pattern = _MYSQL_FILE if text.startswith("\\.", token.start) else _BACKSLASH
    elif first in _SIGNS or token.word in _WORDS:
        pattern = (_BEFORE if is_first else _IN).get(dialect, _BEFORE_ANY if is_first else _IN_ANY)
        if not _begins_line(text, token.start):
            return None
    else:
        return None
    found = pattern.match(text, token.start)
    if found is None:
        return None
    return ClientCommand(token.start, found.group(), found.groupdict().get("delimiter") or "")


def _begins_line(text: str, offset: int) -> bool:
    line_start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    return not text[line_start:offset].strip()


_BACKSLASH = re.compile(r"\\(?!N\b)[^\W\d][^\r\n]*|\\[!?;][^\r\n]*")
_MYSQL_FILE = re.compile(r"\\\.[ \t]+\S[^\r\n]*")
_GO = r"(?i:GO)(?:[ \t]+\d+)?(?=[ \t]*(?:--[^\r\n]*)?$)"
_DELIMITER = r"(?i:DELIMITER)[ \t]+(?P<delimiter>\S+)[^\r\n]*"
_DOT = r"\.[a-zA-Z]\w*[^\r\n]*"
"""Of the shells of SQLite and DuckDB. No statement begins with a dot."""
_SQLCMD = (
    r":(?i:r|setvar|connect|on[ \t]+error|out|error|perftrace|list|listvar|reset|quit|exit|ed|help"
    r"|serverlist|xml)\b[^\r\n]*|![!][^\r\n]*"
)
_SQLCMD_FILE = r":(?i:r)[ \t]+(?:\"[^\"\r\n]+\"|\S*[.$/\\]\S*)(?=[ \t]*$)"
"""Within a statement ``:r`` may be a parameter, unless what follows can only be a file."""
_SLASH = r"/(?=[ \t]*$)"
"""Of SQL*Plus: what has been read is to be run."""
_SQLPLUS = (
    r"@{1,2}[^\s@][^\r\n]*"
    r"|(?i:ACC|ACCEPT|COL|COLUMN|CONN|CONNECT|DEF|DEFINE|EXIT|HOST|PAUSE|PRO|PROMPT|QUIT|REM|REMARK"
    r"|SPO|SPOOL|STA|START|UNDEF|UNDEFINE|WHENEVER)\b[^\r\n]*"
    r"|(?i:SET)[ \t]+(?!(?i:TRANSACTION|ROLE|CONSTRAINTS?)\b)[^\r\n]*"
)


def _any_of(*commands: str) -> re.Pattern[str]:
    return re.compile("|".join(commands), re.MULTILINE)


_BEFORE_ANY = _any_of(_GO, _DELIMITER, _DOT)
_BEFORE = {
    "mysql": _any_of(_GO, _DELIMITER, _DOT, r"(?i:SOURCE)[ \t]+\S[^\r\n]*"),
    "oracle": _any_of(_GO, _DELIMITER, _DOT, _SLASH, _SQLPLUS),
    "snowflake": _any_of(_GO, _DELIMITER, _DOT, r"![a-zA-Z]\w*[^\r\n]*"),
    "tsql": _any_of(_GO, _DELIMITER, _DOT, _SQLCMD),
    "fabric": _any_of(_GO, _DELIMITER, _DOT, _SQLCMD),
}
"""What is a command where a statement could begin, by dialects."""
_IN_ANY = _any_of(_GO)
_IN = {
    "oracle": _any_of(_GO, _SLASH),
    "tsql": _any_of(_GO, _SQLCMD_FILE),
    "fabric": _any_of(_GO, _SQLCMD_FILE),
}
"""What is one also behind a statement that nothing has ended."""
_SIGNS = frozenset("./:@!")
_WORDS = frozenset(
    """ACC ACCEPT COL COLUMN CONN CONNECT DEF DEFINE DELIMITER EXIT GO HOST PAUSE PRO PROMPT QUIT
    REM REMARK SET SOURCE SPO SPOOL STA START UNDEF UNDEFINE WHENEVER""".split()
)
