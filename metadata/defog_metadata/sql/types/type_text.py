"""Types as text: without their modifiers, and what is inside arrays, structs and maps."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

__all__ = ["NULL", "UNTYPED", "Spelling", "element_of", "field_of", "members_of"]

UNTYPED = "unknown"
"""A string literal, where the engine lets it take the type of what it meets."""
NULL = "null"
"""NULL, which takes the type of anything."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
_SIMPLE = re.compile(
    r"""\s*(?P<name>"[^"]+"|[a-z_][\w.]*(?:\s+[a-z_][\w.]*)*?)
    \s*(?:\((?P<modifiers>[^()]*)\))?
    (?P<rest>(?:\s+[a-z_]\w*)*?)
    \s*(?P<array>(?:\[\d*\]\s*)*)""",
    re.VERBOSE | re.IGNORECASE,
)
_NESTED = re.compile(r"\s*(?:array|list|struct|row|map)\s*[<(]", re.IGNORECASE)
_OUTER = re.compile(r"\s*(\w+)\s*[<(](.*)[)>]\s*", re.DOTALL)
_BEHIND = re.compile(r" (?:with|without|unsigned)\b")
_MEMBER = re.compile(r"\s*(\"[^\"]+\"|`[^`]+`|\w+)(?:\s*:\s*|\s+)(\S.*?)\s*", re.DOTALL)
_STRUCTS = frozenset(("struct", "row", "record"))


class Spelling:
    """How one engine writes its types.

    ``aliases`` are the other names that it takes, with the one that it shows; ``ignored`` are
    words of a type that say nothing about its kind (``zerofill``). With *has_flat_arrays*, an
    array of arrays is no type of its own.
    """

    def __init__(
        self,
        aliases: Mapping[str, str] = _NOTHING,
        ignored: Iterable[str] = (),
        *,
        has_flat_arrays: bool = False,
    ) -> None:
        self._aliases = aliases
        self._ignored = frozenset(ignored)
        self._has_flat_arrays = has_flat_arrays
        self._read = lru_cache(maxsize=4096)(self._taken_apart)

    def base(self, shown: str) -> str:
        """The type without its modifiers: ``numeric`` for ``Decimal(9,2)``."""
        return self._read(shown)[0]

    def full(self, shown: str) -> str:
        """The type with its modifiers, as the engine writes it."""
        return self._read(shown)[1]

    def _taken_apart(self, shown: str) -> tuple[str, str]:
        match = None if _NESTED.match(shown) else _SIMPLE.fullmatch(shown)
        if match is None:
            return shown, shown
        name = match["name"]
        if not name.startswith('"'):
            words = f"{name} {match['rest']}".lower().split()
            kept = " ".join(it for it in words if it not in self._ignored)
            name = self._aliases.get(kept, kept)
        array = "".join(match["array"].split())
        if array and self._has_flat_arrays:
            array = "[]"
        modifiers = re.sub(r"\s*,\s*", ",", match["modifiers"] or "").strip()
        # ``timestamp(3) with time zone`` and ``int(11) unsigned``, but ``bit varying(3)``.
        listed = f"({modifiers})" if modifiers else ""
        behind = _BEHIND.search(name)
        at = behind.start() if behind else len(name)
        return name + array, f"{name[:at]}{listed}{name[at:]}{array}"


def element_of(shown: str) -> str:
    """What is inside an array, or behind the keys of a map; empty for anything else."""
    shown = shown.strip()
    if shown.endswith("]"):
        return shown[: shown.rindex("[")]
    match = _OUTER.fullmatch(shown)
    if match is None:
        return ""
    inside = _divided(match[2])
    if match[1].lower() in ("array", "list"):
        return match[2].strip()
    return inside[1].strip() if match[1].lower() == "map" and len(inside) > 1 else ""


def field_of(shown: str, name: str) -> str:
    """The type of a struct's member; empty where it has none of that name.

    >>> field_of("STRUCT<id INT64, tags ARRAY<STRING>>", "tags")
    'ARRAY<STRING>'
    """
    match = _OUTER.fullmatch(shown)
    if match is None or match[1].lower() not in _STRUCTS:
        return ""
    wanted = name.casefold()
    return next((it for member, it in members_of(shown) if member.casefold() == wanted), "")


def members_of(shown: str) -> list[tuple[str, str]]:
    """The names and types in the brackets of ``struct<id int64>`` or ``table(id bigint)``."""
    match = _OUTER.fullmatch(shown)
    members = map(_MEMBER.fullmatch, _divided(match[2]) if match else ())
    return [(it[1].strip('"`'), it[2]) for it in members if it]


def _divided(inside: str) -> list[str]:
    """The parts between the commas that are in no bracket."""
    parts = [""]
    depth = 0
    for it in inside:
        depth += (it in "<([") - (it in ">)]")
        if it == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += it
    return parts
