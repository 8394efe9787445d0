"""A person at the editor: answers what the server asks, and sees what it shows."""

from typing import Any

from lsprotocol import types as lsp

from tests.lsp.editor import Editor

__all__ = ["OURS", "SHOWING", "Person"]

OURS = lsp.ClientCapabilities(
    workspace=lsp.WorkspaceClientCapabilities(
        apply_edit=True, workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True)
    ),
    window=lsp.WindowClientCapabilities(
        work_done_progress=True,
        show_document=lsp.ShowDocumentClientCapabilities(support=True),
    ),
    experimental={"defog": {"openText": True, "askText": True, "choose": True, "save": True}},
)
"""Our own editor modules."""
SHOWING = lsp.ClientCapabilities(workspace=OURS.workspace, window=OURS.window)
"""Any other good editor."""


class Person:
    """*answers* are given in order: an index of what there is to choose, a text, or nothing."""

    def __init__(self, editor: Editor, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[Any] = []
        self.opened: list[Any] = []
        """Texts in documents of their own."""
        self.shown: list[lsp.ShowDocumentParams] = []
        self.saved: list[str] = []
        self.edits: list[lsp.ApplyWorkspaceEditParams] = []

        def choose(params: Any) -> object:
            self.asked.append((params.title, list(params.items)))
            return self.answers.pop(0)

        def ask_text(params: Any) -> object:
            self.asked.append((params.title, params.prompt, params.value))
            return self.answers.pop(0)

        def open_text(params: Any) -> bool:
            self.opened.append(params)
            return True

        def save(params: Any) -> bool:
            self.saved.append(params.uri)
            return True

        def press(params: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem | None:
            buttons = list(params.actions or ())
            self.asked.append((params.message, [it.title for it in buttons]))
            answer = self.answers.pop(0)
            return buttons[answer] if isinstance(answer, int) else None

        def show(params: lsp.ShowDocumentParams) -> lsp.ShowDocumentResult:
            self.shown.append(params)
            return lsp.ShowDocumentResult(success=True)

        def apply(params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
            self.edits.append(params)
            return lsp.ApplyWorkspaceEditResult(applied=True)

        editor.feature("defog/choose")(choose)
        editor.feature("defog/askText")(ask_text)
        editor.feature("defog/openText")(open_text)
        editor.feature("defog/save")(save)
        editor.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)(press)
        editor.feature(lsp.WINDOW_SHOW_DOCUMENT)(show)
        editor.feature(lsp.WORKSPACE_APPLY_EDIT)(apply)
