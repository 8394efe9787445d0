"""The connection that the user has stored in ``~/.defog``.

``connection.json`` is the documented file: ``{"api_key", "db_type", "db_creds", ...}``.
``config.json`` is what version 1 of the ``defog`` library writes: flat ``DB_TYPE``, ``DB_HOST`` ...
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from defog_metadata.errors import ConfigurationError
from defog_metadata.store.files import FileLock, LockTimeout, write_whole
from defog_metadata.store.home import defog_home

__all__ = ["StoredConnection", "stored_connection", "write_connection"]

_CONNECTION, _CONFIG = "connection.json", "config.json"


@dataclass(frozen=True)
class StoredConnection:
    """A connection as stored; its secrets are not in its ``repr``."""

    db_type: str
    db_creds: Mapping[str, object] = field(repr=False)
    """Exactly the fields that the library hashes into the name of the cache file."""
    api_key: str | None = field(repr=False)
    path: Path
    """The file that it comes from."""


def stored_connection(home: Path | None = None) -> StoredConnection | None:
    """The connection of ``connection.json``, else of ``config.json``, else ``None``.

    A file that says nothing of a database (only keys of language models, say) is passed over.
    Raises ``ConfigurationError`` for one that cannot be read.
    """
    home = home or defog_home()
    return _from_connection(home / _CONNECTION) or _from_config(home / _CONFIG)


def write_connection(
    *,
    db_type: str,
    db_creds: Mapping[str, object],
    api_key: str | None = None,
    home: Path | None = None,
) -> Path:
    """Store a connection in ``connection.json``, for its owner's eyes only.

    What else the file holds is kept, and so is its API key unless another is given. Raises
    ``ConfigurationError`` when the file cannot be read or written; it is left as it is then.
    """
    path = (home or defog_home()) / _CONNECTION
    try:
        with FileLock(path.with_name(f".{path.name}.lock")).held():
            stored = _object(path) or {}
            stored.update(db_type=db_type, db_creds=dict(db_creds))
            if api_key is not None:
                stored["api_key"] = api_key
            write_whole(path, json.dumps(stored, indent=2).encode())
    except LockTimeout:
        raise ConfigurationError(f"{path} is kept locked by another program.") from None
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"The credentials may only contain text, numbers and booleans: {error}"
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror}): allow it, or choose another folder"
            " with DEFOG_HOME."
        ) from error
    return path


def _from_connection(path: Path) -> StoredConnection | None:
    found = _object(path)
    if found is None or found.get("db_type") in (None, ""):
        return None
    db_type = _text(found, "db_type", path)
    db_creds = found.get("db_creds")
    if db_creds is None:
        db_creds = {}
    if not isinstance(db_creds, dict):
        raise ConfigurationError(f'"db_creds" in {path} must be an object: {_shape_of(db_type)}.')
    api_key = found.get("api_key")
    if api_key is not None:
        api_key = _text(found, "api_key", path)
    if not db_creds and not api_key:
        raise ConfigurationError(
            f'{path} names a {db_type} database without "db_creds": {_shape_of(db_type)}.'
        )
    return StoredConnection(db_type, MappingProxyType(db_creds), api_key, path)


def _from_config(path: Path) -> StoredConnection | None:
    found = _object(path)
    if found is None or found.get("DB_TYPE") in (None, ""):
        return None
    db_type = _text(found, "DB_TYPE", path)
    fields = _CONFIG_FIELDS.get(db_type)
    if fields is None:
        raise ConfigurationError(
            f'"DB_TYPE" in {path} is "{db_type}"; it must be one of {", ".join(_CONFIG_FIELDS)}.'
        )
    creds: dict[str, object] = {}
    for name, keys, is_needed in fields:
        value = next((found[it] for it in keys if found.get(it) not in (None, "")), None)
        if value is None and is_needed:
            raise ConfigurationError(
                f'{path} has no "{keys[0]}", which a {db_type} database needs.'
            )
        if value is not None:
            creds[name] = value
    return StoredConnection(db_type, MappingProxyType(creds), None, path)


def _object(path: Path) -> dict[str, Any] | None:
    """The JSON object in *path*; ``None`` when there is no file."""
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"{path} is not valid JSON ({error}): correct it, or delete it."
        ) from None
    if not isinstance(found, dict):
        raise ConfigurationError(f"{path} must contain a JSON object: correct it, or delete it.")
    return found


def _text(found: Mapping[str, object], key: str, path: Path) -> str:
    value = found[key]
    if not isinstance(value, str):
        raise ConfigurationError(f'"{key}" in {path} must be text.')
    return value


def _shape_of(db_type: str) -> str:
    names = [name for name, _, _ in _CONFIG_FIELDS.get(db_type, _SERVER)]
    return "{" + ", ".join(f'"{it}": ...' for it in names) + "}"


# Each credential, the keys it may have in config.json, and whether nothing works without it.
# The names and their order are the library's.
_Fields = tuple[tuple[str, tuple[str, ...], bool], ...]
_SERVER: _Fields = (
    ("host", ("DB_HOST",), True),
    ("port", ("DB_PORT",), False),
    ("user", ("DB_USER",), False),
    ("password", ("DB_PASSWORD",), False),
    ("database", ("DB_NAME",), True),
)
_FILE: _Fields = (("database", ("DATABASE_PATH", "DB_PATH", "DB_NAME"), True),)
_CONFIG_FIELDS: Mapping[str, _Fields] = MappingProxyType(
    {
        "postgres": _SERVER,
        "redshift": _SERVER,
        "mysql": _SERVER,
        "sqlite": _FILE,
        "duckdb": _FILE,
        "sqlserver": (("server", ("DB_HOST",), True), *_SERVER[2:]),
        "snowflake": (
            *_SERVER[2:4],
            ("account", ("DB_ACCOUNT",), True),
            ("warehouse", ("DB_WAREHOUSE",), False),
            ("database", ("DB_NAME",), False),
        ),
        "bigquery": (("json_key_path", ("DB_KEY_PATH",), True),),
        "databricks": (
            ("server_hostname", ("DB_HOST",), True),
            ("http_path", ("DB_PATH",), True),
            ("access_token", ("DB_TOKEN",), False),
        ),
    }
)
