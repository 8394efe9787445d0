"""``defog.toml`` while somebody writes it: what can stand there, and what it means."""

from defog_lsp.ide.configuration.complete import complete_configuration
from defog_lsp.ide.configuration.hover import hover_configuration

__all__ = ["complete_configuration", "hover_configuration"]
