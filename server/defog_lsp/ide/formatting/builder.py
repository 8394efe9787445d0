"""From the tokens of a statement to text that may be broken into lines.

Nothing is added, left out or put elsewhere but white space and the letter case of keywords. What is
not understood here (any word that is no keyword of a query) only keeps its spaces.
"""

from collections.abc import Callable, Iterator, Sequence

from defog_lsp.ide.formatting.clauses import JOIN_WORDS, Clause, clauses
from defog_lsp.ide.formatting.items import (
    Atom,
    Brackets,
    Item,
    Items,
    is_comment,
    nested,
    word_at,
)
from defog_lsp.ide.formatting.layout import Broken, Doc, Group, Indent, Line, Text
from defog_metadata.sql.source.lexer import Token

__all__ = ["document"]


def document(text: str, tokens: Sequence[Token], cased: Callable[[Token], str]) -> list[Doc]:
    """The statement *text*, of which *tokens* are all; *cased* spells each of them."""
    atoms, end = [], 0
    for token in tokens:
        atoms.append(Atom(token, cased(token), text[end : token.start]))
        end = token.end
    items, rest = nested(atoms, 0)
    assert rest == len(atoms)  # noqa: S101 - what closes nothing is an atom like any other
    return _query(items)


# Queries


def _query(items: Items) -> list[Doc]:
    """A statement, or what is in brackets: its clauses below each other, or all in one line."""
    found_clauses = list(clauses(items))
    found: list[Doc] = []
    for index, clause in enumerate(found_clauses):
        if index:
            found.append(Line())
        for note in clause.notes:
            found += [*_item(note), Broken()]
        found += _clause(clause)
    return [Group(found)] if len(found_clauses) > 1 else found


_LISTS = frozenset(
    "SELECT FROM GROUP ORDER PARTITION CLUSTER DISTRIBUTE SET VALUES RETURNING WITH WINDOW".split()
)
_CONDITIONS = frozenset("WHERE HAVING QUALIFY PREWHERE CONNECT START".split())


def _clause(clause: Clause) -> list[Doc]:
    head = _words(clause.head)
    first = word_at(clause.head, 0)
    if not clause.head:
        return _unknown(clause.body)
    if not clause.body:
        return head
    gap = _gap(clause.body[0]) or Text("")
    if first in JOIN_WORDS:
        return [Group([*head, gap, *_joined(clause.body)])]
    if first in _CONDITIONS:
        return [Group([*head, gap, Indent(_condition(clause.body))])]
    if first == "WITH":
        return [*head, gap, *_ctes(clause.body)]
    if first in _LISTS:
        listed = _listed(clause.body)
        if len(listed) == 1:
            return [Group([*head, gap, Indent(listed[0])])]
        return [Group([*head, Indent([Line(), *_separated(listed)])])]
    return [Group([*head, gap, Indent(_expression(clause.body))])]


def _words(items: Items) -> list[Doc]:
    found: list[Doc] = []
    for index, it in enumerate(items):
        if index:
            found.append(Text(" "))
        found += _item(it)
    return found


def _unknown(items: Items) -> list[Doc]:
    """``CREATE VIEW v AS`` before its query, a whole CREATE TABLE, anything else."""
    is_table = any(it.word == "TABLE" for it in items[:5]) and word_at(items, 0) == "CREATE"
    found: list[Doc] = []
    for index, it in enumerate(items):
        if index:
            found.append(_gap(it, items[index - 1]) or Text(""))
        if is_table and isinstance(it, Brackets) and it.opening.text == "(":
            found += _brackets(it, is_broken=True)
            is_table = False
        else:
            found += _item(it)
    return found


def _ctes(items: Items) -> list[Doc]:
    """Each CTE on lines of its own, its query in brackets."""
    found: list[Doc] = []
    for index, cte in enumerate(_listed_items(items)):
        if index:
            found.append(Broken())
        for place, it in enumerate(cte):
            if place:
                found.append(_gap(it, cte[place - 1]) or Text(""))
            is_query = isinstance(it, Brackets) and _is_query(it.inside)
            found += _brackets(it, is_broken=True) if is_query else _item(it)  # type: ignore[arg-type]
    return found


def _joined(items: Items) -> list[Doc]:
    """What is joined, and the condition: below it where both do not fit on a line."""
    on = next((i for i, it in enumerate(items) if it.word in ("ON", "USING")), len(items))
    if on in (0, len(items)) or word_at(items, on) == "USING":
        return [Indent(_expression(items))]
    condition = [*_item(items[on]), _gap_or_space(items, on + 1), *_condition(items[on + 1 :])]
    return [Indent([*_expression(items[:on]), Line(), Group([Indent(condition)])])]


def _gap_or_space(items: Items, index: int) -> Doc:
    return (_gap(items[index]) if index < len(items) else None) or Text("")


def _condition(items: Items) -> list[Doc]:
    """The parts of a condition, each AND and OR at the beginning of a line."""
    found: list[Doc] = []
    start = between = 0
    for index, it in enumerate(items):
        if it.word == "BETWEEN":
            between += 1
        elif it.word == "AND" and between:
            between -= 1
        elif it.word in ("AND", "OR") and index > start:
            found += [*_expression(items[start:index]), Line()]
            start = index
    return [*found, *_expression(items[start:])]


