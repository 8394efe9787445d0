"""``defog-lsp cache``: what has been extracted, and how to be rid of it."""

import argparse
import sys
import time
from pathlib import Path

from defog_lsp.cli.arguments import Commands, add_configuration
from defog_lsp.cli.extract import chosen_connection
from defog_metadata.errors import ConfigurationError
from defog_metadata.workspace import Workspace

__all__ = ["add_to"]

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "cache",
        help="list, count, clear or invalidate what has been extracted",
        description="The metadata kept in ~/.defog/cache, which the defog library shares.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, run, summary in (
        ("list", _list, "every entry: database type, age, size and state"),
        ("stats", _stats, "how many entries there are, how large and how old"),
        ("clear", _clear, "remove every entry"),
    ):
        action = actions.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        add_configuration(action)
        action.set_defaults(run=run)
    action = actions.add_parser(
        "invalidate",
        help="remove one entry, so that it is extracted anew",
        description="Remove one entry, so that it is extracted anew.",
    )
    action.add_argument(
        "entry",
        nargs="?",
        metavar="ENTRY",
        help="a key that the list shows, or a connection of defog.toml (the first one)",
    )
    add_configuration(action)
    action.set_defaults(run=_invalidate)


def _workspace(arguments: argparse.Namespace) -> Workspace:
    return Workspace.open(Path.cwd(), configuration_path=arguments.config)


def _list(arguments: argparse.Namespace) -> int:
    workspace = _workspace(arguments)
    now = time.time()
    names = _connection_names(workspace)
    entries = workspace.cache.entries()
    for entry in entries:
        if entry.problem:
            state = f"unusable: {entry.problem}"
        elif now - entry.timestamp >= workspace.configuration.ttl_seconds:
            state = "stale"
        else:
            state = "valid"
        age = "" if entry.problem else _age(now - entry.timestamp)
        used = names.get(entry.key, "")
        print(
            f"{entry.key:40} {entry.db_type:10} {age:>8} {_size(entry.size_bytes):>10}  {state}"
            + (f"  (used for {used})" if used else "")
        )
    if not entries:
        print("the cache is empty", file=sys.stderr)
    return 0


def _connection_names(workspace: Workspace) -> dict[str, str]:
    """What this folder uses each entry for."""
    found: dict[str, str] = {}
    for connection in workspace.connections:
        try:
            found[workspace.cache_key(connection)] = f"connection {connection.name}"
        except ConfigurationError:  # no password at hand, so no key
            continue
    if newest := workspace.newest_entry:
        found[newest.key] = "this folder, as the newest entry"
    return found


def _stats(arguments: argparse.Namespace) -> int:
    cache = _workspace(arguments).cache
    counts = cache.statistics()
    for name, value in (
        ("folder", cache.cache_dir),
        ("entries", counts.entries),
        ("valid", counts.valid),
        ("stale", counts.expired),
        ("unusable", counts.corrupt),
        ("size", _size(counts.total_bytes)),
    ):
        print(f"{name}: {value}")
    return 0


def _clear(arguments: argparse.Namespace) -> int:
    count = _workspace(arguments).cache.clear_all()
    print(f"removed {count} {'entry' if count == 1 else 'entries'}")
    return 0


def _invalidate(arguments: argparse.Namespace) -> int:
    workspace = _workspace(arguments)
    name: str | None = arguments.entry
    if name is not None and name in {it.key for it in workspace.cache.entries()}:
        key = name
    else:
        key = workspace.cache_key(chosen_connection(workspace, name))
    if workspace.cache.invalidate(key):
        print(f"removed {key}")
    else:
        print(f"there was no entry {key}")
    return 0


def _age(seconds: float) -> str:
    for length, unit in _UNITS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(int(seconds), 0)} s"


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:  # noqa: PLR2004 - what the prefixes mean
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
