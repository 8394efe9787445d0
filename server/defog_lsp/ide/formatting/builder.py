"""From the tokens of a statement to text that may be broken into lines.

Nothing is added, left out or put elsewhere but white space and the letter case of keywords. What is
not understood here (any word that is no keyword of a query) only keeps its spaces.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Union

from defog_lsp.ide.formatting.layout import Broken, Doc, Group, Indent, Line, Text
from defog_metadata.sql.source.lexer import Token

__all__ = ["document"]


@dataclass(frozen=True, slots=True)
class _Atom:
    """A token, and what stood before it."""

    token: Token
    text: str
    gap: str

    @property
    def word(self) -> str:
        return self.token.word if self.token.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class _Brackets:
    opening: _Atom
    inside: Sequence["_Item"]
    closing: _Atom

    @property
    def gap(self) -> str:
        return self.opening.gap

    word = ""


_Item = Union[_Atom, _Brackets]  # noqa: UP007 - it names itself
_Items = Sequence[_Item]


def document(text: str, tokens: Sequence[Token], cased: Callable[[Token], str]) -> list[Doc]:
    """The statement *text*, of which *tokens* are all; *cased* spells each of them."""
    atoms, end = [], 0
    for token in tokens:
        atoms.append(_Atom(token, cased(token), text[end : token.start]))
        end = token.end
    items, rest = _nested(atoms, 0)
    assert rest == len(atoms)  # noqa: S101 - what closes nothing is an atom like any other
    return _query(items)


def _nested(atoms: Sequence[_Atom], index: int, closing: str = "") -> tuple[list[_Item], int]:
    """The items up to the bracket *closing*, or to the end, and where that is."""
    items: list[_Item] = []
    while index < len(atoms):
        atom = atoms[index]
        text = atom.text if atom.token.kind == "symbol" else ""
        if closing and text == closing:
            break
        if text in _PAIRS:
            inside, end = _nested(atoms, index + 1, _PAIRS[text])
            if end < len(atoms):
                items.append(_Brackets(atom, inside, atoms[end]))
                index = end + 1
                continue
        items.append(atom)
        index += 1
    return items, index


_PAIRS = {"(": ")", "[": "]"}


# Queries


def _query(items: _Items) -> list[Doc]:
    """A statement, or what is in brackets: its clauses below each other, or all in one line."""
    clauses = list(_clauses(items))
    found: list[Doc] = []
    for index, clause in enumerate(clauses):
        if index:
            found.append(Line())
        for note in clause.notes:
            found += [*_item(note), Broken()]
        found += _clause(clause)
    return [Group(found)] if len(clauses) > 1 else found


@dataclass(frozen=True, slots=True)
class _Clause:
    head: _Items
    """The words that it begins with; none for what stands before the first clause."""
    body: _Items
    notes: _Items = ()
    """Comments on lines of their own before it."""


def _clauses(items: _Items) -> Iterator[_Clause]:
    start, head, index = 0, 0, 0
    notes: _Items = ()
    while index < len(items):
        length = _starts(items, index)
        if length and (index > start or head):
            end = _before_notes(items, start + head, index)
            yield _Clause(items[start : start + head], items[start + head : end], notes)
            notes = items[end:index]
            start = index
        if length:
            head = length
            index += length
        else:
            index += 1
    yield _Clause(items[start : start + head], items[start + head :], notes)


def _before_notes(items: _Items, start: int, end: int) -> int:
    """Where the comments on lines of their own begin that stand directly before *end*."""
    while end > start and _is_comment(items[end - 1]) and "\n" in items[end - 1].gap:
        end -= 1
    return end


def _starts(items: _Items, index: int) -> int:
    """How many words at *index* begin a clause; 0 where none does."""
    word = items[index].word
    if word not in _STARTS or _is_otherwise(items, index, word):
        return 0
    length = 1
    if word in _JOIN_WORDS:
        while _word(items, index + length - 1) != "JOIN":
            if _word(items, index + length) not in _JOIN_WORDS:
                return 0  # LEFT(a, 1), and FULL as a name
            length += 1
        return length
    for second in _STARTS[word]:
        words = second.split()
        if [_word(items, index + 1 + i) for i in range(len(words))] == words:
            return 1 + len(words)
    return 0 if _STARTS[word] and "" not in _STARTS[word] else length


def _is_otherwise(items: _Items, index: int, word: str) -> bool:
    """Whether the word at *index* means something else here than the beginning of a clause."""
    before, after = _word(items, index - 1), _word(items, index + 1)
    following = items[index + 1] if index + 1 < len(items) else None
    preceding = items[index - 1] if index else None
    if isinstance(preceding, _Atom) and preceding.text == ".":
        return True
    match word:
        case "FROM":
            return before == "DISTINCT" and _word(items, index - 2) in ("IS", "NOT")
        case "WITH":
            names = index + 2 < len(items) and _word(items, index + 2) in ("AS", "")
            return after != "RECURSIVE" and not (names and isinstance(following, _Atom))
        case "SET" | "VALUES" | "LIMIT" | "OFFSET" | "WINDOW" | "USING" | "RETURNING":
            is_called = isinstance(following, _Brackets) and following.gap == ""
            return (is_called and word != "VALUES") or before in ("KEY", "ON", "DO", "AS")
        case "UPDATE" | "DELETE" | "INSERT":
            return before in ("FOR", "ON", "KEY", "THEN", "DO", "AFTER", "BEFORE", "OR", "NO")
        case _:
            return False


def _word(items: _Items, index: int) -> str:
    return items[index].word if 0 <= index < len(items) else ""


_JOIN_WORDS = frozenset(
    "JOIN LEFT RIGHT FULL INNER OUTER CROSS NATURAL SEMI ANTI ASOF GLOBAL ANY".split()
)
# What a clause begins with, and what has to follow: the empty string where nothing has to.
_STARTS: dict[str, tuple[str, ...]] = {
    "WITH": ("RECURSIVE", ""),
    "SELECT": ("DISTINCT", "ALL", ""),
    "FROM": (),
    "WHERE": (),
    "PREWHERE": (),
    "GROUP": ("BY",),
    "HAVING": (),
    "QUALIFY": (),
    "WINDOW": (),
    "ORDER": ("BY", "SIBLINGS BY"),
    "PARTITION": ("BY",),
    "CLUSTER": ("BY",),
    "DISTRIBUTE": ("BY",),
    "CONNECT": ("BY",),
    "START": ("WITH",),
    "LIMIT": (),
    "OFFSET": (),
    "FETCH": ("FIRST", "NEXT"),
    "UNION": ("ALL BY NAME", "BY NAME", "ALL", "DISTINCT", ""),
    "INTERSECT": ("ALL", "DISTINCT", ""),
    "EXCEPT": ("ALL", "DISTINCT", ""),
    "MINUS": (),
    "INSERT": ("INTO", "OVERWRITE", "IGNORE INTO", "OR REPLACE INTO"),
    "REPLACE": ("INTO",),
    "VALUES": (),
    "UPDATE": (),
    "SET": (),
    "DELETE": ("FROM", ""),
    "MERGE": ("INTO",),
    "USING": (),
    "WHEN": ("MATCHED", "NOT MATCHED"),
    "RETURNING": (),
    "ON": ("CONFLICT", "DUPLICATE KEY UPDATE"),
    **dict.fromkeys(_JOIN_WORDS, ()),
}
_LISTS = frozenset(
    "SELECT FROM GROUP ORDER PARTITION CLUSTER DISTRIBUTE SET VALUES RETURNING WITH WINDOW".split()
)
_CONDITIONS = frozenset("WHERE HAVING QUALIFY PREWHERE CONNECT START".split())


def _clause(clause: _Clause) -> list[Doc]:
    head = _words(clause.head)
    first = _word(clause.head, 0)
    if not clause.head:
        return _unknown(clause.body)
    if not clause.body:
        return head
    gap = _gap(clause.body[0]) or Text("")
    if first in _JOIN_WORDS:
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


def _words(items: _Items) -> list[Doc]:
    found: list[Doc] = []
    for index, it in enumerate(items):
        if index:
            found.append(Text(" "))
        found += _item(it)
    return found


def _unknown(items: _Items) -> list[Doc]:
    """``CREATE VIEW v AS`` before its query, a whole CREATE TABLE, anything else."""
    is_table = any(it.word == "TABLE" for it in items[:5]) and _word(items, 0) == "CREATE"
    found: list[Doc] = []
    for index, it in enumerate(items):
        if index:
            found.append(_gap(it, items[index - 1]) or Text(""))
        if is_table and isinstance(it, _Brackets) and it.opening.text == "(":
            found += _brackets(it, is_broken=True)
            is_table = False
        else:
            found += _item(it)
    return found


def _ctes(items: _Items) -> list[Doc]:
    """Each CTE on lines of its own, its query in brackets."""
    found: list[Doc] = []
    for index, cte in enumerate(_listed_items(items)):
        if index:
            found.append(Broken())
        for place, it in enumerate(cte):
            if place:
                found.append(_gap(it, cte[place - 1]) or Text(""))
            is_query = isinstance(it, _Brackets) and _is_query(it.inside)
            found += _brackets(it, is_broken=True) if is_query else _item(it)  # type: ignore[arg-type]
    return found


def _joined(items: _Items) -> list[Doc]:
    """What is joined, and the condition: below it where both do not fit on a line."""
    on = next((i for i, it in enumerate(items) if it.word in ("ON", "USING")), len(items))
    if on in (0, len(items)) or _word(items, on) == "USING":
        return [Indent(_expression(items))]
    condition = [*_item(items[on]), _gap_or_space(items, on + 1), *_condition(items[on + 1 :])]
    return [Indent([*_expression(items[:on]), Line(), Group([Indent(condition)])])]


def _gap_or_space(items: _Items, index: int) -> Doc:
    return (_gap(items[index]) if index < len(items) else None) or Text("")


def _condition(items: _Items) -> list[Doc]:
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


def _listed_items(items: _Items) -> list[list[_Item]]:
    """The elements of a list, each with the comma behind it and comments on the comma's line."""
    found: list[list[_Item]] = [[]]
    is_behind_comma = False
    for it in items:
        is_comment = isinstance(it, _Atom) and it.token.kind == "comment"
        if is_behind_comma and not (is_comment and "\n" not in it.gap):
            found.append([])
            is_behind_comma = False
        found[-1].append(it)
        if isinstance(it, _Atom) and it.text == "," and it.token.kind == "symbol":
            is_behind_comma = True
    return [it for it in found if it]


