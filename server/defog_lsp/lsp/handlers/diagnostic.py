"""textDocument/diagnostic: what is wrong with one document, or that it is what it was."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer

_OPTIONS = lsp.DiagnosticOptions(
    # A file depends on its defog.toml and its database, but on no other SQL file.
    inter_file_dependencies=False,
    workspace_diagnostics=True,
    identifier="defog",
    work_done_progress=True,
)


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, _OPTIONS)(on_diagnostic)


async def on_diagnostic(
    server: SqlLanguageServer, params: lsp.DocumentDiagnosticParams
) -> lsp.DocumentDiagnosticReport:
    report = await server.puller.document(params.text_document.uri, params.previous_result_id)
    if report.items is None and report.result_id is not None:
        return lsp.RelatedUnchangedDocumentDiagnosticReport(report.result_id)
    return lsp.RelatedFullDocumentDiagnosticReport(report.items or [], result_id=report.result_id)
