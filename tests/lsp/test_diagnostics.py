from pathlib import Path

from lsprotocol import types as lsp

from defog_lsp.lsp.client import Capabilities
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.diagnostics import as_diagnostics
from defog_metadata.rules.findings import Finding, Related
from defog_metadata.text import Span, TextFile


def related(encoding: lsp.PositionEncodingKind) -> lsp.Location:
    """Where a place behind a wide character of another file is."""
    file = TextFile(Path("/ö/b.json"), "\n\n '😀', here")
    found = Finding(Span(0, 1), "x", "error", "m", related=(Related(Span(8, 12), "m", file),))
    [diagnostic] = as_diagnostics(
        [found], "file:///a.sql", Positions("a", encoding), Capabilities(related_information=True)
    )
    [information] = diagnostic.related_information or ()
    return information.location


def test_a_place_in_another_file_counts_in_that_files_text() -> None:
    for encoding, start in (("utf-16", 7), ("utf-32", 6), ("utf-8", 9)):
        place = related(lsp.PositionEncodingKind(encoding))
        assert place.uri == Path("/ö/b.json").as_uri()
        assert place.range == lsp.Range(lsp.Position(2, start), lsp.Position(2, start + 4))
