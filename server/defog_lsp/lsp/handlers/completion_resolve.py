"""completionItem/resolve: the documentation of an item that the client has come to show."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.item_data import read_data
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.markup import markup
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.COMPLETION_ITEM_RESOLVE)(on_completion_resolve)


async def on_completion_resolve(
    server: SqlLanguageServer, item: lsp.CompletionItem
) -> lsp.CompletionItem:
    data = read_data(item.data)
    if data is None:
        return item
    catalog = server.projects.catalog_for(data.uri)
    glossary = server.projects.glossary_for(data.uri)
    # From here on the metadata may change: the answer is about what was there.
    found = await in_thread(late.documentation, data, catalog, glossary)
    if found:
        item.documentation = markup(found, markdown=server.client.capabilities.completion_markdown)
    return item
