"""What is added to a ``defog.toml``: a connection, or files that describe tables.

Everything that the file says already stays as it is, and a secret is never written.
"""

import re
import stat
import tomllib
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from defog_metadata.documents.toml_edits import keys_added, section_added
from defog_metadata.documents.toml_text import read_toml
from defog_metadata.errors import ConfigurationError
from defog_metadata.store.files import write_whole
from defog_metadata.text import Edit
from defog_metadata.workspace.configuration import Connection, read_configuration
from defog_metadata.workspace.encoding import decode
from defog_metadata.workspace.engines import ENGINES, SECRET_FIELDS, canonical_db_type

__all__ = [
    "ConnectionAddition",
    "connection_added",
    "metadata_added",
    "read",
    "start_metadata",
    "write",
]

_FIRST_FILE = "metadata/tables.json"
_FIRST_TABLE = """\
{
  "example": {
    "table_description": "What a table is about. Rename it, and describe your own below it.",
    "columns": [
      {
        "column_name": "id",
        "data_type": "integer",
        "column_description": "What a column means."
      }
    ]
  }
}
"""

_USUAL_MODE = 0o644
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class ConnectionAddition:
    """A section ``[connections.NAME]`` to be written."""

    connection: Connection
    """As the file will say it."""
    edit: Edit


def connection_added(  # noqa: PLR0913 - what is added, and to what
    text: str,
    path: Path,
    db_type: str,
    fields: Mapping[str, object],
    *,
    name: str = "",
    is_unfinished: bool = False,
) -> ConnectionAddition:
    """A connection for *text*, the contents of the ``defog.toml`` at *path*.

    *fields* are values as TOML has them, of a secret ``{"ask": True}`` and the like. Without a
    *name* it is called after its database. Where it *is_unfinished*, what is missing is left for
    somebody to fill in. Raises ``ConfigurationError`` for what cannot be written, or not used.
    """
    values = _readable(text, path)
    engine = ENGINES.get(canonical_db_type(db_type))
    if engine is None:
        known = ", ".join(ENGINES)
        raise ConfigurationError(f"there is no db_type {db_type!r}; there is: {known}")
    if unknown := [it for it in fields if it not in engine.fields]:
        raise ConfigurationError(f"a {engine.db_type} connection has no {', '.join(unknown)}")
    for it in SECRET_FIELDS & fields.keys():
        if not isinstance(fields[it], Mapping):
            raise ConfigurationError(f"the {it} is not written into {path.name}: let it be asked")
    there = values.get("connections", {})
    names: Mapping[str, object] = there if isinstance(there, dict) else {}
    if name and name in names:
        raise ConfigurationError(f"{path.name} has a connection {name!r} already: choose a name")
    name = name or _free_name(str(fields.get("database") or engine.db_type), names)
    said: dict[str, object] = {"db_type": engine.db_type}
    for it in engine.fields:
        if fields.get(it) not in (None, ""):
            value = fields[it]
            is_path = it in engine.paths and isinstance(value, str)
            said[it] = _relative(str(value), path.parent) if is_path else value
        elif it in engine.required and is_unfinished:
            said[it] = {"ask": True} if it in SECRET_FIELDS else ""
    edit = section_added(text, ("connections", name), said)
    after = _checked(text, path, edit, {**values, "connections": {**names, name: said}})
    connection = read_configuration(after, path)[0].connection(name)
    assert connection is not None  # noqa: S101 - it has just been read there
    if connection.unusable and not is_unfinished:
        raise ConfigurationError(connection.unusable)
    return ConnectionAddition(connection, edit)


def metadata_added(text: str, path: Path, pattern: str, dialect: str = "") -> Edit | None:
    """What makes *text*, the ``defog.toml`` at *path*, name *pattern* among its metadata files.

    And *dialect*, if it names none; ``None`` where all of that is said. Raises
    ``ConfigurationError`` where it cannot be written.
    """
    values = _readable(text, path)
    said: dict[str, object] = {}
    if dialect and "dialect" not in values:
        said["dialect"] = dialect
    there = values.get("metadata")
    if there is None:
        said["metadata"] = [pattern]
    elif not isinstance(there, list) or pattern not in there:
        raise ConfigurationError(
            f'{path.name} names metadata files already: add "{pattern}" to them there'
        )
    if not said:
        return None
    edit = keys_added(text, said)
    _checked(text, path, edit, {**values, **said})
    return edit


def read(path: Path) -> str:
    """The text of the ``defog.toml`` at *path*, empty where there is none.

    Raises ``ConfigurationError`` where it cannot be read.
    """
    try:
        text, bad = decode(path.read_bytes())
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    if bad is not None:
        raise ConfigurationError(f"{path} is {bad.message}")
    return text


def write(path: Path, text: str, edit: Edit) -> None:
    """Write *text* with *edit* to *path*, which has just that text, or is not there.

    Raises ``ConfigurationError`` where it has another one by now, or cannot be written.
    """
    try:
        real = path.resolve()
        before = real.read_bytes() if real.exists() else b""
        if decode(before)[0] != text:
            raise ConfigurationError(f"{path.name} has just been changed by others: try again")
        mark = before[: len(BOM_UTF8)] if before.startswith(BOM_UTF8) else b""
        mode = stat.S_IMODE(real.stat().st_mode) if real.exists() else _USUAL_MODE
        write_whole(real, mark + _edited(text, edit).encode(), mode=mode)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error


def start_metadata(folder: Path) -> Path:
    """The first metadata file of *folder*; it is made, with an example, where there is none.

    Raises ``ConfigurationError`` where it cannot be written.
    """
    path = folder / _FIRST_FILE
    there = sorted(path.parent.glob("*.json"))
    if there:
        return there[0]
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(_FIRST_TABLE, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _readable(text: str, path: Path) -> dict[str, object]:
    document = read_toml(text)
    if document.problems:
        span, message = document.problems[0]
        line = text.count("\n", 0, span.start) + 1
        raise ConfigurationError(f"correct {path.name} first: line {line} is {message}")
    return document.values


def _checked(text: str, path: Path, edit: Edit, expected: Mapping[str, object]) -> str:
    """*text* with *edit*, after which it says what is *expected* and nothing else."""
    after = _edited(text, edit)
    try:
        is_right = tomllib.loads(after.removeprefix("\ufeff")) == expected
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise ConfigurationError(
            f"{path.name} is written in a way that nothing can be added to: add it by hand"
        )
    return after


def _edited(text: str, edit: Edit) -> str:
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def _free_name(database: str, names: Mapping[str, object]) -> str:
    stem = re.split(r"[\\/]", database)[-1].partition(".")[0]
    name = _NOT_IN_A_NAME.sub("_", stem).strip("_") or "main"
    free, count = name, 1
    while free in names:
        count += 1
        free = f"{name}-{count}"
    return free


def _relative(file: str, root: Path) -> str:
    try:
        return Path(file).relative_to(root).as_posix()
    except ValueError:
        return file
