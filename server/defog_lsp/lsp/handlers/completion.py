"""textDocument/completion: what can be written at the caret."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.completion_list import completion_list
from defog_lsp.lsp.encoded import Encoded, encoded
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import View
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_lsp.ide.completion import Item

_STRING = "'"
_OPTIONS = lsp.CompletionOptions(
    trigger_characters=[".", '"', "`", "[", _STRING], resolve_provider=True
)


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_COMPLETION, _OPTIONS)(on_completion)


async def on_completion(server: SqlLanguageServer, params: lsp.CompletionParams) -> Encoded | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    is_quote = params.context is not None and params.context.trigger_character == _STRING
    return await in_thread(_answer, view, offset, server.client.capabilities, is_quote=is_quote)


def _answer(
    view: View, offset: int, capabilities: Capabilities, *, is_quote: bool
) -> Encoded | None:
    found = late.complete(view, offset)
    if found is None or (is_quote and not _begins_value(found.items)):
        return None
    return encoded(completion_list(found, view, capabilities))


def _begins_value(items: "Sequence[Item]") -> bool:
    """Whether a quote that was just typed begins a string that we know values for.

    Where it does not, nobody has asked.
    """
    return any(it.kind == "value" for it in items)
