"""textDocument/completion: what can be written at the caret."""

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.markup import markup

if TYPE_CHECKING:
    from defog_lsp.ide.completion import Item, ItemKind

_OPTIONS = lsp.CompletionOptions(trigger_characters=[".", '"', "`", "["])
_QUOTES = ('"', "`", "[")
_KINDS: "dict[ItemKind, lsp.CompletionItemKind]" = {
    "schema": lsp.CompletionItemKind.Module,
    "table": lsp.CompletionItemKind.Class,
    "view": lsp.CompletionItemKind.Interface,
    "cte": lsp.CompletionItemKind.Struct,
    "alias": lsp.CompletionItemKind.Variable,
    "column": lsp.CompletionItemKind.Field,
    "function": lsp.CompletionItemKind.Function,
    "keyword": lsp.CompletionItemKind.Keyword,
    "join": lsp.CompletionItemKind.Reference,
    "list": lsp.CompletionItemKind.Snippet,
    "type": lsp.CompletionItemKind.TypeParameter,
    "value": lsp.CompletionItemKind.EnumMember,
}


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_COMPLETION, _OPTIONS)(on_completion)


async def on_completion(
    server: SqlLanguageServer, params: lsp.CompletionParams
) -> lsp.CompletionList | None:
    view = await server.view(params.text_document.uri)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await asyncio.to_thread(late.complete, view.snapshot, offset)
    capabilities = server.client.capabilities
    items = [_item(it, index, view.positions, capabilities) for index, it in enumerate(found.items)]
    return lsp.CompletionList(found.is_incomplete, items)


def _item(
    item: "Item", index: int, positions: Positions, capabilities: Capabilities
) -> lsp.CompletionItem:
    snippet = item.snippet if capabilities.snippets else ""
    answer = lsp.CompletionItem(
        item.label,
        kind=_KINDS[item.kind],
        sort_text=f"{index:04}",
        filter_text=_filter_text(item, positions.text),
        text_edit=lsp.TextEdit(positions.range_(item.span), snippet or item.insert),
        insert_text_format=lsp.InsertTextFormat.Snippet if snippet else None,
    )
    if item.documentation:
        answer.documentation = markup(item.documentation, markdown=capabilities.completion_markdown)
    if capabilities.label_details and (item.detail or item.description):
        detail = f" {item.detail}" if item.detail else None
        answer.label_details = lsp.CompletionItemLabelDetails(detail, item.description or None)
    else:
        answer.detail = " · ".join(filter(None, (item.detail, item.description))) or None
    return answer


def _filter_text(item: "Item", text: str) -> str:
    """What the client compares with what stands in the edit's range: that may be quoted."""
    quote = text[item.span.start : item.span.start + 1]
    if item.span.end == item.span.start or quote not in _QUOTES:
        return item.label
    return item.insert if item.insert.startswith(quote) else f"{quote}{item.label}"
