"""type-mismatch: values of types that the engine does not take together."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name
from defog_metadata.rules.findings import Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of
from defog_metadata.sql.facts.extents import extent
from defog_metadata.sql.facts.typed import Typed
from defog_metadata.sql.facts.widths import cells, is_by_name
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.types import engine_of
from defog_metadata.sql.types.acceptance import LITERAL
from defog_metadata.sql.types.accepted import acceptance_of
from defog_metadata.sql.types.literals import can_be
from defog_metadata.text import Span

_ORDERED = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_CALCULATIONS: dict[type[exp.Expr], str] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%", exp.DPipe: "||",
}  # fmt: skip
# Where a comparison is no value and has no type, so that only columns can be told from it.
_NO_BOOLEANS = frozenset(("tsql",))
_ASSIGNING = (exp.Update, exp.OnConflict, exp.When, exp.SetItem, exp.Execute)
_MANY = (exp.Any, exp.All, exp.Tuple)


def type_mismatch(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find values of types that the engine does not take together.

    ::

    select id from orders where total = status
                                ^^^^^^^^^^^^^^ numeric cannot be compared with text
    """
    tree, dialect = analysis.syntax.tree, analysis.syntax.dialect
    if tree is None or not acceptance_of(dialect).families:
        return
    own = {it.name.key for it in analysis.known_after if it.kind == "routine" and it.name}
    if not own.isdisjoint(("operator", "cast")):
        return  # the file says itself which types go together
    checker = _Checker(analysis, catalog)
    for node in tree.walk():
        if isinstance(node, exp.Func) and node.sql_name().casefold() in own:
            continue  # an overload
        if isinstance(node, _COMPARISONS):
            if not isinstance(node.parent, _ASSIGNING):
                yield from checker.compared(node, node.this, node.args["expression"])
        elif type(node) in _CALCULATIONS:
            yield from checker.calculated(node)
        else:
            yield from _of_kind(checker, node)


def _of_kind(checker: "_Checker", node: exp.Expr) -> Iterator[Problem]:
    match node:
        case exp.In():
            for it in node.expressions:
                yield from checker.compared(node, node.this, it)
            if isinstance(node.args.get("query"), exp.Subquery):
                yield from checker.compared(node, node.this, node.args["query"])
        case exp.Between():
            for name in ("low", "high"):
                yield from checker.compared(node, node.this, node.args.get(name))
        case exp.Where() | exp.Having() | exp.Not():
            yield from checker.condition(node.this)
        case exp.And() | exp.Or():
            yield from checker.condition(node.this)
            yield from checker.condition(node.expression)
        case exp.Join():
            yield from checker.condition(node.args.get("on"))
        case exp.Case():
            yield from checker.branches(node)
        case exp.Coalesce():
            yield from checker.merged([node.this, *node.expressions], "COALESCE")
        case exp.SetOperation():
            yield from checker.united(node)
        case exp.Insert():
            yield from checker.inserted(node)
        case exp.Update():
            yield from checker.updated(node)
        case exp.Round() if node.args.get("decimals") is not None:
            yield from checker.rounded(node)
        case _:
            yield from checker.given(node)


