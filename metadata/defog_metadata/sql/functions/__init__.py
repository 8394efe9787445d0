"""The functions that each engine has built in.

The data files are made by ``make functions`` from real engines and from the grammars of sqlglot.
"""

from defog_metadata.sql.functions.describe import described, facts
from defog_metadata.sql.functions.library import (
    functions_of,
    is_complete,
    is_known,
    is_known_elsewhere,
    spellings,
)
from defog_metadata.sql.functions.values import Function, FunctionKind, Parameter, Signature

__all__ = [
    "Function",
    "FunctionKind",
    "Parameter",
    "Signature",
    "described",
    "facts",
    "functions_of",
    "is_complete",
    "is_known",
    "is_known_elsewhere",
    "spellings",
]
