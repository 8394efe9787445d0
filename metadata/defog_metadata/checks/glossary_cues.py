"""What the words around a name in a line of prose say that it is."""

import re
from dataclasses import dataclass

from defog_metadata.text import Span

__all__ = ["Around"]


@dataclass(frozen=True, slots=True)
class Around:
    """The *line* around what stands at *span* of it."""

    line: str
    span: Span

    def goes_on_with(self, *signs: str) -> bool:
        return self.line.startswith(signs, self.span.end)

    def is_cued(self) -> bool:
        """Whether the words around say that it is a table or column."""
        before = self.line[: self.span.start]
        behind = self.line[self.span.end :]
        before = _LIST_BEFORE.sub("", before)
        if _CUE_BEFORE.search(before):
            return True
        if _ON.search(before) and _JOIN.search(before):
            return True
        if _CUE_BEHIND.match(behind):
            return True
        return _WHERE.search(before) is not None and _COMPARED.match(behind) is not None

    def is_value(self) -> bool:
        """Whether the words before say that it is what a column contains."""
        return _VALUE_BEFORE.search(_LIST_BEFORE.sub("", self.line[: self.span.start])) is not None

    def is_compared(self) -> bool:
        """Whether it is an operand, and not what the statement defines."""
        before = self.line[: self.span.start]
        is_operand = _COMPARED.match(self.line, self.span.end) is not None
        return is_operand and _CLAUSE_BEFORE.search(before) is not None

    def is_followed_by_sense(self) -> bool:
        """Whether the sentence goes on behind it, so that its dot is no full stop."""
        return self.line[self.span.end : self.span.end + 1] in " ,;:)."


_ITEM = r"""[`"]?[\w.$]+[`"]?"""
_LIST_BEFORE = re.compile(
    rf"""(?:{_ITEM}(?:\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*/\s*))+[`"]?$"""
)
_CUE_BEFORE = re.compile(
    r"""\b(?:tables?|columns?|joins?|joining|joined\s+(?:to|with|on|by)|group(?:ed)?\s+by
    |order(?:ed)?\s+by|partition(?:ed)?\s+by|(?:the|a)\s+view|instead\s+of|using|rows?\s+in)
    \s+(?:the\s+|either\s+|both\s+|from\s+)?[`"]?$""",
    re.IGNORECASE | re.VERBOSE,
)
_CUE_BEHIND = re.compile(
    rf"""[`"]?(?:(?:\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*/\s*){_ITEM})*
    \s+(?:tables?|columns?|view|is\s+(?:not\s+)?null|(?:can\s+be|is|are|should\s+be|must\s+be)\s+joined|joins)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ON = re.compile(r"\bon\s+(?:the\s+)?[`\"]?$", re.IGNORECASE)
_JOIN = re.compile(r"\bjoin(?:s|ed|ing)?\b", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:where|when|if|filter(?:ed)?(?:\s+(?:by|on))?)\s+[`\"]?$", re.IGNORECASE)
_COMPARED = re.compile(r"[`\"]?\s*(?:=|<|>|!=|(?:is|in|like|between|not)\b)", re.IGNORECASE)
_CLAUSE_BEFORE = re.compile(r"(?:,|;|\b(?:and|or|where|when|if|with))\s+$", re.IGNORECASE)
_VALUE_BEFORE = re.compile(
    r"(?:=|:|\b(?:is|are|be|was|values?|equals?|equal\s+to|set\s+to|as|like|either|not|status|means?)"
    r"|\bin\s*\(?)\s*[`\"]?$",
    re.IGNORECASE,
)
