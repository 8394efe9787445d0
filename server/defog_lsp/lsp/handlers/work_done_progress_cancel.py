"""window/workDoneProgress/cancel: what shows itself stops where it next asks."""

from lsprotocol import types as lsp

from defog_lsp.lsp.language_server import SqlLanguageServer


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)(on_work_done_progress_cancel)


def on_work_done_progress_cancel(
    server: SqlLanguageServer, params: lsp.WorkDoneProgressCancelParams
) -> None:
    server.progresses.cancel(params.token)
