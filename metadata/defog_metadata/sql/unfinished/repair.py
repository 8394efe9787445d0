"""An unfinished statement made whole around the caret.

What is asked at a caret is which relations are in scope there, not what the rest computes. So the
repairs go from keeping everything to keeping only what defines names; the first text that parses
and still contains the caret's placeholder is taken.
"""

from collections.abc import Iterator, Sequence

from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.source.tokens import is_filled_in
from defog_metadata.sql.unfinished.skeleton import (
    CLAUSES,
    PLACEHOLDER,
    chain,
    outermost_query,
    skeleton,
)

__all__ = ["repairs"]

_ITEM_STARTS = CLAUSES | {"DISTINCT", "ALL", "TOP"}
_STARTERS = frozenset("SELECT INSERT UPDATE DELETE WITH CREATE ALTER DROP MERGE".split())
_CONTINUED_BY_SELECT = frozenset(
    """UNION ALL EXCEPT INTERSECT MINUS DISTINCT AS EXPLAIN ANALYZE THEN DO ON FOR BEFORE AFTER OR
    OF INSTEAD REPLACE""".split()
)


def repairs(text: str, start: int, end: int, dialect: str) -> Iterator[str]:
    """Versions of *text* with the placeholder in the place of ``text[start:end]``.

    From the most faithful to the most reduced; a later one may repeat an earlier one.
    """
    marked = f"{text[:start]} {PLACEHOLDER} {text[end:]}"
    if text[:start].rstrip().endswith("."):
        marked = f"{text[:start]}{PLACEHOLDER} {text[end:]}"
    yield marked
    tokens = _tokens(marked, dialect)
    own = _without_open_dots(_own_statement(tokens))
    if dialect == "tsql":
        own = _without_top(own)
        yield _joined(_output_last(own))
    item = _without_item(own)
    versions = [
        _closed(tokens),
        _closed(own),
        _closed(_bracketed(own)),
        _closed(item),
        _closed(_without_rest(own)),
        _closed(_without_item(_without_rest(own))),
        _closed(_without_item(_bracketed(own))),
        skeleton(_closed(own)),
        skeleton(_closed(_bracketed(own))),
    ]
    if inner := outermost_query(own):
        versions += [_closed(inner), _closed(_bracketed(inner)), skeleton(_closed(inner))]
    for words in versions:
        yield _joined([*words, *_missing_end(words)])


def _tokens(text: str, dialect: str) -> list[str]:
    """The words of the text; an open string ends at the end of its line."""
    found: list[str] = []
    for token in tokenize(text, dialect):
        if token.kind == "comment":
            continue
        if not token.closed:
            found += _reopened(token, dialect)
        elif is_filled_in(token):
            found.append(_UNKNOWN)
        else:
            found.append(token.text)
    return found


# What is put into the text before an engine sees it may be a value or a name: a name is read as
# both.
_UNKNOWN = "__filled_in__"


def _reopened(token: Token, dialect: str) -> list[str]:
    quote = token.text[0]
    line, _, rest = token.text.partition("\n")
    if PLACEHOLDER in line and line.count(PLACEHOLDER) == 1 and token.kind == "quoted":
        rest = line.partition(PLACEHOLDER)[2] + "\n" + rest
        return [PLACEHOLDER, *(_tokens(rest, dialect) if rest.strip() else ())]
    closed = {"[": "]"}.get(quote, quote)
    if PLACEHOLDER in line:
        return [PLACEHOLDER, *(_tokens(rest, dialect) if rest.strip() else ())]
    return [line.rstrip() + closed, *(_tokens(rest, dialect) if rest.strip() else ())]


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)


def _without_open_dots(words: Sequence[str]) -> list[str]:
    """*words* without the dots that no name has followed yet."""
    return [
        word
        for index, word in enumerate(words)
        if word != "." or not _ends_name(words[index + 1] if index + 1 < len(words) else "")
    ]


