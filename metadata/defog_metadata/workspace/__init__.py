"""The configuration and the metadata of a folder."""

from defog_metadata.workspace.configuration import (
    Configuration,
    Connection,
    FileRule,
    Problem,
    find_configuration,
    read_configuration,
)
from defog_metadata.workspace.metadata_files import FileProblem
from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = [
    "Configuration",
    "Connection",
    "FileProblem",
    "FileRule",
    "LoadedMetadata",
    "Problem",
    "Workspace",
    "find_configuration",
    "read_configuration",
]
