"""The answer as clients can take it, most of which filter and sort once more by themselves.

An editor compares ``filter_text`` with what stands in the edit's range up to the caret, with each
letter that is typed, some of them letter by letter and case by case. VS Code then sorts by how
well the two match, and only what matches equally well by our order. So either all texts begin
with what is typed, or, since names match in more ways than an editor knows (``cid`` for
``customer_id``, a part, another letter case), all are what is typed: nothing is lost, nothing is
moved, and because such an answer is good for this letter only, the client is told to ask again.
"""

from collections.abc import Sequence
from dataclasses import replace

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import brief
from defog_lsp.ide.completion.items import Completions

__all__ = ["delivered"]

_QUOTES = ('"', "`", "[")
_ENOUGH = 2
"""So many letters, and what more of them can do is take away: with fewer, functions and parts of
names are held back that another letter would bring."""


def delivered(candidates: Sequence[Candidate], text: str, offset: int, *, most: int) -> Completions:
    """The first *most* of *candidates*, which are in order, for a caret at *offset* in *text*."""
    shown = candidates[:most]
    typed = [text[it.item.span.start : offset] for it in shown]
    names = [_written(it, so_far) for it, so_far in zip(shown, typed, strict=True)]
    is_settled = _is_settled(names, typed)
    items = tuple(
        replace(
            it.item,
            filter_text=name if is_settled or not so_far else so_far,
            # Of thousands of columns only these are looked at.
            documentation=brief(it.field) if it.field is not None else it.item.documentation,
        )
        for it, name, so_far in zip(shown, names, typed, strict=True)
    )
    is_whole = len(candidates) == len(shown) and all(len(it) >= _ENOUGH for it in typed)
    return Completions(items, is_incomplete=bool(items) and not (is_whole and is_settled))


def _written(candidate: Candidate, typed: str) -> str:
    """The name as it would be typed, with the quote that has been."""
    name, quote = candidate.name, typed[:1]
    if candidate.item.kind == "keyword":
        return candidate.item.insert  # in the letter case of what is typed
    return f"{quote}{name}" if quote in _QUOTES and not name.startswith(quote) else name


def _is_settled(names: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether every client finds all of *names* by what is typed, and leaves them in order."""
    # What is typed in full counts as the better match.
    equal = [name == so_far for name, so_far in zip(names, typed, strict=True)]
    return all(map(str.startswith, names, typed)) and sorted(equal, reverse=True) == equal
