"""Open documents, edited exactly as the client edits its own copy.

pygls' own document counts lines by ``str.splitlines``, so that after a form feed an edit lands
in the wrong place, and it takes a position past the end of a line for the place before its end.
Ours applies an edit by offsets, from ``convert``.
"""

from collections.abc import Sequence
from urllib.parse import unquote

from lsprotocol import types as lsp
from pygls.workspace import TextDocument, Workspace

from defog_lsp.lsp.convert import Positions, split_lines

__all__ = ["Documents", "SqlDocument"]


class SqlDocument(TextDocument):
    """A text document whose positions are right, whatever characters it contains."""

    _positions: Positions | None = None

    @property
    def lines(self) -> Sequence[str]:
        return tuple(split_lines(self.source))

    @property
    def positions(self) -> Positions:
        """The positions of the present text; a later edit makes new ones."""
        source = self.source
        if self._positions is None or self._positions.text is not source:
            self._positions = Positions(source, self.position_codec.encoding or "utf-16")
        return self._positions

    def apply_change(self, change: lsp.TextDocumentContentChangeEvent) -> None:
        if isinstance(change, lsp.TextDocumentContentChangePartial):
            positions = self.positions
            self._positions = positions.edited(positions.span(change.range), change.text)
            self._source = self._positions.text
        else:
            self._source = change.text


class Documents(Workspace):
    """The documents that the client has open, and its workspace folders."""

    def opened(self, uri: str) -> SqlDocument | None:
        """The document, if it is open. Files that are not are nobody's business here."""
        found = self.text_documents.get(unquote(uri))
        return found if isinstance(found, SqlDocument) else None

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> SqlDocument:
        return SqlDocument(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )
