"""``defog-lsp health``: the state of the metadata, golden queries and glossary of a connection."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from defog_lsp.cli.arguments import (
    Commands,
    add_configuration,
    add_connection,
    add_format,
    add_offline,
)
from defog_lsp.cli.asking import with_secrets
from defog_lsp.cli.extract import print_configuration_problems
from defog_lsp.cli.loading import loaded_metadata
from defog_lsp.cli.style import Style, style_for
from defog_metadata.defog import Defog
from defog_metadata.errors import ConfigurationError
from defog_metadata.workspace import Workspace

__all__ = ["add_to"]

_MOST_SHOWN = 10


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "health",
        help="check metadata, golden queries and glossary as a whole",
        description="Say whether the metadata are valid, which golden queries are not, how much "
        "of the database they cover, what in the glossary is no name or contradicts something, "
        "and how much is described.",
        epilog="Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage or configuration. "
        "Missing coverage and descriptions are not counted as wrong.",
    )
    add_connection(parser)
    parser.add_argument(
        "--against",
        choices=("metadata", "empty", "database"),
        default="metadata",
        help="what golden queries are held against: what is known (the default), an empty "
        "database made from that, or the database itself, which plans them and runs none",
    )
    add_format(parser)
    add_offline(parser)
    add_configuration(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    workspace = Workspace.open(Path.cwd(), configuration_path=arguments.config)
    print_configuration_problems(workspace)
    connection = workspace.connection(arguments.connection)
    if connection is not None and arguments.against != "metadata":
        connection = with_secrets(connection)
    loaded = loaded_metadata(workspace, connection, is_offline=arguments.offline)
    if not loaded.catalog:
        raise ConfigurationError(
            "no table is known: read the database with defog-lsp extract, or name metadata files "
            "in defog.toml"
        )
    found = Defog.of(workspace, connection, loaded).check_health(arguments.against)
    if arguments.format == "json":
        print(json.dumps(found, indent=2))
    else:
        style = style_for(sys.stdout)
        print(style.dim(f"{loaded.origin}: {len(loaded.catalog.source):,} tables"))
        for line in _lines(found, style):
            print(line)
    return 0 if found["is_healthy"] else 1


def _lines(found: dict[str, Any], style: Style) -> Iterator[str]:
    golden, coverage = found["golden_queries"], found["coverage"]
    yield from _part("metadata", found["metadata"]["errors"], "valid", style)
    invalid = [f"{it['question']}: {it['errors'][0]}" for it in golden["invalid_queries"]]
    valid = f"{golden['valid_count']} of {golden['total_count']} valid"
    yield from _part("golden queries", invalid, valid, style)
    yield from _part("glossary", found["glossary"]["errors"], "all names are known", style)
    yield from _part("consistency", found["consistency"]["issues"], "no contradiction", style)
    yield (
        f"  {'coverage':15} {coverage['tables_covered']} of {coverage['total_tables']} tables, "
        f"{coverage['columns_covered']} of {coverage['total_columns']} columns "
        f"({coverage['coverage_percentage']:g} %)"
    )
    yield from _listed([f"not covered: {it}" for it in coverage["uncovered_tables"]], style)
    said = found["descriptions"]
    yield (
        f"  {'descriptions':15} {said['tables_described']} of {said['total_tables']} tables, "
        f"{said['columns_described']} of {said['total_columns']} columns; {len(said['long'])} long"
    )
    yield from _listed([f"long: {it} (see defog-lsp vet)" for it in said["long"]], style)


def _part(name: str, problems: Sequence[str], well: str, style: Style) -> Iterator[str]:
    sign = style.red("✗") if problems else style.green("✓")
    count = len(problems)
    said = f"{count} problem{'s' if count != 1 else ''}" if problems else well
    yield f"{sign} {name:15} {said}"
    yield from _listed(problems, style)


def _listed(items: Sequence[str], style: Style) -> Iterator[str]:
    yield from (f"      {it}" for it in items[:_MOST_SHOWN])
    if len(items) > _MOST_SHOWN:
        yield style.dim(f"      … and {len(items) - _MOST_SHOWN} more: --format json has them all")
