"""The log in ``~/.defog/logs``: one JSON object a line, rotated by size, without secrets."""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from defog_metadata.store.files import FileLock, LockTimeout
from defog_metadata.store.home import defog_home, private_folder
from defog_metadata.store.redaction import KNOWN_SECRETS, Secrets

__all__ = ["configure_logging"]

_NAME = "defog-lsp.jsonl"
_OURS = ("defog_metadata", "defog_lsp")
_MAX_BYTES = 1 << 20
_OLD_FILES = 5


def configure_logging(
    level: int | str = logging.INFO,
    home: Path | None = None,
    *,
    secrets: Secrets | None = None,
    max_bytes: int = _MAX_BYTES,
) -> Path:
    """Log to the user's defog folder; the path of the log.

    Our own loggers write from *level* up, all others warnings and errors. Where the folder cannot
    be written, that is said on standard error once, and nothing else happens: a log is no reason
    for a program not to start. May be called again; the last call counts. *secrets* are hidden in
    every line, by default those that connections of this process have used.
    """
    path = _folder(home or defog_home()) / _NAME
    root = logging.getLogger()
    for old in [it for it in root.handlers if isinstance(it, _SharedFileHandler)]:
        root.removeHandler(old)
        old.close()
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    try:
        private_folder(path.parent)
        handler = _SharedFileHandler(path, max_bytes)
    except OSError as error:
        sys.stderr.write(f"defog-lsp: no log in {path} ({error.strerror})\n")
        return path
    handler.setFormatter(_JsonLines(KNOWN_SECRETS if secrets is None else secrets))
    root.addHandler(handler)
    return path


def _folder(home: Path) -> Path:
    # Older versions of the library append to a file of the folder's name; it is the user's.
    folder = home / "logs"
    return home / "logs.d" if folder.is_file() else folder


class _JsonLines(logging.Formatter):
    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": self._secrets.hidden_in(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = self._secrets.hidden_in(self.formatException(record.exc_info))
        return json.dumps(line)


class _SharedFileHandler(RotatingFileHandler):
    """Rotates a file that several processes append to.

    One of them moves it away; the others notice that theirs is no longer the one of that name.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._rotation = FileLock(path.with_name(f".{path.name}.lock"))
        super().__init__(path, maxBytes=max_bytes, backupCount=_OLD_FILES, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None and self._is_moved():
            self.stream.close()
            self.stream = self._open()
        super().emit(record)

    def doRollover(self) -> None:  # noqa: N802 - the base class's name
        try:
            with self._rotation.held(timeout=1):
                # Another process may just have done it.
                if not self._is_moved():
                    super().doRollover()
        except (LockTimeout, OSError):
            return  # a log that grows beyond its size is better than a message lost

    def _is_moved(self) -> bool:
        if self.stream is None:
            return False
        try:
            there = self._path.stat()
        except OSError:
            return True
        return not os.path.samestat(there, os.fstat(self.stream.fileno()))
