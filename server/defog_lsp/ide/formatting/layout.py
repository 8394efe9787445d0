"""Text that may be broken into lines, and what it looks like within a width.

A ``Group`` is written on one line if what is in it fits, and is broken at each of its own ``Line``
otherwise (Wadler, *A prettier printer*).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

__all__ = ["Broken", "Doc", "Group", "Indent", "Line", "Text", "written"]


@dataclass(frozen=True, slots=True)
class Text:
    """Written as it is. What has line breaks in it begins where it stands and is not moved."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line break where the group around it is broken, else ``flat``."""

    flat: str = " "


@dataclass(frozen=True, slots=True)
class Broken:
    """A line break, always; one is enough where several follow each other."""


@dataclass(frozen=True, slots=True)
class Indent:
    """Lines that begin in ``parts`` are indented by one more step."""

    parts: Sequence["Doc"]


@dataclass(frozen=True, slots=True)
class Group:
    parts: Sequence["Doc"]


Doc = Union[Text, Line, Broken, Indent, Group]  # noqa: UP007 - it names itself


def written(parts: Sequence[Doc], *, width: int, indent: str, margin: str = "") -> str:
    """*parts* in lines of at most *width* characters, where they can be broken so.

    All begin behind the blanks of *margin*, where the first one is already.
    """
    lines = [""]
    begun = 0  # how far in the line is that nothing has been written on yet
    waiting: list[tuple[int, bool, Doc]] = [(0, True, it) for it in reversed(parts)]
    while waiting:
        depth, is_broken, doc = waiting.pop()
        match doc:
            case Text(text):
                if not lines[-1]:
                    lines[-1] = margin + indent * begun
                first, *others = text.split("\n")
                lines[-1] += first
                lines += others
            case Line(flat) if not is_broken:
                lines[-1] += flat if lines[-1].strip() else ""
            case Line() | Broken():
                lines[-1] = lines[-1].rstrip()
                if lines[-1]:
                    lines.append("")
                begun = depth
            case Indent(inside):
                waiting += ((depth + 1, is_broken, it) for it in reversed(inside))
            case Group(inside):
                room = width - len(lines[-1] or margin + indent * begun)
                breaks = not _fits(inside, waiting, room)
                waiting += ((depth, breaks, it) for it in reversed(inside))
    text = "\n".join(it.rstrip() if it.isspace() else it for it in lines)
    return text.removeprefix(margin).rstrip()


def _fits(inside: Sequence[Doc], after: Sequence[tuple[int, bool, Doc]], room: int) -> bool:
    """Whether *inside* fits on one line, with what follows on that line in any case."""
    waiting = [(False, it) for it in reversed(inside)]
    following = len(after)
    while room >= 0:
        if not waiting:
            if not following:
                return True
            following -= 1
            _, is_broken, doc = after[following]
            waiting.append((is_broken, doc))
            if isinstance(doc, Group):
                return True  # it can be broken by itself
            continue
        is_broken, doc = waiting.pop()
        match doc:
            case Text(text):
                first, *others = text.split("\n")
                if others and not is_broken:
                    return False
                room -= len(first)
                if others:
                    return room >= 0
            case Line(flat):
                if is_broken:
                    return True
                room -= len(flat)
            case Broken():
                return is_broken
            case Indent(parts) | Group(parts):
                waiting += ((is_broken, it) for it in reversed(parts))
    return False
