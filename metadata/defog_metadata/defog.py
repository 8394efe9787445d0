"""The facade: one connection's metadata, golden queries and glossary, and what they can be asked.

The names of its methods and the keys of their results are those of the ``defog`` library's
documentation. Everything is made elsewhere; here it is only put together.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from defog_metadata.catalog import Catalog, MemoryTables, Table
from defog_metadata.catalog.shapes import Metadata, read_metadata, write_tables
from defog_metadata.checks.coverage import coverage
from defog_metadata.checks.descriptions import LIMIT, VetProposal, described, vet
from defog_metadata.checks.glossary import check_glossary_consistency, check_glossary_valid
from defog_metadata.checks.glossary_consistency import GoldenAnswer
from defog_metadata.checks.golden_queries import check_gold_queries
from defog_metadata.checks.metadata import validation_problems
from defog_metadata.errors import ConfigurationError, ExtractionError
from defog_metadata.execution import Created, create_tables, explained, scratch_database
from defog_metadata.pruning.prune import Pruner
from defog_metadata.pruning.pruned import Pruned
from defog_metadata.sql.examples import pruner_of
from defog_metadata.text import Span, TextFile
from defog_metadata.updates import (
    batched,
    changed_table,
    proposed_updates,
    resolved,
    update_metadata,
)
from defog_metadata.workspace import Connection, LoadedMetadata, Workspace
from defog_metadata.workspace.engines import ENGINES, canonical_db_type, default_search_path
from defog_metadata.workspace.golden import GoldenQuery

__all__ = ["Against", "Defog"]

_log = logging.getLogger(__name__)

Against = Literal["metadata", "empty", "database"]
"""What golden queries are held against: what is known, an empty database made from that, which
plans them, or the database itself, which plans them in a transaction that can only read."""

Updates = Mapping[str, Mapping[str, Any]]
"""``{table: {"table_description": text, "columns": {column: text}}}``; each part may be missing."""


class Defog:
    """One connection, and what people have written about it.

    What is not given is read from the ``defog.toml`` of the current folder, or the nearest one
    above it; metadata that no file has is extracted, through the cache.
    """

    def __init__(
        self,
        db_type: str | None = None,
        db_creds: Mapping[str, object] | None = None,
        *,
        metadata: Mapping[str, Any] | None = None,
        golden_queries: Sequence[Mapping[str, str]] | None = None,
        glossary: str | None = None,
    ) -> None:
        """*metadata* is JSON in any shape; *golden_queries* have a ``question`` and its ``sql``.

        Nothing is read from a database yet. Raises ``ConfigurationError`` for an unknown
        *db_type*, and ``MetadataError`` for metadata in no known shape.
        """
        workspace = Workspace.open(Path.cwd())
        if db_type is not None:
            workspace = workspace.connected_to(_connection(db_type, db_creds))
        self._workspace = workspace
        self._connection = next(iter(workspace.connections), None)
        self._loaded: LoadedMetadata | None = None
        self._pruner: Pruner | None = None
        self._given = None if metadata is None else read_metadata(metadata)
        self._golden_queries = None if golden_queries is None else _golden(golden_queries)
        self._glossary = glossary

    @classmethod
    def from_workspace(cls, path: Path | str, connection: str | None = None) -> "Defog":
        """What the ``defog.toml`` in (or above) the folder *path*, or the file itself, says.

        *connection* by its name there, by default the first. Raises ``ConfigurationError`` where
        there is no such file or connection.
        """
        path = Path(path)
        file = path if path.is_file() else None
        workspace = Workspace.open(path.parent if file else path, configuration_path=file)
        if workspace.configuration.path is None:
            raise ConfigurationError(f"there is no defog.toml in {path} or above")
        return cls.of(workspace, workspace.connection(connection))

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        connection: Connection | None,
        loaded: LoadedMetadata | None = None,
    ) -> "Defog":
        """What *workspace* knows of *connection*; *loaded* is its metadata, if it is at hand."""
        self = cls.__new__(cls)
        self._workspace, self._connection, self._loaded = workspace, connection, loaded
        self._pruner = self._given = self._golden_queries = self._glossary = None
        return self

    # --- what it is about ---

    @property
    def metadata(self) -> dict[str, Any]:
        """The tables in the shape that the cache has: ``{table: {"table_description", …}}``.

        The first use reads the database where the cache has nothing valid, as do all methods;
        raises ``ExtractionError`` where it cannot be read.
        """
        return write_tables(self.catalog.source.tables(), self.catalog.search_path)

    @property
    def catalog(self) -> Catalog:
        return self._metadata.catalog

    @property
    def golden_queries(self) -> tuple[GoldenQuery, ...]:
        given = self._golden_queries
        return self._metadata.golden_queries if given is None else given

    @property
    def glossary(self) -> str:
        """One statement a line."""
        return self._metadata.glossary if self._glossary is None else self._glossary

    # --- checks ---

    def check_md_valid(self, scratch: Mapping[str, Any] | None = None) -> bool:
        """Whether ``get_metadata_validation_errors`` has nothing to say."""
        return not self.get_metadata_validation_errors(scratch)

    def get_metadata_validation_errors(self, scratch: Mapping[str, Any] | None = None) -> list[str]:
        """Sentences about duplicates, empty names, unknown types, keys to nowhere, and bad DDL.

        *scratch*, ``{"db_type", "db_creds"?}``, is a database in which the DDL is also tried out
        and taken back: SQLite without ``db_creds`` in memory, or a PostgreSQL or MySQL.
        """
        tables = list(self.catalog.source.tables())
        database = self._metadata.database
        read = database.source.tables() if database else ()
        known_types = {column.type for table in read for column in table.columns}
        found = [str(it) for it in validation_problems(tables, self.catalog.dialect, known_types)]
        if scratch is not None and not found:
            db_type, db_creds = scratch.get("db_type", "sqlite"), scratch.get("db_creds")
            with scratch_database(
                tables, db_type, db_creds, source_dialect=self.catalog.dialect
            ) as tried:
                found += [f"{it.reason}: {it.statement}" for it in tried.refused]
        return found

    def check_golden_queries_coverage(self) -> dict[str, Any]:
        """Which tables and columns the golden queries use, by what their names refer to."""
        queries = (it.sql for it in self.golden_queries)
        return dict(coverage(queries, self.catalog, self.catalog.dialect).as_dict())

    def check_gold_queries_valid(self, against: Against = "metadata") -> dict[str, Any]:
        """``valid_count``, ``total_count`` and ``invalid_queries`` with their ``errors``.

        Raises ``ConfigurationError`` and ``ExtractionError`` where what they are held *against*
        cannot be had.
        """
        queries = [(it.question, it.sql) for it in self.golden_queries]
        with self._verdicts(against) as verdict:
            found = check_gold_queries(queries, self.catalog, self.catalog.dialect, also=verdict)
        return dict(found.as_dict())

    def check_glossary_valid(self) -> dict[str, Any]:
        """``is_valid``, and ``errors``: names that are none, SQL that does not parse."""
        files = self._glossary_files()
        return dict(check_glossary_valid(files, self.catalog, self.catalog.dialect).as_dict())

    def check_glossary_consistency(self) -> dict[str, Any]:
        """``is_consistent``, and ``issues``: what contradicts or repeats something else."""
        golden = [GoldenAnswer(it.sql, Span(0, len(it.sql))) for it in self.golden_queries]
        found = check_glossary_consistency(
            self._glossary_files(), self.catalog, self.catalog.dialect, golden
        )
        return dict(found.as_dict())

    def vet_metadata(self, limit: int = LIMIT, *, write: bool = False) -> tuple[VetProposal, ...]:
        """For each description of more than *limit* characters a concise one that loses no fact.

        *write* puts those that there are in their place; see ``update_metadata``.
        """
        found = vet(self.catalog.source.tables(), limit)
        if write:
            self.update_metadata(proposed_updates(found))
        return found

    def check_health(self, against: Against = "metadata") -> dict[str, Any]:
        """All checks at once: ``is_healthy``, and a part for each, as the checks answer.

        ``metadata`` (``is_valid``, ``errors``), ``golden_queries``, ``coverage``, ``glossary``,
        ``consistency``, and ``descriptions``: how many tables and columns have one, and which are
        ``long``. Coverage and descriptions are no matter of health.
        """
        errors = self.get_metadata_validation_errors()
        golden_queries = self.check_gold_queries_valid(against)
        glossary, consistency = self.check_glossary_valid(), self.check_glossary_consistency()
        return {
            "is_healthy": not errors
            and not golden_queries["invalid_queries"]
            and glossary["is_valid"]
            and consistency["is_consistent"],
            "metadata": {"is_valid": not errors, "errors": errors},
            "golden_queries": golden_queries,
            "coverage": self.check_golden_queries_coverage(),
            "glossary": glossary,
            "consistency": consistency,
            "descriptions": described(self.catalog.source.tables()).as_dict(),
        }

    # --- changes ---

    def create_empty_tables(
        self,
        table_names: Sequence[str] = (),
        schemas: Sequence[str] = (),
        *,
        if_not_exists: bool = False,
    ) -> Created:
        """Create tables of the metadata in the database, by default all, as their keys ask for.

        In one transaction where the engine allows that. Raises ``ConfigurationError`` for a table
        that is unknown or there is no connection for, ``ExecutionError`` for one that cannot be
        created.
        """
        connection = self._wanted_connection()
        return create_tables(
            connection.db_type,
            connection.resolved_creds(),
            list(self.catalog.source.tables()),
            table_names=table_names,
            schemas=schemas,
            if_not_exists=if_not_exists,
            source_dialect=self.catalog.dialect,
        )

    def update_metadata(self, metadata_updates: Updates) -> dict[str, Any]:
        """Describe tables and columns; the updated metadata.

        Written, whole or not at all, to the workspace's metadata files where there are any, else
        to the cache; metadata that were given are changed where they are. Raises
        ``MetadataError`` for an unknown table or column: then nothing changes.
        """
        if self._given is not None:
            changed = {
                it.path: changed_table(it) for it in resolved(metadata_updates, self.catalog)
            }
            tables = tuple(changed.get(_path(it), it) for it in self._given.tables)
            self._given, self._loaded = replace(self._given, tables=tables), None
        else:
            loaded = self._metadata  # so that there is something to write to
            updated = update_metadata(self._workspace, self._connection, metadata_updates)
            self._loaded = updated.metadata if updated.changes else loaded
        return self.metadata

    def update_table_metadata(self, table_name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """``update_metadata`` of one table."""
        return self.update_metadata({table_name: metadata})

    def update_tables_metadata(self, updates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Many at once, ``[{"table": name, "updates": {…}}]``, in one write."""
        return self.update_metadata(batched(updates))

    # --- what matters for a question ---

    def prune(  # noqa: PLR0913 - the documented arguments
        self,
        question: str,
        *,
        subtable_pruning: bool = True,
        prune_max_tokens: int | None = None,
        prune_bm25_num_columns: int | None = None,
        schema_whitelist: Sequence[str] | None = None,
        schema_blacklist: Sequence[str] | None = None,
    ) -> Pruned:
        """The tables, columns and joins that matter for *question* within a number of tokens.

        What is ``None`` is as ``defog.toml`` says, by default 5,000 tokens and 50 columns.
        """
        defaults, connection = self._workspace.configuration.pruning, self._connection
        white = connection.schema_whitelist if connection else ()
        black = connection.schema_blacklist if connection else ()
        catalog = self.catalog
        if self._pruner is None or self._pruner.catalog is not catalog:
            golden_queries = ((it.question, it.sql) for it in self.golden_queries)
            self._pruner = pruner_of(catalog, golden_queries, self.glossary)
        return self._pruner.prune(
            question,
            subtable_pruning=subtable_pruning,
            prune_max_tokens=defaults.max_tokens if prune_max_tokens is None else prune_max_tokens,
            prune_bm25_num_columns=(
                defaults.bm25_num_columns
                if prune_bm25_num_columns is None
                else prune_bm25_num_columns
            ),
            schema_whitelist=white if schema_whitelist is None else schema_whitelist,
            schema_blacklist=black if schema_blacklist is None else schema_blacklist,
        )

    # --- inside ---

    @property
    def _metadata(self) -> LoadedMetadata:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> LoadedMetadata:
        workspace, connection = self._workspace, self._connection
        found = workspace.metadata(connection)
        if self._given is not None:
            return replace(found, catalog=self._given_catalog(self._given), database=None)
        if connection is None or not found.is_stale:
            return found
        try:
            return workspace.refresh(connection)
        except (ConfigurationError, ExtractionError) as error:
            if not found.catalog:
                raise
            _log.warning("going on with the metadata at hand (%s): %s", found.origin, error)
            return found

    def _given_catalog(self, given: Metadata) -> Catalog:
        connection = self._connection
        dialect = connection.dialect if connection else self._workspace.configuration.dialect
        path = given.search_path or default_search_path(dialect)
        return Catalog(MemoryTables(given.tables), dialect, path)

    def _glossary_files(self) -> Sequence[TextFile]:
        given = self._glossary
        return self._metadata.glossaries if given is None else [TextFile(Path(), given)]

    def _wanted_connection(self) -> Connection:
        if self._connection is None:
            raise ConfigurationError("there is no connection: give db_type and db_creds")
        return self._connection

    @contextmanager
    def _verdicts(self, against: Against) -> Iterator[Callable[[str], str | None] | None]:
        """What an engine has against a statement, for as long as it can be asked."""
        match against:
            case "metadata":
                yield None
            case "empty":
                connection = self._connection
                db_type = connection.db_type if connection else "sqlite"
                creds = None if connection is None or db_type == "sqlite" else connection
                with scratch_database(
                    list(self.catalog.source.tables()),
                    db_type,
                    creds.resolved_creds() if creds else None,
                    source_dialect=self.catalog.dialect,
                ) as scratch:
                    yield scratch.explain
            case "database":
                connection = self._wanted_connection()
                creds_ = connection.resolved_creds()
                yield lambda sql: explained(connection.db_type, creds_, [sql])[0]
            case _:
                raise ConfigurationError(
                    f"golden queries are held against metadata, empty or database, not {against!r}"
                )


def _path(table: Table) -> tuple[str, str, str]:
    return (table.database, table.schema, table.name)


def _connection(db_type: str, db_creds: Mapping[str, object] | None) -> Connection:
    known = canonical_db_type(db_type)
    if known not in ENGINES:
        raise ConfigurationError(f"{db_type!r} is no db_type; known: {', '.join(ENGINES)}")
    unusable = "" if db_creds else "no db_creds were given"
    return Connection("db_creds", known, MappingProxyType(dict(db_creds or {})), unusable=unusable)


def _golden(queries: Sequence[Mapping[str, str]]) -> tuple[GoldenQuery, ...]:
    found = []
    for index, it in enumerate(queries):
        question, sql = it.get("question"), it.get("sql", it.get("query"))
        if not isinstance(question, str) or not isinstance(sql, str):
            raise ConfigurationError(f"golden_queries[{index}] needs a question and its sql")
        found.append(GoldenQuery(question, sql))
    return tuple(found)
