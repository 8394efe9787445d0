"""Text in the syntax of LSP's snippets, which have it from TextMate."""

import re

__all__ = ["escaped"]

_SPECIAL = re.compile(r"[\\$}]")


def escaped(text: str) -> str:
    """*text* such that a snippet shows it as it is."""
    return _SPECIAL.sub(r"\\\g<0>", text)
