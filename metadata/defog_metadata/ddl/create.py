"""From metadata in any shape to the statements that create its tables."""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from defog_metadata.catalog import Table, TableKind
from defog_metadata.catalog.dialects import canonical_dialect
from defog_metadata.catalog.shapes import Metadata, read_metadata
from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.ddl.custom_types import without_domains
from defog_metadata.ddl.flavours import Flavour, flavour_of
from defog_metadata.ddl.keys import settled, with_types_of_referred
from defog_metadata.ddl.names import distinct_names, in_target_schemas
from defog_metadata.ddl.ordering import Ordered, in_key_order
from defog_metadata.ddl.source import said_dialect, seen_dialect
from defog_metadata.ddl.statements import Statement, Writer
from defog_metadata.ddl.views import VIEWS, View, views_of
from defog_metadata.errors import ConfigurationError
from defog_metadata.spelling import nearest

__all__ = ["CREATED_KINDS", "Plan", "chosen_tables", "create_ddl_from_metadata", "planned"]

CREATED_KINDS: tuple[TableKind, ...] = ("table", "foreign table")
"""What a table is made of. A view is made of its query, if the metadata tell it."""


def create_ddl_from_metadata(  # noqa: PLR0913 - what to write, and how
    metadata: object,
    dialect: str | None = None,
    *,
    source_dialect: str | None = None,
    tables: Sequence[str] = (),
    schemas: Sequence[str] = (),
    if_not_exists: bool = False,
    kinds: Collection[TableKind] = CREATED_KINDS,
) -> list[str]:
    """The statements that create the tables of *metadata*, each ending with a semicolon.

    *metadata*: decoded JSON in any of the shapes, a ``Metadata``, or tables. *dialect*: what the
    statements are for, by any usual name; without it, the metadata's own. *source_dialect*: whose
    types and defaults the metadata have; without it, the one that the document names, the one
    that its types tell, or *dialect*, or PostgreSQL. *tables* (``t``, ``schema.t``) and *schemas*
    choose; all are written without them. *kinds*: a view whose kind is among them becomes an empty
    table of its columns. Others are left out where their query is not known, or cannot be said in
    *dialect*.

    Tables come in the order in which they can be created, each with its indexes and comments,
    after the schemas and types that they need, and before the keys of tables that refer to each
    other; behind all of that come views. Raises ``MetadataError`` for metadata in no known shape,
    and ``ConfigurationError`` for a dialect without DDL and for a table or schema that is not
    there.
    """
    plan = planned(
        metadata,
        dialect,
        source_dialect=source_dialect,
        tables=tables,
        schemas=schemas,
        kinds=kinds,
    )
    return [it.text for it in plan.with_views(if_not_exists=if_not_exists)]


@dataclass(frozen=True, slots=True)
class Plan:
    """Tables in the order in which they are created, under the names that they are to have."""

    source: str
    flavour: Flavour
    ordered: tuple[Ordered, ...]
    originals: tuple[Table, ...]
    """As the metadata have them; an ``Ordered`` says its place here."""
    views: tuple[View, ...] = ()

    def statements(self, *, if_not_exists: bool = False) -> list[Statement]:
        """Of the tables alone: what a view calls need not be there."""
        return list(Writer(self.source, self.flavour, self.ordered, if_not_exists=if_not_exists))

    def with_views(self, *, if_not_exists: bool = False) -> list[Statement]:
        writer = Writer(
            self.source, self.flavour, self.ordered, self.views, if_not_exists=if_not_exists
        )
        return list(writer)

    def without(self, existing: Container[tuple[str, str]]) -> "Plan":
        """The plan without the tables whose schema and name, as they are to be, are *existing*."""
        kept = (it for it in self.ordered if (it.table.schema, it.table.name) not in existing)
        return replace(self, ordered=tuple(kept))


def planned(  # noqa: PLR0913 - as create_ddl_from_metadata
    metadata: object,
    dialect: str | None = None,
    *,
    source_dialect: str | None = None,
    tables: Sequence[str] = (),
    schemas: Sequence[str] = (),
    kinds: Collection[TableKind] = CREATED_KINDS,
) -> Plan:
    """What ``create_ddl_from_metadata`` is to write; it says what the arguments are."""
    found, said = _read(metadata)
    source = canonical_dialect(source_dialect) if source_dialect is not None else None
    if source is None:
        source = said if said is not None else seen_dialect(found)
    if source is None:
        source = "postgres" if dialect is None else canonical_dialect(dialect)
    flavour = flavour_of(source if dialect is None else dialect)
    chosen = {id(it) for it in chosen_tables(found, tables, schemas)}
    # Whether a name is unique, and what a key refers to, depends on all tables.
    whole = tuple(it for it in found if it.kind in kinds)
    ordered = in_key_order(_fitted(whole, source, flavour))
    if flavour.has_strict_keys:
        fitting = with_types_of_referred([it.table for it in ordered])
        ordered = [replace(it, table=table) for it, table in zip(ordered, fitting, strict=True)]
    kept = tuple(it for it in ordered if id(whole[it.place]) in chosen)
    others = [it for it in found if it.kind in VIEWS and it.kind not in kinds]
    placed = [(whole[it.place], it.table) for it in ordered]
    views = views_of(others, placed, source, flavour) if others else []
    return Plan(
        source, flavour, kept, whole, tuple(it for it in views if id(it.original) in chosen)
    )


def _fitted(tables: Sequence[Table], source: str, flavour: Flavour) -> list[Table]:
    """*tables*, in their order, as *flavour* can name and refer to them."""
    if source == "postgres" and flavour.dialect != source:
        tables = without_domains(tables)
    placed = in_target_schemas(tables, source, flavour)
    is_innodb = source == flavour.dialect == "mysql"
    return distinct_names(settled(placed, indexes_suffice=is_innodb), flavour)


def chosen_tables(
    tables: Sequence[Table], names: Sequence[str] = (), schemas: Sequence[str] = ()
) -> list[Table]:
    """Those of *tables* that *names* and *schemas* choose, in the order of *tables*.

    A name is ``t``, ``schema.t`` or ``database.schema.t``. Raises ``ConfigurationError`` for a
    name or schema that is not there.
    """
    known = {it.schema for it in tables}
    for schema in schemas:
        if schema not in known:
            raise ConfigurationError(_missing("schema", schema, sorted(known)))
    found = [it for it in tables if not schemas or it.schema in schemas]
    if not names:
        return found
    wanted: set[int] = set()
    for name in names:
        path = [it for it in split_key(name) if it]
        matching = [place for place, it in enumerate(found) if _is_called(it, path)]
        if not matching:
            raise ConfigurationError(_missing("table", name, [it.name for it in found]))
        wanted.update(matching)
    return [it for place, it in enumerate(found) if place in wanted]


def _is_called(table: Table, path: Sequence[str]) -> bool:
    own = (table.name, table.schema, table.database)
    return all(
        written.casefold() == stored.casefold() or not stored
        for written, stored in zip(reversed(path), own, strict=False)
    )


def _missing(what: str, name: str, known: Iterable[str]) -> str:
    close = nearest(name.rpartition(".")[2], known, limit=1)
    return f"there is no {what} {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


def _read(metadata: object) -> tuple[list[Table], str | None]:
    if isinstance(metadata, Table):
        return [metadata], None
    if isinstance(metadata, Metadata):
        return list(metadata.tables), None
    if isinstance(metadata, Iterable) and not isinstance(metadata, (dict, str, bytes)):
        tables = list(metadata)
        if all(isinstance(it, Table) for it in tables):
            return tables, None
    return list(read_metadata(metadata).tables), said_dialect(metadata)
