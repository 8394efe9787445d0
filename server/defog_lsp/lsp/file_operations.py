"""Which files the client is to tell about when it makes, moves or deletes them."""

from lsprotocol import types as lsp

__all__ = ["FILES"]

FILES = lsp.FileOperationRegistrationOptions(
    [lsp.FileOperationFilter(lsp.FileOperationPattern("**"), scheme="file")]
)
"""All, and folders: what a ``defog.toml`` names may be called anything, a database above all."""
