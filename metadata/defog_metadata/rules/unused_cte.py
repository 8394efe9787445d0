"""unused-cte: a CTE that nothing selects from."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.progress import check_stopped
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.extents import behind, cte_text, past_blank
from defog_metadata.sql.facts.origins import cte_of
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.source.lexer import Token
from defog_metadata.text import Edit, Span


def unused_cte(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find CTEs that nothing selects from.

    ::

    with recent as (select * from orders) select id from customers
         ^^^^^^ nothing selects from recent
    """
    tree = analysis.syntax.tree
    if tree is None or not tree.find(exp.With) or _may_be_meant(analysis):
        return
    text = analysis.syntax.text
    tokens = analysis.syntax.tokens
    meant = {
        it.span: cte_of(it, catalog.naming) for it in analysis.references if it.kind == "table"
    }
    mentioned: dict[str, list[exp.Identifier]] = {}
    for it in _mentioned(tree):
        mentioned.setdefault(name_of(it).key, []).append(it)
    for cte in tree.find_all(exp.CTE):
        alias = cte.args.get("alias")
        if not isinstance(alias, exp.TableAlias) or not isinstance(cte.this, exp.Query):
            continue
        check_stopped()
        if _is_unfinished(cte):
            continue
        name = span_of(alias.this)
        if name is None:
            continue
        text_of_cte = cte_text(name, tokens)
        if text_of_cte is None or not _only_reads(cte.this):
            continue
        body = text_of_cte.body
        for written in mentioned.get(name_of(alias.this).key, ()):
            place = span_of(written)
            if place is None:
                continue
            definition = meant.get(place)
            if body.start <= place.start < body.end:  # recursion is no use
                continue
            if definition is None or definition.span == name or _is_rival(definition, cte):
                break
        else:
            fix = _removal(name, body, text, tokens)
            yield Problem(
                name,
                f"nothing selects from {text[name.start : name.end]}",
                (fix,) if fix else (),
                is_unneeded=True,
            )


def _may_be_meant(analysis: Analysis) -> bool:
    """Whether there is a table that nobody knows: a CTE's name may be misspelled there."""
    return any(it.kind == "table" and it.status == "unknown" for it in analysis.references)


def _is_unfinished(cte: exp.CTE) -> bool:
    """Whether the query behind the WITH selects from nothing, as it does until FROM is written."""
    query = cte.parent.parent if cte.parent is not None else None
    return isinstance(query, exp.Select) and query.args.get("from_") is None


def _mentioned(tree: exp.Expr) -> Iterator[exp.Identifier]:
    """The last words of what names a relation: in FROM, or behind IN."""
    for it in tree.find_all(exp.Table, exp.In):
        named = it.args.get("field") if isinstance(it, exp.In) else it
        if isinstance(named, exp.Table | exp.Column) and isinstance(named.this, exp.Identifier):
            yield named.this


def _is_rival(definition: Relation, cte: exp.CTE) -> bool:
    """Whether it is another CTE of the same WITH: two of one name are a mistake already."""
    return cte.parent is not None and any(
        span_of(alias.this) == definition.span
        for it in cte.parent.expressions
        if isinstance(alias := it.args.get("alias"), exp.TableAlias)
    )


def _only_reads(node: exp.Query) -> bool:
    """What changes data does so whether anything reads what it returns or not."""
    return node.find(exp.Insert, exp.Update, exp.Delete, exp.Merge) is None


def _removal(name: Span, body: Span, text: str, tokens: Sequence[Token]) -> Fix | None:
    title = f"Remove {text[name.start : name.end]}"
    before, after = behind(name.start, tokens) - 1, behind(body.end, tokens)
    if after >= len(tokens) or before < 0:
        return None
    if tokens[after].text == ",":
        return Fix(title, (Edit(Span(name.start, past_blank(tokens[after].end, text)), ""),))
    if tokens[after].word in ("SEARCH", "CYCLE", "USING"):
        return None
    if tokens[before].text == ",":
        return Fix(title, (Edit(Span(tokens[before].start, body.end), ""),))
    first = before - 1 if tokens[before].word == "RECURSIVE" else before
    if tokens[first].word != "WITH":
        return None
    return Fix(title, (Edit(Span(tokens[first].start, past_blank(body.end, text)), ""),))
