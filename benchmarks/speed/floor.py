"""The floor: what a server costs that knows nothing and answers at once.

A bare pygls server whose answers are constant. ``bench/constants`` tells it for each file how many
items a completion has, what a hover says, and how many diagnostics follow an edit. It is run by its
path, so that it imports nothing but pygls.
"""

from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

_NOWHERE = types.Range(types.Position(0, 0), types.Position(0, 1))


class Floor(LanguageServer):
    """Constant answers by the last part of a document's URI."""

    def __init__(self) -> None:
        super().__init__("floor", "1")
        self.items: dict[str, list[types.CompletionItem]] = {}
        self.hovers: dict[str, str] = {}
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}


server = Floor()


@server.feature("bench/constants")
def constants(params: Any) -> None:
    for it in params.files:
        server.items[it.name] = [
            types.CompletionItem(
                f"a_column_{number}",
                label_details=types.CompletionItemLabelDetails(" numeric(18,2)", "a_table"),
                kind=types.CompletionItemKind.Field,
            )
            for number in range(it.items)
        ]
        server.hovers[it.name] = it.hover
        server.diagnostics[it.name] = [
            types.Diagnostic(_NOWHERE, "there is no such column here", code="unknown-column")
        ] * it.diagnostics


@server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["."]))
def completion(params: types.CompletionParams) -> types.CompletionList:
    items = server.items.get(_name(params.text_document.uri), [])
    return types.CompletionList(is_incomplete=False, items=items)


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(params: types.HoverParams) -> types.Hover:
    text = server.hovers.get(_name(params.text_document.uri), "")
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), _NOWHERE)


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(params: types.DidOpenTextDocumentParams) -> None:
    _publish(params.text_document.uri, params.text_document.version)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def did_change(params: types.DidChangeTextDocumentParams) -> None:
    _publish(params.text_document.uri, params.text_document.version)


def _publish(uri: str, version: int) -> None:
    diagnostics = server.diagnostics.get(_name(uri))
    if diagnostics:
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, diagnostics, version)
        )


def _name(uri: str) -> str:
    return uri.rpartition("/")[2]


if __name__ == "__main__":
    server.start_io()
