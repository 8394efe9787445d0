"""A cache with one entry, and a mirror of it: what the tests of mirrors start from."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from defog_metadata.catalog import Column, Table
from defog_metadata.catalog.shapes import write_tables
from defog_metadata.store.cache import MetadataCache
from defog_metadata.store.mirror import Mirror, MirroredMetadata

__all__ = ["KEY", "TABLES", "TICK_SECONDS", "Kit", "in_new_thread", "kit", "names"]

KEY = "1851fb78e0a39e17_postgres_prod"
TABLES = (
    Table("orders", (Column("id", "integer"),), "public", description="What was bought."),
    Table("Orders", (Column("id", "bigint"),), "archive"),
    Table("order_lines", (Column("id", "integer"),), "public", kind="view"),
    Table("customers", (Column("id", "integer"),), "crm"),
)
TICK_SECONDS = 2.5


class Kit:
    """A cache with one entry, and a mirror of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "mirror"
        self.cache = MetadataCache(cache_dir=folder / "cache")
        self.mirror = Mirror(self.folder)
        self.file = self.cache.path(KEY)

    def store(self, *tables: Table) -> None:
        self.cache.set(KEY, write_tables(tables, ["public"]))

    def built(self, *tables: Table) -> MirroredMetadata:
        self.store(*(tables or TABLES))
        return self.mirror.build(self.file)

    def generations(self) -> list[Path]:
        return sorted(it for it in self.folder.glob("*/*") if it.is_dir())

    def settle(self) -> None:
        """Make the cache file look as if it had been at rest for a while."""
        before = time.time() - 60
        os.utime(self.file, (before, before))


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path)


def names(metadata: MirroredMetadata | None) -> list[str]:
    assert metadata is not None
    return [it.qualified_name for it in metadata.source.tables()]


def in_new_thread(question: Callable[[], object]) -> object:
    """Where nothing has been opened yet."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(question).result()
