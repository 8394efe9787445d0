"""What is not written and follows from what is: types, columns of a star, of values, of numbers.

- the type of an output column that has a name of its own: ``sum(total) AS s`` ``: numeric``
- the columns that a star stands for
- the columns that the values of an INSERT are for: ``VALUES (`` ``id:`` ``1, …``
- the output column that a number in GROUP BY or ORDER BY means
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from sqlglot import exp

from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.binding.identifiers import name_of, span_of
from defog_metadata.sql.facts.extents import enclosing, extent
from defog_metadata.sql.scopes import Field
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Span

__all__ = ["InlayHint", "inlay_hints"]

_MOST_COLUMNS = 8
_MOST_ROWS = 20
"""Of an INSERT; whoever writes more of them by hand knows the columns by then."""


@dataclass(frozen=True, slots=True)
class InlayHint:
    """``text`` as if it stood at ``offset``; ``more`` is what a tooltip adds."""

    offset: int
    text: str
    kind: Literal["type", "parameter", "other"]
    more: str = ""


def inlay_hints(snapshot: Snapshot, within: Span) -> list[InlayHint]:
    """The hints for what stands in *within*, in the order of the text."""
    found = [
        hint
        for analysis in snapshot.analyses_in(within)
        for hint in _Hints(analysis, snapshot.dialect).all()
    ]
    inside = (it for it in found if within.start <= it.offset <= within.end)
    return sorted(inside, key=lambda it: it.offset)


class _Hints:
    """The hints of one statement."""

    def __init__(self, analysis: Analysis, dialect: str) -> None:
        self._analysis = analysis
        self._start = analysis.statement.start
        tokens = tokenize(analysis.statement.text, dialect)
        self._tokens: Sequence[Token] = [it for it in tokens if it.kind != "comment"]

    def all(self) -> Iterator[InlayHint]:
        tree = self._analysis.syntax.tree
        for node in tree.walk() if tree is not None else ():
            match node:
                case exp.Select():
                    yield from self._types(node)
                    yield from self._stars(node)
                    yield from self._numbers(node)
                case exp.Insert():
                    yield from self._values(node)

    def _types(self, select: exp.Select) -> Iterator[InlayHint]:
        outputs = self._analysis.bound.outputs.get(id(select))
        by_span = {it.span: it for it in (outputs[0] if outputs else ()) if it.span}
        for it in select.expressions:
            identifier = it.args.get("alias") if isinstance(it, exp.Alias) else None
            span = span_of(identifier) if isinstance(identifier, exp.Identifier) else None
            if span is not None and (field := by_span.get(span)) is not None and field.type:
                yield InlayHint(self._start + span.end, f": {field.type}", "type")

    def _stars(self, select: exp.Select) -> Iterator[InlayHint]:
        for it in select.expressions:
            star = it.this if isinstance(it, exp.Column) else it
            found = self._analysis.bound.outputs.get(id(it)) if it.is_star else None
            place = extent(star, self._tokens) if isinstance(star, exp.Star) else None
            names = [field.name.text for field in (found[0] if found else ())]
            if place is None or not names:
                continue
            shown = ", ".join(names[:_MOST_COLUMNS])
            is_cut = len(names) > _MOST_COLUMNS
            text = f" {shown}, … {len(names) - _MOST_COLUMNS} more" if is_cut else f" {shown}"
            yield InlayHint(
                self._start + place.end, text, "other", ", ".join(names) if is_cut else ""
            )

    def _numbers(self, select: exp.Select) -> Iterator[InlayHint]:
        outputs = self._analysis.bound.outputs.get(id(select))
        if outputs is None or outputs[1]:
            return  # with columns that nobody knows, a number may mean any
        group, order = select.args.get("group"), select.args.get("order")
        items = [*(group.expressions if isinstance(group, exp.Group) else ())]
        items += [it.this for it in (order.expressions if isinstance(order, exp.Order) else ())]
        for it in items:
            if isinstance(it, exp.Literal) and not it.is_string:
                field = _numbered(outputs[0], it.name)
                place = extent(it, self._tokens)
                if field is not None and field.name.text and place is not None:
                    yield InlayHint(self._start + place.end, f" {field.name.text}", "other")

    def _values(self, insert: exp.Insert) -> Iterator[InlayHint]:
        source = insert.args.get("expression")
        names = self._columns(insert)
        if not isinstance(source, exp.Values) or len(names) < 2:  # noqa: PLR2004 - plain enough
            return
        for row in islice(_rows(self._tokens), _MOST_ROWS):
            for name, value in zip(names, row, strict=False):
                yield InlayHint(self._start + value.start, f"{name}: ", "parameter")

    def _columns(self, insert: exp.Insert) -> list[str]:
        if isinstance(insert.this, exp.Schema):
            listed = insert.this.expressions
            return [name_of(it).text for it in listed if isinstance(it, exp.Identifier)]
        scope = self._analysis.bound.scopes.get(id(insert))
        target = scope.relations[0] if scope and scope.relations else None
        return [it.name.text for it in target.fields] if target and not target.is_open else []


def _rows(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Of each row behind VALUES, the first token of each of its values."""
    index = next((i + 1 for i, it in enumerate(tokens) if it.word == "VALUES"), len(tokens))
    while index < len(tokens):
        if tokens[index].word == "ROW":  # as MySQL may write it
            index += 1
            continue
        closing = enclosing(index, tokens) if tokens[index].text == "(" else None
        if closing is None:
            return
        depth, row = 0, [tokens[index + 1]]
        for i in range(index + 1, closing):
            depth += (tokens[i].text in "([{") - (tokens[i].text in ")]}")
            if depth == 0 and tokens[i].text == ",":
                row.append(tokens[i + 1])
        yield row
        index = closing + 1
        if index < len(tokens) and tokens[index].text == ",":
            index += 1


def _numbered(fields: Sequence[Field], number: str) -> Field | None:
    place = int(number) - 1 if number.isdecimal() else -1
    return fields[place] if 0 <= place < len(fields) else None
