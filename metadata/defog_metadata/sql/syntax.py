"""One statement as a tree, or as the reasons why it is none.

The tree is sqlglot's. Its verdict is a hint: what it rejects and an engine accepts is known in
part (``_respelled``), and a statement it does not know at all is left alone.
"""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, SqlglotError

from defog_metadata.lazy import lazy
from defog_metadata.spelling import nearest
from defog_metadata.sql.lexer import Token, tokenize
from defog_metadata.sql.tokens import is_filled_in
from defog_metadata.text import Span

__all__ = ["Syntax", "SyntaxProblem", "parse", "tree_of"]

# sqlglot warns in the log of every statement that it keeps as an opaque command.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    span: Span
    message: str


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


@lru_cache(maxsize=4096)
def parse(text: str, dialect: str) -> Syntax:
    """Parse one statement."""
    tokens = [it for it in tokenize(text, dialect) if it.kind != "comment"]
    if not tokens or _is_template(text):
        return Syntax(text, dialect)
    if problem := _unclosed(text, dialect) or _misspelled_start(tokens):
        return Syntax(text, dialect, problems=(problem,))
    first = tokens[0].word
    if first not in _STATEMENTS_FOR_SQLGLOT | _KNOWN_IN_PART and tokens[0].text != "(":
        return Syntax(text, dialect)
    try:
        tree = tree_of(text, dialect)
    except ParseError as error:
        unsure = _UNSURE.get(dialect, frozenset())
        if first in _KNOWN_IN_PART or any(it.word in unsure or is_filled_in(it) for it in tokens):
            return Syntax(text, dialect)
        return Syntax(text, dialect, problems=(_problem(error, text, tokens),))
    except SqlglotError:
        # The tokenizer refuses what our lexer takes.
        return Syntax(text, dialect)
    return Syntax(text, dialect, tree)


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


def _problem(error: ParseError, text: str, tokens: list[Token]) -> SyntaxProblem:
    details = error.errors[0] if error.errors else {}
    start = len(details.get("start_context") or "")
    end = start + len(details.get("highlight") or "")
    description = str(details.get("description") or "")
    if not 0 <= start < end <= len(text):
        start, end = tokens[-1].start, tokens[-1].end
    found = text[start:end]
    if wanted := re.match(r"Expecting (\S+)", description):
        return SyntaxProblem(Span(start, end), f"expected {wanted[1]} before {found}")
    if "missing for" in description:
        return SyntaxProblem(Span(start, end), f"something is missing after {found}")
    return SyntaxProblem(Span(start, end), f"{found} is not expected here")


def _unclosed(text: str, dialect: str) -> SyntaxProblem | None:
    opened: list[Token] = []
    for token in tokenize(text, dialect):
        if not token.closed:
            what = {"string": "string", "quoted": "quoted name"}.get(token.kind, "comment")
            line_end = text.find("\n", token.start)
            end = token.end if line_end < 0 else line_end
            return SyntaxProblem(Span(token.start, end), f"this {what} is never closed")
        if token.kind == "symbol" and token.text == "(":
            opened.append(token)
        elif token.kind == "symbol" and token.text == ")":
            if not opened:
                return SyntaxProblem(Span(token.start, token.end), "this ) closes nothing")
            opened.pop()
    if opened:
        first = opened[-1]
        return SyntaxProblem(Span(first.start, first.end), "this ( is never closed")
    return None


def _misspelled_start(tokens: list[Token]) -> SyntaxProblem | None:
    first = tokens[0]
    if first.kind != "word" or first.word in _STATEMENTS or len(first.text) < _SHORTEST:
        return None
    if len(tokens) > 1 and tokens[1].text in (":", ":=", "="):  # a label, an assignment
        return None
    likely = nearest(first.word, _STATEMENTS_FOR_SQLGLOT)
    if not likely:
        return None
    span = Span(first.start, first.end)
    return SyntaxProblem(span, f"{first.text} starts no statement; did you mean {likely[0]}?")


def _is_template(text: str) -> bool:
    """Whether Jinja stands in the text: then what the engine will see is not known."""
    return "{{" in text or "{%" in text


