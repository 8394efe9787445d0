"""Queries right and wrong, made by combining parts: what engines are asked and rules are held to.

The tables: ``g`` has a column of each type, ``a(id, name, city, n)`` and ``b(id, a_id, x, d)`` have
a key each, ``k(p, q, v)`` one of two columns and ``f(id, name)`` none.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from tests.sql.types.samples import COLUMNS

__all__ = ["GROUPINGS", "TABLES", "counts", "groupings", "types"]

TABLES = {
    "a": ("id int primary key", "name varchar(20)", "city varchar(20)", "n int"),
    "b": ("id int primary key", "a_id int", "x int", "d date"),
    "k": ("p int", "q int", "v int", "primary key (p, q)"),
    "f": ("id int", "name varchar(20)"),
}
GROUPINGS: Mapping[str, tuple[str, ...]] = {
    "a": (
        "", "a.id", "id", "name", "upper(name)", "city, name", "1", "2, 1", "n + 1", "(id), (name)",
        "grp", "coalesce(name, 'x')", "n % 2", "case when n > 1 then 1 else 2 end",
    ),
    "a join b on b.a_id = a.id": (
        "", "a.id", "a.id, b.id", "b.a_id", "a.name", "date_part_of_d", "a.name, b.d", "1",
    ),
    "k": ("p", "q, p", "p, v"),
    "f": ("id", "name"),
    "(select * from a) s": ("id", "name"),
}  # fmt: skip
_OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "a": (
        "name as grp, count(*)", "id, name", "upper(name), count(*)", "upper(a.name) as u", "lower(name)",
        "name || 'x' as grp", "n + 1, max(id)", "1 + n", "sum(n) over ()", "sum(sum(n)) over ()",
        "sum(n) over (partition by name)", "*", "a.*, count(*)", "count(*)", "max(n) + min(id)",
        "(select max(b.x) from b where b.a_id = a.id)", "(select max(b.x) from b where b.a_id = n)",
        "(select max(b.x) + count(*) from b)", "coalesce(name, 'x'), count(*)", "(n % 2), (name)",
        "case when n > 1 then 1 else 2 end", "case when n > 1 then name end", "sum(max(n))",
        "exists (select 1 from b where b.x = a.n)", "name in (select name from f)",
        "id in (select a.n from b)", "'x', 1, null", "current_date, name",
    ),
    "a join b on b.a_id = a.id": (
        "a.name, max(b.x)", "a.name, b.x", "b.d as date_part_of_d, count(*)", "a.id, a.city, sum(b.x)",
        "b.*", "a.*, sum(b.x)", "b.a_id, a.id", "count(distinct a.name)", "max(b.d), b.d",
    ),
    "k": ("p, q, v", "p", "v, count(*)", "q"),
    "f": ("id, name", "name", "id, count(*)"),
    "(select * from a) s": ("id, name", "name", "s.id, count(*)"),
}  # fmt: skip
_HAVINGS = ("", " having count(*) > 1", " having max({c}) > 1", " having {c} > 1")
_ORDERS = ("", " order by count(*)", " order by {c}", " order by 1", " order by max({c}), {c}")
_WHERES = (
    "count(*) > 1", "max({c}) > 1", "{c} > 1", "row_number() over () > 1", "{c} in (select max(x) from b)",
    "exists (select 1 from b having count(*) > {c})", "{c} > (select count(*) from b)",
    "exists (select 1 from b where b.x = max({c}))", "sum({c}) over () > 1",
)  # fmt: skip


def groupings() -> Iterator[str]:
    """Grouped queries, and aggregates in every clause."""
    for source, groups in GROUPINGS.items():
        column = {"k": "v", "a": "n"}.get(source, "a.n" if " join " in source else "id")
        for group, outputs in product(groups, _OUTPUTS[source]):
            by = f" group by {group}" if group else ""
            yield f"select {outputs} from {source}{by}"
        for group, having, order in product(groups, _HAVINGS, _ORDERS):
            by = f" group by {group}" if group else ""
            first = _OUTPUTS[source][0]
            yield f"select {first} from {source}{by}{having}{order}".replace("{c}", column)
            yield f"select count(*) from {source}{by}{having}{order}".replace("{c}", column)
    for where in _WHERES:
        condition = where.replace("{c}", "a.n")
        yield f"select id from a where {condition}"
        yield f"select count(*) from a where {condition}"
        yield f"select a.id from a join f on {condition}"
        yield f"select count(*) from a group by {condition}"
        yield f"select count(*) from a group by name having {condition.replace('a.n', 'max(a.n)')}"
        yield f"update a set n = 1 where {condition}"
        yield f"delete from a where {condition}"
    for group in (
        "rollup (name)",
        "cube (name, city)",
        "grouping sets ((name), ())",
        "name, rollup (city)",
    ):
        for outputs in ("name", "name, city", "city, count(*)", "id", "grouping(name)"):
            yield f"select {outputs} from a group by {group}"
    for group in ("name", "city, name", "1"):
        yield f"select distinct on (name) name, count(*) from a group by {group} order by name"
        yield f"select distinct name, count(*) from a group by {group} order by count(*)"
    yield from (
        "select name, string_agg(city, ',' order by id) from a group by name",
        "select name, count(*) filter (where n > 1) from a group by name",
        "select name, count(*) filter (where count(*) > 1) from a group by name",
        "select rank() over (order by count(*)), name from a group by name",
        "select rank() over (order by n), name from a group by name",
        "select sum(n) over w from a group by n window w as (partition by name)",
        "select sum(n) over w from a group by n, name window w as (partition by name)",
        "select a.id from a join f using (id) group by id",
        "select id, a.name from a join f using (id) group by id",
        "select f.id from a join f using (id) group by id",
        "select f.name from a left join f using (id) group by a.id",
        "with c as (select * from a) select id, name from c group by id",
        "select name from a union select city from a group by name",
        "select name, (select count(*) from b where b.a_id = a.id group by a.name) from a",
        "select name from a group by name having exists (select 1 from b where b.x = count(a.id))",
        "select name from a group by name having exists (select 1 from b where b.x = a.id)",
        "select l.m from a, lateral (select max(x) as m from b where b.a_id = a.id) l",
        "select max(l.m), a.name from a, lateral (select x as m from b where b.a_id = a.id) l group by a.name",
        "select date(d), count(*) from b group by cast(d as date)",
        "select max(a.n) as n, name from a group by name order by n",
        "select max(a.n) as n, name from a group by name order by n + 1",
        "select name as n, max(n) from a group by n",
    )


def counts() -> Iterator[str]:
    """Lists of columns of every length against each other."""
    lists = (
        "1",
        "1, 2",
        "1, null, 3",
        "id, name from f",
        "* from f",
        "*, 1 from f",
        "f.*, a.* from f, a",
        "count(*) from f",
        "* from (select id from f) q",
        "* from f join a using (id)",
    )
    for one, other in product(lists, repeat=2):
        for word in ("union", "union all", "intersect", "except"):
            yield f"select {one} {word} select {other}"
    for one in lists:
        for names in ("x", "x, y", "x, y, z"):
            yield f"with c ({names}) as (select {one}) select 1 from c"
            yield f"select 1 from (select {one}) c ({names})"
            yield f"create view w ({names}) as select {one}"
        for columns in ("", " (id)", " (id, name)", " (name, id)"):
            yield f"insert into f{columns} select {one}"
        yield f"select 1 from f where id in (select {one})"
        yield f"select 1 from f where (id, id) in (select {one})"
        yield f"select 1 from f where exists (select {one})"
        yield f"select 1 from f where (id) not in (select {one})"
    for columns in ("", " (id)", " (id, name)", " (id, name, city, n)"):
        for values in (
            "(1)",
            "(1, 'x')",
            "(1, 'x', 'y')",
            "(1), (2)",
            "(1, 'x'), (2, 'y')",
            "(1), (2, 'x')",
            "(1, 'x'), (2)",
            "(default)",
            "(default, default)",
            "(1, 'x', 'y', 4)",
        ):
            yield f"insert into a{columns} values {values}"
    yield from ("values (1), (2)", "values (1, 2), (3)", "select * from (values (1, 2), (3)) v (x)",
                "select * from (values (1, 2)) v (x)", "select * from (values (1, 2)) v (x, y, z)",
                "update a set (id, n) = (1, 2)", "update a set (id, n) = (1, 2, 3)",
                "update a set (id, n) = (select 1, 2)", "update a set (id, n) = (select 1)")  # fmt: skip


_LITERALS = (
    "'abc'", "''", "'1'", "' 12 '", "'1.5'", "'1e3'", "'-7'", "'0x1F'", "'2020-01-01'", "'2020-02-30'",
    "'20200101'", "'Jan 1 2020'", "'today'", "'2020-01-01 10:00'", "'yes'", "'t'", "'f'", "'of'", "'o'",
    "'NaN'", "'inf'", "'1 day'", "'10:00'", "'tomorrow noon'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
    "'2020'", "'2020-01'", "'12345'", "'2020/01/01'", "'01/02/2020'", "'2020-1-1'", "'-7 days'", "'200101'",
    "'a0eebc999c0b4ef8bb6d6bb9bd380a11'", "'{\"a\": 1}'", "null", "1", "1.5", "true", "3000000000",
)  # fmt: skip
# Columns whose types treat literals as others do.
_ALIKE = frozenset(
    ("i2", "i1", "i8", "i16", "u4", "f4", "tsz", "v", "c", "na", "m", "bi", "ip", "tz")
)
_CALLS = (
    "sum({c})", "avg({c})", "stddev({c})", "abs({c})", "round({c})", "round({c}, 2)", "ceil({c})", "sqrt({c})",
    "lower({c})", "upper({c})", "length({c})", "extract(year from {c})", "date_trunc('month', {c})",
    "date_part('year', {c})", "bool_and({c})", "-{c}", "not {c}", "{c} like 'a%'", "{c} ilike 'a%'",
    "{c} not like 'a%'", "case when {c} then 1 end", "case when {c} > 1 then 1 end", "{c} and true",
    "initcap({c})", "sum(distinct {c})", "sum({c} + 1)", "floor({c})", "count(*) filter (where {c})",
)  # fmt: skip


def types(dialect: str) -> Iterator[str]:
    """Columns and literals of every type met by each other, and given to functions."""
    columns = [it for it, shown in COLUMNS[dialect].items() if "[" not in shown]
    for one, other in product(columns, repeat=2):
        for operator in ("=", "<"):
            yield f"select 1 from g where {one} {operator} {other}"
        for operator in ("+", "-", "*", "/", "%", "||"):
            yield f"select {one} {operator} {other} from g"
        yield f"select {one} from g union all select {other} from g"
        yield f"select coalesce({one}, {other}) from g"
        yield f"select case when 1 = 1 then {one} else {other} end from g"
        yield f"insert into g ({one}) select {other} from g"
        yield f"update g set {one} = {other}"
        yield f"select 1 from g where {one} in (select {other} from g)"
        yield f"select 1 from g where {one} between {other} and {one}"
    plain = [it for it in columns if it not in _ALIKE]
    for column, literal in product(plain, _LITERALS):
        for operator in ("=", "+", "-", "*"):
            yield f"select {column} {operator} {literal} from g"
        for operator in ("+", "-", "*"):
            yield f"select {literal} {operator} {column} from g"
        yield f"select 1 from g where {column} in ({literal})"
        yield f"select coalesce({column}, {literal}) from g"
        yield f"insert into g ({column}) values ({literal})"
    for column, call in product(columns, _CALLS):
        yield f"select {call.replace('{c}', column)} from g"
    for column in columns:
        yield f"select 1 from g where {column}"
        yield f"select 1 from g where {column} or 1 = 1"
        yield f"select count(*) from g having max({column})"
        yield f"select 1 from g join a on g.{column}"
