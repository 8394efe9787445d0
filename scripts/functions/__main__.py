"""``python -m scripts.functions [DIALECT…]``: make the data files, all of them if none is named."""

import argparse
import importlib
from typing import Protocol

from scripts.functions.grammar import DIALECTS
from scripts.functions.listing import Listing

_ENGINES = {"postgres": "postgres", "mysql": "mariadb", "sqlite": "sqlite", "duckdb": "duckdb"}


class _Engine(Protocol):
    def listing(self) -> Listing: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    choices = (*_ENGINES, *DIALECTS)
    parser.add_argument("dialects", nargs="*", metavar="DIALECT", help=", ".join(choices))
    wanted = parser.parse_args().dialects or choices
    if unknown := sorted(set(wanted) - set(choices)):
        parser.error(f"no such dialect: {', '.join(unknown)}")
    for dialect in wanted:
        print(f"{dialect:12} {_listing(dialect).save(dialect):5}")


def _listing(dialect: str) -> Listing:
    if dialect in _ENGINES:
        # Only the engine that is asked for needs to be installed.
        engine: _Engine = importlib.import_module(f"scripts.functions.{_ENGINES[dialect]}")
        return engine.listing()
    grammar = importlib.import_module("scripts.functions.grammar")
    found: Listing = grammar.listing(dialect)
    return found


if __name__ == "__main__":
    main()