def _respelled(text: str, dialect: str) -> str:
    """*text* with what sqlglot does not know replaced by as many characters that it knows."""
    if explained := _EXPLAIN.match(text):
        text = " " * explained.end() + text[explained.end() :]
    if replaced := _REPLACE_INTO.match(text):
        text = f"{replaced[1]}INSERT {text[replaced.end(1) + len('REPLACE') :]}"
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


_REPLACE_INTO = re.compile(r"(\s*)REPLACE(?=\s+INTO\b)", re.IGNORECASE)
_EXPLAIN = re.compile(
    r"\s*EXPLAIN\b(?:\s*\([^()]*\)|\s+(?:ANALYZE|VERBOSE|QUERY\s+PLAN|EXTENDED|PLAN\s+FOR"
    r"|FORMAT\s*=\s*\w+)\b)*",
    re.IGNORECASE,
)
# Words of each dialect whose statements sqlglot knows only in part: its refusal proves nothing.
_UNSURE: dict[str, frozenset[str]] = {
    "tsql": frozenset(("OUTPUT", "PIVOT", "OPENROWSET", "OPENJSON", "CONTAINSTABLE", "BEGIN")),
    "oracle": frozenset(("CONNECT", "MODEL", "BEGIN", "PIVOT")),
    "snowflake": frozenset(("MATCH_RECOGNIZE", "BEGIN", "CHANGES")),
    "bigquery": frozenset(("BEGIN", "PIVOT", "ASSERT")),
    "mysql": frozenset(("BEGIN", "PARTITION", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT")),
    "sqlite": frozenset(("TRIGGER", "VIRTUAL")),
    "postgres": frozenset(("FUNCTION", "PROCEDURE", "TRIGGER", "POLICY", "AGGREGATE", "OPERATOR")),
}
# Statements that sqlglot knows in some of their forms only, in every dialect.
_KNOWN_IN_PART = frozenset(("ALTER", "DECLARE"))
_SHORTEST = 3
# What sqlglot parses into a tree worth looking at.
_STATEMENTS_FOR_SQLGLOT = frozenset(
    """SELECT WITH INSERT UPDATE DELETE MERGE CREATE ALTER DROP VALUES TABLE FROM EXPLAIN REPLACE
    TRUNCATE DESCRIBE DESC""".split()
)
# Every word that starts a statement in some engine, so that none is taken for a misspelling.
_STATEMENTS = _STATEMENTS_FOR_SQLGLOT | frozenset(
    """ABORT ANALYSE ANALYZE ASSERT ATTACH AUDIT BACKUP BEGIN BINLOG BREAK BULK CACHE CALL CHANGE
    CHECK CHECKPOINT CHECKSUM CLEAR CLOSE CLONE CLUSTER COMMENT COMMIT CONNECT CONTINUE COPY
    DBCC DEALLOCATE DECLARE DELIMITER DENY DETACH DISABLE DISCARD DISCONNECT DO ENABLE END EXCHANGE
    EXEC EXECUTE EXIT EXPORT FETCH FLASHBACK FLUSH FOR GET GO GOTO GRANT HANDLER HELP HINT IF
    IMPORT INSTALL ITERATE KILL LEAVE LET LIST LISTEN LOAD LOCK LOOP MOVE MSCK NOAUDIT NOTIFY OPEN
    OPTIMIZE PIVOT PRAGMA PREPARE PRINT PURGE PUT QUIT RAISE RAISERROR READTEXT REASSIGN
    RECONFIGURE REFRESH REINDEX RELEASE REMOVE RENAME REPAIR REPEAT RESET RESIGNAL RESTORE RETURN
    REVERT REVOKE ROLLBACK SAVE SAVEPOINT SECURITY SET SHOW SHUTDOWN SIGNAL START STOP SUMMARIZE
    SYSTEM THROW TRANSACTION UNCACHE UNDROP UNLISTEN UNLOAD UNLOCK UNPIVOT UNSET USE VACUUM WAIT
    WAITFOR WHILE XA EXISTS UPSERT SOURCE SPOOL WHENEVER PROMPT DEFINE VAR VARIABLE COLUMN
    """.split()
)
