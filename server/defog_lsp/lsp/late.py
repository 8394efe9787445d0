"""What takes long to import, imported when first asked for.

The pure features bring sqlglot, the workspace brings TOML and the cache. ``initialize`` is
answered without them; these functions are called in threads, after it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from defog_lsp.lsp.loading import load_first, warm_up

if TYPE_CHECKING:
    from defog_lsp.ide.code_actions import CodeAction
    from defog_lsp.ide.completion import Completions
    from defog_lsp.ide.hover import Hover
    from defog_lsp.ide.signature_help import SignatureHelp
    from defog_lsp.lsp.item_data import ItemData
    from defog_lsp.lsp.project import Location
    from defog_lsp.lsp.session import View
    from defog_metadata.catalog import Catalog
    from defog_metadata.documents.kinds import DocumentKind
    from defog_metadata.progress import Cancelled, Progress
    from defog_metadata.pruning import Glossary
    from defog_metadata.rules.findings import Finding, Severity
    from defog_metadata.sql.snapshot import Before, Snapshot
    from defog_metadata.sql.usage import Usage
    from defog_metadata.text import Edit, Span
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace

__all__ = [
    "catalog_in",
    "code_actions",
    "complete",
    "configuration_findings",
    "default_severities",
    "document_kind",
    "documentation",
    "file_text",
    "find_configuration",
    "findings",
    "findings_by_section",
    "glossary",
    "hover",
    "in_background",
    "named_files",
    "open_workspace",
    "page_of",
    "rule_of",
    "signature_help",
    "snapshot",
    "sources",
    "sql_files",
    "start_logging",
    "table_addition",
    "usage",
]

# ruff: noqa: PLC0415 - importing late is what this module is for


def snapshot(  # noqa: PLR0913 - all that a feature may see
    text: str,
    catalog: "Catalog | None",
    dialect: str,
    usage: "Usage | None" = None,
    glossary: "Glossary | None" = None,
    *,
    name: str = "",
    before: "Before | None" = None,
) -> "Snapshot":
    """What a feature may see of *text*; *before* is what is known of one that is much the same."""
    load_first()
    from defog_metadata.pruning import Glossary
    from defog_metadata.sql.snapshot import Before, Snapshot
    from defog_metadata.sql.source.declared import declared_dialect
    from defog_metadata.sql.usage import Usage

    declared = declared_dialect(text)
    dialect = dialect if declared is None else declared
    catalog = catalog_in(catalog, dialect)
    if text.startswith("\ufeff"):  # a byte order mark that the client has kept
        text = " " + text[1:]
    usage, glossary = usage or Usage(), glossary or Glossary()
    return Snapshot(text, catalog, dialect, usage, glossary, name, before or Before())


def catalog_in(catalog: "Catalog | None", dialect: str) -> "Catalog":
    """*catalog*, or an empty one, by the rules of *dialect*."""
    if catalog is None:
        return _empty_catalog(dialect)
    # Metadata files do not say which dialect they are about; the editor did.
    return catalog if catalog.dialect == dialect else replace(catalog, dialect=dialect)


@lru_cache(maxsize=64)
def _empty_catalog(dialect: str) -> "Catalog":
    """The same each time: what has been understood in front of it stays understood."""
    load_first()
    from defog_metadata.catalog import Catalog

    return Catalog(dialect=dialect)


def usage(loaded: "LoadedMetadata") -> "Usage | None":
    """What the golden queries do with the catalog; takes some milliseconds for each."""
    if not loaded.golden_queries or not loaded.catalog:
        return None
    load_first()
    from defog_metadata.sql.usage import usage_of

    return usage_of(
        [it.sql for it in loaded.golden_queries],
        loaded.catalog,
        loaded.catalog.dialect,
        [it.question for it in loaded.golden_queries],
    )


def glossary(loaded: "LoadedMetadata") -> "Glossary | None":
    """What the glossary says of names."""
    if not loaded.glossary:
        return None
    load_first()
    from defog_metadata.pruning import glossary_of

    return glossary_of(loaded.glossary)


def document_kind(workspace: "Workspace", path: Path) -> "DocumentKind | None":
    """What the configuration says that *path* is, if anything."""
    load_first()
    from defog_metadata.workspace.named_files import kind_of

    return kind_of(workspace.configuration, path)


def hover(view: "View", offset: int) -> "Hover | None":
    if view.kind == "sql":
        load_first()
        from defog_lsp.ide import hover as feature

        return feature.hover(view.snapshot, offset)
    warm_up()
    from defog_lsp.ide import configuration, glossary, metadata
    from defog_metadata.checks.metadata.files import file_kind
    from defog_metadata.workspace.settings import settings

    match view.kind:
        case "configuration":
            return configuration.hover_configuration(view.positions.text, offset, settings())
        case "metadata":
            text, kind = view.positions.text, file_kind(view.path)
            return metadata.hover_metadata(text, kind, offset, view.described)
        case "glossary":
            return glossary.hover_glossary(view.positions.text, offset, view.snapshot.catalog)
        case _:
            return None


def complete(view: "View", offset: int) -> "Completions | None":
    if view.kind == "sql":
        load_first()
        from defog_lsp.ide import completion as feature

        return feature.complete(view.snapshot, offset)
    warm_up()
    from defog_lsp.ide import configuration, glossary, metadata
    from defog_metadata.checks.metadata.files import file_kind
    from defog_metadata.workspace.discovery import files_beside
    from defog_metadata.workspace.settings import settings

    text = view.positions.text
    match view.kind:
        case "configuration":
            files = files_beside(view.path)
            return configuration.complete_configuration(text, offset, settings(), files)
        case "metadata":
            return metadata.complete_metadata(text, file_kind(view.path), offset, view.described)
        case "glossary":
            return glossary.complete_glossary(text, offset, view.snapshot.catalog)
        case _:
            return None


def documentation(
    data: "ItemData", catalog: "Catalog | None", glossary: "Glossary | None" = None
) -> str:
    """What is told of the completion item that carries *data*."""
    warm_up()
    from defog_lsp.ide import completion as feature

    subject = feature.Subject(data.kind, **data.names)
    known = catalog_in(catalog, data.dialect)
    return feature.documentation(subject, known, data.dialect, glossary)


def signature_help(view: "View", offset: int) -> "SignatureHelp | None":
    warm_up()
    from defog_lsp.ide import signature_help as feature

    return feature.signature_help(view.snapshot, offset) if view.kind == "sql" else None


def code_actions(
    view: "View",
    span: "Span",
    *,
    kinds: tuple[str, ...],
    is_automatic: bool,
    shown: "frozenset[tuple[str, Span]]",
) -> "list[CodeAction]":
    warm_up()
    from defog_lsp.ide import code_actions as feature

    wanted = feature.Wanted(span, kinds, is_automatic, shown)
    if view.kind != "sql":
        return feature.mends(findings(view), wanted)
    return feature.code_actions(view.snapshot, view.severities, wanted)


def table_addition(text: str, path: Sequence[str], columns: Sequence[str]) -> "Edit | None":
    warm_up()
    from defog_metadata.documents.table_addition import table_addition

    return table_addition(text, path, columns)


def findings(view: "View") -> "list[Finding]":
    """What is wrong with the text of *view*. Reads the files that it is held against."""
    warm_up()
    from defog_lsp.ide.diagnostics import diagnostics
    from defog_metadata.checks.documents import Document, check_document
    from defog_metadata.text import TextFile
    from defog_metadata.workspace.named_files import read_named_files

    snapshot, around = view.snapshot, view.around
    if view.kind == "sql" or view.kind == "configuration" or view.kind == "other":  # noqa: PLR1714 - for mypy
        return diagnostics(snapshot, view.severities)
    files = (
        read_named_files(around.workspace, around.connection, around.texts)
        if around is not None
        else {}
    )
    file = TextFile(view.path, snapshot.text)
    database = around.database if around else None
    document = Document(file, snapshot.catalog, snapshot.dialect, view.severities, files, database)
    return check_document(view.kind, document)


def findings_by_section(view: "View") -> "Sequence[tuple[int, tuple[Finding, ...]]]":
    """What is wrong with the SQL of *view*: where each section starts, and what counts from it."""
    warm_up()
    from defog_lsp.ide.diagnostics import diagnostics_by_section

    return diagnostics_by_section(view.snapshot, view.severities)


def rule_of(code: str, message: str) -> str:
    """The rule behind a diagnostic of a golden query, which has a code of its own."""
    warm_up()
    from defog_metadata.checks.embedded import rule_of

    return rule_of(code, message)


def named_files(workspace: "Workspace") -> list[Path]:
    """The files that the configuration names as something else than SQL."""
    load_first()
    from defog_metadata.workspace.named_files import named_files

    return list(named_files(workspace.configuration))


def default_severities() -> "Mapping[str, Severity]":
    load_first()
    from defog_metadata.rules.findings import DEFAULT_SEVERITIES

    return DEFAULT_SEVERITIES


def find_configuration(near: Path) -> Path | None:
    load_first()
    from defog_metadata.workspace.configuration import find_configuration

    return find_configuration(near)


def file_text(path: Path) -> str | None:
    """The text of a file; ``None`` for one that is no UTF-8. Raises ``OSError``."""
    warm_up()
    from defog_metadata.workspace.encoding import decode

    text, bad = decode(path.read_bytes())
    return text if bad is None else None


def text_now(path: Path, opened: Mapping[Path, str]) -> str | None:
    """The text of a file as it is *opened*, else on the disk; ``None`` if it cannot be read."""
    try:
        return opened[path] if path in opened else file_text(path)
    except OSError:
        return None


def sql_files(folder: Path) -> list[Path]:
    """The SQL files below *folder* that are ours to look at."""
    warm_up()
    from defog_metadata.workspace.discovery import sql_files

    return [it for it in sql_files(folder) if it.suffix.lower() == ".sql"]


def sources(configuration: Path | None) -> list[Path]:
    """Where a workspace's connections may come from, in the file system."""
    load_first()
    from defog_metadata.store.home import defog_home

    home = defog_home()
    shared = [home / it for it in ("connection.json", "config.json", "cache")]
    return [configuration, *shared] if configuration else shared


