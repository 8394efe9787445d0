"""``defog-lsp schema``: the forms of the files that it reads, as JSON Schema."""

import argparse
import json

from defog_lsp.cli.arguments import Commands
from defog_metadata.workspace.schemas import SCHEMAS, schema

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "schema",
        help="print the form of a file as JSON Schema",
        description="Print the form of metadata files, golden queries or defog.toml as JSON "
        "Schema (draft 7), for tools that check and complete files by it.",
    )
    parser.add_argument("name", choices=tuple(SCHEMAS), help="of which files")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    print(json.dumps(schema(arguments.name), indent=2))
    return 0
