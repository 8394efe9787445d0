"""Keeps secrets out of what is written for people to read and to send around."""

import re
import threading

__all__ = ["HIDDEN", "KNOWN_SECRETS", "Secrets", "redacted"]

HIDDEN = "***"

_KEYS = (
    "(?:password|passwd|pwd|passphrase|secret"
    "|access[_-]?token|auth[_-]?token|api[_-]?key|private[_-]?key)"
)
_PATTERNS = (
    # "password": "...", 'api_key': '...', PGPASSWORD="..."
    re.compile(rf"""(?i)({_KEYS}["']?\s*[:=]\s*)(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""),
    # password=..., DB_PASSWORD: ...
    re.compile(rf"(?i)({_KEYS}\s*[:=]\s*)(?![\"'])[^\s,;&)}}\]]+"),
    # scheme://user:...@host
    re.compile(r"([a-zA-Z][\w+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)"),
)
# What is shorter would hide parts of ordinary words.
_SHORTEST = 4


def redacted(text: str) -> str:
    """*text* without what stands where passwords, keys and tokens stand."""
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text


class Secrets:
    """Values that must not be written, wherever in a text they stand. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: frozenset[str] = frozenset()

    def add(self, value: str) -> None:
        if len(value) >= _SHORTEST:
            with self._lock:
                self._values |= {value}

    def hidden_in(self, text: str) -> str:
        """*text* without the values, and without what looks like a secret."""
        # The longest first: one may contain another.
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, HIDDEN)
        return redacted(text)


KNOWN_SECRETS = Secrets()
"""Those that this process has used to connect. One for all, as the process's log is."""
