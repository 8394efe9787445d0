"""What takes completion lists in the editors: what it announces, what of an item it uses, and how.

The facts are from the programs' own sources, which each entry names; none of them runs here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

__all__ = ["ENGINES", "Engine"]


def _in_range(before: str, start: int, _text: str) -> str:
    return before[start:]


def _in_order(typed: str, text: str) -> bool:
    """Whether the letters are all there, in any letter case."""
    rest = iter(text.casefold())
    return all(it in rest for it in typed.casefold())


@dataclass(frozen=True, slots=True)
class Engine:
    """One of them. Texts are a line up to the caret, or from it."""

    completion: Mapping[str, Any]
    """``textDocument.completion`` of its capabilities, without what is about registration."""
    encodings: Sequence[str] = ("utf-16",)
    typed: Callable[[str, int, str], str] = _in_range
    """What is compared with an item's ``filterText`` (or label): of a line up to the caret, where
    the item's edit starts, and that text."""
    matches: Callable[[str, str], bool] = _in_order
    """Whether *typed* finds *text*."""
    filters_labels: bool = False
    """Whether it knows no ``filterText``."""
    begins_behind_quotes: bool = False
    """Whether what it compares starts behind a quote that has been typed. It then loses the names
    that are offered for it, which begin with the quote, in VS Code's way."""
    prefers_replace: bool = False
    """Which of the two ranges of an edit it takes, as it comes."""
    replaces_behind: bool = True
    """Whether it replaces what an edit's range has behind the caret."""
    knows_no_ranges: bool = False
    """Whether it replaces the word before the caret, whatever an edit's range is. What is offered
    for more than that word (a quoted name, a star) is then put in wrongly, whoever offers it."""
    takes_first_word: bool = False
    """Whether it puts in no more of a plain text."""

    @property
    def is_in_neovim(self) -> bool:
        """Whether the client that it is a part of calls itself so."""
        return self.encodings is _NEOVIM_ENCODINGS


def _begins(typed: str, text: str) -> bool:
    return text.startswith(typed)


def _word(before: str, _start: int, _text: str) -> str:
    return "".join(takewhile(lambda it: it.isalnum() or it == "_", reversed(before)))[::-1]


def _guessed(before: str, _start: int, text: str) -> str:
    """The last word, with what stands before the last word of *text* too."""
    word, last = (re.search(r"(?:[^\W_]|_)[\w-]*$", it) for it in (before, text))
    start = word.start() if word else len(before)
    head = text[: last.start() if last else len(text)]
    return before[start - len(head) :] if before[:start].endswith(head) else before[start:]


_MARKDOWN = ("markdown", "plaintext")
_ALL_KINDS = {"valueSet": tuple(range(1, 26))}
_DEPRECATED = {"valueSet": (1,)}
_DEFAULTS = ("commitCharacters", "editRange", "insertTextFormat", "insertTextMode", "data")
_NEOVIM_ENCODINGS = ("utf-8", "utf-16", "utf-32")
_EMACS_ENCODINGS = ("utf-32", "utf-8", "utf-16")

# neovim 0.11, runtime/lua/vim/lsp/protocol.lua and completion.lua
_NEOVIM: dict[str, Any] = {
    "contextSupport": True,
    "completionItemKind": _ALL_KINDS,
    "completionItem": {
        "snippetSupport": True, "commitCharactersSupport": False, "preselectSupport": False,
        "deprecatedSupport": True, "documentationFormat": _MARKDOWN, "tagSupport": _DEPRECATED,
        "resolveSupport": {"properties": ("additionalTextEdits", "command")},
    },
    "completionList": {"itemDefaults": ("editRange", "insertTextFormat", "insertTextMode", "data")},
}  # fmt: skip
_CMP_ITEM = {
    **_NEOVIM["completionItem"],
    "commitCharactersSupport": True, "preselectSupport": True, "insertReplaceSupport": True,
    "resolveSupport": {"properties": ("documentation", "detail", "additionalTextEdits")},
    "insertTextModeSupport": {"valueSet": (1, 2)}, "labelDetailsSupport": True,
}  # fmt: skip
_EGLOT_ITEM = {
    "snippetSupport": True, "deprecatedSupport": True, "tagSupport": _DEPRECATED,
}  # fmt: skip
_LSP_MODE_ITEM = {
    "snippetSupport": True, "documentationFormat": _MARKDOWN, "insertReplaceSupport": True,
    "resolveAdditionalTextEditsSupport": True, "insertTextModeSupport": {"valueSet": (1, 2)},
    "resolveSupport": {
        "properties": ("documentation", "details", "additionalTextEdits", "command")
    },
}  # fmt: skip

