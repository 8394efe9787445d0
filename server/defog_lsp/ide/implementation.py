"""What is made of a table or column: the views that use it."""

from collections.abc import Iterator
from itertools import islice

from defog_metadata.catalog import Catalog, Table
from defog_metadata.sql.facts.flows import Called, readers, views_using
from defog_metadata.sql.facts.named import Named, relation_named
from defog_metadata.sql.scopes import Field
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Symbol, symbols_of
from defog_metadata.text import Span

__all__ = ["implementations", "made_of", "place_in_view", "views_stored"]

_MOST_VIEWS = 50


def made_of(snapshot: Snapshot, offset: int) -> Named | None:
    """The table, view or stored column at *offset*, which views may use."""
    found = relation_named(snapshot, offset)
    return found if found is not None and found.called is not None else None


def implementations(snapshot: Snapshot, named: Named) -> list[tuple[Called, Span]]:
    """The views that the text makes of *named*, with their names' places."""
    return list(_made(snapshot, named))


def _made(snapshot: Snapshot, named: Named) -> Iterator[tuple[Called, Span]]:
    naming = snapshot.catalog.naming
    for analysis in snapshot.analyses:
        main, *ctes = readers(analysis, naming)
        if main.kind != "view" or main.made is None or named.called is None:
            continue
        if named.column:
            is_used = any(
                it.table is not None
                and it.column is not None
                and it.column.name == named.column
                and (it.table.name, it.table.schema, it.table.database)
                == (named.called.name, named.called.schema, named.called.database)
                for reference in analysis.references
                for it in reference.targets
                if isinstance(it, Field)
            )
        else:
            is_used = any(
                named.called.means(source.relation, naming)
                for reader in (main, *ctes)
                for source in reader.reads
                if source.cte is None
            )
        if is_used:
            yield Called.of(main.made), main.place


def views_stored(named: Named, catalog: Catalog) -> list[Table]:
    """The views of the database that use *named*."""
    table = named.called.stored(catalog) if named.called is not None else None
    if table is None:
        return []
    return list(islice(views_using(table, catalog, named.column), _MOST_VIEWS))


def place_in_view(snapshot: Snapshot, named: Named) -> Span:
    """Where the text of a view names *named* first; its beginning if it does not."""
    called = named.called
    if called is None:
        return Span(0, 0)
    path = (called.database, called.schema, called.name)
    wanted = Symbol("stored", table=path, column=named.column)
    return next((it.span for it in symbols_of(snapshot).of(wanted)), Span(0, 0))
