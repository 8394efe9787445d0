"""Hover: what the name under the caret stands for."""

from defog_lsp.ide.hover.hover import Hover, hover

__all__ = ["Hover", "hover"]
