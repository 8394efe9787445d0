"""``defog.applyEdit label edit``: for clients that know commands but no code actions."""

import cattrs
from lsprotocol import converters
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp.language_server import SqlLanguageServer


async def apply_edit(server: SqlLanguageServer, *arguments: object) -> bool:
    """Have the client make an edit that it was offered; whether it did."""
    match arguments:
        case (str(label), edit):
            try:
                structured = converters.get_converter().structure(edit, lsp.WorkspaceEdit)
            except (cattrs.BaseValidationError, TypeError, ValueError) as error:
                raise JsonRpcInvalidParams("the second argument is no edit") from error
            return await server.client.apply(label, structured)
    raise JsonRpcInvalidParams("expected two arguments: a label and an edit")