def _listed(items: _Items) -> list[list[Doc]]:
    return [_expression(it) for it in _listed_items(items)]


def _separated(listed: Sequence[Sequence[Doc]]) -> Iterator[Doc]:
    for index, it in enumerate(listed):
        if index:
            yield Line()
        yield Group(it)


def _expression(items: _Items) -> list[Doc]:
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


def _end_of_case(items: _Items, index: int) -> int | None:
    depth = 0
    for i in range(index, len(items)):
        depth += (items[i].word == "CASE") - (items[i].word == "END")
        if depth == 0:
            return i
    return None


def _case(items: _Items) -> list[Doc]:
    """CASE and END below each other, with a line for each WHEN and ELSE between them."""
    inside = items[1:-1]
    parts: list[list[_Item]] = [[]]
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


def _item(item: _Item) -> list[Doc]:
    if isinstance(item, _Brackets):
        return _brackets(item)
    if item.token.kind != "comment":
        return [Text(item.text)]
    # Whatever follows a comment that ends with its line has to be on another one.
    ends_line = not item.text.startswith(("/*", "{%", "{#"))
    return [Text(item.text), Broken()] if ends_line else [Text(item.text)]


def _brackets(item: _Brackets, *, is_broken: bool = False) -> list[Doc]:
    opening, closing = Text(item.opening.text), Text(item.closing.text)
    if not item.inside:
        # A comment may be all that is in there.
        return [opening, closing]
    inside = _inside(item.inside)
    line: Doc = Broken() if is_broken else Line("")
    return [Group([opening, Indent([line, *inside]), line, closing])]


def _inside(items: _Items) -> list[Doc]:
    if _is_query(items) or _word(items, 0) in ("PARTITION", "ORDER"):
        return _query(items)
    listed = _listed_items(items)
    if len(listed) > 1:
        return list(_separated([_expression(it) for it in listed]))
    return _condition(items)


def _is_query(items: _Items) -> bool:
    first = next((it for it in items if not _is_comment(it)), None)
    return first is not None and first.word in ("SELECT", "WITH", "VALUES", "INSERT", "FROM")


def _is_comment(item: _Item) -> bool:
    return isinstance(item, _Atom) and item.token.kind == "comment"


# What stands between


def _gap(item: _Item, before: _Item | None = None) -> Doc | None:
    """What stands before *item*: a space, a line break that has to stay, or nothing."""
    gap = item.gap
    atom = item if isinstance(item, _Atom) else None
    last = before.closing if isinstance(before, _Brackets) else before
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
    return Text(" ") if gap else None


def _are_joined_strings(one: _Atom, other: _Atom) -> bool:
    """``'a'`` and ``'b'`` on another line are one string to engines, on one line an error."""
    return one.token.kind == other.token.kind == "string" and "\n" in other.gap
