"""The ``defog-lsp`` command: one module a subcommand, and the only package that prints."""
