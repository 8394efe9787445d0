"""What the grammar wants at a place, in words a person would use, by the shape of what is before.

::

    select a from where b = 1      expected a table name after FROM
    select a from t where b =      expected a value after =
"""

import re
from collections.abc import Iterator, Sequence

from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.tokens import Token
from defog_metadata.sql.unfinished.level_words import KEYWORDS
from defog_metadata.sql.unfinished.levels import level_of
from defog_metadata.text import Edit, Fix, Span

__all__ = ["called", "doubled", "expectation"]

_LONGEST = 30


def called(token: Token) -> str:
    """*token* as a message names it: keywords in capitals, long strings cut."""
    if token.word in KEYWORDS or token.word in ("CASE", "END"):
        return token.word
    text = token.text if len(token.text) <= _LONGEST else f"{token.text[:_LONGEST]}…"
    return " ".join(text.split())


def doubled(before: Token, token: Token) -> SyntaxProblem:
    """*token* says again what the one *before* it has said."""
    edit = Edit(Span(before.end, token.end), "")
    fix = Fix(f"Remove the second {called(token)}", (edit,), is_certain=True)
    span = Span(token.start, token.end)
    return SyntaxProblem(span, f"{called(token)} stands here twice", (fix,))


def expectation(tokens: Sequence[Token], at: int) -> SyntaxProblem:
    """What is wrong where a parser gave up: at the token with the index *at*, or at the end."""
    found = tokens[at] if at < len(tokens) else None
    before = tokens[at - 1] if at else None
    shape = level_of(tokens[:at]).shape
    for pattern, wanted in _AFTER:
        if before is not None and pattern.search(shape):
            if at > 1 and wanted in _NAMES and found is not None and _is_name(found):
                # It is there: the parser has taken the word before for something else.
                return expectation(tokens, at - 1)
            return _missing(wanted, before, found)
    wanted = next((it for pattern, it in _BEFORE if pattern.search(shape)), "")
    if found is None:
        last = before or tokens[-1]
        message = f"expected {wanted or 'more'} after {called(last)}"
        return SyntaxProblem(Span(last.start, last.end), message)
    span = Span(found.start, found.end)
    if found.word in _DIRECTIONS and (
        at + 1 == len(tokens) or tokens[at + 1].word not in ("JOIN", *_DIRECTIONS)
    ):
        return SyntaxProblem(span, f"expected JOIN after {called(found)}")
    if wanted:
        return SyntaxProblem(span, f"expected {wanted} before {called(found)}")
    return SyntaxProblem(span, f"{called(found)} is not expected here")


def _missing(wanted: str, before: Token, found: Token | None) -> SyntaxProblem:
    """Point at what lacks something, or at what stands in the place of it."""
    if found is not None and (found.kind in _VALUES or _is_name(found)):
        message = f"expected {wanted} after {called(before)}, not {called(found)}"
        return SyntaxProblem(Span(found.start, found.end), message)
    span = Span(before.start, before.end)
    return SyntaxProblem(span, f"expected {wanted} after {called(before)}")


def _rules(text: str) -> Iterator[tuple[re.Pattern[str], str]]:
    for line in text.strip().splitlines():
        pattern, _, wanted = line.strip().partition("   ")
        yield re.compile(pattern), wanted.strip()


_NAMES = frozenset(("a table name", "a name", "a column", "a column or an expression"))
_DIRECTIONS = frozenset("LEFT RIGHT FULL INNER CROSS OUTER".split())
_VALUES = frozenset(("string", "number", "parameter"))


def _is_name(token: Token) -> bool:
    return token.kind == "quoted" or (token.kind == "word" and token.word not in KEYWORDS)


# What is wanted behind the end of a shape (see ``levels``): the first that fits.
_AFTER = tuple(
    _rules(
        r"""
        \.$   a name
        \bINSERT$   INTO
        ^DELETE$   FROM
        \b(?:FROM|JOIN|INTO|APPLY|UPDATE|TABLE|REFERENCES)$   a table name
        ^CREATE .*\bVIEW$   a name
        \bFROM(?! .*\b(?:WHERE|BY|HAVING|SELECT|LIMIT|SET)\b) .*,$   a table name
        \b(?:GROUP|ORDER|PARTITION)$   BY
        \b(?:WHERE|HAVING|QUALIFY|ON|WHEN|AND|OR|NOT)$   a condition
        \b(?:LIMIT|OFFSET|TOP|FETCH|FIRST|NEXT)$   a number
        \b(?:LEFT|RIGHT|FULL|INNER|OUTER|CROSS|NATURAL)$   JOIN
        \b(?:UNION|INTERSECT|EXCEPT|MINUS)(?: ALL| DISTINCT)?$   a query
        \bBETWEEN$   a value
        \bIN$   a list in brackets
        \bVALUES$   a list in brackets
        \bEXISTS$   a query in brackets
        \bIS(?: NOT)?$   NULL
        \bUSING$   column names in brackets
        \bOVER$   a window
        ^CASE$   WHEN
        (?:^| )(?:LIKE|ILIKE|RLIKE|REGEXP|GLOB|=|\+|THEN|ELSE)$   a value
        ::$   a type
        ^(?:TRY_|SAFE_)?CAST\( .* AS$   a type
        \bWITH(?: RECURSIVE)?$   a name
        \bSET$   a column
        \bSET(?!.*\b(?:FROM|WHERE)\b).* ,$   a column
        (?:^| )(?:SELECT|DISTINCT|ALL|BY|RETURNING|,)$   a column or an expression
        \bCOLLATE$   a collation
        \bAS$   a name
        """
    )
)
# What could stand before a token that comes too early.
_BEFORE = tuple(
    _rules(
        r"""
        ^CASE .*\bWHEN(?!.*\b(?:THEN|ELSE)\b)   THEN
        ^CASE .*\b(?:THEN|ELSE) .*(?:n|v|f|\(\)|\(Q\))$   END
        \bBETWEEN(?!.* AND\b).* (?:n|v|f|\(\))$   AND
        (?<!CROSS )(?<!NATURAL )\bJOIN (?:n|f|\(Q\)|\(\))(?: AS)?(?: n)?$   ON or USING
        ^(?:TRY_|SAFE_)?CAST\((?!.* AS\b)   AS
        ^INSERT INTO n(?: \(\))?$   VALUES or a query
        ^UPDATE n(?: (?:AS )?n)?$   SET
        ^UPDATE(?!.*\b(?:FROM|WHERE)\b).* SET (?:.* , )?n$   =
        ^WITH(?!.* SELECT\b)(?:.* ,)? (?:RECURSIVE )?n(?: \(\))?$   AS
        \bAS \(Q\)$   a query
        ^BODY\((?:.* ,)? n$   a type
        """
    )
)
