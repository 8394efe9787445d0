"""Several columns at once: what INSERT lists, what GROUP BY needs, what a star stands for."""

from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.completion.candidates import Candidate
from defog_lsp.ide.completion.documentation import subject_of_table
from defog_lsp.ide.completion.items import Item
from defog_lsp.snippet_text import escaped
from defog_metadata.catalog import Column, Name, Naming, Table
from defog_metadata.sql.facts.stars import columns_of_star
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret, caret_at
from defog_metadata.sql.unfinished.skeleton import PLACEHOLDER
from defog_metadata.text import Span

__all__ = ["expanded_star", "grouped", "insert_columns", "insert_target"]

_MADE_BY_ENGINE = ("generated", "auto_increment", "nextval(", "identity")


def insert_columns(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """``INSERT INTO t (``: all columns at once, with the VALUES they ask for."""
    relations = caret.scope.relations
    table = relations[0].table if relations else None
    if table is None or caret.qualifier or caret.level.shape != "COLUMNS(":
        return
    yield _insertion(table, caret, snapshot.catalog.naming, opened=True)


def insert_target(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """Behind ``INSERT INTO t``: the column list and VALUES."""
    words = caret.before
    path = _path_behind(caret, "INTO")
    if "INSERT" not in words or not path:
        return
    table = snapshot.catalog.table(*path)
    if table is not None and table.columns:
        yield _insertion(table, caret, snapshot.catalog.naming, opened=False)


def _insertion(table: Table, caret: Caret, naming: Naming, *, opened: bool) -> Candidate:
    columns = [it for it in table.columns if not _is_made_by_engine(it)]
    names = ", ".join(naming.write(it.name) for it in columns)
    start = "" if opened else "("
    values = ", ".join(f"${{{index}:{escaped(it.name)}}}" for index, it in enumerate(columns, 1))
    shown = f"{start}{names})"
    item = Item(
        label=f"{shown} VALUES (…)",
        kind="list",
        span=caret.span,
        insert=f"{shown} VALUES ()",
        snippet=f"{escaped(shown)} VALUES ({values})",
        description=table.name,
        documentation=table.description,
        subject=subject_of_table(table),
    )
    return Candidate(item)


def _is_made_by_engine(column: Column) -> bool:
    return column.default is not None and column.default.casefold().startswith(_MADE_BY_ENGINE)


def _path_behind(caret: Caret, word: str) -> tuple[Name, ...]:
    """The name that stands between *word* and the caret, if nothing else does."""
    words = list(caret.before)
    if word not in words:
        return ()
    behind = caret.tokens[len(words) - words[::-1].index(word) :]
    names = behind[::2]
    if len(behind) % 2 == 0 or any(it.text != "." for it in behind[1::2]):
        return ()
    return tuple(
        Name(it.text[1:-1], quoted=True) if it.kind == "quoted" else Name(it.text) for it in names
    )


def grouped(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """``GROUP BY``: every column of the select list that is not an aggregate, as one item."""
    if caret.before[-2:] != ("GROUP", "BY") or caret.qualifier or caret.tree is None:
        return
    select = next(
        (
            it.find_ancestor(exp.Select)
            for it in caret.tree.find_all(exp.Column)
            if it.name == PLACEHOLDER
        ),
        None,
    )
    if select is None:
        return
    names: list[str] = []
    for projection in select.expressions:
        inner = projection.unalias()
        if inner.find(exp.AggFunc, exp.Window, exp.Star) or isinstance(inner, exp.Literal):
            continue
        names.append(inner.sql(dialect=snapshot.dialect or None))
    if len(names) > 1:
        shown = ", ".join(dict.fromkeys(names))
        item = Item(shown, "list", caret.span, shown, description="all that is not aggregated")
        yield Candidate(item)


def expanded_star(snapshot: Snapshot, caret: Caret) -> Iterator[Candidate]:
    """Right behind ``*`` or ``t.*``: the columns that it stands for."""
    tokens = caret.tokens
    offset = caret.span.end
    if not tokens or tokens[-1].text != "*" or caret.prefix or not _touches(snapshot.text, offset):
        return
    if caret.level.shape.endswith("( *"):  # count(*) is about rows
        return
    # The star is read as if it were a name: what is in scope there is what it stands for.
    without = snapshot.text[: offset - 1] + snapshot.text[offset:]
    inner = caret_at(Snapshot(without, snapshot.catalog, snapshot.dialect), offset - 1)
    if inner.reference is None or inner.reference.kind != "column":
        return
    names = list(columns_of_star(inner.scope, inner.qualifier, snapshot.catalog.naming))
    if inner.qualifier:
        # The qualifier in front of the star stays: the first name goes without its own.
        names[:1] = [it.rpartition(".")[2] for it in names[:1]]
    if names:
        shown = ", ".join(names)
        span = Span(offset - 1, offset)
        yield Candidate(Item(shown, "list", span, shown, description="what * stands for"))


def _touches(text: str, offset: int) -> bool:
    return offset > 0 and text[offset - 1] == "*"
