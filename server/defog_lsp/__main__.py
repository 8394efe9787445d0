"""``python -m defog_lsp``, and the entry of the ``defog-lsp`` command."""

import sys

from defog_lsp.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
