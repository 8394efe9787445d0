"""``defog.showUncovered {uri}``: what the golden queries of a document leave out, as a text.

Answered with ``{text, uri}`` as ``defog.generateDdl`` is; ``null`` for what is no such document.
"""

from defog_lsp.lsp import late_golden
from defog_lsp.lsp.arguments import read_arguments
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread


async def show_uncovered(
    server: SqlLanguageServer, *arguments: object
) -> dict[str, str | None] | None:
    asked = read_arguments(arguments)
    view = await server.session.view(server.opened(asked.uri))
    if view is None or view.kind != "golden queries":
        return None
    async with server.progresses.shown("Looking for what is not covered", unasked=True):
        text = await in_thread(late_golden.uncovered, view)
    return {"text": text, "uri": await server.dialogue.open_text(text, "uncovered.sql")}
