"""Changes of JSON text that look as if whoever wrote the rest had made them."""

import json
import re

from defog_metadata.documents.nodes import Items, Members, Node
from defog_metadata.text import Edit, Span

__all__ = ["element_added"]

_USUAL_STEP = "  "


def element_added(
    text: str, container: Items | Members, value: object, key: str | None = None
) -> Edit:
    """*value*, of an object under *key*, as the last element of *container*, which has no faults.

    It stands as its neighbours do: each on a line, or all in one.
    """
    prefix = "" if key is None else f"{json.dumps(key, ensure_ascii=False)}: "
    newline = "\r\n" if "\r\n" in text else "\n"
    last = _last(container)
    if last is None:
        margin = _line_margin(text, container.span.start)
        inner = margin + _step(text, margin)
        written = prefix + _spread(value, inner, _step(text, margin))
        inside = Span(container.span.start + 1, container.span.end - 1)
        return Edit(inside, f"\n{inner}{written}\n{margin}".replace("\n", newline))
    start, node = last
    own = _own_line(text, start)
    at = Span(node.span.end, node.span.end)
    if own is None:
        return Edit(at, f", {prefix}{json.dumps(value, ensure_ascii=False)}")
    if "\n" in text[node.span.start : node.span.end] or not isinstance(node, (Items, Members)):
        written = _spread(value, own, _step(text, _line_margin(text, container.span.start)))
    else:
        written = json.dumps(value, ensure_ascii=False)
    return Edit(at, f",\n{own}{prefix}{written}".replace("\n", newline))


def _last(container: Items | Members) -> tuple[int, Node] | None:
    """Where the last element starts, and its value."""
    if isinstance(container, Members):
        if not container.members:
            return None
        key, node = container.members[-1]
        return key.place.start - 1, node
    return (container.items[-1].span.start, container.items[-1]) if container.items else None


def _spread(value: object, margin: str, step: str) -> str:
    return json.dumps(value, indent=step, ensure_ascii=False).replace("\n", f"\n{margin}")


def _own_line(text: str, at: int) -> str | None:
    """The white space before *at*, if nothing else is before it in its line."""
    line = text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 : at]
    return line if not line.strip() and at > len(line) else None


def _line_margin(text: str, at: int) -> str:
    """The white space that the line of *at* begins with."""
    line = text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 : at]
    return line[: len(line) - len(line.lstrip())]


def _step(text: str, margin: str) -> str:
    """How much further in the elements stand than the line, with *margin*, that opens them."""
    found = re.search(rf"\n{re.escape(margin)}([ \t]+)\S", text)
    return found[1] if found else _USUAL_STEP
