"""PostgreSQL's own types, those of its extensions, and those that have to be made first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from defog_metadata.catalog import Column, Table
from defog_metadata.ddl.types import base_name, is_array, is_known, is_unnamed

__all__ = [
    "Domain",
    "domains",
    "extensions",
    "is_built_in",
    "is_enumeration",
    "is_own",
    "without_domains",
]


@dataclass(frozen=True, slots=True)
class Domain:
    """A name for a type that the metadata do not tell more of. ``base`` is what it seems to be."""

    name: str
    base: str


_BUILT_IN = frozenset(
    """smallint integer int bigint int2 int4 int8 decimal numeric real float float4 float8
    smallserial serial bigserial serial2 serial4 serial8 money
    character varchar char bpchar text name bytea timestamp timestamptz date time timetz interval
    boolean bool point line lseg box path polygon circle cidr inet macaddr macaddr8 bit varbit
    tsvector tsquery uuid xml json jsonb jsonpath pg_lsn pg_snapshot txid_snapshot
    int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange
    nummultirange tsmultirange tstzmultirange datemultirange
    oid regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc
    regprocedure regrole regtype xid xid8 cid tid int2vector oidvector aclitem refcursor""".split()
) | {
    "double precision", "character varying", "bit varying", "national character",
    "national character varying", "char varying", '"char"',
    "timestamp without time zone", "timestamp with time zone", "time without time zone",
    "time with time zone",
}  # fmt: skip
_EXTENSIONS = {
    "citext": "citext", "hstore": "hstore", "ltree": "ltree", "lquery": "ltree",
    "ltxtquery": "ltree", "cube": "cube", "seg": "seg", "vector": "vector", "halfvec": "vector",
    "sparsevec": "vector", "geometry": "postgis", "geography": "postgis", "box2d": "postgis",
    "box3d": "postgis", "isbn": "isn", "isbn13": "isn", "ean13": "isn", "issn": "isn",
    "upc": "isn",
}  # fmt: skip
_CALLED = (
    (re.compile(r"\buuid_(?:generate_v\d\w*|nil|ns_\w+)\("), "uuid-ossp"),
    (re.compile(r"\b(?:gen_random_bytes|gen_salt|crypt|digest|hmac)\("), "pgcrypto"),
)


def is_built_in(shown: str) -> bool:
    """Whether PostgreSQL, or an extension, knows the type without any help."""
    name = base_name(shown)
    return name in _BUILT_IN or _unqualified(name) in _EXTENSIONS or name.startswith("interval ")


def is_own(shown: str) -> bool:
    """Whether *shown* is the name of a type, and of none that PostgreSQL or another engine has."""
    element = _ARRAY.sub("", shown.strip())
    return bool(_NAME.fullmatch(element)) and not is_built_in(shown) and not is_known(element, "")


def extensions(tables: Iterable[Table]) -> list[str]:
    """The extensions that columns of *tables* need, in alphabetical order."""
    found = set()
    for column in _columns(tables):
        if extension := _EXTENSIONS.get(_unqualified(base_name(column.type))):
            found.add(extension)
        for pattern, extension in _CALLED:
            if pattern.search(column.default or ""):
                found.add(extension)
    return sorted(found)


def _unqualified(name: str) -> str:
    return name.rpartition(".")[2]


def is_enumeration(column: Column, dialect: str) -> bool:
    """Whether the values of *column* are those of its type, and not those of a check."""
    if not column.enum_values:
        return False
    shown = column.type.strip()
    if dialect == "postgres":
        return is_unnamed(shown) or not is_built_in(shown)
    return shown.lower().startswith("enum")


def domains(tables: Iterable[Table]) -> list[Domain]:
    """A domain for each type of *tables* that neither PostgreSQL nor the metadata know."""
    found: dict[str, str] = {}
    for column in _columns(tables):
        shown = column.type
        if column.enum_values or is_unnamed(shown) or not is_own(shown):
            continue
        name = _ARRAY.sub("", shown.strip())
        base = _base(name, None if is_array(shown) else column.default)
        if found.get(name, "text") == "text":
            found[name] = base
    return [Domain(name, base) for name, base in found.items()]


def without_domains(tables: Iterable[Table]) -> list[Table]:
    """*tables* whose types of their own, which no other engine has, are what they seem to be."""
    tables = list(tables)
    bases = {it.name: it.base for it in domains(tables)}

    def plain(column: Column) -> Column:
        element = _ARRAY.sub("", column.type.strip())
        if element not in bases or column.enum_values:
            return column
        return replace(column, type=bases[element] + ("[]" if is_array(column.type) else ""))

    return [replace(it, columns=tuple(map(plain, it.columns))) for it in tables]


_ARRAY = re.compile(r"(?:\s*\[\d*\])+$")
_NAME = re.compile(r'(?:(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)\.)*(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)')
_WHOLE = re.compile(r"-?\d+")
_DECIMAL = re.compile(r"-?\d*\.\d+")


def _base(name: str, default: str | None) -> str:
    """What a type may be, by one of its defaults."""
    if name.lower() == "year":
        return "integer"
    value = (default or "").strip().lower()
    if value in ("true", "false"):
        return "boolean"
    if _WHOLE.fullmatch(value):
        return "integer"
    return "numeric" if _DECIMAL.fullmatch(value) else "text"


def _columns(tables: Iterable[Table]) -> Iterable[Column]:
    return (column for table in tables for column in table.columns)
