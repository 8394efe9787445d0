"""How a text has to be written where it stands: the escapes of JSON, CSV and YAML."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "CSV_BARE",
    "CSV_QUOTED",
    "JSON",
    "VERBATIM",
    "Notation",
    "sql_comment",
    "yaml_block",
    "yaml_folded",
    "yaml_plain",
    "yaml_single",
]


@dataclass(frozen=True, slots=True)
class Notation:
    """How characters are written in one kind of place."""

    escapes: Literal["none", "json", "doubled"] = "none"
    quote: str = ""
    """What is doubled inside, and what a place without quotes gets where it needs them."""
    line_end: str = ""
    """What stands for a line end; empty for one that is written as it is."""
    needs_quotes: re.Pattern[str] | None = None
    """What cannot be written in a place that has no quotes; ``None`` for one that has."""

    def written(self, text: str) -> str:
        if self.escapes == "json":
            return json.dumps(text, ensure_ascii=False)[1:-1]
        if self.escapes == "doubled":
            text = text.replace(self.quote, self.quote * 2)
        return text.replace("\n", self.line_end) if self.line_end else text

    def missing_quote(self, texts: Iterable[str]) -> str:
        """The quote that the place needs around it before *texts* can be in it."""
        hazard = self.needs_quotes
        return self.quote if hazard and any(map(hazard.search, texts)) else ""


VERBATIM = Notation()
JSON = Notation("json")
"""Also of double quotes in YAML, which know all that JSON knows."""
CSV_QUOTED = Notation("doubled", '"')
CSV_BARE = Notation(quote='"', needs_quotes=re.compile(r'[,"\r\n]'))


def yaml_single(indent: str) -> Notation:
    return Notation("doubled", "'", line_end=f"\n\n{indent}")


def yaml_plain(indent: str, *, is_block: bool = True) -> Notation:
    """Plain text; in block context brackets and commas are ordinary."""
    hazard = _NOT_PLAIN if is_block else _NOT_PLAIN_IN_BRACKETS
    return Notation(quote="'", line_end=f"\n\n{indent}", needs_quotes=hazard)


def yaml_block(indent: str) -> Notation:
    return Notation(line_end=f"\n{indent}")


def yaml_folded(indent: str) -> Notation:
    return Notation(line_end=f"\n\n{indent}")


def sql_comment(prefix: str) -> Notation:
    return Notation(line_end=f"\n{prefix}")


_NOT_PLAIN = re.compile(r":(?:\s|$)|(?:^|\s)#")
_NOT_PLAIN_IN_BRACKETS = re.compile(r":(?:\s|$)|(?:^|\s)#|[][{},]")
