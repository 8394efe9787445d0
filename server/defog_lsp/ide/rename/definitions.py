"""Names of the database in statements that define, grant and describe.

Such statements have no scopes that names could be looked up in: an index, a foreign key, a comment.
What they name is told by where it stands: a table behind ``ON`` or ``REFERENCES``, a column in the
brackets behind its table.
"""

from collections.abc import Collection, Iterator, Sequence

from defog_metadata.catalog import Name, Table
from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.extents import enclosing
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Span

__all__ = ["named_in_definitions"]


def named_in_definitions(
    snapshot: Snapshot, table: Table, column: str, known: Collection[Span]
) -> Iterator[Span]:
    """Where such statements name *table*, or a *column* of it.

    *known* are the places where names are understood.
    """
    for analysis in snapshot.analyses:
        check_stopped()
        text = analysis.statement.text
        if analysis.scopes or table.name.casefold() not in text.casefold():
            continue
        start = analysis.statement.start
        for span in _Definition(analysis, snapshot, table, column).places():
            if span.shifted(start) not in known:
                yield span.shifted(start)


class _Definition:
    def __init__(self, analysis: Analysis, snapshot: Snapshot, table: Table, column: str) -> None:
        tokens = tokenize(analysis.statement.text, snapshot.dialect)
        self._tokens: Sequence[Token] = [it for it in tokens if it.kind != "comment"]
        self._snapshot = snapshot
        self._table = table
        self._column = column

    def places(self) -> Iterator[Span]:
        if self._word(0) not in _DEFINING:
            return
        tables = [i for i in range(len(self._tokens)) if self._is_table(i)]
        ours = [i for i in tables if self._is_ours(i)]
        if not self._column:
            yield from (self._span(i) for i in ours)
            return
        if not ours:
            return
        columns = {i for table in ours for i in self._behind(table)}
        if tables[0] in ours:
            foreign = {i for table in tables if table not in ours for i in self._behind(table)}
            columns |= {
                i for i in range(1, len(self._tokens)) if self._word(i - 1) != "."
            } - foreign
        yield from (self._span(i) for i in sorted(columns) if self._is_column(i))

    def _is_table(self, index: int) -> bool:
        """Whether the name at *index* stands where a table does."""
        if self._tokens[index].kind not in ("word", "quoted"):
            return False
        first = index
        while self._word(first - 1) == ".":
            first -= 2
        before = self._word(first - 1)
        if before == "COLUMN":  # COMMENT ON COLUMN orders.total
            return self._word(index + 1) == "." and self._word(index + 3) != "."
        if before == ",":
            is_list = self._word(0) in _LISTING
            return is_list and ("ON" in self._words(index) or self._word(0) not in _GRANTING)
        if self._word(index + 1) == "." or self._word(index) in _NO_TABLES:
            return False
        return before in _BEFORE_TABLES

    def _is_ours(self, index: int) -> bool:
        path = [self._name(index)]
        while self._word(index - 1) == ".":
            index -= 2
            path.insert(0, self._name(index))
        return self._snapshot.catalog.table(*path) == self._table

    def _behind(self, table: int) -> Iterator[int]:
        """What stands in the brackets behind a *table*, or behind its dot."""
        if self._word(table + 1) == ".":
            yield table + 2
        if self._word(table + 1) == "(":
            yield from range(table + 2, enclosing(table + 1, self._tokens) or len(self._tokens))

    def _is_column(self, index: int) -> bool:
        token = self._tokens[index]
        if token.kind not in ("word", "quoted") or self._word(index + 1) in (".", "("):
            return False
        return self._snapshot.catalog.naming.same(self._name(index), self._column)

    def _name(self, index: int) -> Name:
        token = self._tokens[index]
        is_quoted = token.kind == "quoted"
        return Name(token.text[1:-1] if is_quoted else token.text, quoted=is_quoted)

    def _words(self, before: int) -> Iterator[str]:
        return (it.word for it in self._tokens[:before])

    def _word(self, index: int) -> str:
        return self._tokens[index].word if 0 <= index < len(self._tokens) else ""

    def _span(self, index: int) -> Span:
        return Span(self._tokens[index].start, self._tokens[index].end)


_DEFINING = frozenset(
    "ALTER ANALYZE CLUSTER COMMENT CREATE DROP GRANT LOCK OPTIMIZE REINDEX RENAME REVOKE TRUNCATE"
    " VACUUM".split()
)
_BEFORE_TABLES = frozenset(
    "TABLE ON REFERENCES TRUNCATE EXISTS ONLY VIEW ANALYZE VACUUM LOCK CLUSTER OF".split()
)
_LISTING = frozenset("ANALYZE DROP GRANT LOCK OPTIMIZE REVOKE TRUNCATE VACUUM".split())
"""Statements that name several tables, with commas between."""
_GRANTING = ("GRANT", "REVOKE")
"""In which what is granted is listed too, before the tables."""
_NO_TABLES = frozenset("CASCADE COLUMN DELETE IF INDEX ONLY SCHEMA SET TABLE UPDATE VIEW".split())
"""What may follow those words and is no name."""
