"""Ways to say the same in fewer letters, the mildest first.

Each is a function from a text to a shorter one that says the same, or to the same text. Whether it
really lost no fact is for ``shorten`` to see: here is English, not caution.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files

from defog_metadata.checks.shortening.lists import compacted
from defog_metadata.checks.shortening.sentences import capitalized, joined, sentences

__all__ = ["Rewriting", "rewritings", "together"]

Rewriting = Callable[[str], str]


def rewritings() -> Iterator[Rewriting]:
    """Every rewriting, the mildest first."""
    yield lambda text: joined(sentences(text))
    rules = _rules()
    for pattern, instead in rules["leads"]:
        yield _leading(pattern, instead)
    for part in ("phrases", "joints"):
        for pattern, instead in rules[part]:
            yield _anywhere(pattern, instead)
    yield _without_article_in_front
    yield from compacted()
    for pattern, instead in rules["abbreviations"]:
        yield _anywhere(pattern, instead)
    yield _without_articles


def together(text: str) -> str:
    """*text* with the fragments "In …" and "As …" in the sentence before them.

    >>> together("Time of departure. As Unix timestamp.")
    'Time of departure, as Unix timestamp.'
    """
    return re.sub(r"(?<=\w)\.\s+(As|In) (?=[\w -]{2,30}(?:\.|$))", _lowered, text)


def _lowered(match: re.Match[str]) -> str:
    return f", {match[1].lower()} "


# What stands in quotes, code and links is never rewritten.
_LITERAL = re.compile(
    r"`[^`]*`|(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|“[^”]*”|‘[^’]*’|«[^»]*»|https?://\S+|\w+\([^()]*\)"
)


def _anywhere(pattern: re.Pattern[str], instead: str) -> Rewriting:
    def rewrite(text: str) -> str:
        changed = pattern.sub(instead, text)
        if changed == text:
            return text
        kept = _LITERAL.findall(text)
        # Not where the phrase is, or reaches into, something quoted.
        return _tidy(changed) if _LITERAL.findall(changed) == kept else text

    return rewrite


def _leading(pattern: re.Pattern[str], instead: str) -> Rewriting:
    """*pattern* where a sentence starts; a sentence of nothing else is left alone."""

    def rewrite(text: str) -> str:
        found = []
        for sentence in sentences(text):
            match = pattern.match(sentence)
            rest = sentence[match.end() :].lstrip() if match else ""
            if match and len(re.findall(r"\w+", rest)):
                found.append(capitalized(match.expand(instead) + rest))
            else:
                found.append(sentence)
        return joined(found)

    return rewrite


def _without_article_in_front(text: str) -> str:
    return _leading(_ARTICLE_IN_FRONT, "")(text)


def _without_articles(text: str) -> str:
    """Telegraphic English, as comments on columns often are."""
    parts: list[str] = []
    done = 0
    for literal in (*_LITERAL.finditer(text), None):
        start = literal.start() if literal else len(text)
        parts.append(_ARTICLE.sub("", text[done:start]))
        if literal:
            parts.append(literal.group())
            done = literal.end()
    return _tidy("".join(parts))


def _tidy(text: str) -> str:
    text = re.sub(r" {2,}", " ", text)
    text = re.sub(r" +([,.;:)](?!\w))", r"\1", text).strip()
    return joined(capitalized(it) for it in sentences(text))


Rules = tuple[tuple[re.Pattern[str], str], ...]


@lru_cache(maxsize=1)
def _rules() -> dict[str, Rules]:
    """The parts of ``phrases.txt`` by name."""
    text = files(__package__).joinpath("phrases.txt").read_text("utf-8")
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    rules: list[tuple[re.Pattern[str], str]] = []
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+):.*\]", line):
            rules = found.setdefault(heading[1], [])
        elif line and not line.startswith("#"):
            pattern, _, instead = line.partition(" =>")
            for name, part in _PARTS.items():
                pattern = pattern.replace(name, part)
            rule = re.compile(pattern, re.IGNORECASE), instead.strip().replace(r"\x20", " ")
            rules.append(rule)
    return {name: tuple(it) for name, it in found.items()}


_THING = "(?:column|field|attribute|table|view|property|variable|dimension|metric|data element)"
_VERB = (
    r"(?:contains?|stores?|holds?|represents?|indicates?|specifies|specify|records?|describes?"
    r"|denotes?|shows?|captures?|tracks?|gives?|provides?|refers? to|identifies|identify"
    r"|displays?|defines?|lists?|reflects?|states?|tells?)"
)
_PARTS = {
    # Of a column its name may stand between; "the parent table" says more than "this table".
    "{this}": rf"(?:this {_THING}|the (?:column|field|attribute|table|view)|(?:this|the) [\w.]+ "
    r"(?:column|field|attribute))",
    "{verb}": _VERB,
    "{thing}": _THING,
    "{storing}": "(?:storing|indicating|representing|holding|identifying|tracking|recording"
    "|specifying)",
    "{about}": r"(?:(?:the )?(?:information|data|details) (?:about|on|regarding)\s)",
    "{irregular}": "(?:made|paid|sold|sent|held|kept|given|taken|written|found|built|bought|shown"
    "|seen|drawn|chosen|driven|known|left|lost|set|read|won|brought|broken|spent)",
    "{code}": "(?:(?-i:[A-Z]{1,3})|(?-i:[A-Z])?\\d+|true|false|yes|no)",
    "{start}": r"(?:^|(?<=[.;:]\s))",
    # A participle that stands for a relative clause, not one that a verb needs.
    "{plain}": r"(?<!\bbe )(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbeen )"
    r"(?<!\bbeing )(?<!\bnot )(?<!ly )(?<!\band )(?<!\bor )\b",
}
_NOT_QUANTITY = r"(?!few\b|little\b|lot\b|couple\b|bit\b|while\b|number\b|most\b|least\b|other\b)"
_ARTICLE_IN_FRONT = re.compile(rf"(?:the|an?) {_NOT_QUANTITY}(?=[a-z0-9])", re.IGNORECASE)
_ARTICLE = re.compile(rf"(?<![\w.])(?:[Tt]he|an?|An?(?= [a-z])) {_NOT_QUANTITY}(?=[\w'\"`(])")
