"""What several commands' arguments have in common."""

import argparse
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Commands", "add_configuration"]


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
