"""What an expression's surroundings say about its type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlglot import exp

from defog_metadata.catalog import Name, Naming
from defog_metadata.sql.scopes import Field, Scope
from defog_metadata.sql.types.type_text import field_of

__all__ = ["Context"]

_NO_QUERIES: Mapping[int, str] = MappingProxyType({})


@dataclass(slots=True)
class Context:
    """The scope of one expression, and what else is needed to understand it.

    ``queries`` has the type of every query with a single column, by the identity of its node.
    ``earlier`` are the outputs to the left in the same select list, which some engines see.
    ``text`` is the statement as written: the tree does not keep every difference.
    """

    scope: Scope
    naming: Naming
    queries: Mapping[int, str] = field(default_factory=lambda: _NO_QUERIES)
    earlier: Sequence[Field] = ()
    text: str = ""
    depth: int = 0
    """How many expressions around the present one are being looked at."""

    def called(self, node: exp.Expr) -> str:
        """The name of a function as the text has it, in lower case; empty where that is lost.

        Several functions may have become the same kind of node.
        """
        start, end = node.meta.get("start"), node.meta.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            return ""
        return self.text[start : end + 1].lower()

    def column_types(self, node: exp.Column) -> Sequence[str]:
        """The types of the columns that *node* may mean: several where a join has merged them."""
        path = [
            Name(it.name, bool(it.args.get("quoted")))
            for it in node.parts
            if isinstance(it, exp.Identifier)
        ]
        for length in range(len(path) - 1, 0, -1):
            relation = self.scope.relation(tuple(path[:length]), self.naming)
            if relation is not None:
                members = path[length + 1 :]
                found = relation.fields_called(path[length], self.naming)
                if not found:
                    # ``UNNEST(items) AS item``: what is called item is the element itself.
                    found = relation.fields_called(path[length - 1], self.naming)
                    members = path[length:]
                return _reached([it.type for it in found], members)
        return _reached(self._unqualified(path[0]), path[1:]) if path else ()

    def _unqualified(self, name: Name) -> Sequence[str]:
        for level in self.scope.outward():
            found = [
                it
                for relation in level.relations
                for it in relation.fields_called(name, self.naming)
            ]
            if found:
                return [it.type for it in found]
            if level.is_open:
                return ()
        return [it.type for it in self.earlier if it.is_called(name, self.naming)][:1]


def _reached(found: Sequence[str], members: Sequence[Name]) -> Sequence[str]:
    """The types behind the dots of ``column.member.member``."""
    for member in members:
        found = [field_of(it, member.text) for it in found]
    return found
