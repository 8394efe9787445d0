"""One statement as a tree, or as the reasons why it is none.

Whether it can be read is said by the engine's own parser, where there is one (``readers``). The
tree is sqlglot's. Its verdict is a hint: what it rejects and an engine accepts is known in part
(``_respelled``), a statement it does not know at all is left alone, and what it lets through is
looked for in ``grammar``.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, SqlglotError

from defog_metadata.lazy import lazy
from defog_metadata.sql.certainty import KNOWN_IN_PART, is_sure
from defog_metadata.sql.grammar import SyntaxProblem, explained, lenient_mistake
from defog_metadata.sql.grammar.brackets import unclosed, unclosed_quote
from defog_metadata.sql.grammar.start import COMMON, STATEMENTS, odd_start
from defog_metadata.sql.readers import Refusal, verdict
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Span

__all__ = ["Syntax", "SyntaxProblem", "parse", "tree_of"]

# sqlglot warns in the log of every statement that it keeps as an opaque command.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True, eq=False)
class Syntax:
    """``tree`` is ``None`` when there are problems or the statement is of an unknown kind.

    Spans and the positions in the tree count from the statement's own start. The tree is shared
    by everyone who asks for the same text: nobody may change it.
    """

    text: str
    dialect: str
    tree: exp.Expr | None = None
    problems: tuple[SyntaxProblem, ...] = ()

    @lazy
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of ``text``, comments left out."""
        return tuple(it for it in tokenize(self.text, self.dialect) if it.kind != "comment")


def parse(text: str, dialect: str) -> Syntax:
    """Parse one statement."""
    return _parse_long(text, dialect) if len(text) > _LONG else _parse_short(text, dialect)


_LONG = 20_000
"""Characters of a statement whose trees take megabytes."""


@lru_cache(maxsize=4096)
def _parse_short(text: str, dialect: str) -> Syntax:
    return _parsed(text, dialect)


@lru_cache(maxsize=4)
def _parse_long(text: str, dialect: str) -> Syntax:
    return _parsed(text, dialect)


def _parsed(text: str, dialect: str) -> Syntax:
    tokens = _code(text, dialect)
    if not tokens or _is_template(text):
        return Syntax(text, dialect)
    is_statement = tokens[0].word in STATEMENTS or tokens[0].text == "("
    judged = verdict(text, tokens, dialect) if is_statement else "unknown"
    if judged == "readable":
        return Syntax(text, dialect, _tree_if_any(text, dialect, tokens))
    if isinstance(judged, Refusal):
        return _refused(text, dialect, tokens, judged)
    if problem := unclosed_quote(text, tokenize(text, dialect)):
        return Syntax(text, dialect, problems=(problem,))
    open_bracket = unclosed(tokens)
    odd = odd_start(text, tokens, dialect)
    if odd or not _is_for_sqlglot(tokens):
        problem = open_bracket or odd
        return Syntax(text, dialect, problems=(problem,) if problem else ())
    try:
        tree = tree_of(text, dialect)
    except ParseError as error:
        refusal = _refusal(error, text)
        if open_bracket is None and not is_sure(tokens, dialect, refusal):
            return Syntax(text, dialect)
        return _refused(text, dialect, tokens, refusal)
    except SqlglotError:
        # The tokenizer refuses what our lexer takes.
        return Syntax(text, dialect, problems=(open_bracket,) if open_bracket else ())
    problem = open_bracket or lenient_mistake(text, tokens, dialect, tree)
    if problem:
        return Syntax(text, dialect, problems=(problem,))
    return Syntax(text, dialect, tree)


def _code(text: str, dialect: str) -> list[Token]:
    return [it for it in tokenize(text, dialect) if it.kind != "comment"]


def _refused(text: str, dialect: str, tokens: Sequence[Token], refusal: Refusal) -> Syntax:
    def read(changed: str) -> Refusal | None:
        return _reading(changed, dialect)

    problem = unclosed_quote(text, tokenize(text, dialect))
    problem = problem or explained(text, tokens, dialect, refusal, read)
    return Syntax(text, dialect, problems=(problem,))


def _reading(text: str, dialect: str) -> Refusal | None:
    """Why *text* cannot be read, by the best parser there is; ``None`` if it can."""
    tokens = _code(text, dialect)
    judged = verdict(text, tokens, dialect)
    if judged == "readable" or not tokens:
        return None
    if isinstance(judged, Refusal):
        return judged
    if problem := unclosed(tokens):
        return Refusal(problem.span)
    try:
        tree = tree_of(text, dialect)
    except ParseError as error:
        return _refusal(error, text)
    except SqlglotError:
        return Refusal(Span(0, 0))
    mistake = lenient_mistake(text, tokens, dialect, tree)
    return Refusal(mistake.span) if mistake else None


