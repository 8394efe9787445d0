"""textDocument/documentLink, documentLink/resolve: the tables that a glossary names."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import shown_uri
from defog_lsp.lsp.table_documents import TableDocument
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    options = lsp.DocumentLinkOptions(resolve_provider=True)
    server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK, options)(on_document_link)
    server.feature(lsp.DOCUMENT_LINK_RESOLVE)(on_document_link_resolve)


async def on_document_link(
    server: SqlLanguageServer, params: lsp.DocumentLinkParams
) -> list[lsp.DocumentLink] | None:
    view = await server.session.view(server.opened(params.text_document.uri))
    if view is None or view.kind != "glossary":
        return None
    _, feed = server.projects.feed_for(view.uri)
    found = await in_thread(late_navigation.links, view)
    return [
        lsp.DocumentLink(
            view.positions.range_(it.span),
            tooltip=it.table.description or None,
            # Where it leads is found out when it is followed: that may take writing a file.
            data=TableDocument.of(feed.name if feed else None, it.table).uri,
        )
        for it in found
    ]


async def on_document_link_resolve(
    server: SqlLanguageServer, params: lsp.DocumentLink
) -> lsp.DocumentLink:
    document = TableDocument.at(params.data) if isinstance(params.data, str) else None
    if document is not None:
        params.target = await shown_uri(server, document)
    return params