# Lists and expressions


def _listed_items(items: Items) -> list[list[Item]]:
    """The elements of a list, each with the comma behind it and comments on the comma's line."""
    found: list[list[Item]] = [[]]
    is_behind_comma = False
    for it in items:
        is_comment = isinstance(it, Atom) and it.token.kind == "comment"
        if is_behind_comma and not (is_comment and "\n" not in it.gap):
            found.append([])
            is_behind_comma = False
        found[-1].append(it)
        if isinstance(it, Atom) and it.text == "," and it.token.kind == "symbol":
            is_behind_comma = True
    return [it for it in found if it]


def _listed(items: Items) -> list[list[Doc]]:
    return [_expression(it) for it in _listed_items(items)]


def _separated(listed: Sequence[Sequence[Doc]]) -> Iterator[Doc]:
    for index, it in enumerate(listed):
        if index:
            yield Line()
        yield Group(it)


def _expression(items: Items) -> list[Doc]:
    found: list[Doc] = []
    index = 0
    while index < len(items):
        it = items[index]
        if index and (gap := _gap(it, items[index - 1])) is not None:
            found.append(gap)
        end = _end_of_case(items, index) if it.word == "CASE" else None
        if end is not None:
            found += _case(items[index : end + 1])
            index = end + 1
        else:
            found += _item(it)
            index += 1
    return found


def _end_of_case(items: Items, index: int) -> int | None:
    depth = 0
    for i in range(index, len(items)):
        depth += (items[i].word == "CASE") - (items[i].word == "END")
        if depth == 0:
            return i
    return None


def _case(items: Items) -> list[Doc]:
    """CASE and END below each other, with a line for each WHEN and ELSE between them."""
    inside = items[1:-1]
    parts: list[list[Item]] = [[]]
    depth = 0
    for it in inside:
        depth += (it.word == "CASE") - (it.word == "END")
        if depth == 0 and it.word in ("WHEN", "ELSE"):
            parts.append([])
        parts[-1].append(it)
    first, *others = parts
    lines: list[Doc] = []
    for part in others:
        lines += [Line(), Group([Indent(_condition(part))])]
    head = [*_item(items[0]), *([Text(" "), *_expression(first)] if first else [])]
    return [Group([*head, Indent(lines), Line(), *_item(items[-1])])]


def _item(item: Item) -> list[Doc]:
    if isinstance(item, Brackets):
        return _brackets(item)
    if item.token.kind != "comment":
        return [Text(item.text)]
    # Whatever follows a comment that ends with its line has to be on another one.
    ends_line = not item.text.startswith(("/*", "{%", "{#"))
    return [Text(item.text), Broken()] if ends_line else [Text(item.text)]


def _brackets(item: Brackets, *, is_broken: bool = False) -> list[Doc]:
    opening, closing = Text(item.opening.text), Text(item.closing.text)
    if not item.inside:
        # A comment may be all that is in there.
        return [opening, closing]
    inside = _inside(item.inside)
    line: Doc = Broken() if is_broken else Line("")
    return [Group([opening, Indent([line, *inside]), line, closing])]


def _inside(items: Items) -> list[Doc]:
    if _is_query(items) or word_at(items, 0) in ("PARTITION", "ORDER"):
        return _query(items)
    listed = _listed_items(items)
    if len(listed) > 1:
        return list(_separated([_expression(it) for it in listed]))
    return _condition(items)


def _is_query(items: Items) -> bool:
    first = next((it for it in items if not is_comment(it)), None)
    return first is not None and first.word in ("SELECT", "WITH", "VALUES", "INSERT", "FROM")


# What stands between


def _gap(item: Item, before: Item | None = None) -> Doc | None:
    """What stands before *item*: a space, a line break that has to stay, or nothing."""
    gap = item.gap
    atom = item if isinstance(item, Atom) else None
    last = before.closing if isinstance(before, Brackets) else before
    if atom is not None and atom.token.kind == "comment" and "\n" in gap:
        return Broken()
    if last is not None and last.token.kind == "comment" and "\n" in gap:
        return Broken()
    if atom is not None and atom.token.kind == "symbol" and atom.text in (",", ";"):
        return None
    if last is not None and last.text == "," and last.token.kind == "symbol":
        return Text(" ")
    if atom is not None and last is not None and _are_joined_strings(last, atom):
        return Broken()
    return Text(" ") if gap or _is_compared(atom, last) else None


_COMPARISONS = ("=", "<>", "!=", "<=", ">=", "==", "||")
"""Operators that stand between two values, in every dialect, and in nothing else."""


def _is_compared(item: Atom | None, before: Atom | None) -> bool:
    """Whether *item* or the one *before* it is an operator that people put spaces around."""
    if before is None or before.text == ".":  # OPERATOR(pg_catalog.=)
        return False
    return any(
        it is not None and it.token.kind == "symbol" and it.text in _COMPARISONS
        for it in (item, before)
    )


def _are_joined_strings(one: Atom, other: Atom) -> bool:
    """``'a'`` and ``'b'`` on another line are one string to engines, on one line an error."""
    return one.token.kind == other.token.kind == "string" and "\n" in other.gap
