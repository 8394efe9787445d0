"""How many tokens a model would make of a text: an estimate that needs no model's tokenizer.

Tokenizers of language models (byte pair encodings) split a text into words with the space before
them, runs of digits, and runs of marks, and cut what is rare among these into pieces. So does this:
a word costs a token for each five letters that it has or has begun, digits one for each three,
marks one for each two, a line break with the indentation after it one. The tokens of a text are
those of its lines. What no alphabet of a few dozen letters writes (Chinese, Japanese, emoji) costs
a token a character.
"""

import re

__all__ = ["count_tokens"]

_PIECES = re.compile(
    r"^[^\S\n]++(?!\n)|([a-zA-Z]+|[^\W\d_a-zA-Z]+|\d+|[^\S\n]*\n|[^\w\s]+|_+|[^\S\n]{2,})",
    re.MULTILINE,
)
"""What is in the group costs something; the indentation of a line does not."""
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LETTERS, _DIGITS, _MARKS = 5, 3, 2
_LAST_ALPHABETIC = "\u1fff"


def count_tokens(text: str) -> int:
    """The estimate for *text*, at least 0.

    >>> count_tokens("customer_id bigint, -- who bought"), count_tokens("")
    (11, 0)
    """
    return sum(_cost(it) for it in _PIECES.findall(text))


def _cost(piece: str) -> int:
    if piece.isascii() and piece.isalpha():
        return sum(_pieces(it, _LETTERS) for it in _HUMPS.findall(piece))
    if piece.isdigit():
        return _pieces(piece, _DIGITS)
    if piece.isalpha():
        return max(len(piece) // 2, 1) if piece <= _LAST_ALPHABETIC else len(piece)
    if piece.isspace():
        return 1
    return _pieces(piece, _MARKS)


def _pieces(text: str, size: int) -> int:
    return -(-len(text) // size)
