"""A subquery in FROM as a CTE of the statement."""

from collections.abc import Callable, Iterator

from sqlglot import exp

from defog_lsp.ide.code_actions.place import Place, Refactoring
from defog_lsp.ide.code_actions.with_clause import ctes_of, has_positional_parameters
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.origins import cte_of
from defog_metadata.sql.scopes import Field, Reference, Relation
from defog_metadata.text import Edit, Span

__all__ = ["extract_cte"]


def extract_cte(place: Place) -> Iterator[Refactoring]:
    """Name the innermost subquery in FROM around the caret in WITH.

    ::

    select x.id from (select id from orders) x
    with x as (select id from orders) select x.id from x
    """
    if place.tree.find(exp.Lock):
        return  # FOR UPDATE OF names what it locks, and locks nothing in a CTE
    found = [
        (brackets.end - brackets.start, index, it, brackets, named)
        for index, it in enumerate(place.tree.find_all(exp.Subquery))
        if isinstance(it.parent, exp.From | exp.Join)
        and isinstance(it.this, exp.Select | exp.SetOperation)
        and (extents := _extents(it, place)) is not None
        for brackets, named in [extents]
        if place.is_selected(Span(brackets.start, named.end))
    ]
    if not found:
        return
    _, _, subquery, brackets, named = min(found)
    where = _where(subquery, brackets, place)
    if where is None or has_positional_parameters(place, brackets):
        return
    before, at, is_first = where
    alias = subquery.args["alias"].this
    name = _free_name(alias, place)
    written = place.text[named.start : named.end]  # with its columns, if it lists any
    columns = written[_length(alias) :]
    head = f"{name}{columns} {place.keyword('AS')} {place.text[brackets.start : brackets.end]}"
    kept = place.text[named.start : named.start + _length(alias)]
    edits = (
        _definition(head, before, at, place, is_first=is_first),
        Edit(Span(brackets.start, named.end), kept if name == kept else f"{name} {kept}"),
    )
    yield Refactoring(f"Extract {kept} to a CTE", edits)


def _length(identifier: exp.Identifier) -> int:
    span = span_of(identifier)
    return span.end - span.start if span else 0


def _extents(subquery: exp.Subquery, place: Place) -> tuple[Span, Span] | None:
    """The subquery with its brackets, and its alias with the columns that it lists."""
    alias = subquery.args.get("alias")
    unusual = ("pivots", "sample", "joins", "laterals", "with_", "order", "limit", "offset")
    if not isinstance(alias, exp.TableAlias) or any(subquery.args.get(it) for it in unusual):
        return None
    named = span_of(alias.this) if isinstance(alias.this, exp.Identifier) else None
    if named is None:
        return None
    index = place.behind(named.start)
    closing = index - 2 if place.word(index - 1) == "AS" else index - 1
    opening = place.opening(closing)
    if opening is None:
        return None
    if alias.args.get("columns"):
        last = place.closing(index + 1) if place.word(index + 1) == "(" else None
        if last is None:
            return None
        named = Span(named.start, place.tokens[last].end)
    brackets = Span(place.tokens[opening].start, place.tokens[closing].end)
    if place.word(opening - 1) == "LATERAL" or place.word(opening - 1) == "APPLY":
        return None
    return None if place.has_comment(Span(brackets.end, named.end)) else (brackets, named)


def _where(
    subquery: exp.Subquery, brackets: Span, place: Place
) -> tuple[Span | None, int, bool] | None:
    """Where the CTE's definition goes: behind another's end, or before some place.

    Answered with the query's WITH clause (or ``None``), the offset, and whether what is there
    follows the new definition. ``None`` where it cannot be moved at all.
    """
    root: exp.Expr = subquery
    node: exp.Expr | None = subquery
    while node is not None:
        root = node if isinstance(node, exp.Query) else root
        node = node.parent
    if not _may_have_with(root, place):
        return None
    ctes = ctes_of(root, place)
    if ctes is None:
        return None
    inside = next(
        (i for i, it in enumerate(ctes) if it.body.start <= brackets.start < it.body.end), None
    )
    earlier = ctes if inside is None else ctes[:inside]
    if not _is_movable(brackets, {it.name for it in earlier}, place):
        return None
    if not ctes:
        start = _start_of(root, place)
        return None if start is None else (None, start, True)
    if inside is not None:
        return ctes[inside].name, ctes[inside].name.start, True
    return ctes[-1].name, ctes[-1].end, False


