"""The providers of code actions, and what they offer together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from defog_lsp.ide.code_actions.actions import FIX_ALL, ActionKind, CodeAction, Wanted
from defog_lsp.ide.code_actions.add_aliases import add_aliases
from defog_lsp.ide.code_actions.add_to_golden import add_to_golden
from defog_lsp.ide.code_actions.change_database import change_database
from defog_lsp.ide.code_actions.describe import describe
from defog_lsp.ide.code_actions.expand_star import expand_star
from defog_lsp.ide.code_actions.extract_cte import extract_cte
from defog_lsp.ide.code_actions.generate_ddl import generate_ddl
from defog_lsp.ide.code_actions.ignoring import ignoring
from defog_lsp.ide.code_actions.inline_cte import inline_cte
from defog_lsp.ide.code_actions.place import Place, Refactoring
from defog_lsp.ide.code_actions.qualify_names import qualify_names
from defog_lsp.ide.code_actions.quick_fixes import quick_fixes
from defog_lsp.ide.code_actions.tables import Tables, tables_at
from defog_lsp.ide.code_actions.unknown_names import unknown_names
from defog_metadata.rules import Finding, Severity, check
from defog_metadata.rules.fixes import certain_edits
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["code_actions", "mends"]

_MENDS: tuple[Callable[[Snapshot, Finding], Iterator[CodeAction]], ...] = (
    lambda _snapshot, finding: quick_fixes(finding),
    unknown_names,
    ignoring,
)
_REFACTORINGS: Mapping[ActionKind, tuple[Callable[[Place], Iterator[Refactoring]], ...]] = {
    "refactor.rewrite": (expand_star, qualify_names, add_aliases),
    "refactor.extract": (extract_cte,),
    "refactor.inline": (inline_cte,),
}
_TASKS: Mapping[ActionKind, Callable[[Snapshot, Tables], Iterator[CodeAction]]] = {
    "defog.describe": describe,
    "defog.ddl": generate_ddl,
    "defog.database": change_database,
}


def code_actions(
    snapshot: Snapshot, severities: Mapping[str, Severity], wanted: Wanted
) -> list[CodeAction]:
    """What can be done at ``wanted.span``: mends first, the likeliest before the others.

    What changes other files comes behind what changes the text, what concerns tables last.
    """
    found: list[CodeAction] = []
    if wanted.takes("quickfix") or wanted.takes(FIX_ALL):
        findings = check(snapshot, severities)
        if wanted.takes("quickfix"):
            found += _merged(_mends(snapshot, [it for it in findings if wanted.concerns(it)]))
        if wanted.takes(FIX_ALL):
            found += _fix_all(findings)
    place = _place(snapshot, wanted)
    for kind, providers in _REFACTORINGS.items():
        if place is not None and wanted.takes(kind):
            found += _refactorings(place, kind, providers)
    if place is not None and wanted.takes("defog.golden"):
        found += add_to_golden(place)
    return [*found, *_tasks(snapshot, wanted)]


def mends(findings: Iterable[Finding], wanted: Wanted) -> list[CodeAction]:
    """What mends the *findings* that are wanted, in a file that is not SQL."""
    findings = list(findings)
    found: list[CodeAction] = []
    if wanted.takes("quickfix"):
        concerned = [it for it in findings if wanted.concerns(it)]
        found += _merged(action for it in concerned for action in quick_fixes(it))
    if wanted.takes(FIX_ALL):
        found += _fix_all(findings)
    return found


def _mends(snapshot: Snapshot, findings: Iterable[Finding]) -> Iterator[CodeAction]:
    """Every finding's own mends before what can be done about any finding."""
    findings = list(findings)
    for provider in _MENDS:
        for finding in findings:
            yield from provider(snapshot, finding)


def _merged(actions: Iterable[CodeAction]) -> list[CodeAction]:
    """*actions* with those that do the same made one, which then mends several findings."""
    found: dict[tuple[object, ...], CodeAction] = {}
    for it in actions:
        key = (it.title, it.edits, it.new_table)
        same = found.get(key)
        found[key] = (
            it
            if same is None
            else replace(
                same,
                mends=(*same.mends, *it.mends),
                is_preferred=same.is_preferred or it.is_preferred,
            )
        )
    return list(found.values())


def _fix_all(findings: Iterable[Finding]) -> Iterator[CodeAction]:
    edits = certain_edits(findings)
    if edits:
        yield CodeAction("Fix all problems that have one obvious mend", FIX_ALL, edits)


def _place(snapshot: Snapshot, wanted: Wanted) -> Place | None:
    analysis = snapshot.analysis_at(wanted.span.start)
    if analysis is None or analysis.syntax.tree is None:
        return None
    return Place(snapshot, analysis, wanted.span.shifted(-analysis.statement.start))


def _refactorings(
    place: Place, kind: ActionKind, providers: Iterable[Callable[[Place], Iterator[Refactoring]]]
) -> Iterator[CodeAction]:
    for provider in providers:
        for it in provider(place):
            if place.is_sound(it):
                start = place.analysis.statement.start
                yield CodeAction(it.title, kind, tuple(edit.shifted(start) for edit in it.edits))


def _tasks(snapshot: Snapshot, wanted: Wanted) -> Iterator[CodeAction]:
    providers = [provider for kind, provider in _TASKS.items() if wanted.takes(kind)]
    if providers and snapshot.catalog:
        tables = tables_at(snapshot, wanted.span.start)
        for provider in providers:
            yield from provider(snapshot, tables)
