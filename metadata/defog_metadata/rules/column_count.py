"""column-count: lists of columns that must be of one length and are not."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.extents import behind, extent
from defog_metadata.sql.facts.widths import cells, columns_in, is_by_name, values_in
from defog_metadata.sql.scopes import Bound, Relation
from defog_metadata.sql.syntax import Syntax
from defog_metadata.text import Span

# Engines in which ``(a, b)`` is nothing but two values.
_ROWS = frozenset(("mysql", "postgres", "sqlite"))
# Engines that want a list of column names to name all of them; to the others a shorter one is fine.
_WANT_ALL = frozenset(("mysql", "sqlite", "tsql"))


def column_count(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find lists of columns that must be of one length and are not.

    ::

    insert into orders (id, total) values (1, 2, 3)
                                                 ^ 3 values for 2 columns
    """
    del catalog
    tree, dialect = analysis.syntax.tree, analysis.syntax.dialect
    if tree is None:
        return
    counter = _Counter(analysis.bound, analysis.syntax)
    for node in tree.walk():
        match node:
            case exp.Insert():
                yield from counter.insert(node)
            case exp.SetOperation():
                yield from counter.set_operation(node)
            case exp.In() if node.args.get("query"):
                yield from counter.membership(node)
            case exp.CTE() if dialect != "duckdb":  # it takes any number of names
                yield from counter.names(node, node.this)
            case exp.Create():
                yield from counter.created(node)
            case exp.Subquery():
                yield from counter.names(node, node.this)
            case exp.Values():
                yield from counter.rows(node)
                yield from counter.names(node, node)
            case exp.Update():
                yield from counter.assigned(node)


