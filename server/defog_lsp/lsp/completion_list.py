"""What completion has found, as the JSON of an LSP ``CompletionList``.

Made in the thread that has found it. lsprotocol's objects would say the same, but to make a
hundred of them, check them and take them apart again costs more than to find what they say; the
tests hold this against them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

from lsprotocol import types as lsp

from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.item_data import to_data
from defog_lsp.lsp.markup import markup
from defog_lsp.lsp.session import View
from defog_lsp.snippet_text import escaped
from defog_metadata.text import Edit, Span

if TYPE_CHECKING:
    from defog_lsp.ide.completion import Completions, Item, ItemKind

__all__ = ["CompletionList", "completion_list"]


class _Position(TypedDict):
    line: int
    character: int


class _Range(TypedDict):
    start: _Position
    end: _Position


class _TextEdit(TypedDict):
    range: _Range
    newText: str


class _BothRanges(TypedDict):
    insert: _Range
    replace: _Range
    """The same, to the end of the word that the caret is in."""


class _InsertReplaceEdit(_BothRanges):
    newText: str


class _LabelDetails(TypedDict):
    detail: NotRequired[str]
    description: NotRequired[str]


class _Markup(TypedDict):
    kind: str
    value: str


class _Item(TypedDict):
    label: str
    kind: int
    sortText: str
    filterText: NotRequired[str]
    """Left out where it is the label."""
    textEdit: NotRequired[_TextEdit | _InsertReplaceEdit]
    textEditText: NotRequired[str]
    """In place of ``textEdit`` where the list gives the range; left out where it is the label."""
    additionalTextEdits: NotRequired[list[_TextEdit]]
    insertTextFormat: NotRequired[int]
    data: NotRequired[Mapping[str, str]]
    documentation: NotRequired[_Markup]
    labelDetails: NotRequired[_LabelDetails]
    detail: NotRequired[str]


class _Defaults(TypedDict):
    editRange: _Range | _BothRanges


class CompletionList(TypedDict):
    isIncomplete: bool
    itemDefaults: NotRequired[_Defaults]
    items: list[_Item]


_KINDS: "dict[ItemKind, int]" = {
    "schema": lsp.CompletionItemKind.Module.value,
    "table": lsp.CompletionItemKind.Class.value,
    "view": lsp.CompletionItemKind.Interface.value,
    "cte": lsp.CompletionItemKind.Struct.value,
    "alias": lsp.CompletionItemKind.Variable.value,
    "column": lsp.CompletionItemKind.Field.value,
    "function": lsp.CompletionItemKind.Function.value,
    "keyword": lsp.CompletionItemKind.Keyword.value,
    "join": lsp.CompletionItemKind.Reference.value,
    "list": lsp.CompletionItemKind.Snippet.value,
    "type": lsp.CompletionItemKind.TypeParameter.value,
    "value": lsp.CompletionItemKind.EnumMember.value,
}
# For those that came later, what is closest among the kinds that every client knows.
_FIRST_KINDS = _KINDS | {
    "cte": lsp.CompletionItemKind.Class.value,
    "type": lsp.CompletionItemKind.Keyword.value,
    "value": lsp.CompletionItemKind.Value.value,
}
_SNIPPET = lsp.InsertTextFormat.Snippet.value
# Eglot gives snippets to yasnippet, which evaluates what stands between backticks. In some dialects
# names do, and what a database calls its columns must not be run.
_UNSAFE = "`"
_REST_OF_WORD = re.compile(r"[\w$]*")


def completion_list(found: "Completions", view: View, capabilities: Capabilities) -> CompletionList:
    """*found* for the document of *view*, in the form that the client takes."""
    write = _Writer(view, capabilities, found.items)
    items = [write.item(it, index) for index, it in enumerate(found.items)]
    if write.range is None:
        return {"isIncomplete": found.is_incomplete, "items": items}
    defaults: _Defaults = {"editRange": write.range}
    return {"isIncomplete": found.is_incomplete, "itemDefaults": defaults, "items": items}


class _Writer:
    """Writes the items of one list."""

    def __init__(self, view: View, capabilities: Capabilities, items: "Sequence[Item]") -> None:
        self._view = view
        self._capabilities = capabilities
        self._document = view.positions.document
        self._kinds = _KINDS if capabilities.later_kinds else _FIRST_KINDS
        self._ranges: dict[Span, _Range] = {}
        # What escapes a character for the file would not do so for a tab stop.
        self._has_stops = capabilities.snippets and not view.is_embedded
        self._has_both = capabilities.insert_replace and not view.is_embedded
        self.range: _Range | _BothRanges | None = None
        """What all items replace, where the list is to say so."""
        if capabilities.default_edit_range and items and not view.is_embedded:
            spans = {it.span for it in items}
            if len(spans) == 1:
                span = spans.pop()
                self.range = self._both_ranges(span) or self._range(span)

    def item(self, item: "Item", index: int) -> _Item:
        answer: _Item = {
            "label": item.label,
            "kind": self._kinds[item.kind],
            "sortText": f"{index:04}",
        }
        if item.filter_text and item.filter_text != item.label:
            answer["filterText"] = item.filter_text
        self._put_edits(answer, item)
        if item.subject is not None and self._capabilities.resolves_documentation:
            answer["data"] = to_data(item.subject, self._view.uri, self._view.snapshot.dialect)
        elif item.documentation:
            answer["documentation"] = self._markup(item.documentation)
        self._put_details(answer, item)
        return answer

    def _put_edits(self, answer: _Item, item: "Item") -> None:
        has_stops = self._has_stops and item.snippet != "" and _UNSAFE not in item.snippet
        edit = Edit(item.span, item.snippet if has_stops else item.insert)
        others: Sequence[Edit] = item.extra_edits
        if self.range is None:
            edit, *others = self._view.positions.document_edits([edit, *others])
        if has_stops:
            answer["insertTextFormat"] = _SNIPPET
        elif self._is_cut(edit.text):
            answer["insertTextFormat"] = _SNIPPET
            # A client that has been asked for no snippets may put in that.
            answer["label"] = item.insert
            answer.setdefault("filterText", item.label)
            edit = Edit(edit.span, escaped(edit.text))
        if self.range is None:
            both = self._both_ranges(edit.span)
            answer["textEdit"] = {"newText": edit.text, **both} if both else self._edit(edit)
        elif edit.text != answer["label"]:
            answer["textEditText"] = edit.text
        if others:
            answer["additionalTextEdits"] = [self._edit(it) for it in others]

    def _is_cut(self, text: str) -> bool:
        """Whether the client would put in the first word of *text* alone, but all of a snippet."""
        can = self._capabilities
        return can.cuts_texts and can.snippets and any(map(str.isspace, text))

    def _put_details(self, answer: _Item, item: "Item") -> None:
        if self._capabilities.label_details and (item.detail or item.description):
            details: _LabelDetails = {}
            if item.detail:
                details["detail"] = f" {item.detail}"
            if item.description:
                details["description"] = item.description
            answer["labelDetails"] = details
        elif item.detail or item.description:
            answer["detail"] = " · ".join(filter(None, (item.detail, item.description)))

    def _edit(self, edit: Edit) -> _TextEdit:
        return {"range": self._range(edit.span), "newText": edit.text}

    def _both_ranges(self, span: Span) -> _BothRanges | None:
        """Where the caret is inside a word, and the client can do with or without its rest."""
        if not self._has_both:
            return None
        rest = _REST_OF_WORD.match(self._view.positions.text, span.end)
        if rest is None or not rest[0]:
            return None
        whole = Span(span.start, rest.end())
        return {"insert": self._range(span), "replace": self._range(whole)}

    def _range(self, span: Span) -> _Range:
        """Mostly the same one for all items."""
        found = self._ranges.get(span)
        if found is None:
            place = self._document.range_(span)
            found = self._ranges[span] = {
                "start": {"line": place.start.line, "character": place.start.character},
                "end": {"line": place.end.line, "character": place.end.character},
            }
        return found

    def _markup(self, text: str) -> _Markup:
        found = markup(text, markdown=self._capabilities.completion_markdown)
        return {"kind": found.kind.value, "value": found.value}
