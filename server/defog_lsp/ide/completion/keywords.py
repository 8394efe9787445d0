"""The words that the grammar allows next. ``keywords.txt`` says which those are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from defog_lsp.ide.completion.items import Item
from defog_lsp.ide.completion.letter_case import in_case_of
from defog_metadata.sql.functions import functions_of
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.unfinished.levels import Level
from defog_metadata.sql.unfinished.place import is_cte

__all__ = ["all_keywords", "keywords"]


@dataclass(frozen=True, slots=True)
class _Grammar:
    groups: dict[str, str]
    rules: tuple[tuple[re.Pattern[str], str], ...]


def keywords(caret: Caret, dialect: str) -> Iterator[Item]:
    """The keywords that fit, likeliest first."""
    if _is_alias(caret):
        return
    for word in _words(caret, _FAMILIES.get(dialect, dialect)):
        yield Item(word, "keyword", caret.span, in_case_of(caret, word))


def all_keywords(dialect: str) -> frozenset[str]:
    """Every keyword that some rule offers in *dialect*."""
    family = _FAMILIES.get(dialect, dialect)
    grammar = _grammar()
    entries = (*grammar.groups.values(), *(words for _, words in grammar.rules))
    return frozenset(word for it in entries for word in _allowed(it, family))


def _words(caret: Caret, dialect: str) -> tuple[str, ...]:
    if caret.qualifier or caret.expected in ("type", "string"):
        return ()
    if caret.expected == "nothing" and not caret.level.shape:  # in a comment, in a number
        return ()
    outer = caret.level.outer
    if not caret.level.shape and outer is not None and is_cte(outer):
        return _allowed("@query", dialect)
    if caret.expected == "statement":
        return _allowed("@statements", dialect)
    if caret.level.outer is None and caret.before and caret.level.shape.startswith("n"):
        return ()  # a statement of a kind that nothing is known of
    shape = _BETWEEN.sub("= v", caret.level.shape)
    found = _rule(shape)
    if found is not None:
        words = _allowed(found, dialect)
        if "UNION ALL" in words and _SELECTED.search(shape):
            words += _allowed("@upsert", dialect)
        if _CALLED.search(shape):
            over = _allowed("@over", dialect)
            words = tuple(it for it in words if it not in over)
            if _is_projected(caret.level) and _takes_rows(caret.before, dialect):
                # Behind AS and FROM: whoever types an f seldom means FILTER.
                words = (*words[:2], *over, *words[2:])
        return words
    is_relation = caret.reference is not None and caret.reference.kind == "table"
    return _allowed("@operands", dialect) if caret.expected == "name" and not is_relation else ()


def _is_alias(caret: Caret) -> bool:
    """Whether the letters behind a relation are what people call it by: ``orders o``.

    A keyword would be accepted in their place by whoever then presses Enter for a new line.
    """
    typed = caret.prefix.casefold()
    if not typed or not caret.tokens or not _UNALIASED.search(caret.level.shape):
        return False
    initials = [it[:1].casefold() for it in caret.tokens[-1].text.strip('"`[]').split("_")]
    return typed in initials or typed == "".join(initials)


_UNALIASED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)(?: n(?: (?:AS )?n)? ,)* n$")
_CALLED = re.compile(r"(?:^| )f$")


def _is_projected(level: Level | None) -> bool:
    """Whether the level is where windows can be: in a select list, ORDER BY or QUALIFY."""
    while level is not None:
        clause = next((it for it in reversed(level.shape.split(" ")) if it in _ENDED_BY), "")
        if clause and not (clause in {"WHEN", "THEN", "ELSE"} and level.shape.startswith("CASE")):
            return clause in {"SELECT", "ORDER", "QUALIFY", "HAVING"}
        level = level.outer
    return False


def _takes_rows(before: Sequence[str], dialect: str) -> bool:
    """Whether the call that ends *before* may be of an aggregate or a window function."""
    depth = 0
    for index in range(len(before) - 1, 0, -1):
        depth += (before[index] == ")") - (before[index] == "(")
        if depth == 0:
            function = functions_of(dialect).get(before[index - 1].lower())
            return function is None or function.kind in {"aggregate", "window"}
    return False


# Dialects whose grammar is that of another one, as far as the rules know it.
_FAMILIES = {
    "redshift": "postgres", "materialize": "postgres", "risingwave": "postgres",
    "doris": "mysql", "starrocks": "mysql", "singlestore": "mysql",
    "fabric": "tsql", "spark2": "spark", "databricks": "spark", "hive": "spark",
}  # fmt: skip
_CLAUSES = (
    "SELECT|FROM|JOIN|ON|USING|WHERE|GROUP|HAVING|QUALIFY|WINDOW|ORDER|LIMIT|OFFSET|FETCH|SET|VALUES"
    "|RETURNING|OUTPUT|INTO|UNION|INTERSECT|EXCEPT|MINUS|APPLY|WHEN|THEN|ELSE"
)
_ENDED_BY = frozenset(_CLAUSES.split("|"))
_ITEM = r"(?:n|v|f|\(\)|\(Q\)|\*)"
_CHAIN = rf"{_ITEM}(?: \+ {_ITEM}| :: [nf])*"
_OPERAND = rf"(?:INTERVAL v(?: n)?|{_ITEM})"
_RANGE_END = rf"{_OPERAND}(?: \+ {_OPERAND}| :: [nf])*"
_SOURCE = r"(?:n|v|f|\(Q\)|\(\))"
# Before these an operand is a whole condition so far, which a comparison can still follow.
_BEFORE_CONDITION = (
    "WHERE", "AND", "OR", "XOR", "ON", "NOT", "HAVING", "QUALIFY", "WHEN", ",", "SELECT",
    "DISTINCT", "(", "CASE",
)  # fmt: skip
_MACROS = {
    "<item>": _ITEM,
    "<bare>": f"(?:^|{'|'.join(rf'(?<={re.escape(it)} )' for it in _BEFORE_CONDITION)}){_CHAIN}",
    "<source>": _SOURCE,
    "<aliased>": rf"{_SOURCE} (?:AS )?n(?: \(\))?",
    "<ctes>": r"(?:^|\( )WITH(?: RECURSIVE)?"
    r"(?: n(?: \(\))? AS(?: NOT)?(?: MATERIALIZED)? \(Q?\) ,)*",
    "<insert>": r"^(?:.*\(Q\) )?(?:INSERT(?: OR \S+| IGNORE| OVERWRITE)?|REPLACE)",
    "<delete>": r"^(?:.*\(Q\) )?DELETE",
    "<update>": r"^(?:.*\(Q\) )?UPDATE",
    "<change>": r"^(?!.*\bSELECT\b)(?:.*\(Q\) )?(?:UPDATE|DELETE|INSERT|REPLACE|MERGE)\b",
}
_CLAUSE = re.compile(r"\{([A-Z |:?()]+)\}")
# A complete BETWEEN is one comparison; its AND joins no conditions.
_BETWEEN = re.compile(
    rf"(?:NOT )?\bBETWEEN {_RANGE_END} AND {_RANGE_END}(?! (?:PRECEDING|FOLLOWING))"
)
_SELECTED = re.compile(r"^(?:.*\(Q\) )?(?:INSERT|REPLACE)\b.* SELECT\b")


@cache
def _grammar() -> _Grammar:
    """The groups and rules of ``keywords.txt``."""
    text = files(__package__).joinpath("keywords.txt").read_text(encoding="utf-8")
    groups: dict[str, str] = {}
    rules: list[tuple[re.Pattern[str], str]] = []
    for line in re.sub(r"\n {8}", " ", text).splitlines():
        if not line or line.startswith("#"):
            continue
        head, *words = re.split(" {2,}", line, maxsplit=1)
        if head.startswith("@"):
            groups[head] = "".join(words)
            continue
        for name, macro in _MACROS.items():
            head = head.replace(name, macro)
        pattern = _CLAUSE.sub(rf"\\b(?:\1)\\b(?!.*\\b(?:{_CLAUSES})\\b)", head)
        rules.append((re.compile(pattern), "".join(words)))
    return _Grammar(groups, tuple(rules))


@lru_cache(maxsize=4096)
def _rule(shape: str) -> str | None:
    """The words of the first rule for *shape*; people type in few shapes, again and again."""
    return next((words for pattern, words in _grammar().rules if pattern.search(shape)), None)


@lru_cache(maxsize=4096)
def _allowed(words: str, dialect: str) -> tuple[str, ...]:
    """The keywords of a rule that *dialect* has."""
    found: dict[str, None] = {}
    for entry in filter(None, map(str.strip, words.split(","))):
        word, _, condition = entry.partition("[")
        word, named = word.strip(), condition.rstrip("]").split()
        if named and not _has(named, dialect):
            continue
        group = _grammar().groups.get(word)
        inner = (word,) if group is None else _allowed(group, dialect)
        found.update(dict.fromkeys(inner))
    return tuple(found)


def _has(named: list[str], dialect: str) -> bool:
    if named[0].startswith("-"):
        return f"-{dialect}" not in named
    return dialect in named
