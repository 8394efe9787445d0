"""What an editor or a terminal sees: the language server and the command line."""

__all__ = ["__version__"]

__version__ = "0.1.0"
"""As in ``pyproject.toml``; a test compares them. Asking the installed package takes too long."""