ENGINES: Mapping[str, Engine] = {
    # vscode-languageserver-node, client/src/common/completion.ts
    "VS Code": Engine(
        {
            "contextSupport": True,
            "insertTextMode": 2,
            "completionItemKind": _ALL_KINDS,
            "completionItem": _CMP_ITEM,
            "completionList": {"itemDefaults": _DEFAULTS[:4]},
        }
    ),
    "Neovim": Engine(
        _NEOVIM, _NEOVIM_ENCODINGS, matches=_begins, replaces_behind=False, takes_first_word=True
    ),
    # cmp-nvim-lsp, lua/cmp_nvim_lsp/init.lua, over Neovim's; nvim-cmp, lua/cmp/entry.lua
    "nvim-cmp": Engine(
        {
            **_NEOVIM,
            "insertTextMode": 1,
            "completionItem": _CMP_ITEM,
            "completionList": {"itemDefaults": _DEFAULTS},
        },
        _NEOVIM_ENCODINGS,
    ),
    # an earlier one, whose list of nothing takes the place of Neovim's
    "nvim-cmp of 2022": Engine(
        {**_NEOVIM, "completionItem": _CMP_ITEM, "completionList": {"itemDefaults": ()}},
        _NEOVIM_ENCODINGS,
    ),
    # blink.cmp, lua/blink/cmp/sources/lib/init.lua, fuzzy/keyword.rs and lib/text_edits.lua
    "blink.cmp": Engine(
        {
            **_NEOVIM,
            "insertTextMode": 1,
            "completionItem": {
                **_CMP_ITEM, "commitCharactersSupport": False, "preselectSupport": False,
                "insertTextModeSupport": {"valueSet": (1,)},
            },
            "completionList": {"itemDefaults": _DEFAULTS},
        },
        _NEOVIM_ENCODINGS,
        typed=_guessed,
        replaces_behind=False,
    ),
    # mini.nvim, lua/mini/completion.lua
    "mini.completion": Engine(
        {
            **_NEOVIM,
            "completionItem": {
                **_CMP_ITEM, "commitCharactersSupport": False, "deprecatedSupport": False,
                "preselectSupport": False, "tagSupport": {"valueSet": ()},
                "insertTextModeSupport": {"valueSet": (1,)},
                "resolveSupport": {
                    "properties": ("additionalTextEdits", "detail", "documentation")
                },
            },
            "completionList": {"itemDefaults": _DEFAULTS},
        },
        _NEOVIM_ENCODINGS,
        matches=_begins,
        replaces_behind=False,
    ),
    # coq_nvim, lua/coq.lua and coq/lsp/parse.py: Neovim's, taken by the coq server
    "coq_nvim": Engine(_NEOVIM, _NEOVIM_ENCODINGS),
    # eglot 1.9 (Emacs 28 and 29), eglot.el: snippets where yasnippet is on
    "eglot": Engine(
        {"contextSupport": True, "completionItem": {**_EGLOT_ITEM, "snippetSupport": False}},
        typed=_word,
        matches=_begins,
        begins_behind_quotes=True,
    ),
    "eglot with yasnippet": Engine(
        {"contextSupport": True, "completionItem": _EGLOT_ITEM},
        typed=_word,
        matches=_begins,
        begins_behind_quotes=True,
    ),
    # eglot of Emacs 31
    "eglot of Emacs 31": Engine(
        {
            "contextSupport": True,
            "completionItem": {
                **_EGLOT_ITEM, "insertReplaceSupport": True,
                "resolveSupport": {
                    "properties": ("documentation", "details", "additionalTextEdits")
                },
            },
        },
        _EMACS_ENCODINGS,
        typed=_word,
        matches=_begins,
        begins_behind_quotes=True,
    ),
    # lsp-mode 8, lsp-mode.el and lsp-completion.el
    "lsp-mode": Engine(
        {"contextSupport": True, "completionItem": _LSP_MODE_ITEM}, prefers_replace=True
    ),
    "lsp-mode without snippets": Engine(
        {
            "contextSupport": True,
            "completionItem": {
                **_LSP_MODE_ITEM, "snippetSupport": False, "deprecatedSupport": True,
                "labelDetailsSupport": True,
            },
        },
        _EMACS_ENCODINGS,
        prefers_replace=True,
    ),
    # helix, helix-lsp/src/client.rs and helix-term/src/ui/completion.rs
    "Helix": Engine(
        {
            "completionItemKind": {},
            "completionItem": {
                "snippetSupport": True, "insertReplaceSupport": True, "deprecatedSupport": True,
                "tagSupport": _DEPRECATED,
                "resolveSupport": {
                    "properties": ("documentation", "detail", "additionalTextEdits")
                },
            },
        },
        ("utf-8", "utf-32", "utf-16"),
        typed=_word,
    ),
    # kate 22.12, as it says in a session; later ones in addons/lspclient/lspclientserver.cpp
    "Kate 22.12": Engine({}, typed=_word, filters_labels=True, knows_no_ranges=True),
    "Kate": Engine(
        {
            "completionItem": {
                "snippetSupport": False,
                "resolveSupport": {"properties": ("additionalTextEdits", "documentation")},
            }
        },
        typed=_word,
        filters_labels=True,
    ),
    # sublimelsp/LSP, plugin/core/sessions.py and plugin/completion.py
    "Sublime Text": Engine(
        {
            "insertTextMode": 2,
            "completionItemKind": _ALL_KINDS,
            "completionItem": {
                "snippetSupport": True, "deprecatedSupport": True, "labelDetailsSupport": True,
                "documentationFormat": _MARKDOWN, "tagSupport": _DEPRECATED,
                "insertReplaceSupport": True, "insertTextModeSupport": {"valueSet": (2,)},
                "resolveSupport": {
                    "properties": ("detail", "documentation", "additionalTextEdits")
                },
            },
            "completionList": {"itemDefaults": ("editRange", "insertTextFormat", "data")},
        }
    ),
    # zed, crates/lsp/src/lsp.rs
    "Zed": Engine(
        {
            "contextSupport": True,
            "insertTextMode": 2,
            "completionItem": {
                "snippetSupport": True, "insertReplaceSupport": True, "labelDetailsSupport": True,
                "tagSupport": _DEPRECATED, "documentationFormat": _MARKDOWN,
                "insertTextModeSupport": {"valueSet": (1, 2)},
                "resolveSupport": {
                    "properties": ("additionalTextEdits", "command", "documentation")
                },
            },
            "completionList": {"itemDefaults": _DEFAULTS},
        }
    ),
    # A client that says nothing of what it can do.
    "silent": Engine({}),
}  # fmt: skip
