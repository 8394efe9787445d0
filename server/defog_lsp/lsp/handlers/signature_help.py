"""textDocument/signatureHelp: what the argument being written is for."""

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from defog_lsp.lsp import late
from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.markup import markup
from defog_lsp.lsp.tasks import in_thread

if TYPE_CHECKING:
    from defog_lsp.ide.signature_help import ParameterHelp, SignatureItem

_OPTIONS = lsp.SignatureHelpOptions(trigger_characters=["(", ","], retrigger_characters=[","])


def register(server: SqlLanguageServer) -> None:
    server.feature(lsp.TEXT_DOCUMENT_SIGNATURE_HELP, _OPTIONS)(on_signature_help)


async def on_signature_help(
    server: SqlLanguageServer, params: lsp.SignatureHelpParams
) -> lsp.SignatureHelp | None:
    view = await server.view(params.text_document.uri, params.position)
    if view is None:
        return None
    # Everything mutable has been read; from here on the document may change under us.
    offset = view.positions.offset(params.position)
    found = await in_thread(late.signature_help, view, offset)
    if found is None:
        return None
    capabilities = server.client.capabilities
    signatures = [_signature(it, capabilities) for it in found.signatures]
    return lsp.SignatureHelp(signatures, found.active, found.parameter)


def _signature(item: "SignatureItem", capabilities: Capabilities) -> lsp.SignatureInformation:
    # Offsets in a label are UTF-16, whatever encoding positions have.
    label = Positions(item.label)
    return lsp.SignatureInformation(
        item.label,
        documentation=_documentation(item.documentation, capabilities),
        parameters=[_parameter(it, label, capabilities) for it in item.parameters],
    )


def _parameter(
    item: "ParameterHelp", label: Positions, capabilities: Capabilities
) -> lsp.ParameterInformation:
    shown: str | tuple[int, int] = label.text[item.span.start : item.span.end]
    if capabilities.parameter_offsets:
        range_ = label.range_(item.span)
        shown = (range_.start.character, range_.end.character)
    return lsp.ParameterInformation(shown, _documentation(item.documentation, capabilities))


def _documentation(text: str, capabilities: Capabilities) -> lsp.MarkupContent | None:
    return markup(text, markdown=capabilities.signature_markdown) if text else None
