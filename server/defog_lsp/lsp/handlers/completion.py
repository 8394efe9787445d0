"""textDocument/completion: what can be written at the caret."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.item_data import to_data
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.markup import markup
from defog_lsp.lsp.session import View
from defog_lsp.lsp.tasks import in_thread
from defog_metadata.text import Edit

if TYPE_CHECKING:
    from defog_lsp.ide.completion import Item, ItemKind

_STRING = "'"
_OPTIONS = lsp.CompletionOptions(
    trigger_characters=[".", '"', "`", "[", _STRING], resolve_provider=True
)
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
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await in_thread(late.complete, view, offset)
    if found is None or _has_closed_string(params.context, found.items):
        return None
    capabilities = server.client.capabilities
    items = [_item(it, index, view, capabilities) for index, it in enumerate(found.items)]
    return lsp.CompletionList(found.is_incomplete, items)


def _has_closed_string(context: lsp.CompletionContext | None, items: "Sequence[Item]") -> bool:
    """Whether nobody asked: a quote was typed that does not begin a string we know values for."""
    is_quote = context is not None and context.trigger_character == _STRING
    return is_quote and not any(it.kind == "value" for it in items)


def _item(item: "Item", index: int, view: View, capabilities: Capabilities) -> lsp.CompletionItem:
    # What escapes a character for the one would not do so for the other.
    snippet = item.snippet if capabilities.snippets and not view.is_embedded else ""
    edits = [Edit(item.span, snippet or item.insert), *item.extra_edits]
    edit, *extra_edits = view.positions.text_edits(edits)
    answer = lsp.CompletionItem(
        item.label,
        kind=_KINDS[item.kind],
        sort_text=f"{index:04}",
        filter_text=item.filter_text,
        text_edit=edit,
        insert_text_format=lsp.InsertTextFormat.Snippet if snippet else None,
    )
    if extra_edits:
        answer.additional_text_edits = extra_edits
    if item.subject is not None and capabilities.resolves_documentation:
        answer.data = to_data(item.subject, view.uri, view.snapshot.dialect)
    elif item.documentation:
        answer.documentation = markup(item.documentation, markdown=capabilities.completion_markdown)
    if capabilities.label_details and (item.detail or item.description):
        detail = f" {item.detail}" if item.detail else None
        answer.label_details = lsp.CompletionItemLabelDetails(detail, item.description or None)
    else:
        answer.detail = " · ".join(filter(None, (item.detail, item.description))) or None
    return answer
