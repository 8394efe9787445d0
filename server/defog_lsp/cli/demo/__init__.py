"""``defog-lsp demo``: a language-server session over a sample database, in the terminal."""

import argparse
from pathlib import Path

from defog_lsp.cli.arguments import Commands

__all__ = ["add_to"]

_SHOP = Path(__file__).resolve().parents[4] / "examples" / "shop"


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "demo",
        help="run a language-server session over a sample database and show it here",
        description="Build the sample database, start the language server on it, and show what "
        "an editor would: diagnostics, hover and completion. Exit status 0 only if all came.",
    )
    parser.add_argument(
        "--workspace",
        type=Path,
        default=_SHOP,
        metavar="FOLDER",
        help="the sample's folder (examples/shop of the repository)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from defog_lsp.cli.demo.play import play  # noqa: PLC0415 - no other command needs it

    return play(arguments.workspace.absolute())
