"""``defog.checkHealth [uri]``: what is wrong with the metadata as a whole, and where.

Of the project of the document or folder *uri*, or of all. Answered with a report for each
connection: ``{connection, origin, tables, descriptions, coverage, goldenQueries, files,
tableUris}``. ``files`` are ``{kind, uri, name, problems: [{severity, code, message, range}]}``,
those without problems too; ``tableUris`` are the documents (``defog:``) about the first of the
tables that the report names, by those names.
"""

from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from defog_lsp.lsp import late_health
from defog_lsp.lsp.convert import Positions
from defog_lsp.lsp.language_server import SqlLanguageServer
from defog_lsp.lsp.table_documents import TableDocument
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from defog_lsp.lsp.project import Feed
    from defog_metadata.workspace.workspace import LoadedMetadata, Workspace


async def check_health(server: SqlLanguageServer, *arguments: object) -> list[dict[str, object]]:
    match arguments:
        case () | (None,):
            projects = list(server.session.projects.values())
        case (str(uri),):
            projects = server.projects.at(uri)
        case _:
            raise JsonRpcInvalidParams("expected one argument at most: the URI of a folder")
    opened = server.session.opened_texts
    async with server.progresses.shown("Checking the metadata", unasked=True):
        return [
            await in_thread(
                _report, project.workspace, feed, feed.loaded, opened, server.client.encoding
            )
            for project in projects
            if project.workspace is not None
            for feed in project.feeds.values()
            if feed.loaded is not None
        ]


def _report(
    workspace: "Workspace",
    feed: "Feed",
    loaded: "LoadedMetadata",
    opened: "dict[Path, str]",
    encoding: lsp.PositionEncodingKind | str,
) -> dict[str, object]:
    files: list[dict[str, object]] = []
    for kind, path, text, findings in late_health.file_findings(
        workspace, feed.connection, loaded, opened
    ):
        positions = Positions(text, encoding)
        problems = [
            {
                "severity": it.severity,
                "code": it.code,
                "message": it.message,
                "range": _range(positions.range_(it.span)),
            }
            for it in findings
        ]
        name = path.name
        if path.is_relative_to(workspace.configuration.root):
            name = path.relative_to(workspace.configuration.root).as_posix()
        files.append({"kind": kind, "uri": uri_of(path), "name": name, "problems": problems})
    counts = late_health.counts(workspace, feed.connection, loaded)
    return {
        "connection": feed.name,
        "origin": loaded.origin,
        "tables": len(loaded.catalog.source),
        "descriptions": counts.descriptions,
        "coverage": counts.coverage,
        "goldenQueries": counts.golden_queries,
        "files": files,
        "tableUris": {
            name: TableDocument.of(feed.name, table).uri
            for names in (counts.long, counts.uncovered)
            for name, table in late_health.tables_called(names, loaded.catalog)
        },
    }


def _range(range_: lsp.Range) -> dict[str, object]:
    return {
        name: {"line": it.line, "character": it.character}
        for name, it in (("start", range_.start), ("end", range_.end))
    }
