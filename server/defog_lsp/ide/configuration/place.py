"""Where in a ``defog.toml`` a caret is, in text that need not be TOML yet."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from defog_metadata.documents.settings import Setting
from defog_metadata.documents.toml_text import read_toml
from defog_metadata.text import Span

__all__ = ["ConfigurationPlace", "place_at", "section_at", "values_at"]

_LEXEME = re.compile(
    r"#[^\n]*"
    r'|"""(?:[^\\]|\\.)*?(?:"""|\Z)' r"|'''.*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*"?' r"|'[^'\n]*'?"
    r"|[\n\[\]{}=,.]|[ \t\r]+|[^\s#\"'\[\]{}=,.]+",
    re.DOTALL,
)  # fmt: skip
_WORD = re.compile(r"[^\s#\[\]{}=,.]")
_STATEMENT = re.compile(r"[ \t]*(?:\[|[\w\"'.-]+[ \t]*=)")
_HEADER = re.compile(r"^[ \t]*\[.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ConfigurationPlace:
    """The word at the caret, and what it is in.

    ``path`` are the names of the sections around it. Of a value, ``key`` is the name that it is
    given to; of a ``header``, ``path`` is what stands before the word.
    """

    kind: Literal["header", "key", "value"]
    path: tuple[str, ...]
    word: Span
    """All of it, quotes included; of a header its brackets too. Empty where nothing is typed."""
    section: Span
    """From the header of the section to the next one."""
    key: str = ""
    in_list: bool = False


def place_at(text: str, offset: int) -> ConfigurationPlace | None:
    """What can stand at *offset*; ``None`` in comments and where a statement is complete."""
    reading = _Reading(text)
    word = Span(offset, offset)
    for lexeme, span in _lexemes(text):
        is_word = _WORD.match(lexeme) is not None
        if is_word and span.start <= offset <= span.end and not _is_behind(lexeme, span, offset):
            word = span
            break
        if span.start >= offset:
            break
        if lexeme.startswith("#"):
            if offset <= span.end:
                return None
            continue
        reading.take(lexeme, span)
    return reading.place(word)


def section_at(settings: Setting, path: tuple[str, ...]) -> Setting | None:
    """The section at *path*, its children those that it has by any name of one's own."""
    found: Setting | None = settings
    for name in path:
        if found is None:
            return None
        found = (
            replace(found, kind="section") if found.kind == "named sections" else found.child(name)
        )
    return found


def values_at(text: str, place: ConfigurationPlace) -> Mapping[str, object]:
    """What the section that *place* is in says, as far as it can be read."""
    part = text[place.section.start : place.section.end]
    found: object = read_toml(part).values
    for name in place.path:
        found = found.get(name, {}) if isinstance(found, dict) else {}
        if isinstance(found, list):
            found = found[-1] if found else {}
    return found if isinstance(found, dict) else {}


def _lexemes(text: str) -> Iterator[tuple[str, Span]]:
    for match in _LEXEME.finditer(text):
        yield match[0], Span(*match.span())


def _is_behind(lexeme: str, span: Span, offset: int) -> bool:
    """Whether *offset* is behind a string that is closed."""
    quote = lexeme[0]
    is_closed = quote in "\"'" and len(lexeme) > 1 and lexeme.endswith(quote)
    return is_closed and offset == span.end


@dataclass(slots=True)
class _Reading:
    """The state between two lexemes."""

    text: str
    mode: Literal["start", "header", "key", "value", "done"] = "start"
    header: list[str] = field(default_factory=list)
    header_start: int = 0
    keys: list[str] = field(default_factory=list)
    open: list[tuple[str, list[str]]] = field(default_factory=list)
    """Brackets of the value, each with the keys that led to it."""
    is_named: bool = False
    """Whether the last part of a key or header has been written, and no dot behind it."""

    def take(self, lexeme: str, span: Span) -> None:
        match lexeme:
            case "\n":
                if not self.open or _STATEMENT.match(self.text, span.end):
                    self._start("start")
            case "[" if self.mode == "start":
                self.header, self.header_start = [], span.start
                self._start("header")
            case "[" | "{" if self.mode == "value":
                self.open.append((lexeme, self.keys))
                if lexeme == "{":
                    self.keys, self.mode, self.is_named = [], "key", False
            case "]" | "}" if self.open:
                self.keys = self.open.pop()[1]
                self.mode = "done"
            case "]" if self.mode == "header":
                self.mode = "done"
            case "=":
                self.mode = "value"
            case "," if self.open:
                self.mode = "value"
                if self.open[-1][0] == "{":
                    self.keys, self.mode, self.is_named = [], "key", False
            case ".":
                self.is_named = False
            case _ if _WORD.match(lexeme):
                self._word(lexeme.strip("\"'"))

    def _start(self, mode: Literal["start", "header"]) -> None:
        self.mode, self.keys, self.open, self.is_named = mode, [], [], False

    def _word(self, name: str) -> None:
        if self.mode == "header":
            self.header.append(name)
        elif self.mode in ("start", "key"):
            self.keys.append(name)
            self.mode = "key"
        else:
            self.mode = "done"
        self.is_named = True

    def place(self, word: Span) -> ConfigurationPlace | None:
        following = _HEADER.search(self.text, word.end)
        end = following.start() if following else len(self.text)
        section = Span(self.header_start, end)
        if self.mode == "header":
            if self.is_named:
                return None
            return ConfigurationPlace(
                "header", tuple(self.header), self._whole_header(word), section
            )
        inside = [name for _, keys in self.open for name in keys]
        if self.mode in ("start", "key"):
            if self.is_named:
                return None
            path = (*self.header, *inside, *self.keys)
            return ConfigurationPlace("key", path, word, section)
        if self.mode == "value" and self.keys:
            lists = [keys for bracket, keys in self.open if bracket == "{"]
            path = (*self.header, *(name for keys in lists for name in keys), *self.keys[:-1])
            in_list = bool(self.open) and self.open[-1][0] == "["
            return ConfigurationPlace("value", path, word, section, self.keys[-1], in_list)
        return None

    def _whole_header(self, word: Span) -> Span:
        end = word.end
        while self.text.startswith("]", end):
            end += 1
        return Span(self.header_start, end)
