"""``defog-lsp describe``: say what a table or column means, where it is kept."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from defog_lsp.cli.arguments import Commands, add_configuration, add_connection
from defog_lsp.cli.asking import agreed, with_secrets
from defog_lsp.cli.extract import chosen_connection, print_configuration_problems
from defog_lsp.cli.report import shown_path
from defog_metadata.catalog import Catalog
from defog_metadata.catalog.shapes import read_metadata
from defog_metadata.errors import ConfigurationError, ExecutionError, MetadataError
from defog_metadata.updates import (
    Change,
    Updated,
    batched,
    described_updates,
    resolved,
    update_metadata,
    update_of,
)
from defog_metadata.workspace import Connection, Workspace
from defog_metadata.workspace.encoding import decode

__all__ = ["add_to", "print_updated"]

_STDIN = "-"


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "describe",
        help="say what a table or column means",
        description="Write the description of a table or column into the metadata file of the "
        "folder that has the table, else into the first one; without metadata files, into the "
        "cache. An empty TEXT takes a description away.",
        epilog="Several at once, from a file or standard input: JSON as "
        '{"orders": {"table_description": "…", "columns": {"total": "…"}}} or in any shape of '
        "metadata, or CSV with the columns table_name, column_name and column_description or "
        "table_description.",
    )
    parser.add_argument(
        "name",
        nargs="?",
        metavar="TABLE[.COLUMN]",
        help="also schema.table and schema.table.column",
    )
    parser.add_argument("text", nargs="?", metavar="TEXT", help="what it means")
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        help="descriptions of several tables and columns; - for standard input",
    )
    add_connection(parser)
    parser.add_argument(
        "--to-database",
        action="store_true",
        help="write comments into the database too; asks before it does so",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="what to tell: for people (the default) or for programs",
    )
    add_configuration(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.source is None and (arguments.name is None or arguments.text is None):
        raise ConfigurationError("say TABLE[.COLUMN] TEXT, or --from FILE")
    if arguments.source is not None and arguments.name is not None:
        raise ConfigurationError("TABLE[.COLUMN] TEXT and --from FILE exclude each other")
    workspace = Workspace.open(Path.cwd(), configuration_path=arguments.config)
    print_configuration_problems(workspace)
    connection = None
    if arguments.connection or arguments.to_database or workspace.connections:
        connection = chosen_connection(workspace, arguments.connection)
    catalog = workspace.metadata(connection).catalog
    updates = _updates(arguments, catalog)
    if arguments.to_database and connection is not None:
        changes = resolved(updates, catalog)
        question = f"Write {_counted(changes)} into the database of"
        if not arguments.yes and not agreed(question, connection, "say --yes"):
            return 1
        try:
            _comment(connection, changes)
        except ExecutionError as error:
            print(f"defog-lsp: {error}", file=sys.stderr)
            return 1
    updated = update_metadata(workspace, connection, updates)
    print_updated(updated, arguments.format)
    return 0


def print_updated(updated: Updated, form: str) -> None:
    """What was described, and where that is kept."""
    if form == "json":
        described = [it for change in updated.changes for it in _described(change)]
        paths = [str(it) for it in updated.paths]
        print(json.dumps({"described": described, "files": paths}, indent=2))
        return
    where = " and ".join(shown_path(it) for it in updated.paths) or "nowhere"
    print(f"described {_counted(updated.changes)} in {where}")


def _described(change: Change) -> list[dict[str, str | None]]:
    table = change.table.qualified_name
    own = [] if change.description is None else [(None, change.description)]
    return [
        {"table": table, "column": column, "description": text}
        for column, text in (*own, *change.columns.items())
    ]


def _counted(changes: Sequence[Change]) -> str:
    tables = sum(it.description is not None for it in changes)
    columns = sum(len(it.columns) for it in changes)
    counts = ((tables, "table"), (columns, "column"))
    named = [f"{it:,} {noun}{'' if it == 1 else 's'}" for it, noun in counts if it]
    return " and ".join(named) or "nothing"


def _comment(connection: Connection, changes: Sequence[Change]) -> None:
    # SQLAlchemy takes long to import, and most descriptions go into a file.
    from defog_metadata.execution import Descriptions, write_comments  # noqa: PLC0415

    descriptions = [Descriptions(it.table, it.description, it.columns) for it in changes]
    write_comments(connection.db_type, with_secrets(connection).resolved_creds(), descriptions)


def _updates(arguments: argparse.Namespace, catalog: Catalog) -> Mapping[str, Mapping[str, Any]]:
    if arguments.source is None:
        return update_of(arguments.name, arguments.text, catalog)
    text = _read(arguments.source)
    try:
        document = json.loads(text)
    except ValueError as error:
        if text.lstrip().startswith(("{", "[")):
            raise ConfigurationError(f"{arguments.source} is not JSON: {error}") from None
        return _csv_updates(text, arguments.source)
    if isinstance(document, list):
        return batched(it for it in document if isinstance(it, dict))
    if isinstance(document, dict) and all(map(_is_update, document.values())):
        return document
    return described_updates(read_metadata(document))


def _read(source: str) -> str:
    try:
        data = sys.stdin.buffer.read() if source == _STDIN else Path(source).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{source} cannot be read: {error.strerror}") from error
    text, bad = decode(data)
    if bad is not None:
        raise ConfigurationError(f"{source} is {bad.message}")
    return text


def _is_update(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("columns", {}), dict)


def _csv_updates(text: str, source: str) -> dict[str, dict[str, Any]]:
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ConfigurationError(f"{source} is not CSV: {error}") from error
    updates: dict[str, dict[str, Any]] = {}
    for row in rows:
        fields = {str(key).strip().casefold(): value or "" for key, value in row.items()}
        if not fields.get("table_name"):
            raise MetadataError("", f"{source} has a row without table_name: {fields}")
        update = updates.setdefault(fields["table_name"], {"columns": {}})
        if fields.get("table_description"):
            update["table_description"] = fields["table_description"]
        if fields.get("column_name") and fields.get("column_description"):
            update["columns"][fields["column_name"]] = fields["column_description"]
    return updates
