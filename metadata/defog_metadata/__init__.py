"""What a database contains and means, for scripts, checks and the language server.

The names below are loaded on first use: importing the package itself costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defog_metadata.catalog import (
        Catalog,
        Column,
        ForeignKey,
        Index,
        MemoryTables,
        Name,
        OverlaidTables,
        Table,
        TableSource,
        TableSummary,
        UniqueKey,
    )
    from defog_metadata.ddl import create_ddl_from_metadata
    from defog_metadata.defog import Defog
    from defog_metadata.errors import (
        AuthenticationFailed,
        CacheError,
        ConfigurationError,
        ConnectionFailed,
        DefogError,
        ExecutionError,
        ExtractionCancelled,
        ExtractionError,
        MetadataError,
        MissingDriver,
        PermissionDenied,
    )
    from defog_metadata.extract import extract_metadata_from_db, extract_metadata_from_db_async
    from defog_metadata.store.cache import MetadataCache
    from defog_metadata.workspace import Workspace

__all__ = [
    "AuthenticationFailed",
    "CacheError",
    "Catalog",
    "Column",
    "ConfigurationError",
    "ConnectionFailed",
    "Defog",
    "DefogError",
    "ExecutionError",
    "ExtractionCancelled",
    "ExtractionError",
    "ForeignKey",
    "Index",
    "MemoryTables",
    "MetadataCache",
    "MetadataError",
    "MissingDriver",
    "Name",
    "OverlaidTables",
    "PermissionDenied",
    "Table",
    "TableSource",
    "TableSummary",
    "UniqueKey",
    "Workspace",
    "create_ddl_from_metadata",
    "extract_metadata_from_db",
    "extract_metadata_from_db_async",
]

_ELSEWHERE = {
    "Defog": "defog",
    "MetadataCache": "store.cache",
    "Workspace": "workspace",
    "create_ddl_from_metadata": "ddl",
    "extract_metadata_from_db": "extract",
    "extract_metadata_from_db_async": "extract",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _ELSEWHERE:
        module = _ELSEWHERE[name]
    else:
        errors = import_module("defog_metadata.errors")
        module = "errors" if name in errors.__all__ else "catalog"
    value: object = getattr(import_module(f"defog_metadata.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
