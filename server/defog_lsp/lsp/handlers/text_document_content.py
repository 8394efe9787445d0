"""workspace/textDocumentContent: the text of a table's document, ``defog:/…``."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import table_text
from defog_lsp.lsp.table_documents import TableDocument

_UNKNOWN = "-- There is no such table in the metadata now.\n"


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT)(on_text_document_content)


async def on_text_document_content(
    server: SqlLanguageServer, params: lsp.TextDocumentContentParams
) -> lsp.TextDocumentContentResult:
    document = TableDocument.at(params.uri)
    text = await table_text(server, document) if document is not None else None
    return lsp.TextDocumentContentResult(text or _UNKNOWN)
