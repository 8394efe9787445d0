"""Names of the database in statements that define, grant and describe."""

from collections.abc import Iterator
from dataclasses import replace

from defog_metadata.catalog import Name, Table
from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.defined import TableNamed, tables_named
from defog_metadata.sql.facts.extents import enclosing
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.symbols import Occurrence, Symbol, symbols_of, table_of
from defog_metadata.text import Span

__all__ = ["is_temporary", "name_at", "named_in_definitions"]


def named_in_definitions(snapshot: Snapshot, symbol: Symbol) -> Iterator[Span]:
    """Where such statements name the stored *symbol*; also where a name has been understood.

    Nowhere in a text that makes a temporary table of that name.
    """
    table = table_of(symbol, snapshot.catalog)
    if table is None or _is_hidden(table, snapshot):
        return
    for analysis in snapshot.analyses:
        check_stopped()
        text = analysis.statement.text
        if not analysis.scopes and (symbol.column or table.name).casefold() in text.casefold():
            for span in sorted(_places(text, snapshot, table, symbol)):
                yield span.shifted(analysis.statement.start)


def name_at(snapshot: Snapshot, offset: int) -> Occurrence | None:
    """The name at *offset* that has a meaning, also in such a statement."""
    found = symbols_of(snapshot).at(offset)
    analysis = snapshot.analysis_at(offset)
    if found is not None or analysis is None or analysis.scopes:
        return found
    start = analysis.statement.start
    for it in _tables(analysis.statement.text, snapshot.dialect):
        table = snapshot.catalog.table(*_parts(it, snapshot.dialect))
        if table is None or _is_hidden(table, snapshot):
            continue
        named = Symbol("stored", None, (table.database, table.schema, table.name))
        if it.span.touches(offset - start):
            return Occurrence(it.span.shifted(start), named, it.path[-1])
        for one in it.columns:
            column = snapshot.catalog.column(table, one.name)
            if column is not None and one.span.touches(offset - start):
                symbol = replace(named, column=column.name)
                return Occurrence(one.span.shifted(start), symbol, one.name)
    return None


def is_temporary(analysis: Analysis) -> bool:
    """Whether what a statement makes is no part of the database."""
    return any(it in _TEMPORARY for it in analysis.statement.text.lower().split()[:6])


def _is_hidden(table: Table, snapshot: Snapshot) -> bool:
    key = table.name.casefold()
    return any(
        relation.path and relation.path[-1].key == key and is_temporary(analysis)
        for analysis in snapshot.analyses
        for relation in analysis.made
    )


def _places(text: str, snapshot: Snapshot, table: Table, symbol: Symbol) -> set[Span]:
    naming = snapshot.catalog.naming
    found: set[Span] = set()
    for it in _tables(text, snapshot.dialect):
        if snapshot.catalog.table(*_parts(it, snapshot.dialect)) != table:
            continue
        if symbol.column:
            found.update(one.span for one in it.columns if naming.same(one.name, symbol.column))
        else:
            found.add(it.span)
    for span in _inner(_code(text, snapshot.dialect)):
        there = symbols_of(replace(snapshot, text=text[span.start : span.end]))
        found.update(it.span.shifted(span.start) for it in there.of(symbol))
    return found


def _tables(text: str, dialect: str) -> list[TableNamed]:
    return tables_named(_code(text, dialect))


def _code(text: str, dialect: str) -> list[Token]:
    """The tokens of a statement of a kind that is looked at here; else none."""
    tokens = [it for it in tokenize(text, dialect) if it.kind != "comment"]
    return tokens if tokens and tokens[0].word in _DEFINING else []


def _parts(named: TableNamed, dialect: str) -> Iterator[Name]:
    """The parts of a name; BigQuery takes several in one pair of quotes."""
    for it in named.path:
        texts = it.text.split(".") if dialect == "bigquery" else [it.text]
        yield from (Name(text, quoted=it.quoted) for text in texts)


def _inner(tokens: list[Token]) -> Iterator[Span]:
    """The queries in brackets, or the statements that a trigger or rule runs."""
    words = [it.word for it in tokens]
    if not words:
        return
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
_TEMPORARY = frozenset(("temp", "temporary", "volatile"))
