"""textDocument/codeLens: what golden queries are worth, and which tables statements touch."""

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late_golden, late_navigation
from defog_lsp.lsp.actions import applying
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.edits import workspace_edit
from defog_lsp.lsp.encoded import Encoded, listed
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.session import View
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_lsp.ide.code_lens import Lens
    from defog_lsp.ide.statement_lenses import StatementLens


def register(server: SqlLanguageServer) -> None:
    # All that is in a lens is known from the diagnostics, or costs less than asking once more.
    options = lsp.CodeLensOptions(resolve_provider=False, work_done_progress=True)
    server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, options)(on_code_lens)


async def on_code_lens(server: SqlLanguageServer, params: lsp.CodeLensParams) -> Encoded | None:
    document = server.opened(params.text_document.uri)
    view = await server.session.view(document)
    opened = None if document is None else server.session.document(document.uri)
    workspace = opened.project.workspace if opened is not None and opened.project else None
    if view is None or (workspace is not None and not workspace.configuration.code_lens):
        return None
    match view.kind:
        case "golden queries":
            async with server.progresses.shown("Checking the golden queries"):
                return await in_thread(_above_golden_queries, view)
        case "sql":
            return await in_thread(_above_statements, view, server.client.capabilities)
    return None


def _above_golden_queries(view: View) -> Encoded:
    return listed("", (_of_golden_query(view, it) for it in late_golden.lenses(view)), "")


def _above_statements(view: View, capabilities: Capabilities) -> Encoded:
    # A large file has thousands: they are made and encoded here, not on the loop.
    found = late_navigation.statement_lenses(view)
    return listed("", (_of_statement(view, it, capabilities) for it in found), "")


def _of_golden_query(view: View, lens: "Lens") -> lsp.CodeLens:
    # A lens without a name of a command is text that cannot be clicked.
    command = lsp.Command(lens.title, "")
    if lens.shows_uncovered:
        command = lsp.Command(lens.title, "defog.showUncovered", arguments=[{"uri": view.uri}])
    return lsp.CodeLens(view.positions.range_(lens.span), command)


def _of_statement(view: View, lens: "StatementLens", capabilities: Capabilities) -> lsp.CodeLens:
    command = lsp.Command(lens.title, "")
    if lens.fix is not None:
        edits = lens.fix.edits
        edit = workspace_edit(view.uri, view.version, view.positions, edits, capabilities)
        applied = applying(lens.fix.title, edit, capabilities)
        if applied is not None:
            # Told with what it does: the click changes the text.
            applied.title = f"{lens.title} · {lens.fix.title}"
            command = applied
    return lsp.CodeLens(view.positions.range_(lens.span), command)
