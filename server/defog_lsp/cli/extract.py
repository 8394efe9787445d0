"""``defog-lsp extract``: read a database's metadata into the cache."""

import argparse
import sys
import time
from pathlib import Path

from defog_lsp.cli.arguments import Commands, add_configuration
from defog_lsp.cli.asking import with_secrets
from defog_lsp.cli.progress import progress_bar
from defog_lsp.cli.report import CheckedFile, print_text, shown_path
from defog_lsp.cli.style import style_for
from defog_metadata.errors import ConfigurationError
from defog_metadata.workspace import Connection, Workspace

__all__ = ["add_to", "chosen_connection", "print_configuration_problems"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "extract",
        help="read a database's tables and descriptions into the cache",
        description="Read the tables, columns, keys and descriptions of a database into the "
        "cache (~/.defog/cache), where editors and the defog library find them.",
    )
    parser.add_argument(
        "connection", nargs="?", metavar="CONNECTION", help="a name in defog.toml (the first one)"
    )
    add_configuration(parser)
    parser.add_argument(
        "--force", action="store_true", help="replace a cache file that cannot be read"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    workspace = Workspace.open(Path.cwd(), configuration_path=arguments.config)
    print_configuration_problems(workspace)
    connection = with_secrets(chosen_connection(workspace, arguments.connection))
    started = time.monotonic()
    with progress_bar() as progress:
        loaded = workspace.refresh(
            connection, progress=progress, replace_unreadable=arguments.force
        )
    seconds = time.monotonic() - started
    for problem in loaded.problems:
        print(f"{shown_path(problem.path)}: {problem.severity}: {problem.message}", file=sys.stderr)
    path = workspace.cache.path(workspace.cache_key(connection))
    count = len(loaded.catalog.source)
    print(f"{connection.name}: {count:,} tables in {seconds:.1f} s, kept in {path}")
    if not count:
        print(
            "defog-lsp: no table was found: check the database, the schema lists of the "
            "connection, and what its user may see",
            file=sys.stderr,
        )
    return 0


def chosen_connection(workspace: Workspace, name: str | None) -> Connection:
    """The connection called *name*, by default the first one; raises ``ConfigurationError``."""
    found = workspace.connection(name)
    if found is not None:
        return found
    where = workspace.configuration.path
    raise ConfigurationError(
        f"{shown_path(where)} has no connection: add a section [connections.NAME]"
        if where
        else "there is no connection: write a defog.toml with a section "
        "[connections.NAME], here or in a folder above"
    )


def print_configuration_problems(workspace: Workspace) -> None:
    """What is wrong in ``defog.toml``, to standard error."""
    path = workspace.configuration.path
    if path is not None and workspace.problems:
        file = CheckedFile(shown_path(path), workspace.text, workspace.problems)
        print_text([file], sys.stderr, style_for(sys.stderr))
