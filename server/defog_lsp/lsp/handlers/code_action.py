"""textDocument/codeAction: what can be done where the caret is, or with what is selected."""

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.actions import as_actions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_metadata.text import Span

_OPTIONS = lsp.CodeActionOptions(
    code_action_kinds=[
        lsp.CodeActionKind.QuickFix,
        lsp.CodeActionKind.RefactorExtract,
        lsp.CodeActionKind.RefactorInline,
        lsp.CodeActionKind.RefactorRewrite,
        lsp.CodeActionKind.SourceFixAll,
        "source.fixAll.defog",
        "defog.describe",
        "defog.ddl",
        "defog.database",
        "defog.golden",
    ],
    resolve_provider=True,
)


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, _OPTIONS)(on_code_action)


async def on_code_action(
    server: SqlLanguageServer, params: lsp.CodeActionParams
) -> list[lsp.Command | lsp.CodeAction] | None:
    view = await server.view(params.text_document.uri, params.range.start)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    diagnostics: dict[tuple[str, Span], list[lsp.Diagnostic]] = {}
    for it in params.context.diagnostics:
        key = (late.rule_of(str(it.code), it.message), view.positions.span(it.range))
        diagnostics.setdefault(key, []).append(it)
    context = params.context
    found = await in_thread(
        late.code_actions,
        view,
        view.positions.span(params.range),
        kinds=tuple(str(getattr(it, "value", it)) for it in context.only or ()),
        is_automatic=context.trigger_kind == lsp.CodeActionTriggerKind.Automatic,
        shown=frozenset(diagnostics),
    )
    return await as_actions(server, view, found, diagnostics)
