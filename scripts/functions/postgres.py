"""PostgreSQL: its catalog, on a private server, with every extension that is at hand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from defog_metadata.sql.functions import Function, FunctionKind, Parameter, Signature
from scripts.functions.known import Known, known
from scripts.functions.listing import Listing
from tests.support.databases import Server, running_postgres

__all__ = ["listing", "read_server"]

_QUERY = """
select p.proname as name, p.prokind::text as kind, p.proretset as returns_set,
    coalesce(p.proallargtypes, p.proargtypes::oid[])::regtype[]::text[] as types,
    p.proargnames as names, p.proargmodes::text[] as modes,
    p.pronargdefaults as defaults, coalesce(a.aggnumdirectargs, 0) as direct,
    coalesce(a.aggkind::text, '') as aggregate,
    p.prorettype::regtype::text as returns,
    coalesce(d.description, '') as description, coalesce(e.extname, '') as extension,
    exists (select from pg_operator o where o.oprcode = p.oid)
        or exists (select from pg_amproc s where s.amproc = p.oid)
        or exists (select from pg_cast c where c.castfunc = p.oid) as is_behind
from pg_proc p
left join pg_aggregate a on a.aggfnoid = p.oid
left join pg_description d on d.objoid = p.oid and d.classoid = 'pg_proc'::regclass
left join pg_depend m on m.objid = p.oid and m.classid = 'pg_proc'::regclass and m.deptype = 'e'
left join pg_extension e on e.oid = m.refobjid
where (p.pronamespace = 'pg_catalog'::regnamespace or e.extname is not null) and p.prokind <> 'p'
order by e.extname nulls first, p.proname, p.oid
"""


@dataclass(frozen=True)
class _Row:
    name: str
    kind: str
    returns_set: bool
    types: list[str]
    names: list[str] | None
    modes: list[str] | None
    defaults: int
    direct: int
    aggregate: str
    returns: str
    description: str
    extension: str
    is_behind: bool
    """Whether it is what an operator, an index or a cast calls."""


def listing() -> Listing:
    with running_postgres() as server:
        return read_server(server, known("postgres"))


def read_server(server: Server, more: Known) -> Listing:
    """What *server* knows, with *more* laid over it."""
    credentials: dict[str, Any] = server.credentials("postgres")
    credentials["dbname"] = credentials.pop("database")
    with psycopg.connect(**credentials, autocommit=True) as connection:
        for (extension,) in connection.execute("select name from pg_available_extensions"):
            create = sql.SQL("create extension if not exists {} cascade")
            connection.execute(create.format(sql.Identifier(extension)))
        with connection.cursor(row_factory=class_row(_Row)) as cursor:
            rows = cursor.execute(_QUERY).fetchall()
        version = connection.info.parameter_status("server_version") or ""
    found = Listing(
        f"PostgreSQL {version.split()[0]}; descriptions that are not ours: PostgreSQL Licence"
    )
    for name in {it.name for it in rows}:
        called = [it for it in rows if it.name == name and not _is_internal(it)]
        if called:
            found.add(_function(called))
        else:
            found.internal.add(name)
    found.lay_over(more)
    return found


_INTERNAL_TYPE = re.compile(
    r"internal|cstring|(?:event_)?trigger|\w+_handler|pg_ddl_command|pg_node_tree"
)
# How PostgreSQL describes what stands behind operators, types, indexes and aggregates.
_INTERNAL_DESCRIPTION = re.compile(
    r"\(internal\)|implementation of .*|I/O.*|.*\bsupport\b.*|less-equal-greater|hash(?: a .*)?"
    r"|(?:larger|smaller) of two|aggregate .* function|.*\bselectivity\b.*|statistics: .*"
    r"|for use by pg_upgrade.*|adjust .*|.* difference of two .*|equal image|brin: .*|(?:bt|gin) .*"
    r"|convert .* to canonical form"
)
_INTERNAL_NAME = re.compile(
    r"binary_upgrade_.*|pg_stat_(?:get|reset)_.*|d(?:log|exp|round|trunc).*|nameconcatoid|textlen|(?:not|i)?like|\w+_escape"
    r"|lo(?:read|write|_creat)|ts_match_\w+|\w+_ops|get\w+name|currtid2"
    r"|(?:numeric|int[248]|float[48]|bpchar|interval|timestamp)_?(?!.*range)\w+(?<!tz)"
)
_CAST = re.compile(
    r"abbrev|bit|bool|bpchar|char|cidr|float[48]|int[248]|name|numeric|oid|reg\w+|time|timestamp|"
    r"timestamptz|timetz|varbit|varchar|interval|money|text|xid|xml|box|point|polygon|path|lseg"
)


def _is_internal(row: _Row) -> bool:
    inputs = [it for it, mode in zip(row.types, _modes(row), strict=True) if mode != "o"]
    return bool(
        any(map(_INTERNAL_TYPE.fullmatch, (*inputs, row.returns)))
        or _INTERNAL_NAME.fullmatch(row.name)
        or (row.extension and row.is_behind)
        or (not row.description and not row.extension)
        or _INTERNAL_DESCRIPTION.fullmatch(row.description)
        or (_CAST.fullmatch(row.name) and row.description.startswith("convert"))
        or row.name.startswith("_")
    )


def _function(rows: Sequence[_Row]) -> Function:
    rows = sorted(rows, key=lambda it: (bool(it.extension), _preference(it)))
    first = rows[0]
    signatures = dict.fromkeys(
        signature for it in rows if it.extension == first.extension for signature in _signatures(it)
    )
    return Function(
        first.name,
        _kind(first),
        tuple(signatures),
        _sentence(next((it.description for it in rows if it.description), "")),
        extension=first.extension,
    )


def _sentence(text: str) -> str:
    ended = text if text.endswith(("?", ".")) else f"{text}."
    return text and ended[0].upper() + ended[1:]


def _kind(row: _Row) -> FunctionKind:
    if row.kind == "a" and row.aggregate != "h":
        return "aggregate"
    if row.kind in ("w", "a"):
        return "window"
    return "table" if row.returns_set else "scalar"


_PREFERRED = "numeric text timestamptz timestamp date interval jsonb json bigint integer".split()


def _preference(row: _Row) -> tuple[int, list[int]]:
    """Fewer arguments first, and types that people use most."""
    types = [_short(it) for it in row.types]
    ranks = [_PREFERRED.index(it) if it in _PREFERRED else len(_PREFERRED) for it in types]
    return len(types), ranks


def _signatures(row: _Row) -> Iterator[Signature]:
    modes = _modes(row)
    names = row.names or [""] * len(row.types)
    inputs: list[Parameter] = []
    outputs: list[str] = []
    total = sum(it in "ibv" for it in modes)
    for name, shown_type, mode in zip(names, row.types, modes, strict=True):
        is_variadic = mode == "v"
        if mode in "ibv":
            is_optional = len(inputs) >= total - row.defaults
            element = _short(shown_type)
            if is_variadic:
                element = element.removesuffix("[]")
            inputs.append(Parameter(name, element, is_optional, is_variadic))
        if mode in "obt":
            outputs.append(f"{name} {_short(shown_type)}".strip())
    if row.aggregate in ("o", "h"):
        inputs = inputs[: row.direct]
    elif row.kind == "a" and not inputs:
        inputs = [Parameter("*")]
    returns = _short(row.returns)
    if len(outputs) > 1:
        columns = ", ".join(outputs)
        returns = f"table({columns})" if row.returns_set else f"record({columns})"
    elif row.returns_set:
        returns = f"setof {returns}"
    yield Signature(tuple(inputs), returns)


def _modes(row: _Row) -> Sequence[str]:
    return row.modes or ["i"] * len(row.types)


_SHORTER = {
    "character varying": "varchar",
    "character": "char",
    "bit varying": "varbit",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "time with time zone": "timetz",
    "time without time zone": "time",
    '"any"': "any",
}


def _short(shown_type: str) -> str:
    element = shown_type.removesuffix("[]")
    return _SHORTER.get(element, element) + shown_type[len(element) :]
