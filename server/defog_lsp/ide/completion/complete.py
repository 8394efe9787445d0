"""The entry: context, then candidates, then order."""

from defog_lsp.ide.completion.items import Completions
from defog_metadata.sql.snapshot import Snapshot


def complete(snapshot: Snapshot, offset: int) -> Completions:
    del snapshot, offset
    return Completions()