def _may_have_with(root: exp.Expr, place: Place) -> bool:
    parent = root.parent
    if isinstance(parent, exp.Insert):
        # T-SQL wants WITH before INSERT. Where the statement has one there, ours would be second.
        return place.dialect not in {"tsql", "fabric"} and not parent.args.get("with_")
    return parent is None or (isinstance(parent, exp.Create) and not parent.args.get("with_"))


def _start_of(root: exp.Expr, place: Place) -> int | None:
    """Where the first SELECT of *root* starts; ``None`` if brackets stand before it."""
    first = root
    while isinstance(first, exp.SetOperation):
        first = first.this
    span = place.span_of_select(first) if isinstance(first, exp.Select) else None
    if span is None:
        return None
    before = place.word(place.behind(span.start) - 1)
    return None if before == "(" else span.start


def _definition(head: str, before: Span | None, at: int, place: Place, *, is_first: bool) -> Edit:
    if before is None:
        line = max(place.text.rfind("\n", 0, at), -1) + 1
        indent = place.text[line:at] if not place.text[line:at].strip() else ""
        return Edit(Span(at, at), f"{place.keyword('WITH')} {head}\n{indent}")
    if is_first:
        return Edit(Span(at, at), f"{head}, ")
    following = place.tokens[place.behind(at)].start
    line = max(place.text.rfind("\n", 0, before.start), -1) + 1
    indent = place.text[line : before.start]
    if "\n" not in place.text[at:following]:
        separator = ", "
    else:
        separator = ",\n" + (indent if not indent.strip() else "")
    return Edit(Span(at, at), f"{separator}{head}")


def _is_movable(brackets: Span, visible: set[Span], place: Place) -> bool:
    """Whether all names in the brackets would mean the same among the statement's CTEs."""
    return all(
        _is_own(it, brackets, visible, place)
        for it in place.analysis.references
        if brackets.start <= it.span.start < brackets.end
    )


def _is_own(reference: Reference, brackets: Span, visible: set[Span], place: Place) -> bool:
    def within(relation: Relation) -> bool:
        span = relation.span
        return span is not None and brackets.start <= span.start < brackets.end

    if reference.kind == "table":
        cte = cte_of(reference, place.naming)
        return cte is None or within(cte) or cte.span in visible
    if reference.kind == "schema":
        return True
    level = reference.scope
    if reference.qualifier:
        owner = level.relation(reference.qualifier, place.naming)
        return owner is not None and _is_inside(owner, reference, within)
    target = reference.targets[0] if reference.targets else None
    if isinstance(target, Relation):
        return _is_inside(target, reference, within)
    if isinstance(target, Field):
        for it in level.outward():
            if any(target is field for field in it.aliases):
                return True
            found = it.fields_called(reference.name, place.naming)
            if found:
                return _is_inside(found[0][0], reference, within)
    # It is not known where the name comes from: certain only if there is nothing further out.
    return not any(
        not within(relation) and relation.name is not None
        for it in level.outward()
        for relation in it.relations
    )


def _is_inside(owner: Relation, reference: Reference, within: Callable[[Relation], bool]) -> bool:
    # A relation without a name of its own (a union's, for its ORDER BY) is never seen from inside.
    return within(owner) or (
        owner.span is None and any(owner is x for x in reference.scope.relations)
    )


def _free_name(alias: exp.Identifier, place: Place) -> str:
    """The alias, if no table and no CTE of the statement is called so; else something near."""
    naming = place.naming
    span = span_of(alias)
    taken = {it.name.key for it in place.analysis.references if it.kind == "table"}
    taken |= {it.name.key for s in place.analysis.scopes for it in s.ctes if it.name}
    own = name_of(alias)
    if own.key not in taken and span is not None:
        return place.text[span.start : span.end]
    return next(
        naming.write(it) if own.quoted else it
        for number in range(2, 1000)
        for it in [f"{own.text}_{number}"]
        if it.casefold() not in taken
    )
