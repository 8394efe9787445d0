"""cartesian-join: relations that nothing ties together."""

from collections.abc import Iterable, Iterator, Mapping

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.extents import behind, end_of_source, extent
from defog_metadata.sql.facts.keys import conditions_between
from defog_metadata.sql.facts.origins import cte_of, origin_of, own_columns, scope_around
from defog_metadata.sql.scopes import Relation, Scope
from defog_metadata.text import Edit, Span


def cartesian_join(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find relations that nothing ties to the others of their FROM.

    ::

    select o.id from orders o, customers c
                               ^ nothing ties c to the rest: every row meets every row
    """
    tree = analysis.syntax.tree
    if tree is None or not tree.find(exp.Join):
        return
    ctes = _ctes(tree)
    defined: dict[Span | None, exp.Expr | None] = {
        it.span: ctes.get(cte.span)
        for it in analysis.references
        if (cte := cte_of(it, catalog.naming)) is not None and cte.span is not None
    }
    for select in tree.find_all(exp.Select):
        if select.args.get("joins") and not select.args.get("match_condition"):
            yield from _From(analysis, catalog, defined, select).problems()


def _ctes(tree: exp.Expr) -> dict[Span, exp.Expr]:
    """The query of each CTE by where its name stands."""
    found: dict[Span, exp.Expr] = {}
    for it in tree.find_all(exp.CTE):
        alias = it.args.get("alias")
        span = span_of(alias.this) if isinstance(alias, exp.TableAlias) else None
        if span is not None:
            found[span] = it.this
    return found


class _From:
    """The relations of one FROM, in groups that conditions have tied together."""

    def __init__(
        self,
        analysis: Analysis,
        catalog: Catalog,
        defined: Mapping[Span | None, exp.Expr | None],
        select: exp.Select,
    ) -> None:
        self._bound = analysis.bound
        self._naming = catalog.naming
        self._syntax = analysis.syntax
        self._defined = defined
        self._select = select
        self._scope = analysis.bound.scopes.get(id(select))
        self._group: dict[int, int] = {}

    def problems(self) -> Iterator[Problem]:
        scope = self._scope
        items = list(self._items())
        if scope is None or len(scope.relations) != len(items):
            return  # what the binder made of FROM is not what stands here
        names = [it.name.key for it in scope.relations if it.name]
        if len(names) != len(set(names)):
            return  # two of one name: nobody can tell what a condition ties
        pairs = list(zip(scope.relations, items, strict=True))
        self._group = {id(relation): id(relation) for relation, _ in pairs}
        if not all(self._tie_by(it) for it in self._conditions()):
            return
        for index, (relation, (item, join)) in enumerate(pairs):
            if join is not None and _is_tied(join):
                for before, _ in pairs[:index]:
                    self._tie(id(before), id(relation))
            elif self._is_meant(relation, item, join):
                self._tie(id(relation), id(pairs[0][0]))
        first = pairs[0][0]
        if self._is_meant(first, *pairs[0][1]) and len(pairs) > 1:
            self._tie(id(first), id(pairs[1][0]))
        reported = {self._root(id(first))}
        for relation, (item, join) in pairs[1:]:
            root = self._root(id(relation))
            if root not in reported and relation.span is not None:
                reported.add(root)
                name = relation.name.text if relation.name else "this"
                yield Problem(
                    relation.span,
                    f"nothing ties {name} to the rest: every row meets every row;"
                    " add the condition, or write CROSS JOIN if that is meant",
                    tuple(self._mends(relation, item, join)),
                )

    def _mends(self, relation: Relation, item: exp.Expr, join: exp.Join | None) -> Iterator[Fix]:
        tokens = self._syntax.tokens
        place = extent(item, tokens)
        if place is None or join is None or join.args.get("on") or self._scope is None:
            return
        before = tokens[behind(place.start, tokens) - 1]
        others = [
            it for it in self._scope.relations if self._root(id(it)) != self._root(id(relation))
        ]
        for other in others:
            for condition in conditions_between(relation, other, self._naming):
                edit = self._tying(condition) if before.text == "," else None
                if edit is not None:
                    yield Fix(f"Add {condition}", (edit,))
        if before.text == ",":
            edit = Edit(Span(before.start, before.end), " CROSS JOIN")
            yield Fix("Write CROSS JOIN", (edit,))

    def _tying(self, condition: str) -> Edit | None:
        """The edit that adds *condition* to WHERE."""
        where = self._select.args.get("where")
        end = end_of_source(self._select, self._syntax.tokens)
        if end is None or (where is not None and isinstance(where.this, exp.Or | exp.Xor)):
            return None
        return Edit(Span(end, end), f" {'AND' if where is not None else 'WHERE'} {condition}")

    def _items(self) -> Iterator[tuple[exp.Expr, exp.Join | None]]:
        """What stands in FROM, each with the join that brings it in."""
        from_ = self._select.args.get("from_")
        if isinstance(from_, exp.From):
            yield from _flat(from_.this, None)
        for lateral in self._select.args.get("laterals") or ():
            yield lateral, None
        for join in self._select.args.get("joins") or ():
            yield from _flat(join.this, join)

    def _conditions(self) -> Iterator[exp.Expr]:
        for name in ("where", "having", "qualify"):
            clause = self._select.args.get(name)
            if clause is not None:
                yield from _parts(clause.this)
        for _, join in self._items():
            on = join.args.get("on") if join is not None else None
            if isinstance(on, exp.Expr):
                yield from _parts(on)

    def _tie_by(self, condition: exp.Expr) -> bool:
        """Tie what a condition is about; false where that is not certain."""
        members: list[int] = []
        for column in own_columns(condition):
            scope = scope_around(column, self._bound)
            origin = origin_of(column, scope, self._naming) if scope else None
            if origin is None:
                return False
            # To a query inside another, the outer one's row is a constant like any.
            members += [id(it) for it in origin.relations]
            if origin.scope is not self._scope and self._is_outside(origin.scope):
                members.append(0)
        if len(members) == 1 and (fixed := _fixed(condition)) is not None:
            members.append(hash(fixed))
        for it in members[1:]:
            self._tie(members[0], it)
        return True

    def _is_outside(self, scope: Scope) -> bool:
        return self._scope is not None and scope in list(self._scope.outward())[1:]

    def _is_meant(self, relation: Relation, item: exp.Expr, join: exp.Join | None) -> bool:
        """Whether nobody would expect a condition here."""
        if join is not None and _is_on_purpose(join):
            return True
        if relation.kind == "function" or isinstance(item, exp.Lateral | exp.Unnest):
            return True
        if isinstance(item, exp.Table):
            name = item.this
            query = self._defined.get(span_of(name)) if isinstance(name, exp.Identifier) else None
            return not isinstance(name, exp.Identifier) or self._has_one_row(query, 0)
        return self._has_one_row(item, 0)

    def _has_one_row(self, query: exp.Expr | None, depth: int) -> bool:
        match query:
            case exp.Subquery():
                return _is_limited(query) or self._has_one_row(query.this, depth)
            case exp.Values():
                return len(query.expressions) == 1
            case exp.Select():
                if _is_limited(query):
                    return True
                is_total = any(_is_aggregate(it) for it in query.expressions)
                if is_total and not query.args.get("group"):
                    return True
                from_ = query.args.get("from_")
                if from_ is None or _is_looked_up(query):
                    return True
                if query.args.get("joins") or depth > _DEEPEST:
                    return False
                source = from_.this
                if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
                    inner = self._defined.get(span_of(source.this))
                    return self._has_one_row(inner, depth + 1)
                return self._has_one_row(source, depth + 1)
            case _:
                return False

    def _tie(self, left: int, right: int) -> None:
        self._group[self._root(left)] = self._root(right)

    def _root(self, member: int) -> int:
        while (above := self._group.setdefault(member, member)) != member:
            member = above
        return member


_DEEPEST = 20


def _flat(item: exp.Expr, join: exp.Join | None) -> Iterator[tuple[exp.Expr, exp.Join | None]]:
    """*item* and the joins that hang on it, as the binder reads them."""
    alias = item.args.get("alias")
    if (
        isinstance(item, exp.Subquery)
        and isinstance(item.this, exp.Table)
        and not (isinstance(alias, exp.TableAlias) and alias.this)
    ):
        yield from _flat(item.this, join)
    else:
        yield item, join
    if isinstance(item, exp.Table | exp.Subquery):
        for it in item.args.get("joins") or ():
            yield from _flat(it.this, it)
        for it in item.args.get("laterals") or ():
            yield it, None


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions that must all be true."""
    waiting = [condition]
    while waiting:
        it = waiting.pop()
        if isinstance(it, exp.And | exp.Paren):
            waiting += it.iter_expressions()
        else:
            yield it


def _is_tied(join: exp.Join) -> bool:
    """Whether the join itself says by which columns."""
    return bool(join.args.get("using")) or join.args.get("method") in ("NATURAL", "ASOF")


def _is_on_purpose(join: exp.Join) -> bool:
    """CROSS JOIN and APPLY, or a condition that is about no column: ``ON true``."""
    on = join.args.get("on")
    if isinstance(on, exp.Expr) and next(own_columns(on), None) is None:
        return True
    return "CROSS" in str(join.args.get("kind") or "") or join.args.get("method") == "POSITIONAL"


def _is_limited(query: exp.Expr) -> bool:
    limit = query.args.get("limit")
    count = limit.args.get("expression") or limit.args.get("count") if limit else None
    return isinstance(count, exp.Literal) and count.name == "1"


def _is_looked_up(query: exp.Select) -> bool:
    """Whether the query is about the one thing that a column says it is: most likely one row."""
    where = query.args.get("where")
    parts = _parts(where.this) if where is not None else ()
    return not query.args.get("group") and any(_fixed(it) is not None for it in parts)


def _is_aggregate(node: exp.Expr) -> bool:
    """Whether the value is made of many rows, here and not in a query inside."""
    waiting: list[exp.Expr] = [node]
    while waiting:
        it = waiting.pop()
        if isinstance(it, exp.AggFunc):
            return True
        if not isinstance(it, exp.Query | exp.Window):
            waiting += it.iter_expressions()
    return False


def _fixed(condition: exp.Expr) -> tuple[str, ...] | None:
    """The constant that a column equals; two columns with the same are equal themselves."""
    if not isinstance(condition, exp.EQ):
        return None
    sides: Iterable[exp.Expr] = (condition.this, condition.expression)
    constant = [it for it in sides if next(own_columns(it), None) is None]
    return ("constant", constant[0].sql()) if len(constant) == 1 else None
