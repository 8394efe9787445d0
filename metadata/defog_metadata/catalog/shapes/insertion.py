"""A table added to a metadata document that people keep, without a change to what is there."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defog_metadata.catalog.shapes.keys import join_key
from defog_metadata.catalog.shapes.reading import TableStream
from defog_metadata.errors import MetadataError
from defog_metadata.text import Edit, Span

__all__ = ["table_insertion"]

_TABLES = "table_metadata"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def table_insertion(text: str, path: Sequence[str], columns: Sequence[str]) -> Edit | None:
    """What adds the table *path* (its schema before its name) to the end of the JSON *text*.

    Its descriptions and types are left for somebody to fill in. ``None`` for text that is no
    metadata in a known shape.
    """
    try:
        shape = TableStream(json.loads(text)).shape
    except (json.JSONDecodeError, RecursionError, MetadataError):
        return None
    is_nested = shape in ("seed", "published")
    container = _container(text, _TABLES if is_nested else "")
    if container is None:
        return None
    *schema, name = path
    rows = [{"column_name": it, "data_type": "", "column_description": ""} for it in columns]
    key = join_key("", schema[-1] if schema else "", name)
    entry: dict[str, object] | list[dict[str, str]]
    if shape == "seed":
        entry = {
            "table_name": name,
            "table_schema": schema[-1] if schema else "",
            "table_description": "",
            "column_metadata": rows,
        }
        return container.with_element(text, "", entry)
    entry = {"table_description": "", "columns": rows} if shape == "tables" else list(rows)
    return container.with_element(text, f"{json.dumps(key, ensure_ascii=False)}: ", entry)


@dataclass(frozen=True, slots=True)
class _Container:
    """An object or array in the text. ``last`` is the end of its last element, if it has any."""

    first: int
    last: int | None
    end: int
    depth: int = 1

    def with_element(self, text: str, prefix: str, value: object) -> Edit:
        before = text[: self.first]
        line_start = max(before.rfind("\n"), before.rfind("\r")) + 1
        indent = before[line_start:]
        is_spread = self.last is not None and not indent.strip() and line_start > 0
        if self.last is None:
            # An empty document: its own indentation is what most write.
            element = prefix + json.dumps(value, indent=2, ensure_ascii=False)
            shifted = "\n".join(f"  {it}" for it in element.split("\n"))
            return Edit(Span(self.first, self.end), f"\n{shifted}\n")
        if not is_spread:
            written = json.dumps(value, ensure_ascii=False)
            return Edit(Span(self.last, self.last), f", {prefix}{written}")
        step = indent[: max(1, len(indent) // self.depth)]
        written = json.dumps(value, indent=step, ensure_ascii=False)
        shifted = written.replace("\n", f"\n{indent}")
        return Edit(Span(self.last, self.last), f",\n{indent}{prefix}{shifted}")


def _container(text: str, key: str) -> _Container | None:
    """The outermost object, or the value that it has at *key*."""
    depth, wanted = 0, 1
    expects_value = not key
    first = last = None
    tokens = list(_tokens(text))
    for index, (token, start, end) in enumerate(tokens):
        if token in ("{", "["):
            depth += 1
            if expects_value and first is None and depth == wanted:
                first = tokens[index + 1][1] if index + 1 < len(tokens) else end
                if tokens[index + 1][0] in ("}", "]"):
                    return _Container(end, None, tokens[index + 1][1], wanted)
                continue
        elif token in ("}", "]"):
            depth -= 1
            if first is not None and depth == wanted - 1:
                return _Container(first, last, start, wanted)
        elif key and depth == 1 and token.startswith('"') and tokens[index + 1][0] == ":":
            expects_value = json.loads(token) == key and tokens[index + 2][0] in ("{", "[")
            wanted = 2
        last = end
    return None


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(text):
        yield match.group(), match.start(), match.end()
