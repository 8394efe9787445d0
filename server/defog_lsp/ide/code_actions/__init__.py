"""What can be done at a place: mends, rewritings, and what concerns the tables named there.

``offer`` asks the providers, of which each refactoring is one, in a module of its own.
"""

from defog_lsp.ide.code_actions.actions import (
    FIX_ALL,
    ActionKind,
    CodeAction,
    GoldenQuery,
    NewTable,
    Task,
    Wanted,
)
from defog_lsp.ide.code_actions.offer import code_actions, mends
from defog_lsp.ide.code_actions.tables import Choice, Tables, choices, tables_at

__all__ = [
    "FIX_ALL",
    "ActionKind",
    "Choice",
    "CodeAction",
    "GoldenQuery",
    "NewTable",
    "Tables",
    "Task",
    "Wanted",
    "choices",
    "code_actions",
    "mends",
    "tables_at",
]
