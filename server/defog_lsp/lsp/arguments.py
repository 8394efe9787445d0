"""What a command is asked to do: one JSON object, ``{uri, range?, tables?, columns?, …}``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

import cattrs
from lsprotocol import converters
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

__all__ = ["Asked", "read_arguments"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Tables and columns by name, or where in the document ``uri`` they are named."""

    uri: str
    tables: tuple[str, ...] = ()
    """Keys in metadata: ``t``, ``schema.t``; none: what is at ``range``."""
    columns: tuple[str, ...] = ()
    """Of the one table."""
    range: lsp.Range | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    """What else the command takes, as far as it was given."""


def read_arguments(arguments: tuple[object, ...], *texts: str) -> Asked:
    """The object that a command was given; *texts* are the keys that it takes besides.

    Raises ``JsonRpcInvalidParams``, which says what is expected.
    """
    known = ("range", "tables", "columns", *texts)
    match arguments:
        case ({"uri": str(uri), **rest},) if all(it in known for it in rest):
            given = {key: value for key, value in rest.items() if value is not None}
            range_ = _range(given.pop("range")) if "range" in given else None
            tables, columns = given.pop("tables", ()), given.pop("columns", ())
            others = {str(key): it for key, it in given.items() if isinstance(it, str)}
            if _are_texts(tables) and _are_texts(columns) and len(others) == len(given):
                return Asked(uri, tuple(tables), tuple(columns), range_, others)
    raise JsonRpcInvalidParams(f"expected one object with a uri and any of {', '.join(known)}")


def _are_texts(value: object) -> TypeGuard[Sequence[str]]:
    return isinstance(value, list | tuple) and all(isinstance(it, str) for it in value)


def _range(value: object) -> lsp.Range:
    try:
        return converters.get_converter().structure(value, lsp.Range)
    except (cattrs.BaseValidationError, TypeError, ValueError, KeyError) as error:
        raise JsonRpcInvalidParams("the range is none") from error