def _ends_name(word: str) -> bool:
    return word.upper() in _AFTER_NAME or word.upper() in CLAUSES


_AFTER_NAME = frozenset(("", ",", ")", "=", "<", ">", "<=", ">=", "<>", "!=", "AND", "OR", "AS"))


def _caret(words: Sequence[str]) -> int:
    return next((i for i, it in enumerate(words) if PLACEHOLDER in it), len(words) - 1)


def _closed(words: Sequence[str]) -> list[str]:
    """*words* with every bracket and CASE that is open closed, and stray closers dropped."""
    found: list[str] = []
    stack: list[str] = []
    for word in words:
        upper = word.upper()
        if word in _BRACKETS:
            stack.append(_BRACKETS[word])
        elif upper == "CASE":
            stack.append("CASE")
        elif stack and stack[-1] in _CASE_STEPS and upper in _CASE_STEPS[stack[-1]]:
            stack[-1] = upper
        elif upper == "END" and stack and stack[-1] in _CASE_STEPS:
            stack.pop()
        elif word in _BRACKETS.values():
            while stack and stack[-1] in _CASE_STEPS:
                found += _CASE_ENDS[stack.pop()]
            if not stack or stack[-1] != word:
                continue
            stack.pop()
        found.append(word)
    for opened in reversed(stack):
        found += _CASE_ENDS.get(opened, [opened])
    return found


_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_CASE_STEPS = {
    "CASE": {"WHEN", "ELSE"},
    "WHEN": {"THEN"},
    "THEN": {"WHEN", "ELSE"},
    "ELSE": {"WHEN"},
}
_CASE_ENDS = {
    "CASE": ["WHEN", "TRUE", "THEN", "NULL", "END"],
    "WHEN": ["THEN", "NULL", "END"],
    "THEN": ["END"],
    "ELSE": ["END"],
}


# Brackets in which these words belong to the function, not to a query.
_TAKES_FROM = frozenset("EXTRACT SUBSTRING TRIM OVERLAY POSITION FILTER".split())
_ENDS_BRACKET = frozenset(("FROM", "WHERE", "JOIN", "HAVING", "LIMIT"))


def _bracketed(words: Sequence[str]) -> list[str]:
    """*words* with a bracket of an expression closed where the query around it goes on."""
    found: list[str] = []
    stack: list[bool] = []
    for index, word in enumerate(words):
        upper = word.upper()
        if word == "(":
            following = words[index + 1].upper() if index + 1 < len(words) else ""
            previous = words[index - 1].upper() if index else ""
            stack.append(
                following not in {"SELECT", "WITH", "FROM", "VALUES", "("}
                and previous not in _TAKES_FROM
                and previous not in {"FROM", "JOIN", ","}
            )
        elif word == ")":
            if stack:
                stack.pop()
        elif upper in _ENDS_BRACKET and words[index - 1].upper() != "DISTINCT":
            while stack and stack[-1]:
                stack.pop()
                found.append(")")
        found.append(word)
    return found


def _missing_end(words: Sequence[str]) -> list[str]:
    """What a statement needs to be one: a query behind its WITH, a branch in its MERGE."""
    head = words[0].upper() if words else ""
    if head == "MERGE" and "THEN" not in map(str.upper, words):
        return ["WHEN", "MATCHED", "THEN", "DELETE"]
    if (
        head in {"INSERT", "REPLACE"}
        and PLACEHOLDER in words[-1]
        and "SET" in map(str.upper, words)
    ):
        return ["=", "NULL"]
    if head == "WITH" and words[-1] == ")" and not _has_main_query(words):
        return ["SELECT", "1"]
    return []


def _without_top(words: Sequence[str]) -> list[str]:
    """T-SQL's ``UPDATE TOP (5) t`` and the like as sqlglot reads it."""
    is_limited = words[1:3] in (["top", "("], ["TOP", "("]) and ")" in words
    if not is_limited or words[0].upper() not in {"UPDATE", "INSERT", "DELETE", "MERGE"}:
        return list(words)
    return [words[0], *words[words.index(")") + 1 :]]


