"""The mildest way to make a description short enough."""

from dataclasses import dataclass

from defog_metadata.checks.shortening.clauses import leavings
from defog_metadata.checks.shortening.facts import Fact, facts, is_idle, lost
from defog_metadata.checks.shortening.phrases import rewritings, together
from defog_metadata.checks.shortening.sentences import joined, sentences

__all__ = ["Shortened", "shortened"]


@dataclass(frozen=True, slots=True)
class Shortened:
    """What became of a long description."""

    text: str | None
    """At most as long as asked for; ``None`` where that would lose a fact."""
    kept: tuple[Fact, ...]
    """The facts of the description, all of which ``text`` says."""
    left_out: tuple[str, ...] = ()
    """Parts that say no fact and are not in ``text``."""
    shortest: int = 0
    """How many characters could not be gone below."""


def shortened(text: str, limit: int, own_names: tuple[str, ...] = ()) -> Shortened:
    """*text* in at most *limit* characters, with all its facts in their order.

    *own_names* are those of the described table and column: a description need not repeat them.

    >>> shortened("This column contains the price of the order in USD.", 40).text
    'The price of the order in USD.'
    """
    own = {it.casefold() for it in own_names}
    wanted = tuple(it for it in facts(text) if it.key not in own)
    short = joined(sentences(text))
    left_out: list[str] = []
    for sentence in sentences(text)[1:]:
        if len(short) > limit and is_idle(sentence):
            short = short.replace(f" {sentence}", "", 1)
            left_out.append(sentence)
    for rewrite in rewritings():
        if len(short) <= limit:
            break
        # Again, until it finds no more: a sentence may have two such words in front.
        while (changed := rewrite(short)) != short and len(changed) < len(short):
            if lost(wanted, changed):
                break
            short = changed
    if short != text:
        # What was "This is in Unix time." reads best with what it is said of.
        short = next((it for it in [together(short)] if not lost(wanted, it)), short)
    while len(short) > limit:
        found = next((it for it in leavings(short) if not lost(wanted, it[0])), None)
        if found is None:
            break
        short, part = found
        left_out.append(part)
    short = _ended(short, limit)
    if len(short) > limit:
        return Shortened(None, wanted, shortest=len(short))
    return Shortened(short, wanted, tuple(left_out), len(short))


def _ended(text: str, limit: int) -> str:
    """*text* as it was; of one that is a letter too long, without its full stop."""
    return text.removesuffix(".") if len(text) == limit + 1 else text
