"""The protocol edge: the only package that speaks LSP."""
