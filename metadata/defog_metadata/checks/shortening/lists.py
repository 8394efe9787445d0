"""Lists of values, written closer together."""

import re
from collections.abc import Callable, Iterator

__all__ = ["compacted"]

_LITERAL = r"(?:`[^`]*`|'[^']*'|\"[^\"]*\")"
_OR_LIST = re.compile(rf"{_LITERAL}(?:, {_LITERAL})*,? or {_LITERAL}")
_AND_LIST = re.compile(rf"{_LITERAL}(?:, {_LITERAL})*,? and {_LITERAL}")
_PLAIN_VALUES = re.compile(r"'[A-Za-z]\w*'(?:/'[A-Za-z]\w*')+(?![/'\w])")
_CODE = r"(?:\d+|[A-Z]{1,3}|'[^']*'|\"[^\"]*\"|`[^`]*`)"


def compacted() -> Iterator[Callable[[str], str]]:
    """Rewritings of lists, the mildest first."""
    yield lambda text: re.sub(r"\bEither (?=['\"`])", "", text)
    yield lambda text: re.sub(r"\beither (?=['\"`])", "", text)
    yield lambda text: re.sub(rf"(?<={_QUOTE}), (or|and) (?={_QUOTE})", r" \1 ", text)
    yield lambda text: re.sub(rf"(?<=\w)(?<!\d)\s+=>?\s+(?={_CODE}\b)", " = ", text)
    yield _slashes
    yield _without_quotes
    yield lambda text: _AND_LIST.sub(lambda it: it.group().replace(" and ", ", "), text)
    yield lambda text: re.sub(rf"\b({_CODE}) = (?=\w)", r"\1=", text)


_QUOTE = r"['\"`]"


def _slashes(text: str) -> str:
    """``'a', 'b' or 'c'`` as ``'a'/'b'/'c'``: one of them."""

    def close(match: re.Match[str]) -> str:
        return "/".join(re.findall(_LITERAL, match.group()))

    return _OR_LIST.sub(close, text)


def _without_quotes(text: str) -> str:
    """``'A'/'B'`` as ``A/B``, where each value is one word."""
    return _PLAIN_VALUES.sub(lambda it: it.group().replace("'", ""), text)
