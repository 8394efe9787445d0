"""What a description says that a shorter one must say too, in the same order.

Numbers, codes and what they mean, formulas, units, formats, names of tables and columns, proper
names, quoted values, and the words that turn a meaning round or bound it: "not", "only", "null
when", "at least". Where a sentence explains codes or a formula, each of its words is a fact.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from defog_metadata.checks.shortening.sentences import sentences

__all__ = ["Fact", "Kind", "facts", "has_facts", "is_idle", "lost"]

Kind = Literal["value", "number", "name", "unit", "format", "condition", "meaning"]


@dataclass(frozen=True, slots=True)
class Fact:
    """``text`` is as the description has it, ``key`` what is compared."""

    kind: Kind
    text: str
    key: str


def facts(text: str) -> tuple[Fact, ...]:
    """The facts of *text*, in its order.

    >>> [it.text for it in facts("Net price in USD, never null; see orders.currency.")]
    ['Net', 'USD', 'never', 'null', 'orders.currency']
    >>> [it.text for it in facts("State of it. 1 = active, 2 = closed by the user")]
    ['1', '=', 'active', '2', '=', 'closed', 'user']
    """
    return tuple(
        it for sentence in sentences(text) if not is_idle(sentence) for it in _of_sentence(sentence)
    )


def is_idle(sentence: str) -> bool:
    """Whether *sentence* only tells readers where to ask, which no data depend on."""
    return bool(_IDLE.match(sentence)) and all(
        it.kind == "condition" for it in _of_sentence(sentence)
    )


def has_facts(text: str) -> bool:
    return bool(facts(text))


def lost(wanted: Iterable[Fact], text: str) -> tuple[Fact, ...]:
    """Those of the facts *wanted* that *text* does not say, or says in another order."""
    words = [it.group() for it in _WORD.finditer(_plain(text))]
    keys = [{_key(it), it.rstrip(".")} for it in words]
    missing: list[Fact] = []
    at = 0
    for fact in wanted:
        found = next((at + index for index, it in enumerate(keys[at:]) if fact.key in it), None)
        if found is None:
            missing.append(fact)
        else:
            at = found + 1
    return tuple(missing)


def _of_sentence(sentence: str) -> Iterator[Fact]:
    plain = _plain(sentence)
    explains = bool(_EXPLAINS.search(plain))
    is_first = True
    for match in _WORD.finditer(plain):
        word = match.group()
        kind = _kind(word, is_first=is_first)
        if word == "A" and _IS_CODE.match(plain, match.end()):
            kind = "value"  # else it is the article
        if kind is None and explains and word.lower() not in _SMALL and word[0].isalnum():
            kind = "meaning"
        if kind is not None:
            yield Fact(kind, word, _key(word))
        is_first = is_first and not word[0].isalnum()


def _kind(word: str, *, is_first: bool) -> Kind | None:
    lowered = word.lower().removesuffix("'s")
    if word[0] in "'\"`“‘«" and len(word) > 1:
        return "value"
    if any(it.isdigit() for it in word):
        return "number"
    if lowered in _CONDITIONS or lowered.endswith(("n't", "n’t")):
        return "condition"
    if lowered in _UNITS or word in _UNIT_SIGNS:
        return "unit"
    if lowered in _FORMATS or _COUNTED.fullmatch(lowered):
        return "format"
    if lowered in _NUMBERS:
        return "number"
    if _NAME.search(word) and word != "A":
        return "name"
    if word[0].isupper() and lowered not in _SMALL:
        # At the start of a sentence a capital says nothing, unless there are others.
        return "name" if not is_first or word[1:2].isupper() else None
    return "meaning" if word in _OPERATORS else None


def _plain(text: str) -> str:
    """*text* with the ways to say one thing made one."""
    for pattern, instead in _SAME:
        text = pattern.sub(instead, text)
    return text


def _key(word: str) -> str:
    if len(word) > 1 and word[0] in "'\"`“‘«":
        return word[1:-1]
    return word.lower().rstrip(".-").removesuffix("'s").strip("-")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(
    r"`[^`]*`"
    r"|(?<!\w)'[^']*'(?!\w)"
    r'|"[^"]*"'
    r"|“[^”]*”|‘[^’]*’|«[^»]*»"
    r"|https?://\S+"
    r"|[<>=!]=|<>|->|=>|→|≥|≤|[=<>+*/%$€£¥≈±×÷^|&#@~]"
    r"|(?<![\w)])-(?=\d)"
    r"|\w+(?:[-.'’:,]\w+|(?<=\w)::\w+)*"
)
_NAME = re.compile(r"\w_\w|^_|\w\.\w|[a-z][A-Z]|^[A-Z]{2,}|^[A-Z]$|[A-Z]{2,}")
_IS_CODE = re.compile(r"\s*(?:[=:/,&-]|means?\b|stands\b|is\b|and\b|or\b|\))")
_COUNTED = re.compile(
    r"(?:one|two|three|four|five|six|eight|ten|single|multi)-\w+|\w+-(?:delimited|separated|based|digit|letter|character|encoded|formatted)"
)
_OPERATORS = frozenset("= < > <= >= == != <> + * / -> => → ≥ ≤ × ÷ ^ ± ≈ - | &".split())

_IDLE = re.compile(
    r"(?:please )?(?:(?:contact|ask|reach out to) (?:\w+ ){1,5}(?:if|for|when|with|about)\b"
    r"|(?:see|refer to|check|consult) the (?:\w+ )?(?:documentation|docs|wiki|manual|handbook)\b"
    r"|for (?:more|further) (?:information|details)\b|(?:if you have|for) (?:any )?questions\b"
    r"|feel free to\b)",
    re.IGNORECASE,
)

_EXPLAINS = re.compile(
    r"(?<![<>!=])=(?!=)|=>|->|→"
    r"|(?:\b(?:[A-Z]{1,3}|\d+|true|false|yes|no)\b|['\"`])\s*(?:(?:[:\-–]\s|means?\b)|for\b|is\b|if\b|when\b)\s*\w"
    r"|[\w)]\s*[*/+×÷]\s*[\w(]|\w\(\w|[\w)] - [\w(]"
    r"|\b(?:calculated|computed|derived|equals?|(?:sum|product|ratio|quotient) of"
    r"|difference (?:of|between)|divided|multiplied|minus|plus|times (?:the|an?|\d+)|formula)\b",
)
_SAME = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\bwhether or not\b", "whether"),
        (r"\bincluding,? but not limited to\b", "including"),
        (r"\bgreater than or equal to\b|≥", ">="),
        (r"\bless than or equal to\b|≤", "<="),
        (r"\bprior to\b", "before"),
        (r"\bsubsequent to\b", "after"),
        (r"\bin the event that\b|\bin case\b", "if"),
        (r"\bdo(?:es)? not\b", "not"),
        (r"\bmeans\b|\bstands for\b", "="),
        (r"(?<=\d)\s*(?:percent|per cent)\b", " %"),
        (r"\bmaximum\b|\bmax\.", "max"),
        (r"\bminimum\b|\bmin\.", "min"),
        (r"\bmilliseconds?\b", "ms"),
        (r"\bUnited States\b|\bU\.S\.", "US"),
        (r"\bU\.?S\.? dollars?\b", "USD"),
        (r"\b(?:date ?time|date-time)\b", "datetime"),
        (r"\b(timestamp|date|time|datetime) format\b", r"\1"),
        (r"\babbreviations?\b|\babbr\.", "abbr"),
        (r"\b(date|time|timestamp|day|month|year|hour) when\b", r"\1"),
        (r"\bapproximately\b", "about"),
    )
)
_CONDITIONS = _words(
    "not never no none neither nor without cannot excluding exclude excludes excluded exclusive "
    "exclusively except unless only solely must shall should always if otherwise else when "
    "whenever until since before after while instead null nulls nullable non-null empty missing "
    "blank optional mandatory required unique deprecated obsolete unused unknown invalid at-least "
    "least most exactly more less than above below within all any both each "
    "every including includes included inclusive negative positive gross net taxed untaxed "
    "estimated approximate approximately about rounded cumulative unsigned signed pre-tax "
    "first last latest earliest oldest newest current original immutable irreversible "
    "sensitive confidential pii personal encrypted hashed anonymized masked case-sensitive "
    "case-insensitive default defaults maximum minimum max min per hidden deleted true false "
    "although however but unlike excl incl ignore ignored ignoring disregard except-for"
)
_UNITS = _words(
    "usd eur gbp jpy cny inr chf cad aud dollar dollars euro euros pound pounds yen cents cent "
    "pence basis bps percent percentage percentages ratio fraction degrees degree celsius "
    "fahrenheit kelvin radians ms millisecond milliseconds microseconds nanoseconds second "
    "seconds sec minute minutes min mins hour hours hrs day days week weeks month months quarter "
    "quarters year years daily weekly monthly quarterly yearly annual annually hourly decade "
    "bytes byte kb mb gb tb kib mib gib bit bits kilobytes megabytes gigabytes meter meters metre "
    "metres km kilometers kilometres mile miles mi feet foot ft inch inches yard yards cm mm "
    "nautical knots mph kg kilogram kilograms gram grams lb lbs pounds ounce ounces oz ton tons "
    "tonnes liter liters litre litres ml gallon gallons acres hectares sqft watt watts kw kwh "
    "volt volts amps hz khz mhz ghz pixels pixel px thousand thousands million millions billion "
    "billions dozen dozens utc gmt est pst cet local"
)
_UNIT_SIGNS = frozenset("%$€£¥°")
_FORMATS = _words(
    "unix epoch timestamp timestamps iso json xml csv uuid guid hex hexadecimal base64 ascii "
    "utf-8 url uri html markdown regex decimal integer boolean string lowercase uppercase "
    "lower-case upper-case title-case capitalized abbr abbreviated "
    "delimited separated comma semicolon pipe tab prefix suffix prefixed suffixed padded "
    "zero-padded leading trailing encoded datetime geojson wkt e.164 initials"
)
_NUMBERS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve hundred half third "
    "quarter double twice once second"
)
# Words that say nothing by themselves, in a sentence whose every word counts.
_SMALL = _words(
    "a an the of in on at to for is are was were be been being by with that which this these those "
    "it its they their as and or from i.e e.g i.e. e.g. etc either will would has have had do does "
    "there such so also here value values possible following example instance used using where "
    "whether who whose represented represents indicates indicate means into onto out up some can "
    "may column field table contains contain stores stored calculated computed derived via located "
    "expressed measured formatted recorded denominated written displayed "
    "associated assigned corresponding respective appropriate given specific particular defined "
    "valid allowed one another itself then than through"
) - frozenset(("one", "than"))
