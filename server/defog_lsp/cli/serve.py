"""``defog-lsp serve``: the language server."""

import argparse

from defog_lsp.cli.arguments import Commands

__all__ = ["add_to"]

_LARGEST_PORT = 65535


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "serve",
        help="run the language server",
        description="Run the language server: over standard input and output, or on a TCP port.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--stdio", action="store_true", help="standard input and output (the default)"
    )
    where.add_argument(
        "--tcp",
        type=_address,
        metavar="HOST:PORT",
        help="listen there; anyone who can connect can read the metadata, so prefer 127.0.0.1",
    )
    # Clients built on vscode-languageclient add it; the server learns it from `initialize`.
    parser.add_argument("--clientProcessId", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    # ruff: noqa: PLC0415 - only this command needs the protocol, which takes long to load
    from defog_lsp.lsp.interpreter import hold_collections

    hold_collections()
    from defog_lsp.lsp.server import start_io, start_tcp

    if arguments.tcp is None:
        return start_io()
    host, port = arguments.tcp
    return start_tcp(host, port)


def _address(written: str) -> tuple[str, int]:
    host, colon, port = written.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > _LARGEST_PORT:
        raise argparse.ArgumentTypeError(
            f"{written!r} is not HOST:PORT, such as 127.0.0.1:2087 or [::1]:2087"
        )
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)
