"""``defog-lsp create-tables``: empty tables in a database."""

import argparse
import json
import sys
from collections.abc import Sequence

from defog_lsp.cli.arguments import Commands, add_connection, add_format
from defog_lsp.cli.asking import agreed, with_secrets
from defog_lsp.cli.catalogs import known_tables
from defog_lsp.cli.ddl import add_choice
from defog_lsp.cli.extract import chosen_connection
from defog_metadata.ddl.create import planned
from defog_metadata.errors import ExecutionError

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "create-tables",
        help="create empty tables in a database",
        description="Create empty tables in a database as the metadata describe them: in one "
        "transaction where the engine allows it (not in MySQL). Asks before it does so.",
    )
    add_choice(parser)
    add_connection(parser, "where")
    parser.add_argument(
        "--metadata-of", metavar="NAME", help="whose metadata: another connection (the same one)"
    )
    add_format(parser)
    parser.add_argument("--dry-run", action="store_true", help="only show the statements")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    known = known_tables(arguments.config, arguments.metadata_of or arguments.connection)
    connection = chosen_connection(known.workspace, arguments.connection)
    plan = planned(
        known.tables,
        connection.dialect,
        source_dialect=known.dialect or None,
        tables=arguments.tables,
        schemas=arguments.schema,
    )
    if arguments.dry_run:
        written = [it.text for it in plan.statements(if_not_exists=arguments.if_not_exists)]
        if arguments.format == "json":
            _print_json((), (), written)
        else:
            print("\n\n".join(written))
        return 0
    question = f"Create {_tables(len(plan.ordered))} in"
    if not arguments.yes and not agreed(question, connection, "say --yes, or --dry-run to look"):
        return 1
    # SQLAlchemy takes long to import, and whoever only looks does not need it.
    from defog_metadata.execution import create_tables  # noqa: PLC0415

    try:
        made = create_tables(
            connection.db_type,
            with_secrets(connection).resolved_creds(),
            known.tables,
            table_names=arguments.tables,
            schemas=arguments.schema,
            if_not_exists=arguments.if_not_exists,
            source_dialect=known.dialect or None,
        )
    except ExecutionError as error:
        print(f"defog-lsp: {error}", file=sys.stderr)
        return 1
    if arguments.format == "json":
        _print_json(made.tables, made.existing, made.statements)
        return 0
    for name in made.tables:
        print(f"created {name}")
    for name in made.existing:
        print(f"exists {name}")
    return 0


def _print_json(created: Sequence[str], existing: Sequence[str], statements: Sequence[str]) -> None:
    found = {"created": list(created), "existing": list(existing), "statements": list(statements)}
    print(json.dumps(found, indent=2))


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count:,} tables"
