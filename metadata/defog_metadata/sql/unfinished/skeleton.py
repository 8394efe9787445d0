"""A statement reduced to what defines names.

WITH, FROM and the names of outputs stay; of everything else only the clause of the caret, emptied
to the caret itself. What is left parses, whatever was wrong with the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["CLAUSES", "PLACEHOLDER", "chain", "outermost_query", "skeleton"]

PLACEHOLDER = "__caret__"

# Words that start a clause; what stands between two of them can be thrown away.
CLAUSES = frozenset(
    """SELECT FROM JOIN ON USING WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET FETCH SET
    VALUES RETURNING UNION INTERSECT EXCEPT MINUS BY INTO UPDATE DELETE INSERT MERGE WITH
    CLUSTER DISTRIBUTE SORT CONNECT PREWHERE""".split()
)

_DEFINING = frozenset(("WITH", "SELECT", "FROM", "UPDATE", "INTO"))


def skeleton(words: Sequence[str]) -> list[str]:
    """The words of the reduced statement; *words* must have the placeholder among them."""
    return _Skeleton(words).words()


def chain(words: Sequence[str], caret: int) -> str:
    """The caret with its qualifiers."""
    start = caret
    while start >= 2 and words[start - 1] == ".":  # noqa: PLR2004
        start -= 2
    return "".join(words[start : caret + 1])


def outermost_query(words: Sequence[str]) -> list[str]:
    """The query in brackets that the caret is in, of a statement of an unknown kind; or nothing."""
    caret = next((i for i, it in enumerate(words) if PLACEHOLDER in it), 0)
    opened: list[int] = []
    for index, word in enumerate(words[:caret]):
        if word == "(":
            opened.append(index)
        elif word == ")" and opened:
            opened.pop()
    start = next((i + 1 for i in opened if words[i + 1].upper() in {"SELECT", "WITH"}), None)
    if start is None:
        return []
    depth = 1
    for index in range(start, len(words)):
        depth += (words[index] == "(") - (words[index] == ")")
        if depth == 0:
            return list(words[start:index])
    return list(words[start:])


@dataclass(slots=True)
class _Group:
    """The words between two brackets, inner brackets as groups."""

    items: list["str | _Group"] = field(default_factory=list)
    has_caret: bool = False

    def flat(self) -> str:
        return f"( {' '.join(it if isinstance(it, str) else it.flat() for it in self.items)} )"


class _Skeleton:
    """Only what defines names: WITH, FROM, output names, and the clause of the caret."""

    def __init__(self, words: Sequence[str]) -> None:
        self._root = _Group()
        stack = [self._root]
        for word in words:
            if word == "(":
                group = _Group()
                stack[-1].items.append(group)
                stack.append(group)
            elif word == ")":
                if len(stack) > 1:
                    stack.pop()
            else:
                if PLACEHOLDER in word:
                    for group in stack:
                        group.has_caret = True
                stack[-1].items.append(word)

    def words(self) -> list[str]:
        return self._query(self._root).split(" ")

    def _query(self, group: _Group) -> str:
        clauses = _clauses(group)
        if not any(name in _DEFINING for name, _ in clauses):
            return PLACEHOLDER if group.has_caret else "NULL"
        return " ".join(filter(None, (self._clause(name, body) for name, body in clauses)))

    def _clause(self, name: str, body: list["str | _Group"]) -> str:
        has_caret = any(_holds_caret(it) for it in body)
        match name:
            case "":
                return self._names(body)
            case "WITH":
                return f"WITH {self._names(body)}"
            case "SELECT":
                items = [self._projection(it) for it in _comma_separated(body)]
                return "SELECT " + (", ".join(filter(None, items)) or "NULL")
            case "FROM" | "JOIN" if not body:
                return ""
            case "FROM" | "JOIN" | "INTO" | "UPDATE" | "INSERT" | "DELETE":
                return f"{name} {self._names(body)}"
            case "UNION" | "INTERSECT" | "EXCEPT" | "MINUS":
                return "UNION ALL"  # which every dialect takes; the names are the same
            case "ON" if not has_caret:
                return ""
            case _ if has_caret:
                keyword = f"{name} BY" if name in ("GROUP", "ORDER") else name
                if name == "USING":
                    return f"ON {self._inner(body)}"
                return f"{keyword} {self._inner(body)}"
            case "SET":
                return "SET a = 1"
            case _:
                return ""

    def _names(self, body: list["str | _Group"]) -> str:
        return " ".join(
            it if isinstance(it, str) else f"( {self._named_group(it)} )" for it in body
        )

    def _named_group(self, group: _Group) -> str:
        if any(name in ("SELECT", "WITH") for name, _ in _clauses(group)):
            return self._query(group)
        return group.flat()[2:-2]

    def _projection(self, item: list["str | _Group"]) -> str:
        if any(_holds_caret(it) for it in item):
            return self._inner(item)
        words = [it for it in item if isinstance(it, str)]
        upper = [it.upper() for it in words]
        if "AS" in upper[:-1]:
            return f"NULL AS {words[-1]}"
        if len(words) == len(item):  # a plain column or a star
            return " ".join(words)
        return "NULL"

    def _inner(self, body: list["str | _Group"]) -> str:
        """The caret's own place: itself with its qualifier, or the subquery that it is in."""
        for index, it in enumerate(body):
            if isinstance(it, str) and PLACEHOLDER in it:
                words = [w if isinstance(w, str) else ")" for w in body[: index + 1]]
                return chain(words, index)
            if isinstance(it, _Group) and it.has_caret:
                inner = self._query(it)
                return inner if inner == PLACEHOLDER else f"( {inner} )"
        return "NULL"


def _holds_caret(item: "str | _Group") -> bool:
    return PLACEHOLDER in item if isinstance(item, str) else item.has_caret


def _clauses(group: _Group) -> list[tuple[str, list["str | _Group"]]]:
    found: list[tuple[str, list[str | _Group]]] = [("", [])]
    for item in group.items:
        upper = item.upper() if isinstance(item, str) else ""
        if upper in CLAUSES and upper != "BY":
            found.append((upper, []))
        elif upper != "BY":
            found[-1][1].append(item)
    return [it for it in found if it[0] or it[1]]


def _comma_separated(body: list["str | _Group"]) -> Iterator[list["str | _Group"]]:
    item: list[str | _Group] = []
    for it in body:
        if it == ",":
            yield item
            item = []
        else:
            item.append(it)
    yield item
