"""A person at the editor: answers what the server asks, and sees what it shows."""

from typing import Any

from lsprotocol import types as lsp

from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.uris import path_of
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
        self.edits: list[tuple[str, int | None]] = []
        """The documents that were changed, and which version of them."""
        self.open: dict[str, tuple[int, str]] = {}
        """Version and text of what is open, kept in step with the server."""
        self._editor = editor

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
            path = path_of(params.uri)
            assert path is not None
            path.write_text(self.open[params.uri][1], newline="")
            editor.save(params.uri)
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
            self._apply(params.edit)
            return lsp.ApplyWorkspaceEditResult(applied=True)

        editor.feature("defog/choose")(choose)
        editor.feature("defog/askText")(ask_text)
        editor.feature("defog/openText")(open_text)
        editor.feature("defog/save")(save)
        editor.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)(press)
        editor.feature(lsp.WINDOW_SHOW_DOCUMENT)(show)
        editor.feature(lsp.WORKSPACE_APPLY_EDIT)(apply)

    def open_file(self, uri: str, text: str, language_id: str) -> None:
        self.open[uri] = 1, text
        self._editor.open(uri, text, language_id)

    def text(self, uri: str) -> str:
        return self.open[uri][1]

    def _apply(self, edit: lsp.WorkspaceEdit) -> None:
        """Change what is open; a document that is not is opened first, as editors do."""
        for change in edit.document_changes or ():
            assert isinstance(change, lsp.TextDocumentEdit)
            uri, version = change.text_document.uri, change.text_document.version
            self.edits.append((uri, version))
            if uri not in self.open:
                path = path_of(uri)
                assert path is not None
                self.open_file(uri, path.read_bytes().decode(), path.suffix[1:])
            number, text = self.open[uri]
            positions = Positions(text, "utf-16")
            made = [
                (positions.span(it.range), it.new_text)
                for it in change.edits
                if not isinstance(it, lsp.SnippetTextEdit)
            ]
            for span, new in sorted(made, reverse=True):
                text = text[: span.start] + new + text[span.end :]
            self.open[uri] = number + 1, text
            self._editor.change(uri, number + 1, text)