class _Checker:
    """Judges one node at a time; says nothing where a type is not known for certain."""

    def __init__(self, analysis: Analysis, catalog: Catalog) -> None:
        self._syntax = analysis.syntax
        self._dialect = analysis.syntax.dialect
        self._bound = analysis.bound
        self._naming = catalog.naming
        self._accepted = acceptance_of(self._dialect)
        self._spelling = engine_of(self._dialect).spelling
        self._types = Typed(analysis.bound, catalog.naming, analysis.syntax)

    # Kinds of nodes

    def compared(self, node: exp.Expr, left: exp.Expr, right: object) -> Iterator[Problem]:
        if not isinstance(right, exp.Expr) or isinstance(left, _MANY) or isinstance(right, _MANY):
            return
        one, other = self._types.family(left), self._types.family(right)
        if self._accepted.reads_literals and LITERAL in (one, other):
            typed = other if one == LITERAL else one
            if typed == LITERAL or self._accepted.orders(typed):
                yield from self._converted(left, right)
            else:
                yield from _at(self._span(node), f"there is no equality of {typed}")
            return
        if self._accepted.equates_anything and not isinstance(node, _ORDERED):
            return
        if not self._accepted.compares(one, other):
            what = f"{self._types.shown(left)} cannot be compared with {self._types.shown(right)}"
            span = self._span(node)
            if isinstance(node, exp.In | exp.Between):
                span = self._span(right) or span
            yield from _at(span, what)

    def calculated(self, node: exp.Expr) -> Iterator[Problem]:
        left, right = node.this, node.args["expression"]
        one, other = self._types.family(left), self._types.family(right)
        if not self._accepted.calculates(type(node), one, other):
            sign = _CALCULATIONS[type(node)]
            message = f"there is no {self._types.shown(left)} {sign} {self._types.shown(right)}"
            if sign == "+" and "text" in (one, other) and self._dialect != "tsql":
                message += "; || joins texts"
            yield from _at(self._span(node), message)
        elif self._accepted.reads_literals and LITERAL in (one, other):
            typed = other if one == LITERAL else one
            # A literal is first taken to be of the type of the other side.
            is_same = typed in ("whole", "wide", "float") and not isinstance(node, exp.DPipe)
            if is_same or (isinstance(node, exp.Sub) and one in ("date", "moment")):
                yield from self._converted(left, right)

    def condition(self, node: object) -> Iterator[Problem]:
        while isinstance(node, exp.Paren):
            node = node.this
        if not isinstance(node, exp.Expr) or isinstance(node, exp.Connector | exp.Not):
            return
        is_bit = self._dialect in _NO_BOOLEANS
        if is_bit and not isinstance(node, exp.Column):
            return
        if self._types.family(node) in self._accepted.conditions:
            hint = "; compare it with 1" if is_bit else ""
            yield from _at(self._span(node), f"{self._types.shown(node)} is no condition{hint}")

    def branches(self, node: exp.Case) -> Iterator[Problem]:
        results = [it.args.get("true") for it in node.args.get("ifs") or ()]
        results.append(node.args.get("default"))
        yield from self.merged(results, "CASE")
        for it in node.args.get("ifs") or ():
            if node.this is None:
                yield from self.condition(it.this)
            else:
                yield from self.compared(it.this, node.this, it.this)

    def merged(self, nodes: Sequence[object], word: str) -> Iterator[Problem]:
        """Values of which any may be the result."""
        first: exp.Expr | None = None
        for it in nodes:
            if not isinstance(it, exp.Expr) or not (family := self._types.family(it)):
                continue
            if family == LITERAL:
                continue
            if first is None:
                first = it
            elif not self._accepted.merges(self._types.family(first), family):
                both = f"{self._types.shown(it)} and {self._types.shown(first)}"
                yield from _at(self._span(it), f"{both} do not go together in {word}")
                return
        if first is not None and self._accepted.reads_literals:
            for it in nodes:
                if isinstance(it, exp.Expr) and self._types.family(it) == LITERAL:
                    yield from self._read_as(
                        it, self._types.family(first), self._types.shown(first)
                    )

    def united(self, node: exp.SetOperation) -> Iterator[Problem]:
        left, right = _listed(node.this), _listed(node.expression)
        if is_by_name(node) or self._accepted.unites_anything:
            return
        for one, other in zip(left, right, strict=False):
            if one.is_star or other.is_star:
                return
            families = [self._types.family(it.unalias()) for it in (one, other)]
            if LITERAL in families or self._accepted.merges(*families):
                continue
            word = {exp.Except: "EXCEPT", exp.Intersect: "INTERSECT"}.get(type(node), "UNION")
            message = (
                f"{self._types.shown(other)}, but {self._types.shown(one)} stands before {word}"
            )
            yield from _at(self._span(other), message)

    def inserted(self, node: exp.Insert) -> Iterator[Problem]:
        scope = self._bound.scopes.get(id(node))
        target = scope.relations[0] if scope and scope.relations else None
        source = node.args.get("expression")
        if target is None or not self._accepted.assigned or node.args.get("by_name"):
            return
        if isinstance(node.this, exp.Schema):
            names = [it for it in node.this.expressions if isinstance(it, exp.Identifier)]
            if len(names) != len(node.this.expressions):
                return
            types = [self._type_of(target, name_of(it)) for it in names]
        else:
            types = [] if target.is_open else [it.type for it in target.fields]
        rows: list[list[exp.Expr]] = []
        if isinstance(source, exp.Values):
            rows = [cells(it) for it in source.expressions]
        elif isinstance(source, exp.Select) and not any(it.is_star for it in source.expressions):
            rows = [[it.unalias() for it in source.expressions]]
        for row in rows:
            for shown, value in zip(types, row, strict=False):
                yield from self._assigned(shown, value)

    def updated(self, node: exp.Update) -> Iterator[Problem]:
        scope = self._bound.scopes.get(id(node))
        target = scope.relations[0] if scope and scope.relations else None
        for it in node.expressions if target is not None else ():
            if isinstance(it, exp.EQ) and isinstance(it.this, exp.Column) and target:
                name = it.this.this
                if len(it.this.parts) == 1 and isinstance(name, exp.Identifier):
                    yield from self._assigned(self._type_of(target, name_of(name)), it.expression)

    def rounded(self, node: exp.Round) -> Iterator[Problem]:
        """PostgreSQL rounds to digits what is exact alone."""
        family = self._types.family(node.this)
        if self._dialect == "postgres" and family in ("float", "text", "boolean", "date", "moment"):
            message = f"there is no round({self._types.shown(node.this)}, integer)"
            hint = "; cast to numeric first" if family == "float" else ""
            yield from _at(self._span(node.this), message + hint)

    def given(self, node: exp.Expr) -> Iterator[Problem]:
        """The one argument of a function, or what stands left of LIKE."""
        if type(node) not in self._accepted.refused:
            return
        argument = node.args.get("expression") if isinstance(node, exp.Extract) else node.this
        while isinstance(argument, exp.Paren | exp.Distinct):
            listed = argument.expressions
            if isinstance(argument, exp.Distinct) and len(listed) != 1:
                return
            argument = listed[0] if isinstance(argument, exp.Distinct) else argument.this
        if not isinstance(argument, exp.Expr):
            return
        if self._accepted.refuses(type(node), self._types.family(argument)):
            name = _NAMES.get(type(node)) or type(node).__name__.lower()
            yield from _at(
                self._span(argument), f"{name} does not take {self._types.shown(argument)}"
            )

    # Parts of them

    def _assigned(self, shown: str, value: exp.Expr) -> Iterator[Problem]:
        column = self._accepted.family(self._spelling.base(shown))
        family = self._types.family(value)
        if not column or not family:
            return
        if family == LITERAL:
            if self._accepted.reads_literals:
                yield from self._read_as(value, column, self._spelling.base(shown))
        elif not self._accepted.assigns(column, family):
            base = self._spelling.base(shown)
            yield from _at(
                self._span(value), f"the column is {base}, this is {self._types.shown(value)}"
            )

    def _type_of(self, relation: Relation, name: Name) -> str:
        found = relation.fields_called(name, self._naming)
        return found[0].type if len(found) == 1 else ""

    def _converted(self, left: exp.Expr, right: exp.Expr) -> Iterator[Problem]:
        literal, other = (left, right) if self._types.family(left) == LITERAL else (right, left)
        yield from self._read_as(literal, self._types.family(other), self._types.shown(other))

    def _read_as(self, node: exp.Expr, family: str, shown: str) -> Iterator[Problem]:
        while isinstance(node, exp.Paren):
            node = node.this
        if isinstance(node, exp.Literal) and not can_be(node.name, family):
            yield from _at(self._span(node), f"{node.sql()} is no {shown}")

    def _span(self, node: exp.Expr) -> Span | None:
        """Where *node* stands, or what is around it: TRUE and NULL have no place of their own."""
        found: exp.Expr | None = node
        while found is not None:
            if (span := extent(found, self._syntax.tokens)) is not None:
                return span
            found = found.parent
        return None


_NAMES: dict[type[exp.Expr], str] = {
    exp.Like: "LIKE", exp.ILike: "ILIKE", exp.Ceil: "ceil", exp.Extract: "extract",
    exp.TimestampTrunc: "date_trunc", exp.LogicalAnd: "bool_and", exp.LogicalOr: "bool_or",
    exp.Neg: "-",
}  # fmt: skip


def _listed(node: exp.Expr) -> Sequence[exp.Expr]:
    """The select list that gives a query its types, as far as its first operand does."""
    while isinstance(node, exp.Subquery | exp.SetOperation):
        if isinstance(node, exp.SetOperation) and is_by_name(node):
            return ()
        node = node.this
    return node.expressions if isinstance(node, exp.Select) and not node.args.get("kind") else ()


def _at(span: Span | None, message: str) -> Iterator[Problem]:
    if span is not None:
        yield Problem(span, message)
