"""``defog-lsp check``: the editor's diagnostics for files, on the command line."""

import argparse
import sys

from defog_lsp.cli.arguments import Commands, add_configuration
from defog_lsp.cli.checker import Checker
from defog_lsp.cli.report import SEVERITY_NUMBERS, counted, print_text, write_json
from defog_lsp.cli.style import style_for

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "check",
        help="report the mistakes in SQL files",
        description="Report the mistakes in SQL files. A connection that was never extracted is "
        "extracted first.",
        epilog="Exit status: 0 none at or above --fail-on, 1 some, 2 wrong usage or configuration.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files, folders (all *.sql below), or - for standard input; by default this folder",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--fail-on",
        choices=tuple(SEVERITY_NUMBERS),
        default="error",
        metavar="LEVEL",
        help="the mildest severity that makes the exit status 1: "
        "error (the default), warning, information or hint",
    )
    parser.add_argument(
        "--offline", action="store_true", help="never connect: use the metadata at hand"
    )
    add_configuration(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    checker = Checker(arguments.config, is_offline=arguments.offline)
    files = [*checker.check(arguments.paths), *checker.checked_surroundings()]
    if arguments.format == "json":
        write_json(files, sys.stdout)
    else:
        print_text(files, sys.stdout, style_for(sys.stdout))
        print(counted(files), file=sys.stderr)
    if checker.is_misconfigured:
        return 2
    limit = SEVERITY_NUMBERS[arguments.fail_on]
    return int(any(SEVERITY_NUMBERS[it.severity] <= limit for f in files for it in f.findings))
