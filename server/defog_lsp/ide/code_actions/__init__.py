"""What can be done at a place: mends of what is wrong there, and rewritings of what is right.

``offer`` asks the providers, of which each refactoring is one, in a module of its own.
"""

from defog_lsp.ide.code_actions.actions import FIX_ALL, ActionKind, CodeAction, NewTable, Wanted
from defog_lsp.ide.code_actions.offer import code_actions

__all__ = ["FIX_ALL", "ActionKind", "CodeAction", "NewTable", "Wanted", "code_actions"]
