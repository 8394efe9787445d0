"""What the columns of the database's views are made of, as their queries say.

Views rarely have descriptions of their own: a column that is passed on means what the column of
the table means that it comes from.
"""

from dataclasses import dataclass, field, replace

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.progress import check_stopped
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.lineage import Lineage, Source, lineage
from defog_metadata.sql.facts.widths import columns_in
from defog_metadata.sql.scopes import Field
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["StoredViews"]

_MOST_CHARACTERS = 50_000
"""Of a view's query: one that takes longer to understand than somebody waits is not looked into."""


@dataclass(eq=False)
class StoredViews:
    """Those of ``catalog``. What is found out about one serves all that are made of it."""

    catalog: Catalog
    _known: dict[tuple[str, str], Lineage | None] = field(default_factory=dict)
    _queries: dict[str, tuple[Snapshot, Analysis] | None] = field(default_factory=dict)

    def lineage(self, table: Table, column: Column) -> Lineage | None:
        """What *column* of the view *table* is made of, down to columns of tables.

        ``None`` for a column of a table, and where the view's query is not known or understood.
        """
        key = table.qualified_name, column.name
        if key not in self._known:
            # What it is made of is never itself: no database has such views, but files may.
            self._known[key] = None
            self._known[key] = self._lineage(table, column)
        return self._known[key]

    def through(self, found: Lineage) -> Lineage:
        """*found* with columns of tables in the place of those of views."""
        if (passed := found.passed_on) is not None and (below := self._of(passed)) is not None:
            return below
        sources: dict[tuple[str, str, str], Source] = {}
        is_complete = found.is_complete
        for it in found.sources:
            below = self._of(it) or Lineage((it,))
            is_complete &= below.is_complete
            for origin in below.sources:
                through = origin.through or it.through
                table, column = origin.field.table, origin.field.column
                owner = table.qualified_name if table is not None else origin.table
                key = owner, column.name if column else origin.field.name.text, through
                sources.setdefault(key, replace(origin, through=through))
        return Lineage(tuple(sources.values()), found.expression, is_complete)

    def description(self, table: Table, column: Column) -> str:
        """That of *column*, or of the one of a table that it is under whatever name."""
        if column.description:
            return column.description
        below = self.lineage(table, column)
        passed = below.passed_on if below is not None else None
        origin = passed.field.column if passed is not None else None
        return origin.description if origin is not None else ""

    def described(self, table: Table) -> Table:
        """*table*; a view with the descriptions of the columns that it passes on."""
        if not table.definition or all(it.description for it in table.columns):
            return table
        columns = (replace(it, description=self.description(table, it)) for it in table.columns)
        return replace(table, columns=tuple(columns))

    def _of(self, source: Source) -> Lineage | None:
        table, column = source.field.table, source.field.column
        return self.lineage(table, column) if table is not None and column is not None else None

    def _lineage(self, table: Table, column: Column) -> Lineage | None:
        if (query := self._query(table)) is None:
            return None
        snapshot, analysis = query
        check_stopped()
        output = _output(table, column, analysis)
        return self.through(lineage(output, analysis, snapshot)) if output is not None else None

    def _query(self, table: Table) -> tuple[Snapshot, Analysis] | None:
        name, text = table.qualified_name, table.definition
        if name not in self._queries:
            is_short = len(text) <= _MOST_CHARACTERS
            snapshot = Snapshot(text if is_short else "", self.catalog, self.catalog.dialect)
            analyses = list(snapshot.analyses)
            self._queries[name] = (snapshot, analyses[0]) if len(analyses) == 1 else None
        return self._queries[name]


def _output(table: Table, column: Column, analysis: Analysis) -> Field | None:
    """Of the query of *table* what is its *column*: that in the same place, whatever its name."""
    tree, bound = analysis.syntax.tree, analysis.bound
    outputs, _ = bound.outputs.get(id(tree), ((), True))
    names = [it.name for it in table.columns]
    if not len(outputs) == len(names) == columns_in(tree, bound):
        # The tables below have become others since the view was made.
        names = [it.name.text for it in outputs]
    places = [place for place, it in enumerate(names) if it == column.name]
    return outputs[places[0]] if len(places) == 1 else None
