"""Additions to TOML text that leave everything else as it is."""

import json
import re
from collections.abc import Mapping, Sequence

from defog_metadata.documents.toml_text import read_toml
from defog_metadata.text import Edit, Span

__all__ = ["item_added", "keys_added", "section_added"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def section_added(text: str, path: Sequence[str], values: Mapping[str, object]) -> Edit:
    """A section ``[path]`` with *values* at the end of *text*, which has no mistakes.

    *values* are texts, whole numbers, flags, lists and tables of them.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    header = ".".join(map(_key, path))
    lines = [f"[{header}]", *(f"{_key(key)} = {_value(it)}" for key, it in values.items())]
    before = ["", ""] if text and not text.endswith("\n") else [""] if text.strip() else []
    end = Span(len(text), len(text))
    return Edit(end, newline.join([*before, *lines, ""]))


def keys_added(text: str, values: Mapping[str, object]) -> Edit:
    """*values* under their keys, before the first section of *text*, which has no mistakes."""
    newline = "\r\n" if "\r\n" in text else "\n"
    document = read_toml(text)
    ends = [
        document.places.at(it).value.end
        for it, known in document.values.items()
        if not _is_section(known)
    ]
    lines = "".join(f"{_key(key)} = {_value(it)}{newline}" for key, it in values.items())
    if not ends:
        at = 1 if text.startswith("\ufeff") else 0
        return Edit(Span(at, at), lines + (newline if text[at:].strip() else ""))
    at = text.find("\n", max(ends)) + 1
    if at == 0:
        return Edit(Span(len(text), len(text)), newline + lines)
    return Edit(Span(at, at), lines)


def item_added(text: str, key: str, value: object) -> Edit:
    """*value* at the end of the list under *key*, one of the first keys of *text*."""
    document = read_toml(text)
    there = document.values[key]
    assert isinstance(there, list)  # noqa: S101 - what is no list gets no items
    node = document.places.at(key)
    if not there:
        return Edit(node.value, _value([value]))
    end = node.at(len(there) - 1).value.end
    return Edit(Span(end, end), f", {_value(value)}")


def _is_section(value: object) -> bool:
    """Whether a header may have made *value*."""
    tables = value if isinstance(value, list) else [value]
    return bool(tables) and all(isinstance(it, dict) for it in tables)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Mapping():
            inside = ", ".join(f"{_key(str(key))} = {_value(it)}" for key, it in value.items())
            return f"{{ {inside} }}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    # What JSON escapes TOML understands, and one character more has to be.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
