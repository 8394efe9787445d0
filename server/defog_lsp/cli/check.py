"""``defog-lsp check``: the editor's diagnostics for files, on the command line."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TextIO

from defog_lsp.cli.arguments import Commands, add_configuration, add_offline
from defog_lsp.cli.github import github_commands
from defog_lsp.cli.parallel import check_all
from defog_lsp.cli.report import (
    SEVERITY_NUMBERS,
    CheckedFile,
    counted,
    json_diagnostics,
    print_text,
)
from defog_lsp.cli.sarif import sarif_log
from defog_lsp.cli.sources import STDIN, sources
from defog_lsp.cli.style import style_for

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "check",
        help="report the mistakes in SQL, golden queries, glossaries and metadata",
        description="Report the mistakes in SQL files, in the defog.toml above them and in the "
        "files that it names. A connection that was never extracted is extracted first.",
        epilog="Exit status: 0 none at or above --fail-on, 1 some, 2 wrong usage or configuration.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files, folders (all *.sql below, and what defog.toml names), or - for standard "
        "input; by default this folder",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="for people (the default), for programs, for code scanning, for GitHub Actions",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="make every mend that nobody has to be asked about; of standard input, write the "
        "mended text to standard output and the rest to standard error",
    )
    parser.add_argument(
        "--stdin-filename",
        metavar="PATH",
        help="what file standard input stands for: it decides which defog.toml counts",
    )
    parser.add_argument(
        "--fail-on",
        choices=tuple(SEVERITY_NUMBERS),
        default="error",
        metavar="LEVEL",
        help="the mildest severity that makes the exit status 1: "
        "error (the default), warning, information or hint",
    )
    add_offline(parser)
    add_configuration(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    checker, files = check_all(
        list(sources(arguments.paths, arguments.stdin_filename, arguments.config)),
        arguments.config,
        is_offline=arguments.offline,
        fixes=arguments.fix,
    )
    files += checker.checked_surroundings({it.path for it in files})
    # Where the mended text goes to standard output, nothing else does.
    stream = sys.stderr if arguments.fix and STDIN in arguments.paths else sys.stdout
    _write(files, arguments.format, stream)
    if checker.is_misconfigured:
        return 2
    limit = SEVERITY_NUMBERS[arguments.fail_on]
    return int(any(SEVERITY_NUMBERS[it.severity] <= limit for f in files for it in f.findings))


def _write(files: Sequence[CheckedFile], form: str, stream: TextIO) -> None:
    match form:
        case "json":
            print(json.dumps(json_diagnostics(files), indent=2), file=stream)
        case "sarif":
            print(json.dumps(sarif_log(files), indent=2), file=stream)
        case "github":
            for command in github_commands(files):
                print(command, file=stream)
        case _:
            print_text(files, stream, style_for(stream))
            print(counted(files), file=sys.stderr)
