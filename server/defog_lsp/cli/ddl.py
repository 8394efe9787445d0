"""``defog-lsp ddl``: the statements that create tables."""

import argparse
import json
import sys
from pathlib import Path

from defog_lsp.cli.arguments import Commands, add_configuration, add_connection, add_format
from defog_lsp.cli.catalogs import known_tables
from defog_lsp.cli.report import shown_path
from defog_metadata.ddl.create import planned
from defog_metadata.ddl.views import VIEWS
from defog_metadata.errors import ConfigurationError

__all__ = ["add_choice", "add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "ddl",
        help="write the statements that create tables",
        description="Write the statements that create tables as the metadata describe them: keys, "
        "defaults, comments and indexes, in the order in which they run, in any dialect. Views "
        "come last, where the metadata tell their queries. No database is asked.",
    )
    add_choice(parser)
    add_connection(parser, "whose metadata")
    parser.add_argument("--dialect", metavar="DIALECT", help="what to write (the metadata's own)")
    add_format(parser)
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="a file instead of the terminal"
    )
    parser.set_defaults(run=run)


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Arguments that say which tables, and what if they are there."""
    parser.add_argument("tables", nargs="*", metavar="TABLE", help="t or schema.t (all)")
    parser.add_argument(
        "--schema", action="append", default=[], metavar="NAME", help="only of this schema"
    )
    parser.add_argument(
        "--if-not-exists", action="store_true", help="leave tables that are there as they are"
    )
    add_configuration(parser)


def run(arguments: argparse.Namespace) -> int:
    known = known_tables(arguments.config, arguments.connection)
    plan = planned(
        known.tables,
        # Without anything that tells, standard SQL.
        arguments.dialect or known.dialect,
        source_dialect=known.dialect or None,
        tables=arguments.tables,
        schemas=arguments.schema,
    )
    statements = [it.text for it in plan.with_views(if_not_exists=arguments.if_not_exists)]
    if arguments.format == "json":
        found = {"dialect": plan.flavour.dialect, "statements": statements}
        text = json.dumps(found, indent=2, ensure_ascii=False)
    else:
        text = "\n\n".join(statements)
    if not statements and any(it.kind in VIEWS for it in known.tables):
        print("defog-lsp: the queries of these views are not known", file=sys.stderr)
    if arguments.output is None:
        print(text)
        return 0
    try:
        arguments.output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{shown_path(arguments.output)} cannot be written: {error.strerror}"
        ) from error
    return 0
