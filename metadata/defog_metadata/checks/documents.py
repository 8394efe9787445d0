"""What is wrong with a file of a workspace, whatever it is: one checker for each kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

from defog_metadata.catalog import Catalog
from defog_metadata.checks.descriptions import check_descriptions
from defog_metadata.checks.glossary import Beside, GoldenAnswer, OtherGlossary, check_glossary
from defog_metadata.checks.golden_queries import OtherGoldenFile, check_golden_file
from defog_metadata.checks.metadata.files import check_metadata_file, file_kind
from defog_metadata.documents.glossary import GlossaryLine, read_glossary_file
from defog_metadata.documents.golden import GoldenFile, golden_kind, read_golden_file
from defog_metadata.documents.kinds import DocumentKind
from defog_metadata.rules import Finding, Severity
from defog_metadata.text import TextFile

__all__ = ["CHECKED_KINDS", "Document", "check_document"]


@dataclass(frozen=True)
class Document:
    """A file of a workspace, and what there is to hold it against."""

    file: TextFile
    catalog: Catalog
    dialect: str
    severities: Mapping[str, Severity]
    files: Mapping[DocumentKind, tuple[TextFile, ...]] = field(default_factory=dict)
    """All files of the workspace that are about the same database, in the workspace's order; the
    document is one of them, and its text there may be an older one."""
    database: Catalog | None = None
    """Of a metadata file: what it is laid over, if known; see ``Workspace.database_for``."""


def check_document(kind: DocumentKind, document: Document) -> list[Finding]:
    """The findings in *document*, a file of *kind*, in the order of its text."""
    checker = _CHECKERS.get(kind)
    return checker(document) if checker else []


def _metadata(document: Document) -> list[Finding]:
    text, kind = document.file.text, file_kind(document.file.path)
    found = (
        *check_metadata_file(text, kind, document.catalog, document.database, document.severities),
        *check_descriptions(text, kind, document.catalog, document.severities),
    )
    return sorted(found, key=lambda it: (it.span, it.code))


def _golden_queries(document: Document) -> list[Finding]:
    before = takewhile(
        lambda it: it.path != document.file.path, document.files.get("golden queries", ())
    )
    return check_golden_file(
        _golden_file(document.file),
        document.catalog,
        document.dialect,
        document.severities,
        [OtherGoldenFile(it, _golden_file(it)) for it in before],
    )


def _glossary(document: Document) -> list[Finding]:
    before = takewhile(lambda it: it.path != document.file.path, document.files.get("glossary", ()))
    beside = Beside(
        tuple(OtherGlossary(it, _glossary_file(it)) for it in before),
        tuple(
            GoldenAnswer(entry.sql.text, entry.sql.place, it)
            for it in document.files.get("golden queries", ())
            for entry in _golden_file(it).entries
        ),
    )
    return check_glossary(
        document.file.text, document.catalog, document.dialect, document.severities, beside
    )


@lru_cache(maxsize=64)
def _glossary_file(file: TextFile) -> tuple[GlossaryLine, ...]:
    return read_glossary_file(file.text)


@lru_cache(maxsize=64)  # each file of a workspace is asked for with each of the others
def _golden_file(file: TextFile) -> GoldenFile:
    return read_golden_file(file.text, golden_kind(file.path))


_CHECKERS: Mapping[DocumentKind, Callable[[Document], list[Finding]]] = {
    "golden queries": _golden_queries,
    "glossary": _glossary,
    "metadata": _metadata,
}
CHECKED_KINDS = frozenset(_CHECKERS)
