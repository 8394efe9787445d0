"""Names of the database in statements that define, grant and describe."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from defog_metadata.catalog import Name, Table
from defog_metadata.progress import check_stopped
from defog_metadata.sql.facts.defined import TableNamed, tables_named
from defog_metadata.sql.facts.extents import enclosing
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.symbols import Symbol, symbols_of
from defog_metadata.text import Span

__all__ = ["named_in_definitions"]


def named_in_definitions(
    snapshot: Snapshot, table: Table, symbol: Symbol, known: Collection[Span]
) -> Iterator[Span]:
    """Where such statements name *symbol*, which is *table* or a column of it.

    *known* are the places where names are understood.
    """
    for analysis in snapshot.analyses:
        check_stopped()
        text = analysis.statement.text
        if analysis.scopes or (symbol.column or table.name).casefold() not in text.casefold():
            continue
        start = analysis.statement.start
        for span in sorted(_places(text, snapshot, table, symbol)):
            if span.shifted(start) not in known:
                yield span.shifted(start)


def _places(text: str, snapshot: Snapshot, table: Table, symbol: Symbol) -> set[Span]:
    tokens = [it for it in tokenize(text, snapshot.dialect) if it.kind != "comment"]
    if not tokens or tokens[0].word not in _DEFINING:
        return set()
    naming = snapshot.catalog.naming
    found: set[Span] = set()
    for it in tables_named(tokens):
        if snapshot.catalog.table(*_parts(it, snapshot.dialect)) != table:
            continue
        if symbol.column:
            found.update(one.span for one in it.columns if naming.same(one.name, symbol.column))
        else:
            found.add(it.span)
    for span in _inner(tokens):
        there = symbols_of(replace(snapshot, text=text[span.start : span.end]))
        found.update(it.span.shifted(span.start) for it in there.of(symbol))
    return found


def _parts(named: TableNamed, dialect: str) -> Iterator[Name]:
    """The parts of a name; BigQuery takes several in one pair of quotes."""
    for it in named.path:
        texts = it.text.split(".") if dialect == "bigquery" else [it.text]
        yield from (Name(text, quoted=it.quoted) for text in texts)


def _inner(tokens: list[Token]) -> Iterator[Span]:
    """The queries in brackets, or the statements that a trigger or rule runs."""
    words = [it.word for it in tokens]
    if "RULE" in words and "DO" in words:
        start = words.index("DO") + 1
        while start < len(words) and words[start] in ("ALSO", "INSTEAD", "("):
            start += 1
        if start < len(words):
            yield Span(tokens[start].start, tokens[-1].end - (words[-1] == ")"))
        return
    if "TRIGGER" in words and "BEGIN" in words and words[-1] == "END":
        yield Span(tokens[words.index("BEGIN")].end, tokens[-1].start)
        return
    end = 0
    for index, word in enumerate(words[:-1]):
        if index >= end and word == "(" and words[index + 1] in ("SELECT", "WITH"):
            end = enclosing(index, tokens) or len(tokens) - 1
            yield Span(tokens[index].end, tokens[end].start)


_DEFINING = frozenset(
    """ALTER ANALYSE ANALYZE CACHE CHECK CLUSTER COMMENT COPY CREATE DENY DESC DESCRIBE DISABLE DROP
    ENABLE GRANT LOCK MSCK OPTIMIZE PRAGMA REFRESH REINDEX RENAME REPAIR REVOKE SECURITY SET SHOW
    SUMMARIZE TRUNCATE UNCACHE UNDROP UPDATE VACUUM""".split()
)
