"""The CTEs of a query, as they stand in the text."""

from dataclasses import dataclass

from sqlglot import exp

from defog_lsp.ide.code_actions.place import Place
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.extents import cte_text
from defog_metadata.text import Span

__all__ = ["Cte", "ctes_of", "has_positional_parameters"]


@dataclass(frozen=True, slots=True)
class Cte:
    node: exp.CTE
    name: Span
    columns: Span | None
    """The list behind the name, with its brackets."""
    body: Span
    """The query with its brackets."""

    @property
    def end(self) -> int:
        return self.body.end


def ctes_of(query: exp.Expr, place: Place) -> list[Cte] | None:
    """The CTEs that *query* itself defines, in order; ``None`` where one has an unusual form."""
    with_ = query.args.get("with_")
    if not isinstance(with_, exp.With):
        return []
    found = [_cte(it, place) for it in with_.expressions]
    return None if with_.args.get("search") or None in found else [it for it in found if it]


def _cte(node: exp.CTE, place: Place) -> Cte | None:
    alias = node.args.get("alias")
    name = span_of(alias.this) if isinstance(alias, exp.TableAlias) and alias.this else None
    if name is None or node.args.get("key_expressions"):
        return None
    found = cte_text(name, place.tokens)
    if found is None or place.word(place.behind(found.body.end)) in ("SEARCH", "CYCLE", "USING"):
        return None
    return Cte(node, name, found.columns, found.body)


def has_positional_parameters(place: Place, span: Span) -> bool:
    """Whether moving the text of *span* would change which value a ``?`` or ``%s`` stands for."""
    return any(
        it.kind == "parameter" and it.text in ("?", "%s") and span.start <= it.start < span.end
        for it in place.tokens
    )
