"""A piece of SQL text."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Token", "TokenKind", "is_filled_in"]

TokenKind = Literal["word", "quoted", "string", "number", "comment", "symbol", "parameter"]


@dataclass(frozen=True, slots=True)
class Token:
    """``closed`` is false for a string, quoted name or comment that nobody has closed.

    A template's ``{{ … }}`` is a parameter, its ``{% … %}`` a comment.
    """

    kind: TokenKind
    start: int
    end: int
    text: str
    closed: bool = True

    @property
    def word(self) -> str:
        """The upper-case text of a bare word or symbol; empty for everything else."""
        return self.text.upper() if self.kind in ("word", "symbol") else ""

    @property
    def key(self) -> str:
        """The text as a name to compare: without quotes, letter case aside."""
        return self.text.strip('"`[]').casefold()


def is_filled_in(token: Token) -> bool:
    """Whether a program puts something else into its place before an engine sees the text."""
    return token.text.startswith(_TEMPLATES[token.kind]) if token.kind in _TEMPLATES else False


_TEMPLATES = {"parameter": ("{{", "${", "%s", "%("), "comment": ("{%", "{#")}
