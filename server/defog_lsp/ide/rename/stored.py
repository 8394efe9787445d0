"""Giving a table or column of the database another name in a text.

A text that names it is understood anew, with a catalog in which it is renamed. Where a name would
then mean something else, or tables would be joined by other columns, nothing is renamed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from defog_lsp.ide.rename.meaning import (
    CannotRename,
    means_the_same,
    means_the_same_around,
    written,
)
from defog_lsp.ide.rename.own import Renamed
from defog_lsp.ide.rename.using import joins_as_conditions
from defog_metadata.catalog import Catalog, Name, Naming, Table
from defog_metadata.catalog.renamed import RenamedTables
from defog_metadata.progress import check_stopped
from defog_metadata.rules.fixes import applied, composed
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.definitions import is_temporary, name_at, named_in_definitions
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.symbols import Occurrence, Symbol, Symbols, symbols_of, table_of
from defog_metadata.text import Edit, Span

__all__ = ["Renaming", "Stored", "rename_stored", "renaming", "stored_at"]


@dataclass(frozen=True)
class Stored:
    """A table of the database, or one of its columns."""

    table: Table
    column: str = ""

    @property
    def name(self) -> str:
        return self.column or self.table.name

    @property
    def symbol(self) -> Symbol:
        table = self.table
        return Symbol("stored", None, (table.database, table.schema, table.name), self.column)


@dataclass(frozen=True)
class Renaming:
    """``stored`` is to be called ``name``, as the database would keep it."""

    stored: Stored
    name: str

    def after(self, catalog: Catalog) -> Catalog:
        """*catalog* with the new name."""
        stored = self.stored
        source = RenamedTables(catalog.source, stored.table, self.name, stored.column)
        return replace(catalog, source=source)

    def may_concern(self, text: str) -> bool:
        """Whether *text* can name what is renamed, or depend on its name."""
        text = text.casefold()
        if not self.stored.column:
            # The new name may hide another table's.
            return self.stored.name.casefold() in text or self.name.casefold() in text
        is_named = self.stored.name.casefold() in text or "natural" in text
        return is_named and self.stored.table.name.casefold() in text

    def symbol(self, symbol: Symbol) -> Symbol:
        """What a *symbol* is called afterwards."""
        ours = self.stored.symbol
        if symbol.table is None or symbol.table != ours.table:
            return symbol
        if not ours.column:
            return replace(symbol, table=(*symbol.table[:2], self.name))
        return replace(symbol, column=self.name) if symbol.column == ours.column else symbol


def stored_at(snapshot: Snapshot, offset: int) -> tuple[Renamed, Stored] | None:
    """The name at *offset* if it is of the database; also where the text creates that."""
    found = name_at(snapshot, offset)
    if found is None:
        return None
    stored = _stored(found.symbol, snapshot)
    return None if stored is None else (Renamed(found.span, found.name.text), stored)


def renaming(stored: Stored, name: str, catalog: Catalog) -> Renaming:
    """Raises ``CannotRename`` where there is something of that *name* already."""
    naming, table = catalog.naming, stored.table
    text = written(name, naming, catalog.dialect)
    new = _kept(text, stored.name, naming)
    if new == stored.name:
        return Renaming(stored, new)
    if stored.column:
        taken = any(it.name != stored.column for it in table.columns_like(new))
        if taken:
            raise CannotRename(f"{table.name} already has a column {new}.")
    else:
        for it in catalog.source.named(new.casefold()):
            is_same = (it.schema, it.name) == (table.schema, table.name)
            if it.schema == table.schema and it.database == table.database and not is_same:
                raise CannotRename(f"There already is a table {it.qualified_name}.")
    return Renaming(stored, new)


def rename_stored(snapshot: Snapshot, renaming: Renaming) -> list[Edit]:
    """What writes the new name in the text of *snapshot*, in its order.

    Raises ``CannotRename`` where a name would then mean something else.
    """
    if not renaming.may_concern(snapshot.text):
        return []
    snapshot, joins = _without_joins_by_name(snapshot, renaming.stored)
    symbols = symbols_of(snapshot)
    meant = {renaming.stored.symbol, *_created(snapshot, renaming.stored)}
    known = {it.span for it in symbols.occurrences}
    spans = {it.span for it in _occurrences(symbols, meant)}
    defined = named_in_definitions(snapshot, renaming.stored.symbol)
    spans.update(it for it in defined if it not in known)
    edits = [Edit(it, _written_at(it, snapshot, renaming.name)) for it in sorted(spans)]
    catalog = renaming.after(snapshot.catalog)
    after = replace(snapshot, text=applied(snapshot.text, edits), catalog=catalog)
    if not means_the_same(snapshot, after, edits, renaming.symbol):
        raise CannotRename(f"a name would then mean something else than {renaming.stored.name}.")
    _check_outputs(snapshot, after, renaming)
    return composed(joins, edits)


def _written_at(span: Span, snapshot: Snapshot, name: str) -> str:
    """*name* in the place of the one at *span*."""
    before = snapshot.text[span.start : span.end]
    qualifiers, dot, _ = before.rpartition(".")
    if dot and snapshot.dialect == "bigquery" and before.startswith("`"):
        return f"{qualifiers}.{name}`"  # one pair of quotes around all of the path
    return snapshot.catalog.naming.write(name)


def _occurrences(symbols: Symbols, meant: set[Symbol]) -> list[Occurrence]:
    found = {it.span: it for symbol in meant for it in symbols.of(symbol)}
    return [found[it] for it in sorted(found)]


def _kept(text: str, old: str, naming: Naming) -> str:
    """The name that the database keeps for *text*; *old* shows how this one is known."""
    is_quoted = text.startswith((naming.quote_open, '"', "`", "["))
    name = Name(text[1:-1], quoted=True) if is_quoted else Name(text)
    if is_quoted:
        close = text[-1]
        return name.text.replace(close * 2, close)
    # Metadata that is written by hand has lower case where the engine has upper case.
    if naming.folding == "upper" and old == old.lower():
        return name.text.lower()
    return naming.fold(name)


def _stored(symbol: Symbol, snapshot: Snapshot) -> Stored | None:
    if symbol.kind == "stored" and symbol.table is not None:
        table = table_of(symbol, snapshot.catalog)
        return None if table is None else Stored(table, symbol.column)
    if symbol.definition is None or symbol.kind not in ("relation", "column"):
        return None
    for analysis, relation, table in _made(snapshot):
        shift = analysis.statement.start
        if relation.span is not None and relation.span.shifted(shift) == symbol.definition:
            return Stored(table)
        for field in relation.fields:
            if field.span is None or field.span.shifted(shift) != symbol.definition:
                continue
            column = snapshot.catalog.column(table, field.name)
            return None if column is None else Stored(table, column.name)
    return None


def _made(snapshot: Snapshot) -> Iterator[tuple[Analysis, Relation, Table]]:
    """What statements of the text create and the database has, as that has it."""
    for analysis in snapshot.analyses:
        check_stopped()
        for relation in analysis.made:
            if relation.kind in ("routine", "variable", "dropped") or not relation.path:
                continue
            if is_temporary(analysis):
                continue
            table = snapshot.catalog.table(*relation.path)
            if table is not None:
                yield analysis, relation, table


def _created(snapshot: Snapshot, stored: Stored) -> Iterator[Symbol]:
    """What *stored* is where the text creates it itself."""
    symbols = symbols_of(snapshot)
    for analysis, relation, table in _made(snapshot):
        if table != stored.table:
            continue
        span = relation.span
        if stored.column:
            naming = snapshot.catalog.naming
            fields = (it for it in relation.fields if naming.same(it.name, stored.column))
            field = next(fields, None)
            span = field.span if field else None
        found = span and symbols.at(span.shifted(analysis.statement.start).start)
        if not found or found.symbol == stored.symbol:
            continue
        if found.symbol.definition != found.span or found.symbol.kind not in ("relation", "column"):
            if stored.column:
                raise CannotRename(
                    f"{table.name} is created with {stored.name} under the name that it has"
                    " elsewhere; name it with AS there first."
                )
            continue
        yield found.symbol


def _without_joins_by_name(snapshot: Snapshot, stored: Stored) -> tuple[Snapshot, list[Edit]]:
    """*snapshot* without joins that depend on what *stored* is called, and what makes it so."""
    if not stored.column:
        return snapshot, []
    edits = joins_as_conditions(snapshot, stored.table, stored.column)
    if not edits:
        return snapshot, []
    after = replace(snapshot, text=applied(snapshot.text, edits))
    if not means_the_same_around(snapshot, after, edits):
        raise CannotRename(
            f"{stored.name} is what USING joins by, and with ON a name would mean something else."
        )
    return after, edits


def _check_outputs(before: Snapshot, after: Snapshot, renaming: Renaming) -> None:
    """What the text creates of queries is known elsewhere by the names of its columns."""
    made_after = [it for analysis in after.analyses for it in analysis.made]
    made_before = [it for analysis in before.analyses for it in analysis.made]
    known = {id(relation): table for _, relation, table in _made(before)}
    for old, new in zip(made_before, made_after, strict=True):
        table = known.get(id(old))
        if table is None or table == renaming.stored.table:
            continue
        for one, other in zip(old.fields, new.fields, strict=False):
            if one.name.key != other.name.key:
                raise CannotRename(
                    f"{table.name} is created with a column {one.name.text}, which would have"
                    " another name; name it with AS there first."
                )
