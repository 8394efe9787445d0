"""What a ``defog.toml`` has to say instead when files that it names are moved."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from defog_metadata.documents.toml_text import Node, read_toml
from defog_metadata.progress import check_stopped
from defog_metadata.text import Edit, Span
from defog_metadata.workspace.engines import ENGINES
from defog_metadata.workspace.globs import expand, matches, matches_file
from defog_metadata.workspace.named_files import plain

__all__ = ["Move", "edits_for_moves"]

_LISTS = ("metadata", "golden_queries", "glossary")
_SPECIAL = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Move:
    """A file or folder that is to be at another place."""

    old: Path
    new: Path

    def of(self, path: Path) -> Path | None:
        """Where *path* will be; ``None`` for one that stays."""
        return self.new / path.relative_to(self.old) if path.is_relative_to(self.old) else None


def edits_for_moves(text: str, configuration: Path, moves: Sequence[Move]) -> list[Edit]:
    """What makes *text*, of the file *configuration*, name the same files after *moves*.

    The files are looked at where they are now. Paths stay relative or absolute as they are; a
    pattern stays too, unless the folder that it begins with is moved. A file that then no pattern
    of its list matches is added to the list. Where the configuration itself is moved, its folder
    goes with it, and nothing is changed.
    """
    root = plain(configuration.parent)
    moves = [Move(plain(it.old), plain(it.new)) for it in moves]
    if any(it.of(plain(configuration)) is not None for it in moves):
        return []
    document, found = read_toml(text), list[Edit]()
    for key in _LISTS:
        patterns = _Patterns(root, document.values.get(key), document.places.at(key), moves)
        found += patterns.edits(is_whole=True)
    rules = document.values.get("files")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            node = document.places.at("files", index, "include")
            found += _Patterns(root, rule.get("include"), node, moves).edits(is_whole=False)
    connections = document.values.get("connections")
    for name, values in connections.items() if isinstance(connections, dict) else ():
        engine = ENGINES.get(str(values.get("db_type"))) if isinstance(values, dict) else None
        for key in engine.paths if engine else ():
            written = values.get(key)
            if isinstance(written, str) and (new := _moved(root, written, moves)) is not None:
                node = document.places.at("connections", name, key)
                found.append(Edit(node.value, _quoted(new)))
    return sorted(found, key=lambda it: it.span)


class _Patterns:
    """One list of paths and patterns."""

    def __init__(self, root: Path, values: object, node: Node, moves: Sequence[Move]) -> None:
        self._root = root
        self._values = values if isinstance(values, list) else []
        self._node = node
        self._moves = moves

    def edits(self, *, is_whole: bool) -> Iterator[Edit]:
        """*is_whole*: a pattern has to match a whole path, not a folder above it."""
        after: list[str] = []
        for index, written in enumerate(self._values):
            if not isinstance(written, str):
                continue
            new = _moved(self._root, written, self._moves)
            after.append(written if new is None else new)
            if new is not None:
                yield Edit(self._node.at(index).value, _quoted(new))
        fits = matches_file if is_whole else matches
        normal = [os.path.normpath(it).replace(os.sep, "/") for it in after]
        for index, written in enumerate(self._values):
            if not isinstance(written, str) or not _SPECIAL & set(written):
                continue
            for path in expand(self._root, written):
                check_stopped()
                place = _place(plain(path), self._moves)
                if place is None:
                    continue
                name = _relative(place, self._root)
                if not any(fits(it, name) for it in normal):
                    normal.append(name)
                    end = self._node.at(index).value.end
                    yield Edit(Span(end, end), f", {_quoted(_literal(name))}")


def _place(path: Path, moves: Sequence[Move]) -> Path | None:
    return next((new for it in moves if (new := it.of(path)) is not None), None)


def _moved(root: Path, written: str, moves: Sequence[Move]) -> str | None:
    """The path or pattern *written*, if what it begins with is moved."""
    parts = written.split("/")
    fixed = next((n for n, it in enumerate(parts) if _SPECIAL & set(it)), len(parts))
    head = "/".join(parts[:fixed]) or ("/" if written.startswith("/") else "")
    if not head or written == ":memory:":
        return None
    path = Path(head).expanduser()
    new = _place(plain(root / path), moves)
    if new is None:
        return None
    name = new.as_posix() if path.is_absolute() else _relative(new, root)
    kept = "./" if written.startswith("./") and not name.startswith("../") else ""
    return "/".join([kept + _literal(name), *parts[fixed:]])


def _relative(path: Path, root: Path) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _literal(name: str) -> str:
    """As a pattern that matches *name* alone."""
    return "".join(f"[{it}]" if it in _SPECIAL else it for it in name)


def _quoted(text: str) -> str:
    # What JSON escapes TOML does in the same way; it only has one character more.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
