"""Typed reads of one table of values, which report what is wrong at its place."""

from collections.abc import Iterable, Mapping, Sequence

from defog_metadata.documents.toml_text import Node
from defog_metadata.rules.findings import Finding, Severity
from defog_metadata.spelling import nearest
from defog_metadata.text import Span

__all__ = ["Section", "similar"]


def similar(name: str, known: Iterable[str]) -> str:
    """A clause that names the known name most like *name*, or nothing."""
    found = nearest(name, known, limit=1)
    return f"; did you mean {found[0]}?" if found else ""


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


class Section:
    """One table. What is wrong goes to *problems*; the read then gives ``None`` or nothing."""

    def __init__(
        self, name: str, values: Mapping[str, object], node: Node, problems: list[Finding]
    ) -> None:
        self.name = name
        self.values = values
        self.node = node
        self.problems = problems

    def key(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def report(self, span: Span, message: str, severity: Severity = "error") -> None:
        self.problems.append(Finding(span, "configuration", severity, message))

    def only(self, known: Sequence[str], what: str = "key") -> None:
        """Report the keys that are not *known*."""
        for key in self.values:
            if key not in known:
                hint = similar(key, known) or f"; known: {', '.join(known)}"
                self.report(self.node.at(key).key, f"unknown {what} {self.key(key)}{hint}")

    def wrong(self, key: str, expected: str) -> None:
        value = self.values[key]
        self.report(
            self.node.at(key).value, f"{self.key(key)} must be {expected}, not {_kind(value)}"
        )

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value
        self.wrong(key, "text in quotes")
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.values.get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(key, "true or false")
        return default

    def number(self, key: str, *, least: int, whole: bool = True) -> float | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, "a number")
        elif whole and not isinstance(value, int):
            self.report(self.node.at(key).value, f"{self.key(key)} must be a whole number")
        elif not least <= value < float("inf"):
            self.report(self.node.at(key).value, f"{self.key(key)} must be at least {least}")
        else:
            return value
        return None

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        value = self.text(key)
        if value is None or value in choices:
            return value
        hint = similar(value, choices) or f"; it can be {', '.join(choices)}"
        self.report(self.node.at(key).value, f"{self.key(key)} cannot be {value!r}{hint}")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, 'a list, such as ["…"]')
            return ()
        for index, it in enumerate(value):
            if not isinstance(it, str):
                place = self.node.at(key, index).value
                self.report(place, f"{self.key(key)} must be a list of texts, not of {_kind(it)}")
        return tuple(it for it in value if isinstance(it, str))

    def section(self, key: str) -> "Section":
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"a table, [{self.key(key)}]")
            value = {}
        return Section(self.key(key), value, self.node.at(key), self.problems)
