"""What is added to a ``defog.toml``: a connection, or files that describe tables.

Everything that the file says already stays as it is, and a secret is never written.
"""

import re
import stat
import tomllib
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from defog_metadata.documents.toml_edits import item_added, keys_added, section_added
from defog_metadata.documents.toml_text import read_toml
from defog_metadata.errors import ConfigurationError
from defog_metadata.rules.fixes import applied
from defog_metadata.store.files import write_whole
from defog_metadata.text import Edit
from defog_metadata.workspace.configuration import Connection, read_configuration
from defog_metadata.workspace.encoding import decode
from defog_metadata.workspace.engines import ENGINES, SECRET_FIELDS, canonical_db_type
from defog_metadata.workspace.globs import expand

__all__ = [
    "ConnectionAddition",
    "connection_added",
    "metadata_added",
    "read",
    "start_metadata",
    "write",
]

_PATTERN = "metadata/*.json"
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
    after = _checked(text, path, [edit], {**values, "connections": {**names, name: said}})
    connection = read_configuration(after, path)[0].connection(name)
    assert connection is not None  # noqa: S101 - it has just been read there
    if connection.unusable and not is_unfinished:
        raise ConfigurationError(connection.unusable)
    return ConnectionAddition(connection, edit)


def metadata_added(text: str, path: Path, dialect: str = "") -> list[Edit]:
    """What makes *text*, the ``defog.toml`` at *path*, name metadata files.

    And *dialect*, if it names none. Where a file is there that it names, no more are named. Raises
    ``ConfigurationError`` where it cannot be written.
    """
    values = _readable(text, path)
    said: dict[str, object] = {}
    edits: list[Edit] = []
    if dialect and "dialect" not in values:
        said["dialect"] = dialect
    there = values.get("metadata")
    if there is None:
        said["metadata"] = [_PATTERN]
    elif not isinstance(there, list):
        raise ConfigurationError(
            f"the metadata files in {path.name} are no list that more can be added to: "
            f'write metadata = ["{_PATTERN}"]'
        )
    elif _PATTERN not in there and _first_named(values, path.parent) is None:
        edits.append(item_added(text, "metadata", _PATTERN))
        values = {**values, "metadata": [*there, _PATTERN]}
    if said:
        edits.append(keys_added(text, said))
    _checked(text, path, edits, {**values, **said})
    return edits


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


def write(path: Path, text: str, edits: Sequence[Edit]) -> None:
    """Write *text* with *edits* to *path*, which has just that text, or is not there.

    Raises ``ConfigurationError`` where it has another one by now, or cannot be written.
    """
    try:
        real = path.resolve()
        before = real.read_bytes() if real.exists() else b""
        if decode(before)[0] != text:
            raise ConfigurationError(f"{path.name} has just been changed by others: try again")
        mark = before[: len(BOM_UTF8)] if before.startswith(BOM_UTF8) else b""
        mode = stat.S_IMODE(real.stat().st_mode) if real.exists() else _USUAL_MODE
        write_whole(real, mark + applied(text, edits).encode(), mode=mode)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error


def start_metadata(text: str, path: Path) -> Path:
    """The first metadata file that *text*, the ``defog.toml`` at *path*, names or is to name.

    It is made, with an example, where there is none. Raises ``ConfigurationError`` where it
    cannot be written.
    """
    root = path.parent
    named = _first_named(_readable(text, path), root)
    first = named or next(iter(expand(root, _PATTERN)), None)
    if first is not None:
        return first
    first = root / _FIRST_FILE
    try:
        first.parent.mkdir(exist_ok=True)
        first.write_text(_FIRST_TABLE, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{first} cannot be written: {error.strerror}") from error
    return first


def _first_named(values: Mapping[str, object], root: Path) -> Path | None:
    """The first metadata file that is named, of those that are there."""
    patterns = values.get("metadata")
    texts = [it for it in patterns if isinstance(it, str)] if isinstance(patterns, list) else []
    return next((path for it in texts for path in expand(root, it)), None)


def _readable(text: str, path: Path) -> dict[str, object]:
    document = read_toml(text)
    if document.problems:
        span, message = document.problems[0]
        line = text.count("\n", 0, span.start) + 1
        raise ConfigurationError(f"correct {path.name} first: line {line} is {message}")
    return document.values


def _checked(text: str, path: Path, edits: Sequence[Edit], expected: Mapping[str, object]) -> str:
    """*text* with *edits*, after which it says what is *expected* and nothing else."""
    after = applied(text, edits)
    try:
        is_right = tomllib.loads(after.removeprefix("\ufeff")) == expected
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise ConfigurationError(
            f"{path.name} is written in a way that nothing can be added to: add it by hand"
        )
    return after


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
