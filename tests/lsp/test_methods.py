"""Every method of the protocol: the server has it, or there is a reason why it has not."""

from lsprotocol import types as lsp

from defog_lsp.lsp.server import create_server

OURS_TO_SEND = frozenset(
    (
        lsp.CLIENT_REGISTER_CAPABILITY,
        lsp.CLIENT_UNREGISTER_CAPABILITY,
        lsp.PROGRESS,
        lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
        lsp.WINDOW_LOG_MESSAGE,
        lsp.WINDOW_SHOW_DOCUMENT,
        lsp.WINDOW_SHOW_MESSAGE,
        lsp.WINDOW_SHOW_MESSAGE_REQUEST,
        lsp.WINDOW_WORK_DONE_PROGRESS_CREATE,
        lsp.WORKSPACE_APPLY_EDIT,
        lsp.WORKSPACE_CODE_LENS_REFRESH,
        lsp.WORKSPACE_CONFIGURATION,
        lsp.WORKSPACE_DIAGNOSTIC_REFRESH,
        lsp.WORKSPACE_INLAY_HINT_REFRESH,
        lsp.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
    )
)
"""What the server sends to the client."""
_NO_COLOURS = "SQL has no colours"
_NO_TYPES = "types of SQL have no supertypes that anybody declares"
_NO_DEBUGGER = "nothing stops in the middle of a statement, with values to show"
_NOTHING_TO_ADD = "the answer is complete at once: there is nothing to resolve"
_EDITOR_FORMATS = "formatting on save is the editor's own, with textDocument/formatting"
WITHOUT = {
    lsp.CANCEL_REQUEST: "the library below handles it before any handler",
    lsp.LOG_TRACE: "the log goes to window/logMessage and to a file",
    lsp.TELEMETRY_EVENT: "nobody is watched",
    lsp.CODE_LENS_RESOLVE: _NOTHING_TO_ADD,
    lsp.INLAY_HINT_RESOLVE: _NOTHING_TO_ADD,
    lsp.TEXT_DOCUMENT_COLOR_PRESENTATION: _NO_COLOURS,
    lsp.TEXT_DOCUMENT_DOCUMENT_COLOR: _NO_COLOURS,
    lsp.TEXT_DOCUMENT_INLINE_COMPLETION: "of LSP 3.18: whole lines would have to be guessed",
    lsp.TEXT_DOCUMENT_INLINE_VALUE: _NO_DEBUGGER,
    lsp.WORKSPACE_INLINE_VALUE_REFRESH: _NO_DEBUGGER,
    lsp.TEXT_DOCUMENT_MONIKER: "names of a database are not exported to other projects' indexes",
    lsp.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY: _NO_TYPES,
    lsp.TYPE_HIERARCHY_SUBTYPES: _NO_TYPES,
    lsp.TYPE_HIERARCHY_SUPERTYPES: _NO_TYPES,
    lsp.TEXT_DOCUMENT_RANGES_FORMATTING: "of LSP 3.18: clients send one range at a time",
    lsp.TEXT_DOCUMENT_WILL_SAVE: "nothing has to be known before a file is written",
    lsp.TEXT_DOCUMENT_WILL_SAVE_WAIT_UNTIL: _EDITOR_FORMATS,
    lsp.WORKSPACE_FOLDING_RANGE_REFRESH: "of LSP 3.18: folds depend on the text alone",
    lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH: "of LSP 3.18: a table's document is made anew when "
    "it is opened",
    lsp.WORKSPACE_WILL_CREATE_FILES: "a new file changes no other",
    lsp.WORKSPACE_WILL_DELETE_FILES: "what defog.toml should say instead only its author knows",
    lsp.WORKSPACE_WORKSPACE_FOLDERS: "initialize and its notifications tell of all folders",
}
"""What the server neither handles nor sends, and why."""


def test_nothing_is_forgotten() -> None:
    manager = create_server().protocol.fm
    handled = {*manager.features, *manager.builtin_features}
    everything = set(lsp.METHOD_TO_TYPES)
    assert everything - handled - OURS_TO_SEND - WITHOUT.keys() == set(), "say why not"
    assert WITHOUT.keys() & handled == set(), "there is no reason any more"
    assert WITHOUT.keys() <= everything
    assert not OURS_TO_SEND & WITHOUT.keys()
