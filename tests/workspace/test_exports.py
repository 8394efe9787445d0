"""What `from defog_metadata import …` offers, and what importing the package costs."""

import subprocess
import sys

import pytest

import defog_metadata

NAMES = [
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


def test_the_exported_names() -> None:
    assert defog_metadata.__all__ == NAMES
    assert set(NAMES) <= set(dir(defog_metadata))
    for name in NAMES:
        value = getattr(defog_metadata, name)
        assert value.__name__ == name
        assert value.__module__.startswith("defog_metadata.")


def test_a_name_that_is_not_exported() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        _ = defog_metadata.nope


def test_importing_the_package_loads_nothing_else() -> None:
    code = (
        "import sys, defog_metadata; "
        "print([it for it in sys.modules if it.startswith('defog_metadata.')"
        " or it.partition('.')[0] in ('sqlglot', 'sqlalchemy', 'diskcache')])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert shown.strip() == "[]"
