"""A statement with something selected in it: what every refactoring works on."""

from collections import Counter
from dataclasses import dataclass, replace

from sqlglot import exp

from defog_metadata.catalog import Naming
from defog_metadata.lazy import lazy
from defog_metadata.rules.fixes import applied
from defog_metadata.sql.analysis import Analysis, analyse
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.facts.extents import behind, enclosing
from defog_metadata.sql.scopes import Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.text import Edit, Span

__all__ = ["Place", "Refactoring"]


@dataclass(frozen=True, slots=True)
class Refactoring:
    """A rewriting that changes no meaning; ``edits`` count from the statement's start."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Place:
    """``span`` is what is selected, counted (as everything here) from the statement's start."""

    snapshot: Snapshot
    analysis: Analysis
    span: Span

    @property
    def tree(self) -> exp.Expr:
        tree = self.analysis.syntax.tree
        assert tree is not None  # noqa: S101 - there is no place in a statement without one
        return tree

    @property
    def text(self) -> str:
        return self.analysis.syntax.text

    @property
    def dialect(self) -> str:
        return self.snapshot.dialect

    @property
    def naming(self) -> Naming:
        return self.snapshot.catalog.naming

    @lazy
    def all_tokens(self) -> tuple[Token, ...]:
        return tuple(tokenize(self.text, self.dialect))

    @lazy
    def tokens(self) -> tuple[Token, ...]:
        """Those that are no comments."""
        return tuple(it for it in self.all_tokens if it.kind != "comment")

    @lazy
    def _closings(self) -> dict[int, int]:
        """The index of each opening bracket by that of the bracket that closes it."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for index, it in enumerate(self.tokens):
            if it.kind == "symbol" and it.text == "(":
                opened.append(index)
            elif it.kind == "symbol" and it.text == ")" and opened:
                found[index] = opened.pop()
        return found

    def opening(self, closing: int) -> int | None:
        """The index of the bracket that the one at index *closing* closes."""
        return self._closings.get(closing)

    def closing(self, opening: int) -> int | None:
        return enclosing(opening, self.tokens)

    def behind(self, offset: int) -> int:
        """The index of the first token at or behind *offset*."""
        return behind(offset, self.tokens)

    def word(self, index: int) -> str:
        """The upper-case word (or symbol) at *index*; empty where there is none."""
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def has_comment(self, span: Span) -> bool:
        return any(
            it.kind == "comment" and span.start <= it.start < span.end for it in self.all_tokens
        )

    def is_selected(self, span: Span) -> bool:
        return span.start <= self.span.end and self.span.start <= span.end

    def keyword(self, word: str) -> str:
        """*word* in the letter case that the statement has its keywords in."""
        return word.lower() if self.tokens[0].text.islower() else word

    def span_of_select(self, select: exp.Select) -> Span | None:
        """From its SELECT to the last name or literal in it, or the bracket around it."""
        inside = [
            span
            for key, value in select.args.items()
            if key != "with_"
            for it in (value if isinstance(value, list) else [value])
            if isinstance(it, exp.Expr)
            for node in it.walk()
            if (span := span_of(node)) is not None
        ]
        if not inside:
            return None
        index = self.behind(min(it.start for it in inside))
        while index >= 0 and self.word(index) != "SELECT":
            index -= 1
        if index < 0:
            return None
        end = max(it.end for it in inside)
        if self.word(index - 1) == "(" and (closing := self.closing(index - 1)) is not None:
            end = self.tokens[closing].start
        return Span(self.tokens[index].start, end)

    def select_at(self) -> exp.Select | None:
        """The innermost SELECT around what is selected."""
        found = [
            (span.end - span.start, index, it)
            for index, it in enumerate(self.tree.find_all(exp.Select))
            if (span := self.span_of_select(it)) is not None
            and span.start <= self.span.start <= span.end
        ]
        return min(found)[2] if found else None

    def names(self) -> frozenset[str]:
        """The casefolded names of everything that the statement's scopes know."""
        found: set[str] = set()
        for scope in self.analysis.scopes:
            relations: list[Relation] = [*scope.relations, *scope.ctes]
            for it in relations:
                found |= {name.key for name in (it.name, it.hidden, *it.path) if name}
                found |= {field.name.key for field in it.fields}
            found |= {it.name.key for it in scope.aliases}
        return frozenset(found)

    def is_sound(self, refactoring: Refactoring) -> bool:
        """Whether the statement can be read afterwards, with all names as well known as before.

        Refactorings see to that by themselves; this is the second look.
        """
        statement = self.analysis.statement
        text = applied(self.text, refactoring.edits)
        known = self.snapshot.known_at(statement.start)
        after = analyse(replace(statement, text=text), self.snapshot.catalog, self.dialect, known)
        if after.syntax.tree is None:
            return False
        return not _doubts(after) - _doubts(self.analysis) and _outputs(after) == _outputs(
            self.analysis
        )


def _doubts(analysis: Analysis) -> Counter[str]:
    return Counter(it.status for it in analysis.references if it.status in _DOUBTFUL)


_DOUBTFUL = ("unknown", "ambiguous")


def _outputs(analysis: Analysis) -> tuple[list[str], bool]:
    fields, is_open = analysis.bound.outputs.get(id(analysis.syntax.tree), ((), False))
    # Where USING has merged columns, engines differ in the order, which is not known here.
    return sorted(it.name.key for it in fields), is_open
