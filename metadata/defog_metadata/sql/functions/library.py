"""The functions of each dialect, read from package data when first asked for."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from sqlglot.dialects.dialect import Dialect

from defog_metadata.sql.functions.notation import read
from defog_metadata.sql.functions.values import Function

__all__ = ["functions_of", "is_complete", "is_known", "is_known_elsewhere", "spellings"]

# Dialects that take another's functions for theirs.
_SAME: Mapping[str, str] = MappingProxyType(
    {
        "": "ansi",
        "athena": "trino",
        "dax": "ansi",
        "druid": "ansi",
        "dune": "trino",
        "fabric": "tsql",
        "materialize": "postgres",
        "prql": "ansi",
        "risingwave": "postgres",
        "solr": "ansi",
    }
)
# Dialects that have grown out of another, and know more of its functions than they document.
_PARENTS: Mapping[str, str] = MappingProxyType(
    {
        "databricks": "spark",
        "doris": "mysql",
        "redshift": "postgres",
        "singlestore": "mysql",
        "spark": "hive",
        "spark2": "hive",
        "starrocks": "mysql",
    }
)
# Whose list comes from the engine itself. The others are what is known of the grammar.
_COMPLETE = frozenset(("duckdb", "mysql", "postgres", "sqlite"))
# How the names of well-known extensions begin that the data files do not list: PostGIS and spatial.
_FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"postgres": ("st_", "postgis_", "_st_"), "duckdb": ("st_", "h3_")}
)


def functions_of(dialect: str) -> Mapping[str, Function]:
    """The functions a person calls, by casefolded name; none for a dialect nobody knows.

    Those of extensions are included and say which they belong to.
    """
    return _library(_SAME.get(dialect, dialect))


def is_known(name: str, dialect: str) -> bool:
    """Whether *name*, in any letter case, is a function of *dialect*, internal ones included."""
    key = name.casefold()
    if key.startswith(_FAMILIES.get(dialect, ())):
        return True
    library = _SAME.get(dialect, dialect)
    while library:
        if key in _library(library) or key in _library(library).internal:
            return True
        library = _PARENTS.get(library, "")
    # What the grammar takes of every dialect says nothing about an engine, but cannot be denied
    # where only the grammar is known.
    return not is_complete(dialect) and name.upper() in _grammar(dialect)


def is_complete(dialect: str) -> bool:
    """Whether a name that is not known is none of the engine's own functions.

    It may still be one that a user or an extension has defined.
    """
    return dialect in _COMPLETE


def is_known_elsewhere(name: str) -> bool:
    """Whether several dialects have a function *name*, in any letter case.

    Such are what people define for themselves where an engine has none.
    """
    return _sharing()[name.casefold()] >= _SEVERAL


@lru_cache(maxsize=64)
def spellings(dialect: str) -> tuple[str, ...]:
    """The casefolded names that one may have meant who calls what is not known.

    Those that most dialects share come first. Where only part of an engine's functions is known,
    they are all: one of the others could be a slip away from another that is not known.
    """
    shared = _sharing()
    known = sorted(functions_of(dialect), key=lambda it: -shared[it])
    if is_complete(dialect):
        return tuple(known)
    return tuple(it for it in known if shared[it] >= _WIDELY)


_SEVERAL = 2
# In so many dialects that whoever calls something spelled like it will have meant it.
_WIDELY = 12


@lru_cache(maxsize=1)
def _sharing() -> Counter[str]:
    """In how many dialects each name is a function."""
    found: Counter[str] = Counter()
    for file in (files("defog_metadata.sql.functions") / "data").iterdir():
        library = _library(file.name.removesuffix(".tsv"))
        found.update({*library, *library.internal})
    return found


class _Library(Mapping[str, Function]):
    """The lines of one data file; a line is understood when its function is asked for."""

    def __init__(self, text: str) -> None:
        lines = [it for it in text.split("\n") if it and not it.startswith("#")]
        self._lines = {it.partition("\t")[0].casefold(): it for it in lines if "\t" in it}
        self._read: dict[str, Function] = {}
        self.internal = frozenset(it.casefold() for it in lines if "\t" not in it)

    def __getitem__(self, key: str) -> Function:
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = read(self._lines[key])
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _grammar(dialect: str) -> Collection[str]:
    try:
        return Dialect.get_or_raise(dialect or None).parser_class.FUNCTIONS
    except ValueError:  # no dialect of sqlglot's
        return ()


@lru_cache(maxsize=64)
def _library(name: str) -> _Library:
    # A dialect may be called anything by an editor, but only our own files are looked for.
    file = files("defog_metadata.sql.functions") / "data" / f"{name}.tsv"
    return _Library(
        file.read_text(encoding="utf-8") if name.isidentifier() and file.is_file() else ""
    )
