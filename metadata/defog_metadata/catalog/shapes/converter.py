"""From decoded JSON to the records, with the exact path of what does not fit."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from functools import partial
from operator import eq
from typing import Any, TypeVar

from cattrs import (
    BaseValidationError,
    ClassValidationError,
    Converter,
    IterableValidationError,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from defog_metadata.catalog.shapes.keys import split_key
from defog_metadata.catalog.shapes.records import (
    ColumnRecord,
    Default,
    Flag,
    KeyFlag,
    Reference,
    SeedColumnRecord,
    SeedRecord,
    TableRecord,
    Text,
)
from defog_metadata.catalog.values import ForeignKey, Index, TableKind, UniqueKey
from defog_metadata.errors import MetadataError

__all__ = ["kind_of", "member", "structured", "unstructured"]

T = TypeVar("T")
_Hook = Callable[..., Any]


def structured(value: object, record: type[T], path: str) -> T:
    """*value* as a *record*; *path* is where it stands in its document.

    Raises ``MetadataError`` with the path of the first element that does not fit.
    """
    try:
        return _CONVERTER.structure(value, record)
    except (BaseValidationError, _Misfit) as error:
        raise MetadataError(*_first_misfit(error, path)) from None


def unstructured(record: object) -> dict[str, Any]:
    """*record* as a JSON object, without what goes without saying."""
    written: dict[str, Any] = _CONVERTER.unstructure(record)
    return written


def member(path: str, name: str) -> str:
    """The path of the member *name* of the object at *path*."""
    if _PLAIN.fullmatch(name):
        return f"{path}.{name}" if path else name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{path}["{escaped}"]'


def kind_of(text: str) -> TableKind:
    """The kind that an engine calls *text*: ``BASE TABLE``, ``VIEW``, ``FOREIGN`` ..."""
    words = text.casefold()
    if "materialized" in words:
        return "materialized view"
    if "view" in words:
        return "view"
    if "foreign" in words or "external" in words:
        return "foreign table"
    return "table"


class _Misfit(Exception):
    """A value that does not fit; its place becomes known further up."""


def _first_misfit(error: BaseException, path: str) -> tuple[str, str]:
    while isinstance(error, BaseValidationError):
        inner, place = next(_located(error))
        path = f"{path}[{place}]" if isinstance(place, int) else member(path, place)
        error = inner
    # A generated function reads a required key of an object by subscription.
    return path, "missing" if isinstance(error, KeyError) else str(error)


def _located(error: BaseValidationError) -> Iterator[tuple[Exception, str | int]]:
    match error:
        case ClassValidationError():
            found, _ = error.group_exceptions()
            yield from ((inner, note.name) for inner, note in found)
        case IterableValidationError():
            elements, _ = error.group_exceptions()
            yield from ((inner, int(note.index)) for inner, note in elements)


def _called(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a number"
        case str():
            return "text" if value else "empty text"
        case list() | tuple():
            return "a list"
        case _:
            return "an object"


def _text(value: object, _: object) -> str:
    if isinstance(value, str):
        return value
    raise _Misfit(f"expected text, found {_called(value)}")


def _text_or_null(value: object, _: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise _Misfit(f"expected text or null, found {_called(value)}")


def _number(value: object, _: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise _Misfit(f"expected a whole number, found {_shown(value)}")


def _default(value: object, _: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
    raise _Misfit(f"expected text or null, found {_called(value)}")


def _boolean(value: object, _: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _Misfit(f"expected true or false, found {_called(value)}")


_YES = {"yes", "y", "true", "t", "1"}
_NO = {"no", "n", "false", "f", "0"}


def _flag(*, null: bool) -> Callable[[object, object], bool]:
    def structure(value: object, _: object) -> bool:
        if isinstance(value, bool):
            return value
        if value is None or value == "":
            return null
        said = str(value).strip().casefold() if isinstance(value, (str, int)) else ""
        if said in _YES | _NO:
            return said in _YES
        raise _Misfit(f'expected "YES", "NO", true, false or null, found {_shown(value)}')

    return structure


def _shown(value: object) -> str:
    if isinstance(value, str) and value:
        return f'"{value}"' if len(value) < _SHORT else "other text"
    return str(value) if isinstance(value, (int, float)) else _called(value)


def _kind(value: object, _: object) -> TableKind:
    return kind_of(_text_or_null(value, _))


def _reference(value: object, _: object) -> Reference | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return _CONVERTER.structure(value, Reference)
    schema, table, column = split_key(value)
    if not table:
        raise _Misfit('expected "table.column", found text without a dot')
    return Reference(schema=Text(schema), table=table, column=column)


_SHORT = 40
_PLAIN = re.compile(r"[^\W\d]\w*")


def _checked(kind: type, called: str, structure: _Hook) -> _Hook:
    """*structure*, after making sure that there is a JSON value of *kind* to take apart."""

    def checked(value: object, type_: object) -> Any:
        if not isinstance(value, kind):
            raise _Misfit(f"expected {called}, found {_called(value)}")
        return structure(value, type_)

    return checked


def _make_converter() -> Converter:
    converter = Converter(detailed_validation=True, unstruct_collection_overrides={tuple: list})
    _read_with(converter)
    _write_with(converter)
    return converter


def _read_with(converter: Converter) -> None:
    for type_, hook in _SCALARS:
        converter.register_structure_hook(type_, hook)
    converter.register_structure_hook_func(lambda it: it == TableKind, _kind)
    for type_ in _LISTS:
        checked = _checked(list, "a list", converter.get_structure_hook(type_))
        converter.register_structure_hook_func(partial(eq, type_), checked)
    converter.register_structure_hook_factory(
        is_dataclass,
        lambda it: _checked(dict, "an object", make_dict_structure_fn(it, converter)),
    )
    converter.register_structure_hook_func(lambda it: it == Reference | None, _reference)


def _write_with(converter: Converter) -> None:
    def hook(record: type) -> _Hook:
        always = {it: override(omit_if_default=False) for it in _ALWAYS_WRITTEN.get(record, ())}
        options: dict[str, Any] = {"_cattrs_omit_if_default": True, **always}
        return make_dict_unstructure_fn(record, converter, **options)

    converter.register_unstructure_hook(Flag, lambda it: "YES" if it else "NO")
    converter.register_unstructure_hook_factory(is_dataclass, hook)


_SCALARS: tuple[tuple[Any, _Hook], ...] = (
    (str, _text),
    (Text, _text_or_null),
    (int, _number),
    (bool, _boolean),
    (Default, _default),
    (Flag, _flag(null=True)),
    (KeyFlag, _flag(null=False)),
)
_LISTS = tuple(
    tuple[it, ...]  # type: ignore[valid-type]
    for it in (str, ColumnRecord, SeedColumnRecord, UniqueKey, ForeignKey, Index)
)
_ALWAYS_WRITTEN: Mapping[type, Sequence[str]] = {
    SeedRecord: ("table_schema", "table_description", "table_type"),
    SeedColumnRecord: (
        "is_nullable",
        "column_default",
        "column_description",
        "primary_key",
        "foreign_key",
    ),
    TableRecord: ("table_description", "table_name", "table_schema"),
    ColumnRecord: ("column_description",),
    Reference: ("schema",),
}
_CONVERTER = _make_converter()
