"""What several commands' arguments have in common."""

import argparse
from pathlib import Path
from typing import Any, Protocol

__all__ = [
    "Commands",
    "add_configuration",
    "add_connection",
    "add_format",
    "add_offline",
]


class Commands(Protocol):
    """What ``argparse.ArgumentParser.add_subparsers`` gives; its class there is private."""

    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def add_configuration(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="this defog.toml instead of the nearest one",
    )


def add_connection(parser: argparse.ArgumentParser, whose: str = "whose tables") -> None:
    parser.add_argument(
        "--connection", metavar="NAME", help=f"{whose}: a name in defog.toml (the first one)"
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="for people (the default) or for programs",
    )


def add_offline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--offline", action="store_true", help="never connect: use the metadata at hand"
    )
