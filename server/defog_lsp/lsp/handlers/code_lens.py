"""textDocument/codeLens: what golden queries are worth, above each of them."""

from lsprotocol import types as lsp

from defog_lsp.lsp import late_golden
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    options = lsp.CodeLensOptions(resolve_provider=False, work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, options)(on_code_lens)


async def on_code_lens(
    server: SqlLanguageServer, params: lsp.CodeLensParams
) -> list[lsp.CodeLens] | None:
    view = await server.session.view(server.opened(params.text_document.uri))
    if view is None or view.kind != "golden queries":
        return None
    async with server.progresses.shown("Checking the golden queries"):
        found = await in_thread(late_golden.lenses, view)
    return [
        lsp.CodeLens(
            view.positions.range_(it.span),
            # A lens without a name of a command is text that cannot be clicked.
            lsp.Command(it.title, "defog.showUncovered", arguments=[{"uri": view.uri}])
            if it.shows_uncovered
            else lsp.Command(it.title, ""),
        )
        for it in found
    ]
