"""Every exception this package raises on purpose, in one tree.

::

    DefogError
    ├── MetadataError          metadata that is not in any known shape
    ├── ConfigurationError     defog.toml, connection.json or arguments that cannot be used
    ├── CacheError             a cache file that cannot be read or written
    ├── ExecutionError         a statement that a database refuses
    └── ExtractionError        a database that cannot be read
        ├── ConnectionFailed       host, port or file not reachable
        ├── AuthenticationFailed   not let in
        │   └── PasswordRefused        user or password refused
        ├── PermissionDenied       connected, but not allowed to read the catalog
        ├── MissingDriver          the engine needs a package that is not installed
        └── ExtractionCancelled    the caller asked to stop

Each message says what happened and what to do about it; none contains a secret.
"""

__all__ = [
    "AuthenticationFailed",
    "CacheError",
    "ConfigurationError",
    "ConnectionFailed",
    "DefogError",
    "ExecutionError",
    "ExtractionCancelled",
    "ExtractionError",
    "MetadataError",
    "MissingDriver",
    "PasswordRefused",
    "PermissionDenied",
]


class DefogError(Exception):
    """The root: catch this to catch everything the package raises on purpose."""


class MetadataError(DefogError):
    """Metadata that is in none of the accepted shapes.

    ``path`` names the bad element, such as ``table_metadata[3].column_metadata[0].data_type``.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path
        self.problem = problem


class ConfigurationError(DefogError):
    """A configuration that cannot be used."""


class CacheError(DefogError):
    """A cache file that cannot be read or written; the file is left as it is."""


class ExecutionError(DefogError):
    """A statement that a database refuses.

    ``statement`` is its text, ``reason`` what the database said. ``done`` are the statements that
    had been run before and stay so: none, where all of them were one transaction.
    """

    def __init__(self, message: str, statement: str, reason: str, done: tuple[str, ...]) -> None:
        super().__init__(message)
        self.statement = statement
        self.reason = reason
        self.done = done


class ExtractionError(DefogError):
    """A database that cannot be read."""


class ConnectionFailed(ExtractionError):
    """The host, port or file cannot be reached."""


class AuthenticationFailed(ExtractionError):
    """The user was not let in."""


class PasswordRefused(AuthenticationFailed):
    """The user or password was refused: another one may be let in."""


class PermissionDenied(ExtractionError):
    """Connected, but not allowed to read the catalog."""


class MissingDriver(ExtractionError):
    """The engine needs a package that is not installed."""


class ExtractionCancelled(ExtractionError):
    """The caller asked to stop."""
