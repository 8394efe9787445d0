"""Tables of operators, one engine's each."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp

from defog_metadata.sql.types.type_text import Spelling

__all__ = ["read_operators"]

_SIGNS: Mapping[str, tuple[type[exp.Expr], ...]] = MappingProxyType(
    {
        "+": (exp.Add,), "-": (exp.Sub,), "*": (exp.Mul,), "/": (exp.Div, exp.IntDiv),
        "%": (exp.Mod,), "||": (exp.DPipe,),
    }
)  # fmt: skip
_PARTS = 5


def read_operators(table: str, spelling: Spelling) -> Mapping[tuple[type[exp.Expr], str, str], str]:
    """What each ``left sign right = result`` of *table* says.

    What stands left of ``+``, ``*`` and ``||`` may stand right as well.
    """
    words = table.split()
    found: dict[tuple[type[exp.Expr], str, str], str] = {}
    for at in range(0, len(words), _PARTS):
        left, sign, right, equals, result = words[at : at + _PARTS]
        if equals != "=":
            raise ValueError(f"not an operator: {words[at : at + _PARTS]}")
        shown, one, other = map(spelling.base, (result, left, right))
        for operator in _SIGNS[sign]:
            found[operator, one, other] = shown
            if sign not in "-/%":
                found.setdefault((operator, other, one), shown)
    return found
