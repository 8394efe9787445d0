"""Snippets as LSP defines them, strictly: what an editor would have to guess is an error."""

import re

__all__ = ["expanded"]

_PART = re.compile(
    r"""(?P<text>[^\\$}]+)          # as it is
      | \\(?P<escaped>[\\$}])
      | \$(?:\d+|\{\d+\})           # a tab stop
      | \$\{\d+:                    # a placeholder, whose text ends with a bracket
      | (?P<end>\})""",
    re.VERBOSE,
)


def expanded(snippet: str) -> str:
    """*snippet* with the texts of its placeholders; ``ValueError`` where it is not one."""
    text, at, open_ = "", 0, 0
    while at < len(snippet):
        part = _PART.match(snippet, at)
        if part is None or (part["end"] and not open_):
            raise ValueError(f"{snippet!r} is no snippet from {at} on")
        at = part.end()
        open_ += part[0].endswith(":") and part["text"] is None
        open_ -= part["end"] is not None
        text += part["text"] or part["escaped"] or ""
    if open_:
        raise ValueError(f"a placeholder of {snippet!r} does not end")
    return text
