"""PostgreSQL 12 or later, from ``pg_catalog`` in seven queries.

``information_schema`` would take minutes for the foreign keys of a thousand tables, and shows
only what the user owns. What is read is what a statement may name, whoever runs it:

- tables without the right to read them, and those of extensions, are included;
- partitions are included beside their parents, since a query may name them; a foreign key that
  PostgreSQL repeats for each partition it refers to appears once.

Of the data itself only this is read: the most frequent values of text columns that have few
different ones, as the statistics know them, where the user may read the column.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice, starmap
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from defog_metadata.catalog import Column, ForeignKey, Index, Table, TableKind, UniqueKey
from defog_metadata.errors import ExtractionError
from defog_metadata.extract.drafts import Draft, place_of, shared
from defog_metadata.extract.found import Found
from defog_metadata.extract.rows import Rows, streamed
from defog_metadata.extract.schemas import SchemaChoice
from defog_metadata.extract.spool import Gathered, Listed, Spool, parts
from defog_metadata.extract.steps import Steps
from defog_metadata.extract.view_texts import query_of

__all__ = ["STEPS", "read"]

STEPS = 7

_OLDEST = (12,)
_EXACT_ROW_COUNTS = (14,)
"""Since this version an estimate of 0 rows means an empty table, not an unknown one."""

_MOST_DISTINCT = 50
_MOST_VALUES = 20
_LONGEST_VALUE = 40

# The keys below are numbers that another server, or a database made anew, gives to other things.
_SCHEMAS = """
select nspname::text as name, pg_catalog.current_schemas(false)::text[] as search_path,
  (select concat_ws(' ', pg_catalog.pg_postmaster_start_time(), oid, current_user)
   from pg_catalog.pg_database where datname = pg_catalog.current_database()) as source
from pg_catalog.pg_namespace
where nspname !~ '^pg_' and nspname <> 'information_schema'
order by nspname
"""

_TABLES = """
select c.oid::bigint as id, n.nspname::text as schema, c.relname::text as name,
  c.relkind::text as kind, c.reltuples::bigint as rows, d.description,
  case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end as definition
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0
  and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname = any(cast(:schemas as text[]))
