"""What a configuration file may say, as values: for whoever reads, checks or writes one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

__all__ = ["Setting", "SettingKind", "Values"]

SettingKind = Literal[
    "text", "secret", "texts", "number", "flag", "section", "named sections", "repeated sections"
]
"""``named sections`` are tables under names of one's own, such as ``[connections.shop]``;
``repeated sections`` are ``[[files]]``. A ``secret`` is text or a table that says where it is."""

Values = Literal["", "file", "files", "connection"]
"""What the texts of a setting name: a file, files by pattern, a connection of this file."""

_NONE: Mapping[str, tuple["Setting", ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Setting:
    """One key. ``about`` is a sentence for people."""

    name: str
    kind: SettingKind
    about: str
    choices: tuple[str, ...] = ()
    """The texts that it can be; empty where it can be any."""
    has_other_spellings: bool = False
    """Whether words that stand for a choice, such as ``postgresql``, are taken too."""
    values: Values = ""
    extensions: tuple[str, ...] = ()
    """Of the files that it names: ``.json``."""
    default: str = ""
    """As it would be written; empty where there is none."""
    least: int | None = None
    """Of a number."""
    is_whole: bool = True
    """Of a number."""
    is_required: bool = False
    children: tuple["Setting", ...] = ()
    """Of a section, or of each section."""
    chooser: str = ""
    """The name of the child whose value decides which of ``variants`` come to ``children``."""
    variants: Mapping[str, tuple["Setting", ...]] = field(default_factory=lambda: _NONE)

    def child(self, name: str) -> "Setting | None":
        return next((it for it in self.every_child if it.name == name), None)

    @property
    def every_child(self) -> tuple["Setting", ...]:
        """The children of all variants, each name once."""
        several = (self.children, *self.variants.values())
        return tuple({it.name: it for group in reversed(several) for it in group}.values())

    def children_for(self, chosen: object) -> tuple["Setting", ...]:
        """The children where the chooser says *chosen*; of all variants for an unknown one."""
        if isinstance(chosen, str) and chosen in self.variants:
            return (*self.children, *self.variants[chosen])
        return self.every_child
