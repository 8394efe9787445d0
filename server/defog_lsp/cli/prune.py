"""``defog-lsp prune``: the part of a database's metadata that a question needs."""

import argparse
import json
import sys
from pathlib import Path

from defog_lsp.cli.arguments import Commands, add_configuration, add_connection, add_offline
from defog_lsp.cli.extract import print_configuration_problems
from defog_lsp.cli.loading import loaded_metadata
from defog_metadata.defog import Defog
from defog_metadata.errors import ConfigurationError
from defog_metadata.pruning.pruned import Pruned
from defog_metadata.workspace import Workspace

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "prune",
        help="print the tables, columns and joins that a question needs",
        description="Print the tables, columns and joins that a question needs, within a number "
        "of tokens (estimated, see docs/pruning.md), as definitions for a prompt. Golden queries "
        "and the glossary help to find them. A connection that was never extracted is extracted "
        "first.",
        epilog="Exit status: 0 some are kept, 1 none fits, 2 wrong usage or configuration.",
    )
    parser.add_argument("question", metavar="QUESTION", help="in plain words")
    parser.add_argument(
        "--max-tokens",
        type=_count,
        metavar="N",
        help="at most so many tokens (prune_max_tokens in defog.toml, else 5000)",
    )
    parser.add_argument(
        "--columns",
        type=_count,
        metavar="N",
        help="so many columns, and what joins their tables (prune_bm25_num_columns in defog.toml, "
        "else 50)",
    )
    parser.add_argument(
        "--whole-tables",
        action="store_true",
        help="keep tables with all of their columns, or not at all",
    )
    add_connection(parser)
    parser.add_argument(
        "--schema",
        action="append",
        metavar="NAME",
        help="only this schema; may be repeated (schema_whitelist of the connection)",
    )
    parser.add_argument(
        "--exclude-schema",
        action="append",
        metavar="NAME",
        help="not this schema; may be repeated (schema_blacklist of the connection)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="for a prompt (the default), or for programs, with the reasons for each item",
    )
    add_offline(parser)
    add_configuration(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    workspace = Workspace.open(Path.cwd(), configuration_path=arguments.config)
    print_configuration_problems(workspace)
    connection = workspace.connection(arguments.connection)
    loaded = loaded_metadata(workspace, connection, is_offline=arguments.offline)
    if not loaded.catalog:
        raise ConfigurationError(
            "there is no metadata to prune: extract a connection, or name metadata files in "
            "defog.toml"
        )
    pruned = Defog.of(workspace, connection, loaded).prune(
        arguments.question,
        subtable_pruning=not arguments.whole_tables,
        prune_max_tokens=arguments.max_tokens,
        prune_bm25_num_columns=arguments.columns,
        schema_whitelist=arguments.schema or None,
        schema_blacklist=arguments.exclude_schema or None,
    )
    if arguments.format == "json":
        print(json.dumps(pruned.to_json(), indent=2))
    else:
        print(pruned.text, end="")
    print(_counted(pruned), file=sys.stderr)
    return 0 if pruned.tables else 1


def _counted(pruned: Pruned) -> str:
    columns = sum(len(it.columns) for it in pruned.tables)
    counts = ((len(pruned.tables), "table"), (columns, "column"), (pruned.tokens, "token"))
    return ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for count, word in counts)


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written} is not a whole number from 1 on")
    return int(written)
