"""Diagnostics that the client asks for: of one document, and of every SQL file of its folders.

A result id stands for all that a result was made from, so that nothing has to be remembered to
see that it would be the same again, not even by the same process. Looking at all files gives way
to whatever else the client asks for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from defog_lsp.lsp import late, loading
from defog_lsp.lsp.client import Client
from defog_lsp.lsp.closed_files import Known, Looking, Report, digest, stamps
from defog_lsp.lsp.document import SqlDocument
from defog_lsp.lsp.giving_way import GivingWay
from defog_lsp.lsp.progress import ProgressService
from defog_lsp.lsp.publish import configuration_diagnostics, view_diagnostics
from defog_lsp.lsp.session import OpenDocument, Session, View, until_known
from defog_lsp.lsp.tasks import in_thread
from defog_lsp.lsp.uris import path_of, uri_of
from defog_metadata.progress import Stopped, stopping, tell_progress

if TYPE_CHECKING:
    from defog_metadata.workspace.workspace import Workspace

__all__ = ["Puller", "Tell"]

Tell = Callable[[list[Report]], Awaitable[None]]

_TITLE = "Checking the SQL files of the workspace"
_LOOK_AGAIN_SECONDS = 20.0
"""How often files are looked at that the client does not watch."""
_SETTLE_SECONDS = 0.5
"""Between something that has happened and looking what came of it: it rarely comes alone."""
_SHARE = 0.1
"""Of the time that looking may take, where there are many files or they are far away."""


class Puller:
    """Answers for open documents from their text, and for others from their files."""

    def __init__(
        self,
        client: Client,
        progress: ProgressService,
        session: Session,
        text_of: Callable[[str], SqlDocument | None],
        is_busy: Callable[[], bool],
    ) -> None:
        """*is_busy* says, in any thread, whether somebody waits for something else."""
        self._is_busy = is_busy
        self._remembered: dict[str, Report] = {}
        """What was found out about files since all of it was told for the last time."""
        self._client = client
        self._progress = progress
        self._session = session
        self._text_of = text_of
        self._not_before = 0.0
        """When (by the loop's clock) all files may be looked at again."""

    async def document(self, uri: str, previous: str | None) -> Report:
        """The diagnostics of the document *uri*, whose last result was called *previous*."""
        text, opened = self._text_of(uri), self._session.document(uri)
        if text is None or opened is None:
            found = await self._of_files([uri], {uri: previous} if previous else {}, _tell_nobody)
            return found[0] if found else Report(uri, None, None, [])
        version, stop = text.version, opened.stop
        await self._until_quiet(opened)
        if not opened.runs_on_type:
            return await self._of_open(text, opened, {uri: previous} if previous else {})
        with suppress(Stopped), stopping(stop):
            report = await self._of_open(text, opened, {uri: previous} if previous else {})
            if self._text_of(uri) is text and text.version == version:
                return report
        # The positions are those of a text that is no longer there.
        again = {"retriggerRequest": True}
        code = lsp.LSPErrorCodes.ServerCancelled
        raise JsonRpcException("the document has changed", code, again)

    async def workspace(self, previous: Mapping[str, str], tell: Tell | None) -> list[Report]:
        """The diagnostics of all files of the workspace folders that are ours.

        With *tell*, that is given what is new as it is found, and the answer waits until there
        is something; without, the answer is everything. Only the first look is shown. Whoever is
        cancelled leaves what was found to the next.
        """
        loop = asyncio.get_running_loop()
        is_first = True
        while True:
            if tell is not None:
                await asyncio.sleep(max(0.0, self._not_before - loop.time()))
            changed = self._session.changes.next()
            began = loop.time()
            told = 0

            async def count(reports: list[Report]) -> None:
                nonlocal told
                news = [it for it in reports if it.items is not None]
                told += len(news)
                if tell is not None and news:
                    await tell(news)

            async with self._progress.shown(_TITLE) if is_first else nullcontext():
                with stopping(GivingWay(self._is_busy)):
                    reports = await self._of_folders(previous, count)
            is_first = False
            self._remembered.clear()
            if tell is None:
                return reports
            self._not_before = loop.time() + (loop.time() - began) / _SHARE
            if told:
                return []
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), _LOOK_AGAIN_SECONDS)
            await asyncio.sleep(_SETTLE_SECONDS)

    async def _of_folders(self, previous: Mapping[str, str], tell: Tell) -> list[Report]:
        await asyncio.to_thread(loading.warm_up)
        await self._session.until_known()
        roots = [it.path for it in self._session.folders.values()]
        reports: list[Report] = []
        opened = {it.path: it for it in self._session.documents if it.path is not None}
        for path, document in opened.items():
            if not any(path.is_relative_to(it) for it in roots):
                continue
            # What it is, too, is known once its project has been opened.
            await until_known(document)
            text = self._text_of(document.uri)
            if text is None or document.kind == "other":
                continue
            reports.append(await self._of_open(text, document, previous))
            await tell(reports[-1:])
        # Without a dialect there is nothing to say about what is not open.
        is_known = any(it.has_dialect for it in self._known().values())
        workspaces = [it.workspace for it in self._known().values()]
        paths = await in_thread(_files_below, roots if is_known else [], workspaces)
        closed = [uri_of(it) for it in paths if it not in opened]
        reports += await self._of_files(closed, previous, tell)
        gone = previous.keys() - {it.uri for it in reports} - {it.uri for it in opened.values()}
        empty = [Report(it, None, None, []) for it in sorted(gone) if _is_below(it, roots)]
        await tell(empty)
        return [*reports, *empty]

    async def _of_open(
        self, text: SqlDocument, opened: OpenDocument, previous: Mapping[str, str]
    ) -> Report:
        capabilities = self._client.capabilities
        await until_known(opened)
        if opened.kind == "other":
            return Report(opened.uri, text.version, None, [])
        if opened.kind == "configuration":
            # It depends on other files and the environment: nothing tells that it is the same.
            work = partial(configuration_diagnostics, opened, text.positions, capabilities)
            return Report(opened.uri, text.version, None, await in_thread(work))
        view = await self._session.checked_view(text)
        if view is None:
            return Report(opened.uri, text.version, None, [])
        result_id = await in_thread(self._result_id, view)
        if previous.get(opened.uri) == result_id:
            return Report(opened.uri, text.version, result_id, None)
        items = await in_thread(view_diagnostics, view, capabilities)
        return Report(opened.uri, text.version, result_id, items)

    async def _of_files(
        self, uris: Sequence[str], previous: Mapping[str, str], tell: Tell
    ) -> list[Report]:
        """The reports of files that are not open, in parts so that nobody waits for the rest."""
        looking = Looking(
            self._known(),
            self._client.capabilities,
            self._client.encoding,
            previous,
            self._remembered,
        )
        reports: list[Report] = []
        rest = iter(uris)
        while part := await in_thread(looking.part, rest):
            await tell(part)
            reports += part
            tell_progress(looking.looked, len(uris), f"{looking.looked} of {len(uris)} files")
        return reports

    async def _until_quiet(self, opened: OpenDocument) -> None:
        """While somebody types, nothing is said about what is half typed."""
        if opened.runs_on_type:
            now = asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, opened.changed_at + opened.debounce_seconds - now))

    def _result_id(self, view: View) -> str:
        snapshot = view.snapshot
        return digest(
            snapshot.text,
            snapshot.dialect,
            view.kind,
            view.around and (sorted(view.around.texts.items()), stamps(view.around.workspace)),
            sorted(view.severities.items()),
            view.read_from,
            self._client.encoding,
        )

    def _known(self) -> dict[Path, Known]:
        return {
            key: Known(
                project.workspace,
                repr(sorted(project.workspace.configuration.severities.items())),
                {name: (feed.loaded, feed.read_from) for name, feed in project.feeds.items()},
            )
            for key, project in self._session.projects.items()
            if project.workspace is not None
        }


def _files_below(roots: Sequence[Path], workspaces: "Sequence[Workspace]") -> list[Path]:
    """The SQL files below *roots*, and what *workspaces* name beside them."""
    found = (path for root in roots for path in late.sql_files(root))
    named = (path for it in workspaces for path in late.named_files(it))
    return list(dict.fromkeys([*found, *named]))


def _is_below(uri: str, roots: Sequence[Path]) -> bool:
    path = path_of(uri)
    return path is not None and any(path.is_relative_to(it) for it in roots)


async def _tell_nobody(_reports: list[Report]) -> None:
    pass
