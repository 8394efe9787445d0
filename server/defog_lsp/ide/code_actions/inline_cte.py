"""A CTE as a subquery in each place that selects from it."""

from collections.abc import Iterator

from sqlglot import exp

from defog_lsp.ide.code_actions.place import Place, Refactoring
from defog_lsp.ide.code_actions.with_clause import Cte, ctes_of, has_positional_parameters
from defog_metadata.catalog import Name
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.extents import past_blank
from defog_metadata.sql.facts.origins import cte_of
from defog_metadata.sql.functions import is_known
from defog_metadata.sql.scopes import Reference, Scope
from defog_metadata.text import Edit, Span

__all__ = ["inline_cte"]

# Whose aliases of subqueries can list columns.
_LISTS_COLUMNS = frozenset(
    ("postgres", "redshift", "tsql", "fabric", "snowflake", "duckdb", "trino", "presto", "spark",
     "databricks")
)  # fmt: skip
# What gives another value (or does something) each time it is asked.
_VOLATILE = (exp.Rand, exp.Randn, exp.Uuid, exp.TableSample)
_VOLATILE_NAMES = frozenset(
    """random rand randn uuid uuid_short newid newsequentialid gen_random_uuid uuid_generate_v4
    nextval setval currval lastval clock_timestamp timeofday sleep pg_sleep changes
    last_insert_rowid last_insert_id total_changes randomblob random_normal uniform randstr
    seq4 seq8 generate_uuid txid_current pg_advisory_lock set_config uuidv4 uuidv7
    gen_random_bytes sysdate get_lock benchmark row_count found_rows""".split()
)


def inline_cte(place: Place) -> Iterator[Refactoring]:
    """Put the selected CTE's query where it is selected from, under the CTE's name.

    ::

    with x as (select id from orders) select x.id from x
    select x.id from (select id from orders) AS x
    """
    if place.tree.find(exp.Lock):
        return
    for query in place.tree.walk():
        if query.args.get("with_"):
            ctes = ctes_of(query, place) or []
            for index, cte in enumerate(ctes):
                uses = _uses(cte, place)
                spans = [cte.name, *(it.span for it in uses)]
                if any(map(place.is_selected, spans)):
                    yield from _inlined(ctes, index, uses, place)


def _uses(cte: Cte, place: Place) -> list[Reference]:
    """Where the statement selects from *cte*, or does something else with it."""
    return [
        it
        for it in place.analysis.references
        if (found := cte_of(it, place.naming)) is not None and found.span == cte.name
    ]


def _inlined(
    ctes: list[Cte], index: int, uses: list[Reference], place: Place
) -> Iterator[Refactoring]:
    cte = ctes[index]
    tables = {span_of(it.this): it for it in place.tree.find_all(exp.Table)}
    nodes = [tables.get(it.span) for it in uses]
    if not uses or not _is_inlinable(cte, uses, place):
        return
    edits: list[Edit] = []
    for number, (use, table) in enumerate(zip(uses, nodes, strict=True)):
        if table is None or not _is_plain(table) or not _means_the_same(cte, use, place):
            return
        comments = _comments_before(cte, place) if number == 0 else ""
        edit = _replacement(cte, use, table, comments, place)
        if edit is None:
            return
        edits += edit
    removal = _removal(ctes, index, place)
    if removal is None:
        return
    shown = place.text[cte.name.start : cte.name.end]
    yield Refactoring(f"Inline the CTE {shown}", (removal, *edits))


def _is_inlinable(cte: Cte, uses: list[Reference], place: Place) -> bool:
    body = cte.node.this
    if not isinstance(body, exp.Select | exp.SetOperation) or cte.node.args.get("materialized"):
        return False
    if body.find(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Into):
        return False
    if any(cte.body.start <= it.span.start < cte.body.end for it in uses):
        return False  # recursion
    if any(
        cte.body.start <= it.span.start < cte.body.end and it.status == "ambiguous"
        for it in place.analysis.references
    ):
        return False
    if has_positional_parameters(place, cte.body) or any(map(_is_volatile, _calls(body, place))):
        return False
    # Which rows LIMIT takes need not be the same twice.
    limits = (exp.Limit, exp.Offset, exp.Fetch)
    return len(uses) == 1 or body.find(*limits) is None


