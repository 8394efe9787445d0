"""What finds a mirror's tables: written with them, and read beside them.

Everything is in the SQLite database of the mirror. Names have numbers in the order of their
lengths, so that the first of a list are those that a person more likely means; tables have theirs
in the order of the cache file.
"""

from defog_metadata.store.index.stored import StoredIndex
from defog_metadata.store.index.writer import IndexWriter

__all__ = ["IndexWriter", "StoredIndex"]
