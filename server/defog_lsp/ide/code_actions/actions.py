"""What can be done to a document at some place in it, as values."""

from dataclasses import dataclass
from typing import Literal

from defog_metadata.rules import Finding
from defog_metadata.text import Edit, Span

__all__ = [
    "FIX_ALL",
    "ActionKind",
    "CodeAction",
    "GoldenQuery",
    "NewTable",
    "Task",
    "TaskName",
    "Wanted",
]

ActionKind = Literal[
    "quickfix",
    "refactor.extract",
    "refactor.inline",
    "refactor.rewrite",
    "source.fixAll.defog",
    "defog.describe",
    "defog.ddl",
    "defog.database",
    "defog.golden",
]
"""The last four are our own: they change nothing in the text, so they are no refactorings."""
FIX_ALL: ActionKind = "source.fixAll.defog"


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table that the metadata files do not have yet, as far as a query tells of it."""

    path: tuple[str, ...]
    """Its name, with the schema before it if the query says one."""
    columns: tuple[str, ...] = ()
    what: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class GoldenQuery:
    """A query for the workspace's golden queries."""

    question: str
    """Empty: it has still to be written."""
    sql: str
    what: Literal["golden query"] = "golden query"


TaskName = Literal["describe", "generateDdl", "createTables", "commentDatabase"]


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do with tables of the catalog, which go by their keys in metadata."""

    name: TaskName
    tables: tuple[str, ...]
    columns: tuple[str, ...] = ()
    """Of the one table; none: it is about the table itself."""
    dialect: str | None = None
    """Of the DDL; ``None``: the person is asked."""


@dataclass(frozen=True, slots=True)
class CodeAction:
    """One change, or one thing to do, that a person can choose.

    Exactly one of ``edits``, ``new_table``, ``golden``, ``task`` and ``refreshes_metadata`` says
    what it does.
    """

    title: str
    kind: ActionKind
    edits: tuple[Edit, ...] = ()
    mends: tuple[Finding, ...] = ()
    is_preferred: bool = False
    """Whether it is the one that nobody would want another for."""
    new_table: NewTable | None = None
    golden: GoldenQuery | None = None
    task: Task | None = None
    refreshes_metadata: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the actions at ``span``, of some kinds."""

    span: Span
    kinds: tuple[str, ...] = ()
    """Kinds, or the beginnings of kinds up to a dot; none: all of them."""
    is_automatic: bool = False
    """Whether nobody has asked: an editor wants to know whether to show a sign."""
    shown: frozenset[tuple[str, Span]] = frozenset()
    """Code and place of the findings that are wanted although they are not at ``span``."""

    def takes(self, kind: str) -> bool:
        """Whether actions of *kind* are wanted at all."""
        if self.kinds:
            return any(not it or kind == it or kind.startswith(f"{it}.") for it in self.kinds)
        if not self.is_automatic or kind == "quickfix":
            return True
        # A sign at every place where something could be rewritten would be one at every place.
        return kind.startswith("refactor.") and self.span.start < self.span.end

    def concerns(self, finding: Finding) -> bool:
        span = finding.span
        is_touched = span.start <= self.span.end and self.span.start <= span.end
        return is_touched or (finding.code, span) in self.shown