def _calls(body: exp.Expr, place: Place) -> Iterator[tuple[exp.Expr, str]]:
    for node in body.find_all(exp.Func, exp.TableSample):
        name = node.name if isinstance(node, exp.Anonymous) else ""
        # What the engine does not have itself may do anything.
        yield node, "random" if name and not is_known(name, place.dialect) else name.casefold()


def _is_volatile(call: tuple[exp.Expr, str]) -> bool:
    node, name = call
    if name:
        return name in _VOLATILE_NAMES
    sql_name = type(node).__name__.casefold()
    return isinstance(node, _VOLATILE) or sql_name in _VOLATILE_NAMES


def _is_plain(table: exp.Table) -> bool:
    """Whether the table is one that a subquery can stand in for."""
    parent = table.parent
    if not isinstance(parent, exp.From | exp.Join) or not isinstance(parent.parent, exp.Select):
        return False
    unusual = ("pivots", "sample", "hints", "when", "version", "partition", "only", "ordinality")
    return not any(table.args.get(it) for it in unusual)


def _means_the_same(cte: Cte, use: Reference, place: Place) -> bool:
    """Whether every table in the CTE is the same where it is used: no other CTE hides it."""
    for it in place.analysis.references:
        if not cte.body.start <= it.span.start < cte.body.end:
            continue
        if it.kind == "column" and it.status in ("uncertain", "unknown") and _has_outer(use.scope):
            return False
        if it.kind == "table" and not it.qualifier:
            found = cte_of(it, place.naming)
            if (
                found is not None
                and found.span
                and cte.body.start <= found.span.start < cte.body.end
            ):
                continue
            here = _cte_called(it.name, use.scope, place)
            if (found.span if found else None) != here:
                return False
    return True


def _has_outer(scope: Scope) -> bool:
    return any(it.relations for it in scope.outward() if it is not scope)


def _cte_called(name: Name, scope: Scope, place: Place) -> Span | None:
    return next(
        (it.span for it in scope.ctes if it.name and place.naming.equal(name, it.name)), None
    )


def _comments_before(cte: Cte, place: Place) -> str:
    """What is said of the CTE before its query starts."""
    start = place.tokens[place.behind(cte.name.start) - 1].end
    said = [
        it.text
        for it in place.all_tokens
        if it.kind == "comment" and start <= it.start < cte.body.start
    ]
    return "".join(f"{it}\n" for it in said)


def _replacement(
    cte: Cte, use: Reference, table: exp.Table, comments: str, place: Place
) -> list[Edit] | None:
    text = place.text
    inner = text[cte.body.start + 1 : cte.body.end - 1]
    body = f"(\n{comments}{inner.lstrip()})" if comments else f"({inner})"
    columns = text[cte.columns.start : cte.columns.end] if cte.columns else ""
    if columns and place.dialect not in _LISTS_COLUMNS:
        return None
    alias = table.args.get("alias")
    if not isinstance(alias, exp.TableAlias):
        as_ = "" if place.dialect == "oracle" else f"{place.keyword('AS')} "
        name = text[cte.name.start : cte.name.end]
        return [Edit(use.span, f"{body} {as_}{name}{columns}")]
    if columns:
        named = span_of(alias.this) if alias.this else None
        if named is None or alias.args.get("columns"):
            return None
        return [Edit(use.span, body), Edit(Span(named.end, named.end), columns)]
    return [Edit(use.span, body)]


def _removal(ctes: list[Cte], index: int, place: Place) -> Edit | None:
    cte = ctes[index]
    before = place.behind(cte.name.start) - 1
    after = place.behind(cte.end)
    if len(ctes) > 1 and index == 0:
        if place.word(after) != ",":
            return None
        start = _after_comments(place, before, cte.name.start)
        return Edit(Span(start, past_blank(place.tokens[after].end, place.text)), "")
    if len(ctes) > 1:
        return Edit(Span(place.tokens[before].start, cte.end), "")
    if place.word(before) == "RECURSIVE":
        before -= 1
    if place.word(before) != "WITH":
        return None
    return Edit(Span(place.tokens[before].start, past_blank(cte.end, place.text)), "")


def _after_comments(place: Place, before: int, name: int) -> int:
    """The comments before the first CTE's name go with it."""
    start = place.tokens[before].end
    return past_blank(start, place.text) if place.has_comment(Span(start, name)) else name
