"""Signature help and snippets as a client gets them, by what it says it can do."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, running

URI = "file:///a.sql"
ABLE = lsp.ClientCapabilities(
    text_document=lsp.TextDocumentClientCapabilities(
        completion=lsp.CompletionClientCapabilities(
            completion_item=lsp.ClientCompletionItemOptions(snippet_support=True)
        ),
        signature_help=lsp.SignatureHelpClientCapabilities(
            signature_information=lsp.ClientSignatureInformationOptions(
                documentation_format=[lsp.MarkupKind.Markdown],
                parameter_information=lsp.ClientSignatureParameterInformationOptions(
                    label_offset_support=True
                ),
            )
        ),
    )
)
PLAIN = lsp.ClientCapabilities()


async def signature_help(editor: Editor, text: str) -> lsp.SignatureHelp | None:
    editor.open(URI, text)
    where = lsp.TextDocumentIdentifier(URI), lsp.Position(0, len(text.encode("utf-16-le")) // 2)
    found = await editor.text_document_signature_help_async(lsp.SignatureHelpParams(*where))
    editor.close(URI)
    return found


async def test_signature_help_for_an_able_client(tmp_path: Path) -> None:
    async with running(tmp_path, can=ABLE, options={"dialect": "postgres"}) as editor:
        agreed = editor.agreed.signature_help_provider
        assert agreed is not None
        assert (agreed.trigger_characters, agreed.retrigger_characters) == (("(", ","), (",",))
        found = await signature_help(editor, "select replace('😀', ")
        assert found is not None
        (signature,) = found.signatures
        assert signature.label == "replace(string text, from text, to text) → text"
        assert (found.active_signature, found.active_parameter) == (0, 1)
        assert signature.parameters is not None
        assert [it.label for it in signature.parameters] == [(8, 19), (21, 30), (32, 39)]
        assert signature.documentation == lsp.MarkupContent(
            lsp.MarkupKind.Markdown, "Replaces every occurrence of a substring."
        )
        # An emoji in a name is two units of the label, whatever positions are counted in.
        found = await signature_help(editor, 'insert into "t😀" (a, b) values (1, ')
        assert found is not None
        assert found.signatures[0].parameters is not None
        assert [it.label for it in found.signatures[0].parameters] == [(5, 6), (8, 9)]
        assert await signature_help(editor, "select 1 from ") is None
        assert await signature_help(editor, "") is None


async def test_signature_help_for_a_plain_client(tmp_path: Path) -> None:
    async with running(tmp_path, can=PLAIN, options={"dialect": "mysql"}) as editor:
        found = await signature_help(editor, "select if(a, ")
        assert found is not None
        (signature,) = found.signatures
        assert signature.parameters is not None
        assert [it.label for it in signature.parameters] == ["condition", "when_true", "when_false"]
        assert isinstance(signature.documentation, lsp.MarkupContent)
        assert signature.documentation.kind == lsp.MarkupKind.PlainText
        assert found.active_parameter == 1


@pytest.mark.parametrize(
    ("can", "text", "kind"),
    [(ABLE, "lower(${1:string})$0", lsp.InsertTextFormat.Snippet), (PLAIN, "lower", None)],
)
async def test_snippets(
    tmp_path: Path, can: lsp.ClientCapabilities, text: str, kind: lsp.InsertTextFormat | None
) -> None:
    async with running(tmp_path, can=can, options={"dialect": "postgres"}) as editor:
        editor.open(URI, "select low")
        found = await editor.complete(URI, 0, 10)
        assert found is not None
        lower = next(it for it in found.items if it.label == "lower")
        assert isinstance(lower.text_edit, lsp.TextEdit)
        assert (lower.text_edit.new_text, lower.insert_text_format) == (text, kind)