"""

_TYPES = """
select t.oid::bigint as id, t.typtype = 'd' and t.typnotnull as not_null,
  (case when t.typtype = 'd' then t.typbasetype else t.typelem end)::bigint as inner_id,
  (select array_agg(e.enumlabel::text order by e.enumsortorder)
   from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels
from pg_catalog.pg_type t
left join pg_catalog.pg_type element on element.oid = t.typelem and t.typcategory = 'A'
where t.typtype in ('e', 'd') or element.typtype in ('e', 'd')
"""

_COLUMNS = """
select a.attrelid::bigint as table_id, a.attname::text as name, a.atttypid::bigint as type_id,
  pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null,
  a.attidentity::text as identity, a.attgenerated::text as generated,
  pg_catalog.pg_get_expr(v.adbin, v.adrelid) as value, d.description
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_attrdef v on v.adrelid = a.attrelid and v.adnum = a.attnum
left join pg_catalog.pg_description d on d.objoid = a.attrelid and d.objsubid = a.attnum
  and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname = any(cast(:schemas as text[]))
  and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
"""

# A constraint on a partition that repeats its parent's is one of the partition's own; one
# whose parent is on the same table only says that it refers to one partition more.
_CONSTRAINTS = """
select k.conrelid::bigint as table_id, k.conname::text as name, k.contype::text as kind,
  (select array_agg(a.attname::text order by p.place)
   from unnest(k.conkey) with ordinality p(number, place)
   join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number) as columns,
  (select array_agg(a.attname::text order by p.place)
   from unnest(k.confkey) with ordinality p(number, place)
   join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.number
  ) as referred_columns,
  r.relname::text as referred_table, s.nspname::text as referred_schema,
  case when k.contype = 'c' then pg_catalog.pg_get_constraintdef(k.oid) end as definition
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_class r on r.oid = k.confrelid
left join pg_catalog.pg_namespace s on s.oid = r.relnamespace
left join pg_catalog.pg_constraint parent on parent.oid = k.conparentid
where n.nspname = any(cast(:schemas as text[]))
  and (k.contype in ('p', 'u', 'f') or k.contype = 'c' and cardinality(k.conkey) = 1)
  and parent.conrelid is distinct from k.conrelid
order by k.conrelid, k.conname
"""

_INDEXES = """
select i.indrelid::bigint as table_id, x.relname::text as name,
  i.indisunique and i.indpred is null as is_unique,
  (select array_agg(
     coalesce(a.attname::text, pg_catalog.pg_get_indexdef(i.indexrelid, p.place::int, true))
     order by p.place)
   from unnest(i.indkey::int2[]) with ordinality p(number, place)
   left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = p.number
     and p.number <> 0
   where p.place <= i.indnkeyatts) as columns
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = any(cast(:schemas as text[])) and c.relkind in ('r', 'p', 'm', 'f')
  and not exists (
    select from pg_catalog.pg_constraint k
    where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
order by i.indrelid, x.relname
"""

# The view hides what the user may not read, and tables whose rows are not for everyone. Where
# few rows share a value (below -0.25: less than four), it tells of single rows.
_STATISTICS = f"""
select c.oid::bigint as table_id, s.attname::text as name,
  s.most_common_vals::text::text[] as values
from pg_catalog.pg_stats s
join pg_catalog.pg_namespace n on n.nspname = s.schemaname
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = s.attname
join pg_catalog.pg_type t on t.oid = a.atttypid and t.typcategory = 'S'
where s.schemaname = any(cast(:schemas as text[])) and s.most_common_vals is not null
  and s.n_distinct > -0.25
  and case when s.n_distinct < 0 then -s.n_distinct * c.reltuples else s.n_distinct end
    between 1 and {_MOST_DISTINCT}
order by c.oid, s.attname, s.inherited
"""

_KINDS: Mapping[str, TableKind] = {
    "r": "table",
    "p": "table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}


class _TableRow(NamedTuple):
    kind: str
    rows: int
    description: str | None
    definition: str | None


class _TypeRow(NamedTuple):
    not_null: bool
    inner_id: int
    labels: Sequence[str] | None


class _ColumnRow(NamedTuple):
    name: str
    type_id: int
    type: str
    not_null: bool
    identity: str
    generated: str
    value: str | None
    description: str | None


class _ConstraintRow(NamedTuple):
    name: str
    kind: str
    columns: Sequence[str] | None
    referred_columns: Sequence[str] | None
    referred_table: str | None
    referred_schema: str | None
    definition: str | None


class _IndexRow(NamedTuple):
    name: str
    is_unique: bool
    columns: Sequence[str]


class _StatisticsRow(NamedTuple):
    name: str
    values: Sequence[str]


def read(connection: Connection, schemas: SchemaChoice, steps: Steps) -> Found:
    """All tables and views of *schemas*, and the schemas of the search path that exist."""
    version = tuple(map(int, connection.dialect.server_version_info or ()))
    if version < _OLDEST:
        raise ExtractionError(
            f"The server is PostgreSQL {'.'.join(map(str, version))}; version "
            f"{_OLDEST[0]} or later is needed. For Amazon Redshift use db_type redshift."
        )
    steps.begin("schemas")
    found = connection.execute(text(_SCHEMAS)).all()
    search_path: Sequence[str] = found[0].search_path if found else ()
    chosen = schemas.among([it.name for it in found])
    steps.go_on_from(found[0].source if found else "", search_path, chosen)

    def rows(query: str) -> Rows:
        return streamed(connection, query, {"schemas": chosen} if ":schemas" in query else {})

    steps.read("types", parts("types", rows(_TYPES)))
    steps.read("tables", (_listed(it, search_path) for it in rows(_TABLES)))
    steps.read("columns", parts("columns", rows(_COLUMNS)))
    steps.read("keys", parts("keys", rows(_CONSTRAINTS)))
    steps.read("indexes", parts("indexes", rows(_INDEXES)))
    if schemas.frequent_values:
        steps.read("statistics", parts("statistics", rows(_STATISTICS)))
    return Found(tuple(search_path), partial(_table, types=_Types(steps.spool), version=version))


def _listed(row: Row[Any], search_path: Sequence[str]) -> Listed:
    place = place_of(row.schema, search_path)
    values = (row.kind, row.rows, row.description, row.definition)
    return Listed(row.id, place, row.schema, row.name, values)


def _table(gathered: Gathered, *, types: "_Types", version: tuple[int, ...]) -> Table:
    said = _TableRow(*gathered.values)
    kind = _KINDS[said.kind]
    lowest = 0 if version >= _EXACT_ROW_COUNTS else 1
    is_estimated = kind != "view" and said.rows >= lowest
    draft = Draft(
        schema=shared(gathered.schema),
        name=gathered.name,
        kind=kind,
        description=said.description or "",
        row_estimate=said.rows if is_estimated else None,
        definition=query_of(said.definition or ""),
        columns=[_column(_ColumnRow(*it), types) for it in gathered.rows("columns")],
        indexes=[
            Index(it.name, tuple(it.columns), it.is_unique)
            for it in starmap(_IndexRow, gathered.rows("indexes"))
        ],
    )
    for constraint in starmap(_ConstraintRow, gathered.rows("keys")):
        _add_constraint(draft, constraint)
    for observed in starmap(_StatisticsRow, gathered.rows("statistics")):
        draft.observe(observed.name, _frequent(observed.values))
    return draft.finished()


_TYPES_AT_HAND = 1_000


class _Types:
    """Enumerations, and what is made of them: domains over them and arrays of them."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        # Most columns are of few types, and most types are none of these.
        self._row = lru_cache(_TYPES_AT_HAND)(self._looked_up)

    def labels(self, type_id: int) -> tuple[str, ...]:
        for row in self._chain(type_id):
            if row.labels:
                return tuple(row.labels)
        return ()

    def refuses_null(self, type_id: int) -> bool:
        """Whether *type_id* is a domain, possibly over another, that is declared NOT NULL."""
        return any(row.not_null for row in self._chain(type_id))

    def _chain(self, type_id: int) -> Sequence[_TypeRow]:
        chain = []
        row = self._row(type_id)
        while row is not None:
            chain.append(row)
            row = self._row(row.inner_id)
        return chain

    def _looked_up(self, type_id: int) -> _TypeRow | None:
        return next((_TypeRow(*it) for it in self._spool.rows("types", type_id)), None)


_IDENTITY = {"a": "GENERATED ALWAYS AS IDENTITY", "d": "GENERATED BY DEFAULT AS IDENTITY"}
_GENERATED = {"s": "STORED", "v": "VIRTUAL"}


def _column(row: _ColumnRow, types: _Types) -> Column:
    default = row.value
    if row.generated:
        default = f"GENERATED ALWAYS AS ({row.value}) {_GENERATED[row.generated]}"
    elif row.identity:
        default = _IDENTITY[row.identity]
    return Column(
        name=shared(row.name),
        type=shared(row.type),
        nullable=not (row.not_null or types.refuses_null(row.type_id)),
        default=default,
        description=row.description or "",
        enum_values=types.labels(row.type_id),
    )


def _add_constraint(draft: Draft, row: _ConstraintRow) -> None:
    columns = tuple(row.columns or ())
    match row.kind:
        case "p":
            draft.primary_key = columns
        case "u":
            draft.unique_keys.append(UniqueKey(columns, row.name))
        case "f":
            draft.foreign_keys.append(
                ForeignKey(
                    columns=columns,
                    referred_table=row.referred_table or "",
                    referred_columns=tuple(row.referred_columns or ()),
                    referred_schema=row.referred_schema or "",
                    name=row.name,
                )
            )
        case _:
            if values := _allowed_values(row.definition or ""):
                draft.allow(columns[0], values)


def _frequent(values: Sequence[str]) -> tuple[str, ...]:
    """Those of *values* that are words or codes, not texts."""
    short = (it for it in values if 0 < len(it) <= _LONGEST_VALUE and it.isprintable())
    return tuple(islice(short, _MOST_VALUES))


# PostgreSQL writes `check (status in ('new', 'paid'))` back in one of these two ways, for text
# and for character varying; any other check is not understood, and does not need to be.
_ONE_OF = re.compile(
    r"""CHECK\s\(\( \(? (?:"(?:[^"]|"")+"|\w+) \)? (?:::text)? \s=\sANY\s
    \( \(? ARRAY\[ (?P<values> .*? ) \] \)? (?:::text\[\])? \) \)\) (?:\sNOT\sVALID)?""",
    re.VERBOSE | re.DOTALL,
)
_VALUE = re.compile(
    r"""\(? '(?P<value> (?:[^']|'')* )' ::(?:text|character\ varying|bpchar) \)? (?:::text)?""",
    re.VERBOSE,
)
_VALUES = re.compile(rf"(?:{_VALUE.pattern.replace('?P<value>', '?:')})(?:,\s|$)", re.VERBOSE)


def _allowed_values(definition: str) -> tuple[str, ...]:
    """The values of a check that allows a fixed list of texts; else none."""
    match = _ONE_OF.fullmatch(definition)
    if match is None or _VALUES.sub("", match["values"]):
        return ()
    return tuple(it["value"].replace("''", "'") for it in _VALUE.finditer(match["values"]))
