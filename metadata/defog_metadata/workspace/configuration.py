"""``defog.toml`` as values. Reading it is pure and never fails: see ``read_configuration``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from defog_metadata.errors import ConfigurationError
from defog_metadata.rules.findings import DEFAULT_SEVERITIES, Finding, Severity
from defog_metadata.store.redaction import KNOWN_SECRETS
from defog_metadata.workspace.engines import ENGINES, SECRET_FIELDS
from defog_metadata.workspace.secret import Secret

__all__ = [
    "CONFIGURATION_FILE",
    "Configuration",
    "Connection",
    "FileRule",
    "Formatting",
    "KeywordCase",
    "Problem",
    "Pruning",
    "Secret",
    "find_configuration",
    "read_configuration",
]

CONFIGURATION_FILE = "defog.toml"

Problem = Finding
"""What is wrong in ``defog.toml``: ``plain-text-password``, else the code ``configuration``."""


@dataclass(frozen=True)
class Connection:
    """One ``[connections.NAME]``. Its credentials are complete only in ``resolved_creds``."""

    name: str
    db_type: str
    creds: Mapping[str, object] = field(default_factory=dict)
    """The library's ``db_creds``: values of JSON, or a ``Secret``."""
    schema_whitelist: tuple[str, ...] = ()
    schema_blacklist: tuple[str, ...] = ()
    frequent_values: bool = True
    """Whether to keep the few values that many rows share, where the engine's statistics know."""
    api_key: Secret | None = None
    """Only from ``connection.json``: there, the library names the cache file after it."""
    unusable: str = ""
    """Why it cannot be used, such as a missing field; empty when it can."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields that whoever uses the connection has to be asked for, and was not yet."""
        return tuple(
            key
            for key, value in self.creds.items()
            if isinstance(value, Secret) and value.source == "ask" and value.answer is None
        )

    def answered(self, answers: Mapping[str, str]) -> "Connection":
        """The same connection, equal to this one, with *answers* for fields that are asked for."""
        creds = {
            key: value.answered(answers[key])
            if isinstance(value, Secret) and value.source == "ask" and key in answers
            else value
            for key, value in self.creds.items()
        }
        return replace(self, creds=MappingProxyType(creds))

    @property
    def dialect(self) -> str:
        """What sqlglot calls the engine's dialect, empty for an unknown ``db_type``."""
        engine = ENGINES.get(self.db_type)
        return engine.dialect if engine else ""

    def resolved_creds(self) -> dict[str, object]:
        """The library's ``db_creds``, secrets included.

        Raises ``ConfigurationError`` where a field or secret is missing.
        """
        return self._resolved(self.creds)

    def cached_creds(self) -> dict[str, object]:
        """As ``resolved_creds``, without what is asked for: what names the cache file.

        So what was read before is found without asking anybody, also once the answer is another.
        """
        return self._resolved(
            {
                key: "" if isinstance(value, Secret) and value.source == "ask" else value
                for key, value in self.creds.items()
            }
        )

    def _resolved(self, creds: Mapping[str, object]) -> dict[str, object]:
        if self.unusable:
            raise ConfigurationError(f"the connection {self.name} cannot be used: {self.unusable}")
        user = creds.get("user", self.name)
        try:
            name = user.resolve(self.name) if isinstance(user, Secret) else str(user)
            found: dict[str, object] = {}
            for key, value in creds.items():
                found[key] = value
                if isinstance(value, Secret):
                    resolved = value.resolve(name)
                    found[key] = _typed(key, resolved)
                    if key in SECRET_FIELDS:
                        KNOWN_SECRETS.add(resolved)
        except ConfigurationError as error:
            raise ConfigurationError(f"connection {self.name}: {error}") from error
        return found


def _typed(key: str, value: str) -> str | int:
    if key != "port":
        return value
    if not value.isdecimal():
        raise ConfigurationError(f"the port must be a number, not {value!r}")
    return int(value)


@dataclass(frozen=True, slots=True)
class FileRule:
    """Files that match one of ``include`` (globs relative to the root) use ``connection``."""

    include: tuple[str, ...]
    connection: str


KeywordCase = Literal["preserve", "upper", "lower"]


@dataclass(frozen=True, slots=True)
class Formatting:
    formatter: Literal["auto", "defog", "none"] = "auto"
    """``auto``: not where the workspace is configured for another formatter of SQL."""
    line_length: int = 100
    keyword_case: KeywordCase = "preserve"


@dataclass(frozen=True, slots=True)
class Pruning:
    max_tokens: int = 5000
    bm25_num_columns: int = 50


@dataclass(frozen=True)
class Configuration:
    """What ``defog.toml`` says, with the defaults where it says nothing.

    ``root`` is the folder that its relative paths start from; ``path`` is ``None`` without a file.
    """

    path: Path | None
    root: Path
    dialect: str = ""
    """sqlglot's name; empty: the connection's."""
    metadata: tuple[str, ...] = ()
    golden_queries: tuple[str, ...] = ()
    glossary: tuple[str, ...] = ()
    connections: tuple[Connection, ...] = ()
    files: tuple[FileRule, ...] = ()
    rules: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    """Only what differs from the defaults; see ``severities``."""
    diagnostics_run: Literal["onType", "onSave"] = "onType"
    debounce_ms: int = 150
    ttl_seconds: float = 3600
    pruning: Pruning = field(default_factory=Pruning)
    formatting: Formatting = field(default_factory=Formatting)
    code_lens: bool = True
    """Whether anything stands above statements and golden queries."""

    @property
    def severities(self) -> Mapping[str, Severity]:
        """The severity of every rule."""
        return MappingProxyType({**DEFAULT_SEVERITIES, **self.rules})

    def connection(self, name: str) -> Connection | None:
        return next((it for it in self.connections if it.name == name), None)


def find_configuration(near: Path) -> Path | None:
    """The nearest ``defog.toml`` in, or above, the folder *near* or the folder of the file *near*.

    *near* need not exist.
    """
    near = near.absolute()
    for folder in (near, *near.parents):
        path = folder / CONFIGURATION_FILE
        try:
            if path.is_file():
                return path
        except OSError:  # a folder that may not be searched has nothing to say
            continue
    return None


def read_configuration(text: str, path: Path) -> tuple[Configuration, tuple[Problem, ...]]:
    """The configuration in *text*, the contents of the file *path*, and what is wrong with it.

    The problems have their default severities, whatever its ``[rules]`` say; ``Workspace`` applies
    those. Whatever is wrong, the rest is used. Files and environment variables are not looked at:
    ``defog_metadata.workspace.surroundings`` does that.
    """
    from defog_metadata.workspace.reading import Reading  # noqa: PLC0415 - it needs the values

    return Reading(text, path.absolute()).read()
