"""What only the machine can tell about a ``defog.toml``: missing files, unset variables."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from defog_metadata.documents.toml_text import Node, read_toml
from defog_metadata.rules.findings import Severity
from defog_metadata.workspace.configuration import Configuration, Problem, Secret
from defog_metadata.workspace.engines import ENGINES
from defog_metadata.workspace.globs import expand

__all__ = ["check_surroundings"]

_FILE_LISTS = ("metadata", "golden_queries", "glossary")


def check_surroundings(
    text: str, configuration: Configuration, *, environ: Mapping[str, str] = os.environ
) -> Iterator[Problem]:
    """What the *configuration*, read from *text*, refers to and is not there."""
    document = read_toml(text)
    for key in _FILE_LISTS:
        patterns = document.values.get(key)
        for index, pattern in enumerate(patterns if isinstance(patterns, list) else []):
            if isinstance(pattern, str) and not expand(configuration.root, pattern):
                yield _missing(document.places.at(key, index), pattern)
    for connection in configuration.connections:
        engine = ENGINES.get(connection.db_type)
        for key, value in connection.creds.items():
            place = document.places.at("connections", connection.name, key)
            if isinstance(value, Secret):
                if value.source == "env" and value.reference not in environ:
                    yield _problem(
                        place,
                        f"the environment variable {value.reference} is not set: set it where the "
                        "editor or the command is started",
                    )
            elif engine and key in engine.paths and value != ":memory:":
                path = Path(str(value))
                if not path.is_file():
                    yield _problem(place, f"there is no file {path}")


def _missing(place: Node, pattern: str) -> Problem:
    if any(it in pattern for it in "*?["):
        return _problem(place, f"{pattern} matches no file")
    return _problem(place, f"there is no file {pattern}", "error")


def _problem(place: Node, message: str, severity: Severity = "warning") -> Problem:
    return Problem(place.value, "configuration", severity, message)
