r"""Text with tab stops, in the syntax that LSP takes from TextMate: ``round(${1:value})$0``."""

from collections.abc import Sequence

from defog_lsp.snippet_text import escaped
from defog_metadata.sql.functions import Function, Parameter

__all__ = ["call"]


def call(name: str, function: Function) -> str:
    """A call of *function* with a tab stop for each argument that it needs.

    Empty where there is nothing to fill in. Words of the syntax are written out.

    >>> from defog_metadata.sql.functions import Signature
    >>> call("f", Function("f", "scalar", (Signature((Parameter("a"), Parameter("b"))),)))
    'f(${1:a}, ${2:b})$0'
    """
    parameters = function.signatures[0].parameters if function.signatures else None
    arguments, count = _arguments([it for it in parameters or () if not it.is_optional])
    if parameters is None or (parameters and not arguments):
        arguments, count = "$1", 1  # some may be given, or nobody knows
    over = f" OVER (${count + 1})" if function.kind == "window" else ""
    if not count and not over:
        return ""
    return f"{escaped(name)}({arguments}){over.lower() if name.islower() else over}$0"


def _arguments(parameters: Sequence[Parameter]) -> tuple[str, int]:
    """The arguments with their tab stops, and how many of these there are."""
    count = 0
    written: list[str] = []
    for it in parameters:
        words: list[str] = []
        for word in it.name.split() if it.name else (it.type or "value",):
            is_syntax = word.isupper() and len(word) > 1 and " " in it.name
            if is_syntax or (not word.isidentifier() and it.name != word):
                words.append(escaped(word))
            else:
                count += 1
                words.append(f"${{{count}:{escaped(word)}}}")
        written.append(" ".join(words))
    return ", ".join(written), count
