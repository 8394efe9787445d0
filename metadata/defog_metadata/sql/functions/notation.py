r"""How the data files note a function: one line, its parts divided by tabs.

::

    round   scalar  Rounds to a number of digits.   value:numeric; ?digits:integer -> numeric

Name, kind, description, then each signature: parameters divided by ``; ``, marked ``?`` when they
may be left out and ``+`` when they may be repeated. The kind may be followed by ``bare`` and by the
name of an extension. A line with a name alone is a function that nobody calls by hand, such as
the one behind an operator.
"""

from typing import cast, get_args

from defog_metadata.sql.functions.values import Function, FunctionKind, Parameter, Signature

__all__ = ["read", "write"]

_KINDS = get_args(FunctionKind)


def read(line: str) -> Function:
    """The function that *line* notes; raises ``ValueError`` for a line in another notation."""
    name, kind, description, *signatures = line.split("\t")
    kind, *marks = kind.split(" ")
    if kind not in _KINDS:
        raise ValueError(f"no kind of function: {kind}")
    is_bare = "bare" in marks
    return Function(
        name,
        cast("FunctionKind", kind),
        tuple(map(_signature, signatures)),
        description,
        is_bare,
        " ".join(it for it in marks if it != "bare"),
    )


def write(function: Function) -> str:
    """The line that notes *function*; raises ``ValueError`` when a part cannot be noted."""
    kind = " ".join(
        filter(None, (function.kind, "bare" if function.is_bare else "", function.extension))
    )
    signatures = (_noted(it) for it in function.signatures)
    line = "\t".join((function.name, kind, function.description, *signatures))
    if "\n" in line or read(line) != function:
        raise ValueError(f"cannot be noted: {function}")
    return line


def _signature(noted: str) -> Signature:
    parameters, _, returns = noted.partition("-> ")
    parameters = parameters.strip()
    return Signature(tuple(map(_parameter, parameters.split("; "))) if parameters else (), returns)


def _parameter(noted: str) -> Parameter:
    bare = noted.lstrip("?+")
    marks = noted[: len(noted) - len(bare)]
    name, _, shown_type = bare.partition(":")
    return Parameter(name, shown_type, "?" in marks, "+" in marks)


def _noted(signature: Signature) -> str:
    parameters = "; ".join(
        "?" * it.is_optional + "+" * it.is_variadic + it.name + (f":{it.type}" if it.type else "")
        for it in signature.parameters
    )
    returns = f"-> {signature.returns}" if signature.returns else ""
    return " ".join(filter(None, (parameters, returns)))
