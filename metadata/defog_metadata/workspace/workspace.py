"""A folder: its configuration, its connections, and the metadata that go with them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from defog_metadata.catalog import Catalog, MemoryTables, OverlaidTables, TableSource
from defog_metadata.errors import CacheError, ConfigurationError, DefogError
from defog_metadata.progress import Cancelled, Progress
from defog_metadata.store.cache import CacheEntry, MetadataCache
from defog_metadata.store.mirror import Mirror, MirroredMetadata
from defog_metadata.text import Span, TextFile
from defog_metadata.workspace.configuration import (
    Configuration,
    Connection,
    FileRule,
    Problem,
    find_configuration,
    read_configuration,
)
from defog_metadata.workspace.databases import extracting, unfinished
from defog_metadata.workspace.encoding import decode
from defog_metadata.workspace.engines import (
    ENGINES,
    canonical_db_type,
    default_search_path,
)
from defog_metadata.workspace.globs import expand, matches
from defog_metadata.workspace.glossary import read_glossaries
from defog_metadata.workspace.golden import read_golden_queries
from defog_metadata.workspace.loaded import LoadedMetadata, read_database
from defog_metadata.workspace.metadata_files import FileProblem, read_metadata_files
from defog_metadata.workspace.overlay import overlaid
from defog_metadata.workspace.surroundings import check_surroundings
from defog_metadata.workspace.unconfigured import newest, stored

__all__ = ["FileProblem", "LoadedMetadata", "Workspace"]


class Workspace:
    """One folder's view of the world. Immutable after ``open``; every method is thread-safe."""

    def __init__(  # noqa: PLR0913 - all that ``open`` found out
        self,
        configuration: Configuration,
        cache: MetadataCache,
        mirror: Mirror,
        *,
        text: str = "",
        problems: Sequence[Problem] = (),
        setting_problems: Sequence[str] = (),
        home: Path | None = None,
    ) -> None:
        self.configuration = configuration
        self.text = text
        """Of ``defog.toml``: what the spans of ``problems`` refer to."""
        self.problems = tuple(sorted(problems, key=lambda it: it.span))
        self.setting_problems = tuple(setting_problems)
        self.cache = cache
        self._mirror = mirror
        self._stored: Connection | None = None
        self._newest: tuple[CacheEntry, int] | None = None
        if not configuration.connections and not configuration.metadata:
            self._stored = stored(home)
            self._newest = None if self._stored else newest(cache)

    @classmethod
    def open(  # noqa: PLR0913 - the keyword arguments are where tests and editors step in
        cls,
        folder: Path,
        *,
        configuration_path: Path | None = None,
        overrides: Mapping[str, object] = MappingProxyType({}),
        cache: MetadataCache | None = None,
        mirror: Mirror | None = None,
        home: Path | None = None,
    ) -> "Workspace":
        """The workspace of *folder*: no database and no metadata is read yet.

        *configuration_path* instead of the ``defog.toml`` found upward from *folder*; *overrides*
        are the editor's settings, see ``overlay.overlaid``. Raises ``ConfigurationError`` for a
        *configuration_path* that is not there; what is wrong inside is in ``problems``.
        """
        path = configuration_path or find_configuration(folder)
        if path is None:
            text, problems = "", list[Problem]()
            configuration = Configuration(None, folder.absolute())
        else:
            text, configuration, problems = _read(path.absolute())
            problems += check_surroundings(text, configuration)
        configuration, setting_problems = overlaid(configuration, overrides)
        problems = [
            replace(it, severity=configuration.rules.get(it.code, it.severity)) for it in problems
        ]
        return cls(
            configuration,
            cache or MetadataCache(ttl_seconds=configuration.ttl_seconds),
            mirror or Mirror(),
            text=text,
            problems=[it for it in problems if it.severity != "off"],
            setting_problems=setting_problems,
            home=home,
        )

    def connected_to(self, connection: Connection) -> "Workspace":
        """The same files with *connection* as the only one."""
        configuration = replace(self.configuration, connections=(connection,), files=())
        return Workspace(
            configuration, self.cache, self._mirror, text=self.text, problems=self.problems
        )

    def connection(self, name: str | None = None) -> Connection | None:
        """The connection called *name*, by default the first one, ``None`` where there is none.

        Raises ``ConfigurationError`` for a name that is not there.
        """
        if name is None:
            return next(iter(self.connections), None)
        found = next((it for it in self.connections if it.name == name), None)
        if found is None:
            names = ", ".join(it.name for it in self.connections) or "none"
            raise ConfigurationError(f"there is no connection {name!r}; there is: {names}")
        return found

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Every connection, the default first; without a configuration, the stored one."""
        return self.configuration.connections or ((self._stored,) if self._stored else ())

    @property
    def newest_entry(self) -> CacheEntry | None:
        """The cache entry that stands in for a connection where there is none."""
        return self._newest[0] if self._newest else None

    def connection_for(self, path: Path) -> Connection | None:
        """The connection of the file *path*: the first rule that matches, else the default."""
        rule = self._rule_for(path)
        if rule is not None:
            return self.configuration.connection(rule.connection)
        return next(iter(self.connections), None)

    def database_for(self, path: Path, loaded: LoadedMetadata) -> Catalog | None:
        """The database that the metadata file *path* can be held against, if it is known.

        *loaded* is what there is for its connection. Metadata files are laid over the databases of
        all connections, so that of several it has to be said which one a file is about.
        """
        is_said = len(self.connections) == 1 or self._rule_for(path) is not None
        return loaded.database if is_said else None

    def _rule_for(self, path: Path) -> FileRule | None:
        try:
            relative = path.absolute().relative_to(self.configuration.root).as_posix()
        except ValueError:
            relative = path.name
        return next(
            (
                rule
                for rule in self.configuration.files
                if any(matches(pattern, relative) for pattern in rule.include)
            ),
            None,
        )

    def dialect_for(self, path: Path) -> str:
        """Sqlglot's name of the dialect of the file *path*; empty when nothing says."""
        return self.dialect_of(self.connection_for(path))

    def files(self, patterns: Sequence[str]) -> tuple[Path, ...]:
        """The files that globs of the configuration mean, in order, each once."""
        found = (it for pattern in patterns for it in expand(self.configuration.root, pattern))
        return tuple(dict.fromkeys(found))

    def _files_of(self, connection: Connection | None, patterns: Sequence[str]) -> tuple[Path, ...]:
        """Those of the files that are about the database of *connection*."""
        return tuple(it for it in self.files(patterns) if self.connection_for(it) == connection)

    @property
    def source_files(self) -> tuple[Path, ...]:
        """The files that ``metadata`` reads beside the cache; looks into folders."""
        configuration = self.configuration
        return self.files(
            (*configuration.metadata, *configuration.golden_queries, *configuration.glossary)
        )

    def cache_key(self, connection: Connection) -> str:
        """The name of *connection*'s cache file; raises ``ConfigurationError``."""
        api_key = connection.api_key.reference if connection.api_key else None
        return self.cache.generate_cache_key(
            db_type=connection.db_type, db_creds=connection.cached_creds(), api_key=api_key
        )

    def cache_file(self, connection: Connection | None) -> Path | None:
        """The cache file behind *connection*, whether it exists or not; ``None`` when unknown."""
        if connection is None:
            return self._newest[0].path if self._newest else None
        try:
            return self.cache.path(self.cache_key(connection))
        except ConfigurationError:
            return None

    def unprepared(self, connection: Connection | None) -> Path | None:
        """The cache file of *connection* that ``prepare`` would have to read, if any."""
        path = self.cache_file(connection)
        is_needed = path is not None and path.exists() and self._mirror.open(path) is None
        return path if is_needed else None

    def prepare(
        self,
        connection: Connection | None,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        """Build the mirror of *connection*'s cache file, unless it is there.

        Any process may do so for all others: ``metadata`` then takes the same time whatever the
        size of the file. Raises ``CacheError`` for a file that cannot be used, and
        ``ExtractionCancelled``.
        """
        path = self.cache_file(connection)
        if path is not None and path.exists():
            self._mirror.build(path, progress=progress, cancelled=cancelled)

    def metadata(
        self,
        connection: Connection | None,
        *,
        progress: Progress | None = None,
        builds: bool = True,
    ) -> LoadedMetadata:
        """What is at hand for *connection*, however old; no database is asked. Never raises.

        What cannot be read is in ``problems``, and the rest is used. Unless it *builds*, what the
        cache file held before has to do where it has no mirror of its present contents.
        """
        found, origin, problems = self._at_hand(connection, progress, builds=builds)
        files = read_metadata_files(self.files(self.configuration.metadata))
        dialect = self.dialect_of(connection)
        source: TableSource = MemoryTables(files.tables)
        if found is not None:
            source = OverlaidTables(source, found.source) if files.tables else found.source
        elif files.tables:
            origin = f"{origin}; only the metadata files" if origin else "the metadata files"
        search_path = (
            (found.search_path if found else ())
            or files.search_path
            or default_search_path(dialect, _database(connection))
        )
        timestamp = found.timestamp if found else None
        # What metadata say by themselves has no file of its own.
        said = [it for it in (found.glossary if found else "", files.glossary) if it]
        written = read_glossaries(self._files_of(connection, self.configuration.glossary))
        return LoadedMetadata(
            # Metadata files alone may describe a part of a database that nobody has read yet.
            Catalog(
                source, dialect, search_path, is_partial=connection is not None and found is None
            ),
            origin or "no metadata",
            read_database(found, connection, dialect),
            timestamp,
            is_stale=connection is not None and self._is_stale(timestamp),
            problems=(*problems, *files.problems),
            glossaries=(*(TextFile(Path(), it) for it in said), *written),
            golden_queries=read_golden_queries(
                self._files_of(connection, self.configuration.golden_queries)
            ),
        )

    def refresh(
        self,
        connection: Connection,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
        replace_unreadable: bool = False,
    ) -> LoadedMetadata:
        """Read the database of *connection* into the cache, then answer as ``metadata`` does.

        Neither takes more memory for more tables. Where the last one ended early some minutes
        ago, it goes on with what that had found.

        Raises ``ConfigurationError`` for missing credentials, ``ExtractionError`` for a database
        that cannot be read, and ``CacheError`` for a cache file that cannot be written, or that
        cannot be read and would be replaced without *replace_unreadable*.
        """
        key = self.cache_key(connection)
        path = self.cache.path(key)
        if path.exists() and not replace_unreadable:
            self._check_readable(path, progress, cancelled)
        with extracting(
            connection, keep_in=unfinished(), progress=progress, cancelled=cancelled
        ) as found:
            self.cache.set_tables(key, found.tables, found.search_path, timestamp=found.started)
        return self.metadata(connection, progress=progress)

    def dialect_of(self, connection: Connection | None) -> str:
        """Sqlglot's name of the dialect of *connection*'s files; empty when nothing says."""
        if self.configuration.dialect:
            return self.configuration.dialect
        if connection is not None:
            return connection.dialect
        engine = ENGINES.get(canonical_db_type(self._newest[0].db_type)) if self._newest else None
        return engine.dialect if engine else ""

    def _is_stale(self, timestamp: float | None) -> bool:
        return timestamp is None or time.time() - timestamp >= self.configuration.ttl_seconds

    def _at_hand(
        self, connection: Connection | None, progress: Progress | None, *, builds: bool
    ) -> tuple[MirroredMetadata | None, str, tuple[FileProblem, ...]]:
        if connection is not None:
            origin = (
                connection.name if connection is self._stored else f"connection {connection.name}"
            )
            try:
                path = self.cache.path(self.cache_key(connection))
            except ConfigurationError as error:
                place = self.configuration.path or self.configuration.root
                return None, origin, (FileProblem(place, "error", str(error)),)
        elif self._newest is not None:
            entry, count = self._newest
            path = entry.path
            origin = f"cache entry {entry.key}" + (f", the newest of {count}" if count > 1 else "")
        else:
            return None, "", ()
        try:
            if builds:
                return self._mirrored(path, progress), origin, ()
            return self._mirror.open(path) or self._mirror.latest(path), origin, ()
        except DefogError as error:
            return None, origin, (FileProblem(path, "error", str(error)),)

    def _mirrored(self, path: Path, progress: Progress | None) -> MirroredMetadata | None:
        if not path.exists():
            return None
        return self._mirror.open(path) or self._mirror.build(path, progress=progress)

    def _check_readable(
        self, path: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> None:
        from defog_metadata.store.entry_tables import check_tables  # noqa: PLC0415 - cattrs

        try:
            # A mirror is proof. None is made of what is about to be replaced.
            if self._mirror.open(path) is None:
                check_tables(path, progress=progress, cancelled=cancelled)
        except CacheError as error:
            raise CacheError(f"{error} Or let defog-lsp extract --force replace it.") from error


def _read(path: Path) -> tuple[str, Configuration, list[Problem]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigurationError(f"there is no configuration file {path}") from error
    except OSError as error:
        message = f"the configuration cannot be read: {error.strerror}"
        problem = Problem(Span(0, 0), "configuration", "error", message)
        return "", Configuration(path, path.parent), [problem]
    text, bad = decode(data)
    configuration, problems = read_configuration(text, path)
    if bad is not None:
        span = Span(bad.at, bad.at + 1)
        problems = (*problems, Problem(span, "configuration", "error", bad.message))
    return text, configuration, list(problems)


def _database(connection: Connection | None) -> str:
    database = connection.creds.get("database", "") if connection else ""
    return database if isinstance(database, str) else ""
