"""Hover in ``defog.toml``: what the key or the section under the caret means."""

from defog_lsp.ide.configuration.described import described
from defog_lsp.ide.configuration.place import place_at, section_at
from defog_lsp.ide.hover import Hover
from defog_metadata.documents.settings import Setting

__all__ = ["hover_configuration"]


def hover_configuration(text: str, offset: int, settings: Setting) -> Hover | None:
    """``None`` on names of one's own, on values, and where nothing is written."""
    place = place_at(text, offset)
    if place is None or place.kind == "value" or place.word.start == place.word.end:
        return None
    written = text[place.word.start : place.word.end].strip("[]")
    name = written.rpartition(".")[2].strip(" \t\"'")
    around = section_at(settings, place.path)
    if around is None or around.kind == "named sections":
        return None
    setting = around.child(name)
    markdown = described(setting) if setting else ""
    return Hover(place.word, markdown) if markdown else None
