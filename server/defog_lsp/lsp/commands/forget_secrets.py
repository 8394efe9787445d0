"""``defog.forgetSecrets``: passwords that were asked for are asked for again when needed."""

from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp.language_server import SqlLanguageServer


def forget_secrets(server: SqlLanguageServer, *arguments: object) -> None:
    if arguments:
        raise JsonRpcInvalidParams("expected no argument")
    server.secrets.forget()
