"""Colour where a person looks, plain text where a program reads."""

import os
from dataclasses import dataclass
from typing import TextIO

__all__ = ["Style", "style_for"]


@dataclass(frozen=True, slots=True)
class Style:
    is_coloured: bool

    def bold(self, text: str) -> str:
        return self._in("1", text)

    def dim(self, text: str) -> str:
        return self._in("2", text)

    def red(self, text: str) -> str:
        return self._in("31", text)

    def green(self, text: str) -> str:
        return self._in("32", text)

    def cyan(self, text: str) -> str:
        return self._in("36", text)

    def severity(self, severity: str, text: str) -> str:
        return self._in({"error": "31", "warning": "33"}.get(severity, "36"), text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.is_coloured and text else text


def style_for(stream: TextIO) -> Style:
    """Colour on a terminal that has it, unless NO_COLOR asks for none."""
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return Style(stream.isatty() and not plain)
