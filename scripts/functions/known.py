"""What people know of functions and engines do not tell, from ``known/<dialect>.txt``.

::

    [scalar]
    round(value:numeric, ?digits:integer) -> numeric | Rounds to a number of digits.
    current_date -> date | Today.

One signature a line, under a heading that says the kind; the description stands with the first
signature of a function. A line without parentheses says that the function is called without them.
``?`` marks a parameter that may be left out, ``+`` one that may be repeated. Under ``[internal]``
stand names alone, of functions that nobody calls by hand; under ``[absent]`` those of
``ansi.txt`` that the dialect does not have.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from defog_metadata.sql.functions import Function
from defog_metadata.sql.functions.notation import read

__all__ = ["Known", "known"]

_LINE = re.compile(
    r"(?P<name>[\w.$]+)(?:\((?P<parameters>[^()]*)\))?"
    r"(?: -> (?P<returns>[^|]+?))?(?: \| (?P<description>.+))?"
)


@dataclass
class Known:
    functions: dict[str, Function] = field(default_factory=dict)
    """By casefolded name."""
    internal: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    """Casefolded names."""


def known(dialect: str) -> Known:
    """Raises ``ValueError`` for a line that cannot be read."""
    path = Path(__file__).with_name("known") / f"{dialect}.txt"
    found = Known()
    kind = "scalar"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in filter(None, map(str.strip, lines)):
        if line.startswith("#"):
            continue
        if line.startswith("["):
            kind = line.strip("[]")
        elif kind == "internal":
            found.internal.update(line.split())
        elif kind == "absent":
            found.absent.update(line.casefold().split())
        else:
            _add(found.functions, kind, line)
    return found


def _add(functions: dict[str, Function], kind: str, line: str) -> None:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a function: {line}")
    name, parameters, returns, description = match.group(
        "name", "parameters", "returns", "description"
    )
    noted = " ".join(
        filter(
            None,
            (
                (parameters or "").replace(", ", "; "),
                f"-> {returns}" if returns else "",
            ),
        )
    )
    bare = "" if parameters is not None else " bare"
    one = read("\t".join((name, kind + bare, description or "", noted)))
    before = functions.get(name.casefold())
    if before is not None:
        if before.kind != one.kind:
            raise ValueError(f"{name} is both {before.kind} and {one.kind}")
        one = Function(
            before.name,
            before.kind,
            tuple(dict.fromkeys((*before.signatures, *one.signatures))),
            before.description or one.description,
            before.is_bare or one.is_bare,
        )
    functions[name.casefold()] = one
