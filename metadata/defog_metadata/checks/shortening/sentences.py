"""Where the sentences of a description end, and how they stand together again."""

import re
from collections.abc import Iterable

__all__ = ["capitalized", "joined", "sentences"]

# A full stop, a question or exclamation mark, or a line's end; not those of abbreviations.
_END = re.compile(
    r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bvs\.)(?<!\bcf\.)(?<!\bno\.)(?<!\bmax\.)(?<!\bmin\.)"
    r"(?<!\bapprox\.)(?<!\bincl\.)(?<!\bexcl\.)(?<!\bInc\.)(?<!\bSt\.)(?<!\bU\.S\.)(?<!\beg\.)"
    r"(?<=[.!?])[\"')\]”’]?\s+(?=\S)"
    r"|(?<=\betc\.)\s+(?=[A-Z])"
)
_BULLET = re.compile(r"\s*[-*•‣]\s+")

# The values of a flag are written as they are.
_PLAIN_WORD = re.compile(r"(?!(?:true|false|null|yes|no)\b)[a-z]+(?:[-'’][a-z]+)*[.]?")


def sentences(text: str) -> list[str]:
    """The sentences of *text*, without the space between them.

    >>> sentences("Price, e.g. 3.50. In USD.  See orders.total")
    ['Price, e.g. 3.50.', 'In USD.', 'See orders.total']
    """
    text = _in_one_line(text)
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        # A quotation mark or bracket that is closed there belongs to what it closes.
        end = match.start() + len(match.group().rstrip())
        found.append(text[start:end])
        start = match.end()
    found.append(text[start:])
    return [it for it in found if it]


def joined(parts: Iterable[str]) -> str:
    return " ".join(it for it in parts if it)


def capitalized(text: str) -> str:
    """*text* with a capital, unless its first word is a name that has none.

    >>> capitalized("name of it"), capitalized("user_id of it"), capitalized("iPhone")
    ('Name of it', 'user_id of it', 'iPhone')
    """
    word = re.match(r"[^\s,;:]*", text)
    if word is None or not _PLAIN_WORD.fullmatch(word.group()):
        return text
    return text[0].upper() + text[1:]


def _in_one_line(text: str) -> str:
    """*text* with its lines behind one another, and bullets as items of a list."""
    written = ""
    for line in filter(None, (it.strip() for it in text.splitlines())):
        item = _BULLET.match(line)
        bare = line[item.end() :] if item else line
        if not written:
            written = bare
        elif item:
            written += f"{' ' if written[-1] in ':.;,' else '; '}{bare}"
        else:
            written += f" {bare}"
    return re.sub(r"[^\S\n]+", " ", written).strip()
