"""The configuration and the metadata of a folder."""

from defog_metadata.workspace.configuration import (
    Configuration,
    Connection,
    FileRule,
    Problem,
    find_configuration,
    read_configuration,
)

__all__ = [
    "Configuration",
    "Connection",
    "FileRule",
    "Problem",
    "find_configuration",
    "read_configuration",
]
