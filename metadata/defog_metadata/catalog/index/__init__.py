"""Where words occur in a catalog: found once, then asked for the few tables that are wanted."""

from defog_metadata.catalog.index.protocol import LONGEST_SHORT, Lexicon, Postings, TableIndex

__all__ = ["LONGEST_SHORT", "Lexicon", "Postings", "TableIndex"]
