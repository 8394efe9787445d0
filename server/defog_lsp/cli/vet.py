"""``defog-lsp vet``: long descriptions, and what they could say instead."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from defog_lsp.cli.arguments import Commands, add_configuration, add_connection, add_format
from defog_lsp.cli.catalogs import known_tables
from defog_lsp.cli.describe import print_updated
from defog_lsp.cli.style import Style, style_for
from defog_metadata.checks.descriptions import LIMIT, VetProposal, vet
from defog_metadata.updates import proposed_updates, update_metadata

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "vet",
        help="shorten long descriptions without losing what they say",
        description="For every description that is too long, propose one within the limit that "
        "says the same facts: numbers, units, codes, formulas, names, negations. Where there is "
        "none, nothing is proposed.",
        epilog="Exit status: 0 none is too long any more, 1 some are, 2 wrong usage or "
        "configuration.",
    )
    parser.add_argument(
        "--write", action="store_true", help="put the proposals where the descriptions are kept"
    )
    parser.add_argument(
        "--limit",
        type=_limit,
        default=LIMIT,
        metavar="N",
        help=f"how many characters a description may have ({LIMIT})",
    )
    add_connection(parser)
    add_format(parser)
    add_configuration(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    known = known_tables(arguments.config, arguments.connection)
    proposals = vet(known.source.tables(), arguments.limit)
    if arguments.format == "json":
        print(json.dumps([_json(it) for it in proposals], indent=2))
    else:
        _print(proposals, arguments.limit, style_for(sys.stdout))
    found = [it for it in proposals if it.proposal is not None]
    if arguments.write and found:
        updated = update_metadata(known.workspace, known.connection, proposed_updates(found))
        if arguments.format == "text":
            print_updated(updated, "text")
        return int(len(found) < len(proposals))
    return int(bool(proposals))


def _limit(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _print(proposals: Sequence[VetProposal], limit: int, style: Style) -> None:
    for it in proposals:
        lengths = f"{len(it.description)}" + (f" → {len(it.proposal)}" if it.proposal else "")
        print(f"{style.bold(it.name)} ({lengths})")
        print(style.red(f"  - {it.description}"))
        if it.proposal is not None:
            print(style.green(f"  + {it.proposal}"))
        if it.reason:
            print(style.dim(f"    {it.reason}"))
    found = sum(it.proposal is not None for it in proposals)
    print(
        f"{len(proposals)} longer than {limit} characters, a shorter one for {found}",
        file=sys.stderr,
    )


def _json(proposal: VetProposal) -> dict[str, Any]:
    return {
        "table": proposal.table.qualified_name,
        "column": proposal.column.name if proposal.column else None,
        "description": proposal.description,
        "proposal": proposal.proposal,
        "kept": [it.text for it in proposal.kept],
        "reason": proposal.reason,
    }