class _Counter:
    """Looks at one kind of node at a time; says nothing where a length is not certain."""

    def __init__(self, bound: Bound, syntax: Syntax) -> None:
        self._bound = bound
        self._syntax = syntax
        self._dialect = syntax.dialect

    def insert(self, node: exp.Insert) -> Iterator[Problem]:
        source = node.args.get("expression")
        if not isinstance(source, exp.Expr) or node.args.get("by_name"):
            return
        target = node.this
        if isinstance(target, exp.Schema):
            listed = target.expressions
            table = target.this
        else:
            listed = target.expressions if isinstance(target, exp.Tuple) else []
            table = target
        if node.args.get("partition") or table.args.get("partition"):
            return
        if not listed:
            yield from self._into_all(node, source)
            return
        if isinstance(source, exp.Tuple):  # MERGE
            rows = [source.expressions]
        elif isinstance(source, exp.Values):
            rows = [cells(it) for it in source.expressions[:1]]
        else:
            found = columns_in(source, self._bound)
            if found is not None and found != len(listed):
                yield from self._query(source, f"{_many(found, 'value')} for", len(listed))
            return
        for row in rows:
            found = values_in(row)
            if found and found != len(listed):
                message = f"{_many(found, 'value')} for {_many(len(listed), 'column')}"
                span = self._of(row[len(listed) :]) or self._of(row)
                if span is not None:
                    yield Problem(span, message)

    def _into_all(self, node: exp.Insert, source: exp.Expr) -> Iterator[Problem]:
        """Without a list, a row may be shorter than the table, but never longer."""
        scope = self._bound.scopes.get(id(node))
        target: Relation | None = scope.relations[0] if scope and scope.relations else None
        if target is None or target.is_open or not target.fields or target.kind == "view":
            return
        found = columns_in(source, self._bound)
        if found is None or found <= len(target.fields):
            return
        name = target.path[-1].text if target.path else "the table"
        has = f"{name} has {_many(len(target.fields), 'column')}"
        if isinstance(source, exp.Values):
            span = self._of(cells(source.expressions[0])[len(target.fields) :])
            if span is not None:
                yield Problem(span, f"{_many(found, 'value')}, but {has}")
            return
        span = self._of_list(source, len(target.fields))
        if span is not None:
            yield Problem(span, f"{_many(found, 'value')}, but {has}")

    def set_operation(self, node: exp.SetOperation) -> Iterator[Problem]:
        if is_by_name(node):
            return
        left = columns_in(node.this, self._bound)
        right = columns_in(node.expression, self._bound)
        if left is None or right is None or left == right:
            return
        word = {exp.Except: "EXCEPT", exp.Intersect: "INTERSECT"}.get(type(node), "UNION")
        span = self._of_list(node.expression, left)
        if span is not None:
            yield Problem(
                span, f"{_many(right, 'column')}, but what stands before {word} has {left}"
            )

    def membership(self, node: exp.In) -> Iterator[Problem]:
        found = columns_in(node.args["query"], self._bound)
        left = node.this.unnest()
        if isinstance(left, exp.Tuple):
            # To others, what is in brackets is one value, and may be compared as such.
            if self._dialect == "bigquery" or (found == 1 and self._dialect not in _ROWS):
                return
            wanted = len(left.expressions)
        elif isinstance(left, exp.Column | exp.Literal):
            wanted = 1
        else:
            return
        if found is not None and found != wanted:
            yield from self._query(
                node.args["query"], f"{_many(found, 'column')} compared with", wanted
            )

    def names(self, node: exp.Expr, query: exp.Expr) -> Iterator[Problem]:
        """The column names that an alias lists."""
        alias = node.args.get("alias")
        listed = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        if listed and not isinstance(query, exp.Table | exp.Join):
            yield from self._listed(listed, columns_in(query, self._bound))

    def created(self, node: exp.Create) -> Iterator[Problem]:
        schema, source = node.this, node.args.get("expression")
        if self._dialect == "sqlite":  # it looks at a view when it is read
            return
        if isinstance(schema, exp.Schema) and isinstance(source, exp.Query):
            names = schema.expressions
            if all(isinstance(it, exp.Identifier) for it in names):
                yield from self._listed(names, columns_in(source, self._bound))

    def rows(self, node: exp.Values) -> Iterator[Problem]:
        """Every row of VALUES must be as long as the first."""
        if len(node.expressions) < 2:  # noqa: PLR2004
            return
        first, *others = [cells(it) for it in node.expressions]
        wanted = values_in(first)
        for row in others:
            found = values_in(row)
            if wanted is None or found is None or found == wanted:
                continue
            span = self._of(row[wanted:]) or self._of(row)
            if span is not None:
                yield Problem(span, f"{_many(found, 'value')}, but the first row has {wanted}")

    def assigned(self, node: exp.Update) -> Iterator[Problem]:
        """``SET (a, b) = (1, 2)``."""
        for it in node.expressions:
            if not isinstance(it, exp.EQ) or not isinstance(it.this, exp.Tuple):
                continue
            wanted, value = len(it.this.expressions), it.expression
            if isinstance(value, exp.Subquery) and self._dialect != "duckdb":
                found = columns_in(value, self._bound)
                if found is not None and found != wanted:
                    yield from self._query(value, f"{_many(found, 'value')} for", wanted)
            elif isinstance(value, exp.Tuple):
                found = values_in(value.expressions)
                span = self._of(value.expressions)
                if found is not None and found != wanted and span is not None:
                    message = f"{_many(found, 'value')} for {_many(wanted, 'column')}"
                    yield Problem(span, message)

    def _listed(self, names: Sequence[exp.Expr], found: int | None) -> Iterator[Problem]:
        wanted = len(names)
        if found is None or wanted == found:
            return
        if wanted < found and self._dialect not in _WANT_ALL:
            return
        extra = names[found:] if wanted > found else names
        spans = [it for it in map(span_of, extra) if it is not None]
        if spans:
            yield Problem(
                Span(spans[0].start, spans[-1].end),
                f"{_many(wanted, 'name')} for {_many(found, 'column')}",
            )

    def _query(self, query: exp.Expr, says: str, wanted: int) -> Iterator[Problem]:
        span = self._of_list(query, wanted)
        if span is not None:
            yield Problem(span, f"{says} {_many(wanted, 'column')}")

    def _of_list(self, query: exp.Expr, wanted: int) -> Span | None:
        """The columns of *query* that are too many, or all of them."""
        while isinstance(query, exp.Subquery | exp.SetOperation):
            query = query.this
        if isinstance(query, exp.Values):
            row = cells(query.expressions[0])
            return self._of(row[wanted:]) or self._of(row)
        listed = query.expressions
        if any(it.is_star for it in listed):
            return self._of(listed)
        return self._of(listed[wanted:]) or self._of(listed)

    def _of(self, nodes: Sequence[exp.Expr]) -> Span | None:
        """From the first to the last of *nodes*; words without a place are taken along."""
        spans = [
            it for it in (extent(node, self._syntax.tokens) for node in nodes) if it is not None
        ]
        if not spans:
            return None
        start, end = spans[0].start, max(it.end for it in spans)
        after = behind(end, self._syntax.tokens)
        depth = 0
        while (
            nodes
            and extent(nodes[-1], self._syntax.tokens) is None
            and after < len(self._syntax.tokens)
        ):
            # NULL, TRUE and DEFAULT at the end of a list have no place of their own.
            token = self._syntax.tokens[after]
            depth += (token.text == "(") - (token.text == ")")
            if depth < 0 or token.word in ("FROM", "UNION", "EXCEPT", "INTERSECT"):
                break
            end = token.end
            after += 1
        return Span(start, end)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
