"""What the statements of a glossary rule: how to join, what to prefer, which units things are in.

Only what is said in a form that leaves no doubt is read; a statement with an "or" in it says less
than it seems to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from defog_metadata.catalog import Catalog, Table
from defog_metadata.checks.vocabulary import tables_called
from defog_metadata.pruning import terms

__all__ = ["Convention", "JoinRule", "Preference", "conventions", "join_rules", "preference"]

Subject = Literal["currency", "time zone", "date format", "fiscal year", "week"]
Endpoint = tuple[str, str]


@dataclass(frozen=True, slots=True)
class JoinRule:
    """Two tables are joined on columns: those that the rule names, each with its table."""

    tables: tuple[Table, Table]
    columns: frozenset[Endpoint]
    """Qualified name of the table, name of the column; as stored."""

    @property
    def pair(self) -> frozenset[str]:
        return frozenset(it.qualified_name for it in self.tables)

    def of(self, table: str) -> frozenset[str]:
        """The columns of the table of this qualified name."""
        return frozenset(column for owner, column in self.columns if owner == table)


@dataclass(frozen=True, slots=True)
class Preference:
    """``bad`` is not to be used; ``good`` is, if that is said. Qualified table, and column."""

    bad: Endpoint
    good: Endpoint | None
    condition: str = ""
    """When, if not always."""

    @property
    def turned_round(self) -> "Preference | None":
        return Preference(self.good, self.bad, self.condition) if self.good else None


@dataclass(frozen=True, slots=True)
class Convention:
    """Things of ``subject`` are given in ``value``."""

    kind: Subject
    subject: tuple[str, ...]
    value: str
    """One spelling of many."""
    written: str


# -- joins


def join_rules(statement: str, catalog: Catalog) -> Iterator[JoinRule]:
    """The joins that *statement* prescribes."""
    text = statement.replace("`", "").replace('"', "")
    if not _JOIN.search(text) or _DOUBT.search(text):
        return
    found = list(_from_list(text, catalog)) or list(_tables_on(text, catalog))
    yield from found or _equations(text, catalog)


def _tables_on(text: str, catalog: Catalog) -> Iterator[JoinRule]:
    """``orders can be joined to customers on customer_id``, also of two columns, or an equation."""
    for found in _TABLES_ON.finditer(text):
        left, right = _table(found["left"], catalog), _table(found["right"], catalog)
        if left is None or right is None or left is right:
            continue
        columns: set[Endpoint] = set()
        for path in _PATH.findall(_CONDITION_END.split(found["on"])[0]):
            *owner, column = path.split(".")
            columns.update(
                (table.qualified_name, it.name)
                for table in (left, right)
                if not owner or table.name.casefold() == owner[-1].casefold()
                for it in table.columns_like(column)
            )
        if columns:
            yield JoinRule((left, right), frozenset(columns))


def _from_list(text: str, catalog: Catalog) -> Iterator[JoinRule]:
    """``cars.id can be joined with car_id from sales and snapshots``, or with ``sales.car_id``."""
    found = _COLUMN_WITH.search(text)
    one = _column(found["one"], catalog) if found else None
    if found is None or one is None:
        return
    others = [it for it in _PATH.findall(found["tables"] or "") if it.casefold() not in _FILLERS]
    paths = [f"{it}.{found['other']}" for it in others] or [found["other"]]
    for path in paths:
        other = _column(path, catalog)
        if other is not None and other[0] is not one[0]:
            columns = ((table.qualified_name, column) for table, column in (one, other))
            yield JoinRule((one[0], other[0]), frozenset(columns))


def _equations(text: str, catalog: Catalog) -> Iterator[JoinRule]:
    """``orders.customer_id = customers.id``, in a statement about joins."""
    for found in _EQUATION.finditer(text):
        left, right = _column(found["left"], catalog), _column(found["right"], catalog)
        if left is not None and right is not None and left[0] is not right[0]:
            columns = ((table.qualified_name, column) for table, column in (left, right))
            yield JoinRule((left[0], right[0]), frozenset(columns))


def _table(path: str, catalog: Catalog) -> Table | None:
    found = tables_called(catalog, path.casefold().split("."))
    return found[0] if len(found) == 1 else None


def _column(path: str, catalog: Catalog) -> tuple[Table, str] | None:
    owner, _, name = path.rpartition(".")
    table = _table(owner, catalog) if owner else None
    columns = table.columns_like(name) if table is not None else ()
    return (table, columns[0].name) if table is not None and columns else None


# -- preferences


def preference(statement: str, catalog: Catalog) -> Preference | None:
    """What *statement* wants used in the place of what."""
    text = statement.replace("`", "").replace('"', "")
    found = _INSTEAD.search(text) or _NEVER.search(text)
    if found is None:
        return None
    bad = _column(found["bad"], catalog)
    good_path = found.groupdict().get("good") or ""
    if bad is None or not _is_whole(found, "bad"):
        return None
    good = _column(good_path, catalog) if "." in good_path else None
    if good is None and good_path and bad[0].columns_like(good_path):
        good = (bad[0], bad[0].columns_like(good_path)[0].name)
    if good_path and good is None:
        return None
    condition = text[found.end() :].strip(" .")
    return Preference(
        (bad[0].qualified_name, bad[1]),
        (good[0].qualified_name, good[1]) if good else None,
        condition,
    )


def _is_whole(found: re.Match[str], group: str) -> bool:
    """Whether the path in *group* does not go on behind it."""
    behind = found.string[found.end(group) : found.end(group) + 2]
    return not re.match(r"[\w$]|\.\w", behind)


# -- conventions


def conventions(statement: str) -> Iterator[Convention]:
    """In which units, zones and formats *statement* says that things are."""
    text = statement.replace("`", "").replace("**", "")
    for kind, pattern in _CONVENTIONS:
        found = list(pattern.finditer(text))
        values = {_value(kind, it["value"]) for it in found}
        if len(values) != 1 or None in values:
            continue  # two in one statement: it tells how one becomes the other
        (value,) = values
        before = text[: found[0].start()]
        if value is not None and not _CLAUSE.search(before):
            subject = tuple(sorted(set(terms(before)) - _GENERIC))
            yield Convention(kind, subject, value, found[0]["value"])


def _value(kind: Subject, written: str) -> str | None:
    text = " ".join(written.casefold().split()).removeprefix("the ")
    match kind:
        case "currency":
            return next((code for code, names in _CURRENCIES.items() if text in names), None)
        case "time zone":
            return _ZONES.get(text, text)
        case "date format":
            return re.sub(r"[^a-z]+", lambda it: it[0].strip() or " ", text)
        case _:
            return text[:3]


_CURRENCIES = {
    "USD": frozenset(("usd", "us dollars", "us dollar", "dollars", "us$", "$")),
    "EUR": frozenset(("eur", "euro", "euros", "€")),
    "GBP": frozenset(("gbp", "british pounds", "pounds sterling", "£")),
    "JPY": frozenset(("jpy", "yen", "¥")),
    "CHF": frozenset(("chf", "swiss francs")),
    "INR": frozenset(("inr", "rupees", "₹")),
    "CAD": frozenset(("cad", "canadian dollars")),
    "AUD": frozenset(("aud", "australian dollars")),
    "CNY": frozenset(("cny", "rmb", "yuan")),
    "SGD": frozenset(("sgd", "singapore dollars")),
    "SEK": frozenset(("sek",)),
    "BRL": frozenset(("brl", "reais")),
}
_ZONES = {"gmt": "utc", "z": "utc", "coordinated universal time": "utc"}
_ALL_CURRENCIES = "|".join(
    sorted((re.escape(it) for names in _CURRENCIES.values() for it in names), key=len, reverse=True)
)
_IN = (
    r"\b(?:is|are)\s+(?:always\s+|all\s+)?"
    r"(?:(?:stored|reported|given|expressed|shown|kept|quoted|measured|recorded|denominated|saved"
    r"|formatted|written)\s+)?(?:in|as|using)\s+(?:the\s+)?(?:format\s+)?"
)
_CONVENTIONS: tuple[tuple[Subject, re.Pattern[str]], ...] = (
    ("currency", re.compile(rf"{_IN}(?P<value>{_ALL_CURRENCIES})(?![\w$])", re.IGNORECASE)),
    (
        "time zone",
        re.compile(
            rf"{_IN}(?P<value>UTC|GMT|[ECMP][SD]T|CES?T|[A-Z][a-z]+/[A-Z][A-Za-z_]+)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "date format",
        re.compile(
            rf"{_IN}'?(?P<value>(?:YYYY|MM|DD|YY)(?:[-/. ]?(?:YYYY|MM|DD|YY|MON)){{1,2}})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "fiscal year",
        re.compile(
            r"\b(?:starts?|begins?|runs\s+from)\s+(?:(?:in|on|with)\s+)?(?:(?:1st\s+(?:of\s+)?|1\s+))?"
            r"(?P<value>January|February|March|April|May|June|July|August|September|October|November"
            r"|December)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "week",
        re.compile(
            r"\b(?:starts?|begins?)\s+(?:on\s+)?(?:a\s+)?"
            r"(?P<value>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\b",
            re.IGNORECASE,
        ),
    ),
)
# What speaks of everything of its kind.
_GENERIC = frozenset(terms("all every each our the always both default monetary values amounts"))
_CLAUSE = re.compile(
    r"\b(?:if|when|where|unless|except|for|in|before|after|until|since|from)\b", re.IGNORECASE
)
_JOIN = re.compile(r"\bjoin(?:s|ed|ing)?\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:or|either|depending|unless|sometimes|also|alternatively|otherwise|if|when|except"
    r"|as\s+well)\b",
    re.IGNORECASE,
)
_FILLERS = frozenset("from the and table tables both in of".split())
_NAME = r"[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*"
_PATH = re.compile(_NAME)
_TABLES_ON = re.compile(
    rf"""
    (?<![\w.])(?P<left>{_NAME})(?:\s+tables?)?\s+
    (?:(?:(?:can|should|must)\s+be\s+|is\s+|are\s+)?join(?:s|ed)\s+(?:to|with)|to|with|and)\s+
    (?:the\s+)?(?P<right>{_NAME})(?:\s+tables?)?\s+(?:on|by|via|using|through)\s+(?P<on>[^;]+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CONDITION_END = re.compile(r"\.(?:\s|$)|\b(?:to|for|which|so|because|then)\b", re.IGNORECASE)
_COLUMN_WITH = re.compile(
    rf"""
    (?P<one>{_NAME})\s+(?:can\s+be|is|should\s+be|must\s+be)\s+joined\s+(?:with|to)\s+
    (?P<other>{_NAME})(?:\s+(?:from|of|in)\s+(?P<tables>[^.;]+))?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EQUATION = re.compile(rf"(?<![\w.])(?P<left>{_NAME})\s*=\s*(?P<right>{_NAME})")
_INSTEAD = re.compile(
    rf"""
    \b(?:use|prefer|take)\s+(?:the\s+)?(?:column\s+)?(?P<good>{_NAME})(?:\s+column)?
    (?:\s+instead\s+of|\s+rather\s+than|\s+over|,?\s+(?:and\s+)?(?:not|never))\s+
    (?:the\s+)?(?:column\s+)?(?P<bad>{_NAME})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NEVER = re.compile(
    rf"\b(?:never|do\s+not|don't|don’t)\s+use\s+(?:the\s+)?(?:column\s+)?(?P<bad>{_NAME})",
    re.IGNORECASE,
)
