"""Lookups: from a written name to what it names.

A ``Catalog`` never holds the tables itself. It asks a ``TableSource`` for the few that a
statement mentions, so that it costs the same for ten tables and for a hundred thousand. Sources:
``MemoryTables`` (literals, small files), ``OverlaidTables`` (workspace definitions over a
database's) and the mirror on disk (``defog_metadata.store.mirror``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from defog_metadata.catalog.naming import Name, Naming, naming_of
from defog_metadata.catalog.values import Column, Table, TableSummary

__all__ = ["Catalog", "MemoryTables", "TableSource"]


class TableSource(Protocol):
    """Where a catalog's tables come from. Reading is thread-safe; contents never change."""

    def __len__(self) -> int: ...

    def schemas(self) -> Sequence[str]:
        """The names of all schemas, sorted; the empty string for tables without one."""
        ...

    def named(self, key: str) -> Sequence[Table]:
        """Every table, in any schema, whose casefolded name is *key*."""
        ...

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        """Tables whose casefolded name starts with *prefix*, by name; *schema* exactly."""
        ...

    def keys(self) -> Iterable[str]:
        """The casefolded names of all tables, for spelling suggestions; may repeat."""
        ...

    def tables(self) -> Iterator[Table]:
        """Every table, streamed; for checks over a whole catalog, never for an answer."""
        ...


class MemoryTables:
    """A source of tables that are already in memory."""

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self._tables = tuple(tables)
        self._by_key: dict[str, list[Table]] = {}
        for table in self._tables:
            self._by_key.setdefault(table.name.casefold(), []).append(table)
        self._schemas = sorted({it.schema for it in self._tables})
        self._summaries = sorted(
            ((it.name.casefold(), it.summary) for it in self._tables),
            key=lambda it: (it[0], it[1].schema),
        )

    def __len__(self) -> int:
        return len(self._tables)

    def schemas(self) -> Sequence[str]:
        return self._schemas

    def named(self, key: str) -> Sequence[Table]:
        return self._by_key.get(key, ())

    def summaries(
        self, *, prefix: str = "", schema: str | None = None, limit: int | None = None
    ) -> Sequence[TableSummary]:
        found = [
            summary
            for key, summary in self._summaries
            if key.startswith(prefix) and (schema is None or summary.schema == schema)
        ]
        return found[:limit]

    def keys(self) -> Iterable[str]:
        return self._by_key.keys()

    def tables(self) -> Iterator[Table]:
        return iter(self._tables)


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
            if self._path_exists():
                return self._best(name, [it for it in candidates if it.schema == ""])
        return self._best(name, candidates)

    def elsewhere(self, name: Name) -> Sequence[Table]:
        """The tables called *name* in any schema, on the search path or not."""
        return self._called(name)

    def has_schema(self, name: Name) -> bool:
        return any(self.naming.same(name, it) for it in self.source.schemas())

    def column(self, table: Table, name: Name) -> Column | None:
        """The column of *table* that *name* means."""
        found = [it for it in table.columns_like(name.text) if self.naming.same(name, it.name)]
        return next((it for it in found if it.name == name.text), found[0] if found else None)

    def is_visible(self, table: Table | TableSummary) -> bool:
        """Whether the table's bare name is enough to mean it."""
        return not table.schema or table.schema in self.search_path or not self._path_exists()

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

    def _path_exists(self) -> bool:
        return not set(self.search_path).isdisjoint(self.source.schemas())

    @staticmethod
    def _best(name: Name, found: Sequence[Table]) -> Table | None:
        exact = [it for it in found if it.name == name.text]
        return next(iter(exact or found), None)
