"""The tables and columns in statements that define, grant and describe, by where they stand.

Such statements have no scopes that names could be looked up in: an index, a foreign key, a comment.
A table stands behind ``ON`` or ``REFERENCES``, a column in the brackets behind its table or where
an expression has one. What stands elsewhere may be a role, a type, an index: it is none of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from defog_metadata.catalog import Name
from defog_metadata.sql.facts.extents import enclosing, opening
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Span

__all__ = ["ColumnNamed", "TableNamed", "tables_named"]


@dataclass(frozen=True, slots=True)
class ColumnNamed:
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class TableNamed:
    """``span`` is the last part of the name ``path``, and of no more."""

    path: tuple[Name, ...]
    span: Span
    columns: tuple[ColumnNamed, ...] = ()
    """What can be names of its columns, if it has such."""


def tables_named(tokens: Sequence[Token]) -> list[TableNamed]:
    """The tables that the statement of *tokens*, which has no comments in it, may name."""
    return list(_Statement(tokens).tables()) if tokens else []


@dataclass(frozen=True, slots=True)
class _Table:
    """Of tokens: the first and the last part of the name, and the places of its columns."""

    first: int
    last: int
    columns: tuple[int, ...] = ()


class _Statement:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._words = [it.word for it in tokens]
        self._verb = self._words[0]
        opened = accumulate((it == "(") - (it == ")") for it in self._words)
        self._depths = [0, *opened]
        """How many brackets each token is in; of a closing one, it is itself."""
        self._kind = next((it for it in self._words[1:_HEAD] if it in _KINDS), "")

    def tables(self) -> Iterator[TableNamed]:
        found = list(self._found())
        subject = found[0] if found else None
        if subject is not None and self._has_subject(found):
            others = {i for it in found[1:] for i in it.columns}
            own = (i for i in self._columns_of(subject) if i not in others)
            found[0] = _Table(subject.first, subject.last, (*subject.columns, *own))
        seen: set[int] = set()
        for it in (*found, *self._qualifying(found)):
            columns = tuple(ColumnNamed(self._name(i), self._span(i)) for i in it.columns)
            if it.last not in seen or columns:
                seen.add(it.last)
                path = tuple(self._name(i) for i in range(it.first, it.last + 1, 2))
                yield TableNamed(path, self._span(it.last), columns)

    # Tables

    def _found(self) -> Iterator[_Table]:
        index = 0
        while index < self._end_of_head():
            if not self._starts_table(index):
                index += 1
                continue
            following: int | None = index
            while following is not None:
                table = self._table(following)
                yield table
                index = table.last + 1
                following = self._next_of_list(index)

    def _end_of_head(self) -> int:
        """Where those follow who may use a table, or what a trigger does."""
        if self._verb in _GRANTING:
            on = self._index_of("ON", 0)
            return self._index_of("FROM" if self._verb == "REVOKE" else "TO", on)
        if self._kind == "TRIGGER":
            return min(self._index_of("BEGIN", 0), len(self._words))
        return len(self._words)

    def _index_of(self, word: str, start: int) -> int:
        found = (i for i in range(start, len(self._words)) if self._words[i] == word)
        return next(found, len(self._words))

    def _starts_table(self, index: int) -> bool:
        """Whether the name at *index* stands where a table does."""
        if not self._is_name(index) or self._word(index - 1) == "." or index == 0:
            return False
        base = self._base(index)
        word, before = self._word(base), self._word(base - 1)
        match word:
            case "TABLE" | "TABLES" | "VIEW":
                return before not in ("NEW", "OLD", "ALL")
            case "ON":
                return self._has_table_behind_on
            case "REFERENCES" | "INHERIT" | "CLONE" | "IDENTITY_INSERT":
                return True
            case "LIKE":
                return (self._verb, self._kind) == ("CREATE", "TABLE")
            case "COPY":
                return base == 0 or (self._verb, self._kind) == ("CREATE", "TABLE")
            case "(":
                return before == "INHERITS" or (self._verb == "PRAGMA" and base > 0)
            case "COLUMN":
                return self._verb in ("COMMENT", "SECURITY")
            case "FROM" | "IN":
                if self._kind == "TRIGGER":  # what a constraint refers to
                    return self._depths[base] == 0 and before != "DISTINCT"
                return self._verb == "SHOW" or self._is_statistics_of_columns
            case "STATISTICS":
                return self._verb == "UPDATE"
            case "FOR":
                return self._kind == "SYNONYM"
            case "TO":
                return self._kind == "RULE" and before in _EVENTS
            case "::":
                return before == "OBJECT"
            case _:
                is_pair = (before, word) in _PAIRS and self._verb in ("ALTER", "CREATE")
                return is_pair or (base == 0 and word in _BARE)

    @property
    def _has_table_behind_on(self) -> bool:
        if self._verb in ("CREATE", "ALTER", "DROP"):
            # ON DELETE CASCADE, CLUSTER ON an index, a file group …
            return self._kind not in ("TABLE", "VIEW") and not self._is_statistics_of_columns
        return self._verb in _WITH_ON

    @property
    def _is_statistics_of_columns(self) -> bool:
        """``CREATE STATISTICS s ON a, b FROM t``."""
        return self._kind == "STATISTICS" and self._verb == "CREATE" and "FROM" in self._words

    def _base(self, index: int) -> int:
        """The word before the name at *index*, past ``IF EXISTS``, ``ONLY`` and the like."""
        base = index - 1
        while base > 0:
            word = self._words[base]
            if word == "EXISTS":
                base -= 1
                base -= self._word(base) == "NOT"
                base -= self._word(base) == "IF"
            elif word in _MODIFIERS or (word == "ANALYZE" and self._verb == "VACUUM"):
                base -= 1
            elif word == ")" and (open_ := opening(base, self._tokens)) == 1:
                base = open_ - 1  # VACUUM (VERBOSE) t
            else:
                break
        return base

    def _table(self, first: int) -> _Table:
        """The table whose name begins at *first*."""
        last, base = self._end_of_name(first), self._base(first)
        if self._word(base) == "COLUMN" or self._pair(base) == ("OWNED", "BY"):
            # The last part is a column's.
            return _Table(first, last - 2, (last,)) if last > first else _Table(first, first)
        if self._word(base) == "TABLE" and (self._verb, self._kind) == ("CREATE", "TABLE"):
            return _Table(first, last)  # what it consists of is no list of names
        if self._verb in ("DESCRIBE", "DESC"):
            return _Table(first, last, (last + 1,) if self._is_name(last + 1) else ())
        return _Table(first, last, self._behind(last + 1)[0])

    def _end_of_name(self, first: int) -> int:
        last = first
        while self._word(last + 1) == "." and self._is_part(last + 2):
            last += 2
        return last

    def _behind(self, index: int) -> tuple[tuple[int, ...], int]:
        """The columns in the brackets at *index*, with a condition behind them; and their end."""
        columns: list[int] = []
        if self._word(index) == "(" and (close := enclosing(index, self._tokens)):
            columns += (
                i
                for i in range(index + 1, close)
                if self._word(i - 1) in ("(", ",") and self._is_column(i)
            )
            index = close + 1
        if self._kind == "PUBLICATION" and self._words[index : index + 2] == ["WHERE", "("]:
            close = enclosing(index + 1, self._tokens) or len(self._words)
            columns += self._columns_in(index + 2, close)
            index = close + 1
        return tuple(columns), index

    def _next_of_list(self, index: int) -> int | None:
        """Where the next table of a list of them begins, behind what belongs to the one before."""
        _, index = self._behind(index)
        if self._verb == "RENAME" and self._word(index) == "TO":
            index = self._end_of_name(index + 1) + 1
        while self._word(index) in _BEHIND_ITEM or (self._verb == "LOCK" and self._is_name(index)):
            index += 1
        if self._word(index) != ",":
            return None
        is_list = self._verb in _LISTING or self._kind == "PUBLICATION"
        if not is_list and not self._is_inherited(index):
            return None
        index += 1
        while self._word(index) in ("TABLE", "ONLY"):
            index += 1
        return index if self._is_name(index) else None

    def _is_inherited(self, comma: int) -> bool:
        """Whether the comma is in the brackets behind INHERITS."""
        bracket = next((i for i in range(comma, 0, -1) if self._words[i] == "("), 0)
        return self._word(bracket - 1) == "INHERITS"

    def _qualifying(self, found: Sequence[_Table]) -> Iterator[_Table]:
        """Tables before a dot and a column: ``check (orders.total > 1)``, ``new.total``."""
        taken = {i for it in found for i in (*range(it.first, it.last + 1), *it.columns)}
        head = self._end_of_head()
        for first in range(1, len(self._tokens)):
            last = self._end_of_name(first)
            if first in taken or self._word(first - 1) == "." or last == first:
                continue
            if not self._is_part(first) or self._word(last + 1) == "(":
                continue
            is_parameter = self._tokens[first].kind == "parameter"  # Oracle's :new
            if self._words[first] in _ROWS or is_parameter:
                if found and self._kind in ("TRIGGER", "RULE") and last == first + 2:
                    yield _Table(found[0].first, found[0].last, (last,))
            elif first < head:
                is_index = (self._verb, self._kind) == ("DROP", "INDEX")  # T-SQL's ``t.i``
                yield _Table(first, last - 2, () if is_index else (last,))

    # Columns

    def _has_subject(self, found: Sequence[_Table]) -> bool:
        """Whether what the statement says in expressions is about its first table."""
        if self._verb in _GRANTING:
            return len(found) == 1
        if self._kind == "PUBLICATION":
            return False
        return self._verb in ("CREATE", "ALTER", "OPTIMIZE", "ANALYZE")

    def _columns_of(self, subject: _Table) -> Iterator[int]:
        taken = {*range(subject.first, subject.last + 1), *subject.columns}
        end = self._end_of_head()
        if self._verb in _GRANTING:
            for i in range(1, subject.first):
                if self._depths[i] and self._word(i - 1) in ("(", ",") and self._is_column(i):
                    yield i
            return
        start = subject.last + 1
        if self._is_statistics_of_columns:
            start, end = self._index_of("ON", 0) + 1, subject.first - 1
        elif self._kind == "TRIGGER" and "OF" in self._words[: subject.first]:
            start = self._index_of("OF", 0) + 1
        yield from (i for i in self._columns_in(start, end) if i not in taken)

    def _columns_in(self, start: int, end: int) -> Iterator[int]:
        """Where an expression, or what defines a column, names one."""
        skipped = start
        for i in range(start, end):
            if i < skipped:
                continue
            if self._word(i) == "(" and self._holds_no_columns(i):
                skipped = enclosing(i, self._tokens) or end
            elif self._is_column(i) and self._may_follow(i):
                yield i

    def _holds_no_columns(self, bracket: int) -> bool:
        before, behind = self._word(bracket - 1), self._word(bracket + 1)
        return (
            before in _WITH_OPTIONS
            or behind in ("SELECT", "WITH")
            or self._word(bracket - 2) in ("FUNCTION", "PROCEDURE")  # what a trigger passes on
        )

    def _may_follow(self, index: int) -> bool:
        """Whether what stands before the name at *index* lets it be a column."""
        is_table = self._kind == "TABLE"
        depth = self._depths[index]
        base = index - 1
        if self._word(base) == "EXISTS" and self._word(base - 1) == "IF":
            base -= 2
        word = self._word(base)
        if self._verb == "CREATE" and is_table:
            return word in ("(", ",") if depth == 1 else depth > 1 and self._may_precede(word)
        match word:
            case ",":
                return depth > 0 or self._verb in ("ALTER", "ANALYZE") or self._is_in_list
            case "=":
                return depth > 0 or not is_table
            case "USING":
                return self._verb == "ALTER" and is_table
            case "ON":
                return self._is_statistics_of_columns or self._word(base - 1) == "HISTOGRAM"
            case "DROP":  # ALTER COLUMN a DROP IDENTITY
                return self._word(base - 2) not in ("COLUMN", "ALTER")
            case "NOT":  # … CHECK (a > 1) NOT VALID
                return depth > 0 or not is_table
            case _:
                return self._may_precede(word)

    @property
    def _is_in_list(self) -> bool:
        return self._kind == "TRIGGER" or self._is_statistics_of_columns

    def _may_precede(self, word: str) -> bool:
        return word in _BEFORE_COLUMNS or (
            bool(word) and word not in _CLOSED and not word.isalpha()
        )

    def _is_column(self, index: int) -> bool:
        if not self._is_name(index) or "." in (self._word(index - 1), self._word(index + 1)):
            return False
        if self._word(index + 1) != "(":
            following = self._tokens[index + 1 : index + 2]
            return not any(it.kind == "string" for it in following)  # a type: date '2020-01-01'
        # The first characters of a column: KEY (name(10)).
        following = self._tokens[index + 2 : index + 4]
        is_length = [it.kind for it in following] == ["number", "symbol"]
        return is_length and self._word(index + 3) == ")" and self._word(index - 1) in ("(", ",")

    # Tokens

    def _is_name(self, index: int) -> bool:
        """Whether a name stands at *index*, going by the token alone."""
        if not 0 <= index < len(self._tokens):
            return False
        token = self._tokens[index]
        return token.kind == "quoted" or (token.kind == "word" and token.word not in _NO_NAMES)

    def _is_part(self, index: int) -> bool:
        """As ``_is_name``, of what may be a part of a name with dots in it."""
        kinds = ("quoted", "word", "parameter")
        return 0 <= index < len(self._tokens) and self._tokens[index].kind in kinds

    def _name(self, index: int) -> Name:
        token = self._tokens[index]
        is_quoted = token.kind == "quoted"
        return Name(token.text[1:-1] if is_quoted else token.text, quoted=is_quoted)

    def _pair(self, index: int) -> tuple[str, str]:
        return self._word(index - 1), self._word(index)

    def _word(self, index: int) -> str:
        return self._words[index] if 0 <= index < len(self._words) else ""

    def _span(self, index: int) -> Span:
        return Span(self._tokens[index].start, self._tokens[index].end)


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HEAD = 8
"""The words in which it is said what kind of thing a statement is about."""
_KINDS = _of("INDEX POLICY PUBLICATION RULE SEQUENCE STATISTICS SYNONYM TABLE TABLES TRIGGER VIEW")
_GRANTING = ("GRANT", "REVOKE", "DENY")
_EVENTS = _of("INSERT UPDATE DELETE SELECT")
_WITH_ON = _of("COMMENT GRANT REVOKE DENY DISABLE ENABLE SECURITY")
_BARE = _of("ANALYSE ANALYZE CLUSTER DESC DESCRIBE LOCK OPTIMIZE REINDEX SUMMARIZE TRUNCATE VACUUM")
"""Statements that have a table for their first word."""
_PAIRS = frozenset(
    tuple(it.split())
    for it in ("PARTITION OF", "ATTACH PARTITION", "DETACH PARTITION", "SWAP WITH", "OWNED BY")
)
_MODIFIERS = _of("CONCURRENTLY EXTENDED FORMATTED FREEZE FULL ONLY VERBOSE")
_LISTING = _of("ANALYZE CHECK DROP GRANT LOCK OPTIMIZE RENAME REPAIR REVOKE TRUNCATE VACUUM")
"""Statements that name several tables, with commas between."""
_BEHIND_ITEM = _of("* AS READ WRITE LOCAL LOW_PRIORITY")
_ROWS = _of("OLD NEW INSERTED DELETED")
"""What a trigger calls the rows of its table."""
_WITH_OPTIONS = _of("WITH SET OPTIONS")
_CLOSED = _of(") ] . ::")
_BEFORE_COLUMNS = _of(
    """AFTER ALTER AND BETWEEN BY CASE CHANGE COLUMN COLUMNS DISTINCT DROP ELSE FOR FROM IN LIKE
    MODIFY NOT OF OR RENAME THEN WHEN WHERE"""
)
_NO_NAMES = _of(
    """ADD ALL ALTER AND AS BY CASCADE CASE CHECK COLUMN CONSTRAINT DEFAULT DELETE DISTINCT DROP
    EACH ELSE END EXISTS FOR FOREIGN FROM FUNCTION GRANT IF IN INDEX INSERT IS KEY LIKE NOT NULL
    OBJECT OF ON ONLY OR PRIMARY PROCEDURE REFERENCES RENAME RESTRICT ROW SCHEMA SELECT SET TABLE
    TABLES THEN TO UNIQUE UPDATE USING VALUES VIEW WHEN WHERE WITH"""
)
"""What is no name where it is not in quotes."""
