"""Markdown for clients that show it, plain text for those that don't."""

import re

from lsprotocol import types as lsp

__all__ = ["markup", "plain"]

_FENCE = re.compile(r"^(?:```|~~~).*$\n?", re.MULTILINE)
_RULE = re.compile(r"^(?:-{3,}|\*{3,})$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*|`([^`\n]+)`")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\S)([^*_\n]+?)(?<=\S)[*_](?![\w*])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def markup(text: str, *, markdown: bool) -> lsp.MarkupContent:
    """*text*, which is Markdown, as the client can show it."""
    if markdown:
        return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
    return lsp.MarkupContent(lsp.MarkupKind.PlainText, plain(text))


def plain(markdown: str) -> str:
    """The text of *markdown* without its marks; code keeps its lines as they are."""
    parts: list[str] = []
    for index, part in enumerate(re.split(_FENCE, markdown)):
        parts.append(part if index % 2 else _prose(part))
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip()


def _prose(text: str) -> str:
    text = _RULE.sub("", text)
    text = _HEADING.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(lambda it: it[1] or it[2], text)
    text = _EMPHASIS.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text)
