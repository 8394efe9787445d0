"""Arguments in, exit status out: 0 well done, 1 problems found, 2 wrong usage or configuration."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from defog_lsp import __version__
from defog_metadata.errors import DefogError

__all__ = ["main"]

# In the order of the help. Each is a module here (with "_" for "-") with `add_to(commands)`, which
# sets `run`.
_COMMANDS = (
    "serve",
    "extract",
    "check",
    "health",
    "ddl",
    "create-tables",
    "describe",
    "vet",
    "prune",
    "diff",
    "schema",
    "cache",
    "demo",
)

# Those that read a database, or write to one or to what is kept of it; serve logs by itself.
_LOGGED = frozenset(("extract", "diff", "describe", "vet", "create-tables", "cache"))

_INTERRUPTED = 130  # what shells expect after Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that *arguments* (by default the process's) name; its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter is no reason to fail.
            stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:] if arguments is None else arguments
    # An editor waits for `serve`: only the command that is wanted is loaded.
    wanted = [it for it in arguments[:1] if it in _COMMANDS] or _COMMANDS
    parsed = _parser(wanted).parse_args(arguments)
    if arguments[:1] and arguments[0] in _LOGGED:
        import_module("defog_metadata.store.logs").configure_logging()
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except DefogError as error:
        print(f"defog-lsp: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader (such as `head`) has seen enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="defog-lsp",
        description="A SQL language server that knows what your columns mean.",
        epilog="Configuration: the defog.toml nearest above each file; without one, "
        "~/.defog/connection.json, else the newest entry of ~/.defog/cache.",
    )
    parser.add_argument("--version", action="version", version=f"defog-lsp {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in names:
        import_module(f"defog_lsp.cli.{name.replace('-', '_')}").add_to(commands)
    return parser