def _output_last(words: Sequence[str]) -> list[str]:
    """T-SQL's ``DELETE FROM t OUTPUT … WHERE …`` in the order that sqlglot reads."""
    upper = [it.upper() for it in words]
    if upper[:1] != ["DELETE"] or "OUTPUT" not in upper or "WHERE" not in upper:
        return list(words)
    output, where = upper.index("OUTPUT"), upper.index("WHERE")
    return [*words[:output], *words[where:], *words[output:where]]


def _has_main_query(words: Sequence[str]) -> bool:
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if depth == 0 and word.upper() in {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"}:
            return True
    return False


def _own_statement(words: Sequence[str]) -> list[str]:
    """The statement that the caret is in, where a semicolon between two was forgotten."""
    caret = _caret(words)
    depth = 0
    begin, end = 0, len(words)
    for index, word in enumerate(words):
        if word in _BRACKETS:
            depth += 1
        elif word in _BRACKETS.values():
            depth = max(0, depth - 1)
        elif index and word.upper() in _STARTERS and _starts_anew(words, index, depth):
            if index <= caret:
                begin = index
            else:
                end = index
                break
    return list(words[begin:end])


def _starts_anew(words: Sequence[str], index: int, depth: int) -> bool:
    previous = words[index - 1].upper()
    if depth and words[index].upper() in {"SELECT", "WITH"}:
        # An open bracket may have been forgotten too, but a subquery is likelier.
        return False
    if previous in _CONTINUED_BY_SELECT or previous in _BRACKETS or previous == ",":
        return False
    if words[index].upper() in {"UPDATE", "DELETE", "INSERT"}:
        return previous not in {"KEY", "CASCADE"}
    head = words[0].upper()
    # INSERT INTO t (a) SELECT …, WITH x AS (…) SELECT …, CREATE VIEW v AS SELECT …
    return not (head in {"INSERT", "WITH", "CREATE", "REPLACE"} and _is_first_select(words, index))


def _is_first_select(words: Sequence[str], index: int) -> bool:
    depth = 0
    for word in words[:index]:
        if word in _BRACKETS:
            depth += 1
        elif word in _BRACKETS.values():
            depth = max(0, depth - 1)
        elif depth == 0 and word.upper() == "SELECT":
            return False
    return True


def _without_item(words: Sequence[str]) -> list[str]:
    """The item around the caret (between commas or clauses, in its bracket) becomes the caret."""
    caret = _caret(words)
    before = _boundary(words, range(caret - 1, -1, -1), step=-1)
    after = _boundary(words, range(caret + 1, len(words)), step=1)
    return [*words[: before + 1], chain(words, caret), *words[after:]]


def _boundary(words: Sequence[str], indices: range, *, step: int) -> int:
    depth = 0
    opening, closing = (
        (_BRACKETS.values(), _BRACKETS.keys())
        if step < 0
        else (_BRACKETS.keys(), _BRACKETS.values())
    )
    for index in indices:
        word = words[index]
        if word in closing:
            if depth == 0:
                return index
            depth -= 1
        elif word in opening:
            depth += 1
        elif depth == 0 and (word == "," or word.upper() in _ITEM_STARTS):
            return index
    return -1 if step < 0 else len(words)


def _without_rest(words: Sequence[str]) -> list[str]:
    """Nothing between the caret and the next clause of its bracket."""
    caret = _caret(words)
    depth = 0
    for index in range(caret + 1, len(words)):
        word = words[index]
        if word in _BRACKETS:
            depth += 1
        elif word in _BRACKETS.values():
            if depth == 0:
                return [*words[: caret + 1], *words[index:]]
            depth -= 1
        elif depth == 0 and word.upper() in CLAUSES:
            return [*words[: caret + 1], *words[index:]]
    return list(words[: caret + 1])
