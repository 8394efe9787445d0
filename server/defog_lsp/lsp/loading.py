"""Importing what takes long, once, and in the order in which it is needed.

``initialize`` is answered without any of it; these functions are called in threads, after it.
"""

import threading

__all__ = ["load_first", "warm_up"]

# ruff: noqa: PLC0415 - importing late is what this module is for

_loading = threading.Lock()
_loaded = threading.Event()
"""Whether ``load_first`` has been there."""


def load_first() -> None:
    """Import what a workspace and its SQL are first asked for: completion and hover.

    Costs nothing the second time. One thread at a time: modules that threads import at once, from
    different ends, may see each other half made.
    """
    if _loaded.is_set():
        return  # without waiting for whoever imports the rest
    with _loading:
        import defog_lsp.ide.completion
        import defog_lsp.ide.hover  # noqa: F401 - what the functions below use
        import defog_metadata.sql.source.declared
        import defog_metadata.store.logs
        import defog_metadata.workspace.named_files
        import defog_metadata.workspace.workspace  # noqa: F401
    _loaded.set()


def warm_up() -> None:
    """As ``load_first``, everything that features and workspaces need."""
    load_first()
    with _loading:
        import defog_lsp.ide.code_actions
        import defog_lsp.ide.code_lens
        import defog_lsp.ide.configuration
        import defog_lsp.ide.ddl
        import defog_lsp.ide.diagnostics
        import defog_lsp.ide.glossary
        import defog_lsp.ide.metadata
        import defog_lsp.ide.signature_help  # noqa: F401 - as above
        import defog_metadata.checks.documents
        import defog_metadata.updates.places
        import defog_metadata.workspace.surroundings  # noqa: F401