def open_workspace(
    root: Path, configuration_path: Path | None, overrides: Mapping[str, object]
) -> "Workspace":
    load_first()
    from defog_metadata.workspace.workspace import Workspace

    return Workspace.open(root, configuration_path=configuration_path, overrides=overrides)


def in_background(  # noqa: PLR0913 - what there is to do, and whom to tell
    work: Literal["prepare", "refresh"],
    location: "Location",
    connection: str | None,
    answers: Mapping[str, str],
    *,
    progress: "Progress",
    cancelled: "Cancelled",
    on_logged: Callable[[int, str], None],
) -> None:
    """Let another process do *work* on the metadata of *connection*. See ``background.run``."""
    from defog_lsp.background import Job, run

    overrides = location.settings.overrides
    job = Job(work, location.root, location.configuration, overrides, connection, answers)
    run(job, progress=progress, cancelled=cancelled, on_logged=on_logged)


def configuration_findings(
    text: str, path: Path, overrides: Mapping[str, object]
) -> "list[Finding]":
    """What is wrong with *text* as the contents of the ``defog.toml`` at *path*."""
    warm_up()
    from defog_metadata.workspace.configuration import read_configuration
    from defog_metadata.workspace.overlay import overlaid
    from defog_metadata.workspace.surroundings import check_surroundings

    configuration, problems = read_configuration(text, path)
    problems = (*problems, *check_surroundings(text, configuration))
    rules = overlaid(configuration, overrides)[0].rules
    found = (replace(it, severity=rules.get(it.code, it.severity)) for it in problems)
    return sorted(found, key=lambda it: it.span)


def page_of(code: str) -> str:
    load_first()
    from defog_metadata.rules.findings import page_of

    return page_of(code)


def start_logging() -> None:
    load_first()
    from defog_metadata.store.logs import configure_logging

    configure_logging()
