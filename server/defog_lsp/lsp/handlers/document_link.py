"""textDocument/documentLink, documentLink/resolve: tables that a glossary names, files in SQL."""

from pathlib import Path

from lsprotocol import types as lsp

from defog_lsp.lsp import late_file_links, late_navigation
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.places import shown_uri
from defog_lsp.lsp.project import Project
from defog_lsp.lsp.session import View
from defog_lsp.lsp.table_documents import TableDocument
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import uri_of


def register(server: SqlLanguageServer) -> None:
    options = lsp.DocumentLinkOptions(resolve_provider=True)
    server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK, options)(on_document_link)
    server.feature(lsp.DOCUMENT_LINK_RESOLVE)(on_document_link_resolve)


async def on_document_link(
    server: SqlLanguageServer, params: lsp.DocumentLinkParams
) -> list[lsp.DocumentLink] | None:
    view = await server.session.view(server.opened(params.text_document.uri))
    if view is None:
        return None
    project, feed = server.projects.feed_for(view.uri)
    if view.kind == "sql":
        return await _files(view, _folders(server, view, project))
    if view.kind != "glossary":
        return None
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


def _folders(server: SqlLanguageServer, view: View, project: Project | None) -> list[Path]:
    """Where a client that is given the document may have been started."""
    folders = [it.path for it in server.session.folders.values()]
    around = [it for it in folders if view.path.is_relative_to(it) or not view.path.is_absolute()]
    return [*dict.fromkeys([*around, *([project.location.root] if project else ())])]


async def _files(view: View, folders: list[Path]) -> list[lsp.DocumentLink]:
    found = await in_thread(late_file_links.file_links, view, folders)
    return [
        # To know that there is such a file is to know where the link leads.
        lsp.DocumentLink(view.positions.range_(it.span), uri_of(it.path), tooltip=str(it.path))
        for it in found
    ]


async def on_document_link_resolve(
    server: SqlLanguageServer, params: lsp.DocumentLink
) -> lsp.DocumentLink:
    document = TableDocument.at(params.data) if isinstance(params.data, str) else None
    if document is not None:
        params.target = await shown_uri(server, document)
    return params
