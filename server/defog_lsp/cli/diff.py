"""``defog-lsp diff``: what a database has become since it was read into the cache."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from defog_lsp.cli.arguments import Commands, add_configuration, add_format
from defog_lsp.cli.asking import with_secrets
from defog_lsp.cli.extract import chosen_connection, print_configuration_problems
from defog_lsp.cli.progress import progress_bar
from defog_lsp.cli.style import Style, style_for
from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.difference import (
    Change,
    ColumnDifference,
    Difference,
    TableDifference,
    difference,
)
from defog_metadata.workspace import Workspace
from defog_metadata.workspace.databases import extracted_before, extracting

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "diff",
        help="compare a database with what is known of it",
        description="Read a database and say what differs from its entry in the cache: tables and "
        "columns added (+), removed (-) and changed (~). The cache stays as it is.",
        epilog="Exit status: 0 nothing differs, 1 something does, 2 wrong usage or configuration.",
    )
    parser.add_argument(
        "connection", nargs="?", metavar="CONNECTION", help="a name in defog.toml (the first one)"
    )
    add_format(parser)
    add_configuration(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    workspace = Workspace.open(Path.cwd(), configuration_path=arguments.config)
    print_configuration_problems(workspace)
    connection = chosen_connection(workspace, arguments.connection)
    known, timestamp = extracted_before(workspace.cache, workspace.cache_key(connection))
    connection = with_secrets(connection)
    with progress_bar() as progress, extracting(connection, progress=progress) as now:
        found = difference(known, now.tables)
    if arguments.format == "json":
        print(json.dumps(_json(found), indent=2))
        return int(bool(found))
    style = style_for(sys.stdout)
    for line in _lines(found, style):
        print(line)
    when = datetime.fromtimestamp(timestamp, UTC).astimezone().isoformat(" ", "seconds")
    said = _counted(found) if found else "no difference"
    print(f"{connection.name}: {said} since it was read at {when}", file=sys.stderr)
    return int(bool(found))


def _lines(found: Difference, style: Style) -> Iterator[str]:
    yield from (style.green(f"+ {it.qualified_name}") for it in found.added)
    yield from (style.red(f"- {it.qualified_name}") for it in found.removed)
    for table in found.changed:
        yield f"~ {style.bold(table.after.qualified_name)}"
        yield from (f"    {_changed(it)}" for it in table.changes)
        yield from (style.green(f"    + {_declared(it)}") for it in table.added)
        yield from (style.red(f"    - {_declared(it)}") for it in table.removed)
        for column in table.changed:
            changes = ", ".join(map(_changed, column.changes))
            yield f"    ~ {column.after.name}: {changes}"


def _declared(column: Column) -> str:
    return f"{column.name} {column.type}".rstrip()


def _changed(change: Change) -> str:
    before, after = (it or "none" for it in (change.before, change.after))
    return f"{change.aspect} {before} → {after}"


def _counted(found: Difference) -> str:
    counts = (
        (len(found.added), "added"),
        (len(found.removed), "removed"),
        (len(found.changed), "changed"),
    )
    return "tables: " + ", ".join(f"{count:,} {what}" for count, what in counts if count)


def _json(found: Difference) -> dict[str, Any]:
    """``{"added": [table], "removed": [table], "changed": [{"table", "columns", "changes"}]}``."""
    return {
        "added": [_table(it) for it in found.added],
        "removed": [_table(it) for it in found.removed],
        "changed": [_changed_table(it) for it in found.changed],
    }


def _table(table: Table) -> dict[str, Any]:
    return {"table": table.qualified_name, "columns": [_column(it) for it in table.columns]}


def _column(column: Column) -> dict[str, Any]:
    return {"column": column.name, "type": column.type, "nullable": column.nullable}


def _changed_table(table: TableDifference) -> dict[str, Any]:
    return {
        "table": table.after.qualified_name,
        "changes": [_change(it) for it in table.changes],
        "added": [_column(it) for it in table.added],
        "removed": [_column(it) for it in table.removed],
        "changed": [_changed_column(it) for it in table.changed],
    }


def _changed_column(column: ColumnDifference) -> dict[str, Any]:
    return {"column": column.after.name, "changes": [_change(it) for it in column.changes]}


def _change(change: Change) -> dict[str, str]:
    return {"aspect": change.aspect, "before": change.before, "after": change.after}
