"""What a text says of itself, in a comment before its first statement."""

import re

from defog_metadata.catalog.dialects import canonical_dialect, is_dialect

__all__ = ["declared_dialect", "declaring"]

_COMMENT = re.compile(
    r"\s*(?:--|#|//)[^\S\r\n]*(?P<line>[^\r\n]*)|\s*/\*(?P<block>.*?)\*/", re.DOTALL
)
_DIALECT = re.compile(r"\s*defog\s*:\s*dialect\s*[:=]?\s*(?P<name>[\w-]+)\s*", re.IGNORECASE)


def declared_dialect(text: str) -> str | None:
    r"""The dialect that a comment at the top of *text* says it is in; ``None`` without one.

    >>> declared_dialect("-- defog: dialect mysql\\nselect 1")
    'mysql'
    """
    position = 0
    while comment := _COMMENT.match(text, position):
        said = _DIALECT.fullmatch(comment["line"] or comment["block"] or "")
        if said:
            name = canonical_dialect(said["name"])
            return name if is_dialect(name) else None
        position = comment.end()
    return None


def declaring(dialect: str) -> str:
    """The comment by which a text says that it is in *dialect*."""
    return f"-- defog: dialect {dialect}"
