"""What each engine needs to be reached, checked before anything is tried.

The fields are those of the ``defog`` library's ``db_creds``; the few optional ones beyond
them are what servers that insist on encryption or a socket need.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from defog_metadata.errors import ConfigurationError

__all__ = ["Credentials", "Fields", "db_types", "engine_name", "fields_of", "read_credentials"]


@dataclass(frozen=True, slots=True)
class Fields:
    """The credential fields of one engine."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


_SERVER = ("host", "database", "user")

_FIELDS: Mapping[str, Fields] = MappingProxyType(
    {
        "postgres": Fields(
            _SERVER, ("port", "password", "sslmode", "sslrootcert", "connect_timeout")
        ),
        "mysql": Fields(
            _SERVER, ("port", "password", "ssl_ca", "unix_socket", "charset", "connect_timeout")
        ),
        "sqlite": Fields(("database",)),
        "duckdb": Fields(("database",)),
        "redshift": Fields((*_SERVER, "password"), ("port", "schema")),
        "snowflake": Fields(
            ("account", "warehouse", "user", "password"), ("database", "schema", "role")
        ),
        "bigquery": Fields(("json_key_path",)),
        "databricks": Fields(
            ("server_hostname", "access_token", "http_path"), ("catalog", "schema")
        ),
        "sqlserver": Fields(("server", "database", "user", "password"), ("port",)),
    }
)
_ALIASES: Mapping[str, str] = MappingProxyType(
    {"postgresql": "postgres", "mariadb": "mysql", "sqlite3": "sqlite", "mssql": "sqlserver"}
)
_NUMBERS = frozenset({"port", "connect_timeout"})
_LARGEST = 65535
_SECRETS = frozenset({"password", "access_token"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """Checked credentials. ``engine`` is never an alias; ``values`` stay out of the repr."""

    engine: str
    values: Mapping[str, str | int] = field(repr=False)

    def text(self, name: str, default: str = "") -> str:
        return str(self.values.get(name, default))

    def number(self, name: str, default: int) -> int:
        return int(self.values.get(name, default))

    @property
    def public(self) -> dict[str, str | int]:
        """The values that are not secret."""
        return {name: it for name, it in self.values.items() if name not in _SECRETS}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that no message may contain."""
        return tuple(str(it) for name, it in self.values.items() if name in _SECRETS and it)


def db_types() -> tuple[str, ...]:
    """Every engine there is, without the aliases."""
    return tuple(_FIELDS)


def engine_name(db_type: str) -> str:
    """*db_type* without its aliases. Raises ``ConfigurationError`` for an unknown one."""
    name = db_type.strip().lower()
    name = _ALIASES.get(name, name)
    if name not in _FIELDS:
        raise ConfigurationError(
            f'There is no db_type "{db_type}". Use one of {", ".join(_FIELDS)}.'
        )
    return name


def fields_of(db_type: str) -> Fields:
    """The fields of *db_type*. Raises ``ConfigurationError`` for an unknown one."""
    return _FIELDS[engine_name(db_type)]


def read_credentials(db_type: str, db_creds: Mapping[str, object]) -> Credentials:
    """Check *db_creds*. Raises ``ConfigurationError`` that lists everything that is wrong."""
    engine = engine_name(db_type)
    fields = _FIELDS[engine]
    given = {name: it for name, it in db_creds.items() if it is not None}
    problems = [f'"{name}" is missing' for name in fields.required if given.get(name, "") == ""]
    values: dict[str, str | int] = {}
    for name, value in given.items():
        if name not in (*fields.required, *fields.optional):
            problems.append(f'"{name}" is not known')
        elif name in _NUMBERS:
            number = _number(value)
            if number is None:
                problems.append(f'"{name}" must be a whole number from 1 to {_LARGEST}')
            else:
                values[name] = number
        elif isinstance(value, str) and _is_sendable(value):
            values[name] = value
        else:
            problems.append(f'"{name}" must be a text without control characters')
    if problems:
        optional = f" and may have {', '.join(fields.optional)}" if fields.optional else ""
        raise ConfigurationError(
            f"The credentials for {engine} cannot be used: {'; '.join(problems)}. "
            f"They need {', '.join(fields.required)}{optional}."
        )
    return Credentials(engine, MappingProxyType(values))


def _is_sendable(value: str) -> bool:
    """Whether drivers can send *value*: no NUL, which would end it, and no half characters."""
    return "\0" not in value and value.encode("utf-8", "replace").decode() == value


def _number(value: object) -> int | None:
    # A port from a flat configuration file or an environment variable is a text.
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if isinstance(value, int) and is_number and 0 < value <= _LARGEST else None
