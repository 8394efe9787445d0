"""What a select list puts out: names, types, and what a star stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from defog_metadata.catalog import Catalog, Name
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.binding.outputs import implicit_name
from defog_metadata.sql.binding.sources import SourceBinder
from defog_metadata.sql.scopes import Clause, Derivation, Field, Outputs, Relation, Scope, Status
from defog_metadata.sql.types import NULL, UNTYPED
from defog_metadata.text import Span

__all__ = ["ProjectionBinder"]


class ProjectionBinder(SourceBinder):
    """Tells the columns of a query from its select list and its scope."""

    def __init__(
        self,
        catalog: Catalog,
        dialect: str,
        local_relations: tuple[Relation, ...] = (),
        text: str = "",
    ) -> None:
        super().__init__(catalog, dialect, local_relations, text)
        # Columns of literals that UNION may still give another type; kept alive for their ids.
        self._untyped: dict[int, tuple[Field, str]] = {}

    @staticmethod
    def aliases(node: exp.Select) -> Iterator[Field]:
        for projection in node.expressions:
            if isinstance(projection, exp.Alias):
                identifier = projection.args.get("alias")
                if isinstance(identifier, exp.Identifier):
                    yield _made_of(identifier, projection.this)
            elif isinstance(projection, exp.Aliases):
                yield from _several(projection)

    @staticmethod
    def typed(aliases: tuple[Field, ...], outputs: tuple[Field, ...]) -> Iterator[Field]:
        by_span = {it.span: it for it in outputs if it.span is not None}
        for alias in aliases:
            yield by_span.get(alias.span, alias) if alias.span else alias

    def outputs(self, node: exp.Select, scope: Scope) -> Outputs:
        fields: list[Field] = []
        is_open = False
        if node.args.get("kind"):  # BigQuery's SELECT AS STRUCT and AS VALUE
            is_open = True
        for projection in node.expressions:
            found, more = self.output(projection, scope, fields)
            if projection.is_star:
                self.query_outputs[id(projection)] = found, more
            fields += found
            is_open = is_open or more
        return tuple(fields), is_open

    def output(self, node: exp.Expr, scope: Scope, earlier: Sequence[Field] = ()) -> Outputs:
        match node:
            case exp.Star():
                return self._starred(node, scope.relations, self.fields_in(scope), scope)
            case exp.Column(this=exp.Star() as star):
                path = tuple(name_of(it) for it in node.parts if isinstance(it, exp.Identifier))
                relation = scope.relation(path, self.naming) if path else None
                if relation is None:
                    return (), True
                return self._starred(star, [relation], relation.fields, scope)
            case exp.Alias():
                identifier = node.args.get("alias")
                if not isinstance(identifier, exp.Identifier):
                    return (), True
                name, span = name_of(identifier), span_of(identifier)
                return (self.field(name, node.this, scope, span, earlier),), False
            case exp.Aliases():
                return tuple(_several(node)), False
            case exp.Column(this=exp.Identifier() as identifier):
                name, span = name_of(identifier), span_of(identifier)
                return (self.field(name, node, scope, span, earlier),), False
            case exp.Dot() if isinstance(node.expression, exp.Star):
                return (), True
            case _:
                implied = implicit_name(node, self.dialect)
                # A column that cannot be called by name still counts: lists of names and the
                # sides of a union go by position.
                named = implied or Name("", quoted=True)
                return (self.field(named, node, scope, None, earlier),), implied is None

    def field(
        self,
        name: Name,
        node: exp.Expr,
        scope: Scope,
        span: Span | None,
        earlier: Sequence[Field] = (),
    ) -> Field:
        base = self._base(node, scope)
        raw = self.types.of(node, self.context(scope, earlier))
        found = Field(
            name,
            self.types.shown(raw),
            table=base.table if base else None,
            column=base.column if base else None,
            span=span,
            derived=Derivation((node,)),
        )
        if raw in (UNTYPED, NULL):
            self._untyped[id(found)] = (found, raw)
        return found

    def _base(self, node: exp.Expr, scope: Scope) -> Field | None:
        """The field that *node* passes on unchanged, if it does."""
        while isinstance(node, exp.Paren | exp.Alias):
            node = node.this
        if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
            return None
        path = tuple(name_of(it) for it in node.parts if isinstance(it, exp.Identifier))
        if len(path) == 1:
            for level in scope.outward():
                if found := level.fields_called(path[0], self.naming):
                    return found[0][1]
            return None
        relation = scope.relation(path[:-1], self.naming)
        found_fields = relation.fields_called(path[-1], self.naming) if relation else ()
        return found_fields[0] if found_fields else None

    def _starred(
        self,
        star: exp.Star,
        relations: Sequence[Relation],
        fields: tuple[Field, ...],
        scope: Scope,
    ) -> Outputs:
        left_out = [name_of(it) for it in _identifiers(star.args.get("except_"))]
        fields = tuple(
            it for it in fields if not any(it.is_called(name, self.naming) for name in left_out)
        )
        replaced = [
            self.field(name_of(it.args["alias"]), it.this, scope, span_of(it.args["alias"]))
            for it in star.args.get("replace") or ()
            if isinstance(it, exp.Alias) and isinstance(it.args.get("alias"), exp.Identifier)
        ]
        # One that is not there is reported where it stands, not by what rests on its new name.
        is_open = any(it.is_open for it in relations) or not all(
            any(it.is_called(name_of(old), self.naming) for it in fields)
            for old, _ in _renames(star)
        )
        kept = tuple(
            next((new for new in replaced if old.is_called(new.name, self.naming)), old)
            for old in fields
        )
        return tuple(self._renamed(star, kept)), is_open

    def _renamed(self, star: exp.Star, fields: tuple[Field, ...]) -> Iterator[Field]:
        """*fields* as ``* RENAME (a AS b)`` calls them."""
        pairs = [(name_of(old), new) for old, new in _renames(star)]
        for it in fields:
            new = next((new for old, new in pairs if it.is_called(old, self.naming)), None)
            yield (
                it
                if new is None
                else replace(
                    it,
                    name=name_of(new),
                    span=span_of(new),
                    is_stored=False,
                    derived=Derivation(passes=(it,)),
                )
            )

    def star_names(
        self, star: exp.Star, relations: Sequence[Relation], scope: Scope, clause: Clause
    ) -> None:
        """Bind the columns that a star leaves out or renames."""
        named = [*_identifiers(star.args.get("except_")), *(old for old, _ in _renames(star))]
        for identifier in named:
            name = name_of(identifier)
            found = tuple(
                it for relation in relations for it in relation.fields_called(name, self.naming)
            )
            is_open = not relations or any(it.is_open for it in relations)
            status: Status = "resolved" if found else "uncertain" if is_open else "unknown"
            self.refer("column", name, identifier, status, scope, clause, found[:1])

    def fields_in(self, scope: Scope) -> tuple[Field, ...]:
        fields = self.star(scope.relations)
        if scope.merged or scope.is_natural:
            return self._without_repeats(fields, scope)
        return fields

    def _without_repeats(self, fields: tuple[Field, ...], scope: Scope) -> tuple[Field, ...]:
        seen: dict[str, int] = {}
        kept: list[Field] = []
        merged = {it.key for it in scope.merged}
        for it in fields:
            key = it.name.key
            if (scope.is_natural or key in merged) and key in seen:
                first = kept[seen[key]]
                shown = self.types.merged((first.type, it.type))
                sides = scope.sides.get(key, (first,))
                if shown != first.type or sides != (first,):
                    kept[seen[key]] = replace(first, type=shown, derived=Derivation(passes=sides))
                continue
            seen[key] = len(kept)
            kept.append(it)
        return tuple(kept)

    @staticmethod
    def star(relations: Sequence[Relation]) -> tuple[Field, ...]:
        return tuple(it for relation in relations for it in relation.fields)


def _several(node: exp.Aliases) -> Iterator[Field]:
    """The columns that an expression with a list of aliases is."""
    for it in node.args.get("expressions") or ():
        if isinstance(it, exp.Identifier):
            yield _made_of(it, node.this)


def _made_of(alias: exp.Identifier, node: exp.Expr) -> Field:
    return Field(name_of(alias), span=span_of(alias), derived=Derivation((node,)))


def _renames(star: exp.Star) -> Iterator[tuple[exp.Identifier, exp.Identifier]]:
    for it in star.args.get("rename") or ():
        old = it.this.this if isinstance(it.this, exp.Column) else it.this
        new = it.args.get("alias")
        if isinstance(old, exp.Identifier) and isinstance(new, exp.Identifier):
            yield old, new


def _identifiers(nodes: object) -> Iterator[exp.Identifier]:
    for node in nodes if isinstance(nodes, list) else []:
        found = node.this if isinstance(node, exp.Column) else node
        if isinstance(found, exp.Identifier):
            yield found
