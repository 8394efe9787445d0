"""The tables that commands about metadata work on."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from defog_lsp.cli.extract import chosen_connection, print_configuration_problems
from defog_lsp.cli.report import shown_path
from defog_metadata.catalog import Table, TableSource
from defog_metadata.errors import ConfigurationError
from defog_metadata.lazy import lazy
from defog_metadata.workspace import Connection, Workspace

__all__ = ["KnownTables", "known_tables"]


@dataclass(frozen=True)
class KnownTables:
    """What is known of one database, without asking it."""

    workspace: Workspace
    connection: Connection | None
    source: TableSource
    """Has some table; streams them where each is looked at once."""
    dialect: str
    """Sqlglot's name of the dialect whose types the tables show."""

    @lazy
    def tables(self) -> Sequence[Table]:
        """All of them at once, for what has to order them by their keys."""
        return list(self.source.tables())


def known_tables(configuration: Path | None, connection: str | None) -> KnownTables:
    """The tables at hand for *connection*, by default the first; raises ``ConfigurationError``.

    What is wrong with the configuration or with metadata files goes to standard error.
    """
    workspace = Workspace.open(Path.cwd(), configuration_path=configuration)
    print_configuration_problems(workspace)
    chosen = None
    if connection is not None or workspace.connections:
        chosen = chosen_connection(workspace, connection)
    loaded = workspace.metadata(chosen)
    for it in loaded.problems:
        print(f"{shown_path(it.path)}: {it.severity}: {it.message}", file=sys.stderr)
    source = loaded.catalog.source
    if not len(source):
        raise ConfigurationError(
            "no table is known: read the database with defog-lsp extract, or name metadata files "
            "in defog.toml"
        )
    return KnownTables(workspace, chosen, source, loaded.catalog.dialect)
