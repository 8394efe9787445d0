"""Lookups: from a written name to what it names.

A ``Catalog`` never holds the tables itself. It asks a ``TableSource`` for the few that a
statement mentions, so that it costs the same for ten tables and for a hundred thousand. Sources:
``MemoryTables`` (literals, small files), ``OverlaidTables`` (workspace definitions over a
database's) and the mirror on disk (``defog_metadata.store.mirror``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from defog_metadata.catalog.memory import MemoryTables
from defog_metadata.catalog.naming import Name, Naming, naming_of
from defog_metadata.catalog.source import TableSource
from defog_metadata.catalog.values import Column, Table, TableSummary
from defog_metadata.lazy import lazy

__all__ = ["Catalog"]


@dataclass(frozen=True)
class Catalog:
    """A snapshot of a database's schema; it never changes.

    ``search_path`` are the schemas that an unqualified name is looked for in, in order. Where
    none of them exists in the source, an unqualified name is looked for everywhere.
    """

    source: TableSource = field(default_factory=MemoryTables)
    dialect: str = ""
    search_path: tuple[str, ...] = ()
    is_partial: bool = False
    """Whether the database may have more than the source knows: nobody has read it yet."""

    @classmethod
    def of(
        cls, *tables: Table, dialect: str = "postgres", search_path: tuple[str, ...] = ("public",)
    ) -> "Catalog":
        """A catalog of literals, for tests and small files."""
        return cls(MemoryTables(tables), dialect, search_path)

    def __bool__(self) -> bool:
        """Whether anything is known at all."""
        return len(self.source) > 0

    @property
    def naming(self) -> Naming:
        return naming_of(self.dialect)

    def table(self, *path: Name) -> Table | None:
        """The table that *path* (``table``, ``schema.table`` or ``db.schema.table``) names."""
        *qualifiers, name = path
        candidates = [it for it in self._called(name) if self._is_in(it, qualifiers)]
        if not qualifiers:
            for schema in self.search_path:
                found = [it for it in candidates if it.schema in ("", schema)]
                if found:
                    return self._best(name, found)
            if self._path_exists:
                return self._best(name, [it for it in candidates if it.schema == ""])
        return self._best(name, candidates)

    def elsewhere(self, name: Name) -> Sequence[Table]:
        """The tables called *name* in any schema, on the search path or not."""
        return self._called(name)

    def qualified(self, name: str) -> Table | None:
        """The table whose ``qualified_name`` is *name*."""
        parts = name.split(".")
        for start in range(len(parts) - 1, -1, -1):  # a name may have dots in it
            for table in self.source.named(".".join(parts[start:]).casefold()):
                if table.qualified_name == name:
                    return table
        return None

    def similar(self, name: str, *, schema: str | None = None) -> list[str]:
        """Tables, of *schema* exactly, that a misspelt *name* may mean, as they are stored.

        The caller says how well.
        """
        found = []
        for key in self.source.similar(name.casefold()):
            # In the order of names the shortest of those that start alike is the first.
            for it in self.source.summaries(prefix=key, schema=schema, limit=1):
                found += [it.name] if it.name.casefold() == key else []
        return found

    def has_schema(self, name: Name) -> bool:
        return any(self.naming.same(name, it) for it in self.source.schemas())

    def column(self, table: Table, name: Name) -> Column | None:
        """The column of *table* that *name* means."""
        found = [it for it in table.columns_like(name.text) if self.naming.same(name, it.name)]
        return next((it for it in found if it.name == name.text), found[0] if found else None)

    def is_visible(self, table: Table | TableSummary) -> bool:
        """Whether the table's bare name is enough to mean it."""
        return not table.schema or table.schema in self.search_path or not self._path_exists

    def _called(self, name: Name) -> list[Table]:
        return [it for it in self.source.named(name.key) if self.naming.same(name, it.name)]

    def _is_in(self, table: Table, qualifiers: Sequence[Name]) -> bool:
        # Metadata that does not say where a table lives cannot contradict a qualifier. An empty
        # one (``db..t``) stands for a default that only the server knows.
        stored = (table.schema, table.database)
        return all(
            not actual or not written.text or self.naming.same(written, actual)
            for written, actual in zip(reversed(qualifiers), stored, strict=False)
        )

    @lazy
    def _path_exists(self) -> bool:
        return not set(self.search_path).isdisjoint(self.source.schemas())

    @staticmethod
    def _best(name: Name, found: Sequence[Table]) -> Table | None:
        exact = [it for it in found if it.name == name.text]
        return next(iter(exact or found), None)