def _is_for_sqlglot(tokens: Sequence[Token]) -> bool:
    return tokens[0].word in COMMON | KNOWN_IN_PART or tokens[0].text == "("


def _tree_if_any(text: str, dialect: str, tokens: Sequence[Token]) -> exp.Expr | None:
    if not _is_for_sqlglot(tokens):
        return None
    try:
        return tree_of(text, dialect)
    except SqlglotError:
        return None


def tree_of(text: str, dialect: str) -> exp.Expr | None:
    """The tree of one statement; ``None`` for a command that sqlglot keeps as opaque text.

    Raises ``SqlglotError``, and nothing else, where there is none.
    """
    text = _respelled(text, dialect)
    known = Dialect.get_or_raise(dialect or None)
    try:
        parser = known.parser(error_message_context=len(text) + 1)
        trees = parser.parse(known.tokenize(text), text)
    except (TypeError, ValueError, AttributeError, LookupError, RecursionError) as error:
        # The compiled parser trips over its own types in some broken text, and nesting that is
        # too deep for it is no statement that a person has written.
        raise ParseError(f"sqlglot cannot read this: {error}") from error
    tree = trees[0] if trees else None
    return None if isinstance(tree, exp.Command) else tree


def _refusal(error: ParseError, text: str) -> Refusal:
    details = error.errors[0] if error.errors else {}
    start = len(details.get("start_context") or "")
    end = start + len(details.get("highlight") or "")
    if not 0 <= start < end <= len(text):
        start = end = len(text)
    elif end == len(text.rstrip()) and "missing for" in str(details.get("description")):
        start = end  # it wanted more behind the last token
    return Refusal(Span(start, end))


def _is_template(text: str) -> bool:
    """Whether Jinja stands in the text: then what the engine will see is not known."""
    return "{{" in text or "{%" in text


def _respelled(text: str, dialect: str) -> str:
    """*text* with what sqlglot does not know replaced by as many characters that it knows."""
    if explained := _EXPLAIN.match(text):
        text = " " * explained.end() + text[explained.end() :]
    if replaced := _REPLACE_INTO.match(text):
        text = f"{replaced[1]}INSERT {text[replaced.end(1) + len('REPLACE') :]}"
    if dialect in _TOP_CHANGES and (first := _TOP.match(text)):
        text = first[1] + " " * len(first[2]) + text[first.end() :]
    if dialect == "mysql" and _MODIFIER.search(text):
        text = _without_modifiers(text, dialect)
    # ``LIMIT 2 - n % 2`` is SQLite; sqlglot takes the percent sign for DuckDB's LIMIT n PERCENT.
    if dialect == "duckdb" or "%" not in text:
        return text
    limited = False
    for token in tokenize(text, dialect):
        if token.word == "LIMIT":
            limited = True
        elif limited and token.text == "%":
            text = f"{text[: token.start]}*{text[token.end :]}"
    return text


def _without_modifiers(text: str, dialect: str) -> str:
    """*text* without what tells MySQL how to go about a statement: ``INSERT DELAYED INTO``."""
    goes_on = False
    for token in tokenize(text, dialect):
        if goes_on and _MODIFIER.fullmatch(token.text):
            text = text[: token.start] + " " * len(token.text) + text[token.end :]
        elif token.kind != "comment":
            goes_on = token.word in _MODIFIED
    return text


# SQL Server's ``DELETE TOP (5) FROM t``.
_TOP_CHANGES = frozenset(("tsql", "fabric"))
_TOP = re.compile(
    r"(\s*(?:INSERT|UPDATE|DELETE)\s+)(TOP\s*\([^()]*\)(?:\s*PERCENT\b)?)", re.IGNORECASE
)
_MODIFIED = frozenset("SELECT INSERT REPLACE UPDATE DELETE DISTINCT ALL".split())
_MODIFIER = re.compile(
    r"(?:HIGH|LOW)_PRIORITY|DELAYED|IGNORE|SQL_(?:NO_CACHE|CACHE|CALC_FOUND_ROWS|(?:BIG|SMALL|BUFFER)_RESULT)",
    re.IGNORECASE,
)
_REPLACE_INTO = re.compile(r"(\s*)REPLACE(?=\s+INTO\b)", re.IGNORECASE)
_EXPLAIN = re.compile(
    r"\s*EXPLAIN\b(?:\s*\([^()]*\)|\s+(?:ANALYZE|VERBOSE|QUERY\s+PLAN|EXTENDED|PLAN\s+FOR"
    r"|FORMAT\s*=\s*\w+)\b)*",
    re.IGNORECASE,
)
