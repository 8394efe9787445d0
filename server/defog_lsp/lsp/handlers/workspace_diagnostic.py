"""workspace/diagnostic: what is wrong with the SQL files of all folders, open or not.

A client that takes partial results is answered once there is something new; see ``pull``.
"""

import json
from collections.abc import Sequence

from lsprotocol import types as lsp

from defog_lsp.lsp.closed_files import Report
from defog_lsp.lsp.encoded import Encoded, listed
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.tasks import in_thread


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WORKSPACE_DIAGNOSTIC)(on_workspace_diagnostic)


async def on_workspace_diagnostic(
    server: SqlLanguageServer, params: lsp.WorkspaceDiagnosticParams
) -> Encoded:
    previous = {it.uri: it.value for it in params.previous_result_ids}
    token = params.partial_result_token

    async def tell(reports: Sequence[Report]) -> None:
        head = f'{{"token":{json.dumps(token)},"value":{{"items":'
        server.client.tell_part(await in_thread(listed, head, map(_report, reports), "}}"))

    reports = await server.puller.workspace(previous, None if token is None else tell)
    return await in_thread(listed, '{"items":', map(_report, reports), "}")


def _report(report: Report) -> lsp.WorkspaceDocumentDiagnosticReport:
    if report.items is None and report.result_id is not None:
        return lsp.WorkspaceUnchangedDocumentDiagnosticReport(
            report.uri, report.result_id, version=report.version
        )
    return lsp.WorkspaceFullDocumentDiagnosticReport(
        report.uri, report.items or [], version=report.version, result_id=report.result_id
    )
