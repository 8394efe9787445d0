"""Connections: what they have to be asked for, whether they work, how they are written down."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from defog_lsp.lsp.loading import load_first

if TYPE_CHECKING:
    from defog_metadata.text import Edit
    from defog_metadata.workspace.additions import ConnectionAddition
    from defog_metadata.workspace.asking import Question
    from defog_metadata.workspace.configuration import Connection

__all__ = [
    "connection_added",
    "hide",
    "metadata_added",
    "questions",
    "read",
    "redacted",
    "start_metadata",
    "try_out",
    "write",
]

# ruff: noqa: PLC0415 - importing late is what this module is for


def questions(connection: "Connection") -> "tuple[Question, ...]":
    """What somebody has to be asked before *connection* can be used.

    Raises ``ConfigurationError`` where it cannot be used whatever anybody says.
    """
    load_first()
    from defog_metadata.workspace.asking import questions

    return questions(connection)


def hide(secret: str) -> None:
    """Keep *secret* out of all logs from now on."""
    from defog_metadata.store.redaction import KNOWN_SECRETS

    KNOWN_SECRETS.add(secret)


def redacted(text: str) -> str:
    """*text* without secrets."""
    from defog_metadata.store.redaction import KNOWN_SECRETS

    return KNOWN_SECRETS.hidden_in(text)


def connection_added(
    text: str, path: Path, asked: Mapping[str, object], *, is_unfinished: bool
) -> "ConnectionAddition":
    """The connection that is *asked* for; see ``workspace.additions.connection_added``."""
    load_first()
    from defog_metadata.workspace.additions import connection_added

    db_type, name = str(asked["db_type"]), str(asked.get("name") or "")
    fields = asked["fields"]
    assert isinstance(fields, Mapping)  # noqa: S101 - checked by whoever asks
    return connection_added(text, path, db_type, fields, name=name, is_unfinished=is_unfinished)


def metadata_added(text: str, path: Path, dialect: str) -> "list[Edit]":
    """See ``workspace.additions.metadata_added``."""
    load_first()
    from defog_metadata.workspace.additions import metadata_added

    return metadata_added(text, path, dialect)


def try_out(connection: "Connection") -> None:
    """Connect to the database of *connection*, and leave it. Raises ``DefogError``."""
    load_first()
    from defog_metadata.workspace.databases import try_out

    try_out(connection)


def read(path: Path) -> str:
    """The text of the ``defog.toml`` at *path*, empty where there is none.

    Raises ``ConfigurationError`` where it cannot be read.
    """
    load_first()
    from defog_metadata.workspace.additions import read

    return read(path)


def write(path: Path, text: str, edits: "Sequence[Edit]") -> None:
    """Write *text* with *edits* to *path*, which still has that text, or is not there.

    Raises ``ConfigurationError`` where it cannot be written.
    """
    load_first()
    from defog_metadata.workspace.additions import write

    write(path, text, edits)


def start_metadata(text: str, path: Path) -> Path:
    """See ``workspace.additions.start_metadata``."""
    load_first()
    from defog_metadata.workspace.additions import start_metadata

    return start_metadata(text, path)
