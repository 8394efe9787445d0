"""SQL inside the statements of a glossary: where it is, which names it has, whether it parses.

SQL is what stands in backticks and has more to it than a name, and outside of them a formula
around calls of functions: ``SUM(amount) / COUNT(*)``, with the ``WHERE`` behind it. Much that
looks like it is written for people (``SUM(price of all cars)``): such text has no mistakes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import SqlglotError

from defog_metadata.pruning import Mention, code_spans, looks_like_a_name
from defog_metadata.sql.binding.identifiers import span_of
from defog_metadata.sql.functions import functions_of, is_known, is_known_elsewhere
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.lexer import Token, tokenize
from defog_metadata.sql.syntax import parse, tree_of
from defog_metadata.text import Span

__all__ = ["Fragment", "fragments", "is_sql_word"]


@dataclass(frozen=True)
class Fragment:
    """Spans count from the start of the line."""

    span: Span
    sql: str
    """The statement that it has been made into."""
    shift: int
    """What must be added to a place in ``sql`` to have it in the line."""
    tree: exp.Expr | None = None
    problem: SyntaxProblem | None = None
    """Where it does not parse, surely."""
    is_query: bool = False
    """Whether it says itself which tables it is about."""

    def names(self) -> Iterator[Mention]:
        """The columns and tables in it; stars, and names that it has made itself, left out."""
        if self.tree is None:
            return
        own = {it.alias_or_name.casefold() for it in self.tree.find_all(exp.CTE, exp.Subquery)}
        own |= {it.alias.casefold() for it in self.tree.find_all(exp.Table, exp.Alias)} - {""}
        for node in self.tree.find_all(exp.Column, exp.Table):
            if not isinstance(node, exp.Column | exp.Table):
                continue  # never: it is what was looked for
            identifiers = [it for it in node.parts if isinstance(it, exp.Identifier)]
            while identifiers and identifiers[0].name.casefold() in own:
                identifiers = identifiers[1:]
            mention = self._mention(identifiers)
            if mention is not None:
                yield mention

    def _mention(self, identifiers: Sequence[exp.Identifier]) -> Mention | None:
        spans: list[Span] = []
        for it in identifiers:
            place = span_of(it)
            if place is None:
                return None
            quotes = int(it.quoted)
            spans.append(Span(place.start + quotes, place.end - quotes).shifted(self.shift))
        inside = bool(spans) and self.span.start <= spans[0].start
        texts = tuple(it.name for it in identifiers)
        return Mention(texts, tuple(spans), "code") if inside else None


def is_sql_word(word: str, dialect: str) -> bool:
    """Whether *word* is SQL's own: a keyword, a type, a unit or a function of some engine."""
    upper = word.upper()
    return upper in _KEYWORDS or is_known(word, dialect) or is_known_elsewhere(word)


def fragments(line: str, dialect: str, is_name: Callable[[str], bool]) -> Iterator[Fragment]:
    """The SQL in *line*, from left to right; *is_name* knows the names of the database."""
    done = 0
    reader = _Reader(line, dialect, is_name)
    for code in code_spans(line):
        yield from reader.formulas(done, code.span.start - 1)
        fragment = reader.code(code.span)
        if fragment is not None:
            yield fragment
        done = code.span.end + 1
    yield from reader.formulas(done, len(line))


@dataclass(frozen=True)
class _Reader:
    line: str
    dialect: str
    is_name: Callable[[str], bool]

    def code(self, span: Span) -> Fragment | None:
        text = self.line[span.start : span.end]
        tokens = self._tokens(span.start, span.end)
        is_path = all(it.kind in ("word", "quoted") or it.text == "." for it in tokens)
        # Few words alone are a name or a phrase, whatever they begin with: ``order date``.
        is_query = len(tokens) >= _FEWEST_WORDS and tokens[0].word in _CLAUSES | _STATEMENTS
        is_name = not tokens or (is_path and not is_query)
        if is_name or _TEMPLATE.search(text) or _is_call_of_nothing(tokens):
            return None
        is_sql = all(self._is_sql(it, tokens) for it in tokens) and _has_operator(tokens)
        return self._fragment(span, tokens, is_judged=is_sql)

    def formulas(self, start: int, end: int) -> Iterator[Fragment]:
        """Those in prose: a whole query, or what begins with a call and ends where SQL does."""
        at = start
        query = _QUERY.search(self.line, at, end)
        if query is not None and (found := self._query(query.start(), end)) is not None:
            yield from self.formulas(start, query.start())
            yield found
            yield from self.formulas(found.span.end, end)
            return
        while call := _CALL.search(self.line, at, end):
            at = call.end()
            name = call["name"]
            is_function = name.upper() in functions_of("") or is_known(name, self.dialect)
            if not is_function and not is_known_elsewhere(name):
                continue
            opening = _OPENING.search(self.line[max(start, call.start() - 40) : call.start()])
            begin = call.start() - (len(opening[0]) if opening else 0)
            found = self._formula(begin, end) or self._formula(call.start(), end)
            if found is not None:
                yield found
                at = max(at, found.span.end)

    def _query(self, start: int, end: int) -> Fragment | None:
        stop = self.line.find(";", start, end)
        span = Span(start, start + len(self.line[start : stop if stop >= 0 else end].rstrip(" .")))
        tokens = self._tokens(span.start, span.end)
        if _TEMPLATE.search(self.line[span.start : span.end]):
            return None
        found = self._fragment(span, tokens, is_judged=False)
        return found if found.is_query else None

    def _formula(self, start: int, end: int) -> Fragment | None:
        tokens = self._tokens(start, end)
        depth, last = 0, -1
        for index, token in enumerate(tokens):
            if not token.closed:
                break
            depth += (token.text == "(") - (token.text == ")")
            if depth < 0:
                break
            if depth == 0:
                if not self._goes_on(token, tokens, index):
                    break
                is_called = tokens[index + 1 : index + 2] and tokens[index + 1].text == "("
                if not _wants_more(token) and not is_called:
                    last = index
        is_unclosed = depth > 0 and last < 0 and not _TEMPLATE.search(self.line[start:end])
        if is_unclosed and all(self._is_sql(it, tokens) for it in tokens):
            return self._fragment(Span(start, tokens[-1].end), tokens, is_judged=True)
        if last < 0:
            return None
        kept = tokens[: last + 1]
        span = Span(start, kept[-1].end)
        if _TEMPLATE.search(self.line[span.start : span.end]):
            return None
        is_judged = all(self._is_sql(it, kept) for it in kept)
        return self._fragment(span, kept, is_judged=is_judged)

    def _goes_on(self, token: Token, tokens: Sequence[Token], index: int) -> bool:
        """Whether *token*, outside of brackets, can belong to a formula in prose."""
        if token.kind in ("number", "string"):
            return True
        if token.kind == "symbol":
            return token.text in _OPERATORS or token.text in "()."
        if token.kind != "word":
            return False
        behind = tokens[index + 1] if index + 1 < len(tokens) else None
        is_call = behind is not None and behind.text == "(" and behind.start == token.end
        is_keyword = token.text.isupper() and token.word in _IN_FORMULAS
        before = tokens[index - 1] if index else None
        is_operand = before is None or _wants_more(before) or before.text in "(."
        is_named = self.is_name(token.text) or looks_like_a_name(token.text)
        return is_call or is_keyword or (is_operand and is_named)

    def _tokens(self, start: int, end: int) -> list[Token]:
        return [
            Token(it.kind, it.start + start, it.end + start, it.text, it.closed)
            for it in tokenize(self.line[start:end], self.dialect)
        ]

    def _is_sql(self, token: Token, tokens: Sequence[Token]) -> bool:
        """Whether *token* is no word for people."""
        if token.kind != "word":
            return token.kind != "comment" and token.closed
        behind = next((it for it in tokens if it.start >= token.end), None)
        return (
            (behind is not None and behind.text == "(")
            or token.word in _KEYWORDS
            or self.is_name(token.text)
            or looks_like_a_name(token.text)
        )

    def _fragment(self, span: Span, tokens: Sequence[Token], *, is_judged: bool) -> Fragment:
        text = self.line[span.start : span.end]
        prefix = _prefix(tokens)
        sql = f"{prefix}{text}"
        shift = span.start - len(prefix)
        read = parse(sql, self.dialect)
        tree, problem = read.tree, None
        if tree is None:
            try:
                tree = tree_of(sql, "")
            except SqlglotError:
                problem = read.problems[0] if read.problems and is_judged else None
        if problem is not None and problem.span.end <= len(prefix):
            problem = None
        is_query = tree is not None and tree.find(exp.From) is not None and "_" not in prefix
        return Fragment(span, sql, shift, tree, problem, is_query=is_query)


def _prefix(tokens: Sequence[Token]) -> str:
    """What makes a statement of a fragment that starts like *tokens*."""
    word = tokens[0].word
    if word in _STATEMENTS:
        return ""
    if word == "FROM":
        return "SELECT * "
    if word == "ON":
        return "SELECT * FROM _ JOIN _ "
    if word in ("JOIN", "LEFT", "RIGHT", "INNER", "OUTER", "CROSS", "FULL") and (
        len(tokens) == 1 or tokens[1].text != "("
    ):
        return "SELECT * FROM _ "
    if word in _CLAUSES:
        return "SELECT * FROM _ "
    if word in ("AND", "OR"):
        return "SELECT TRUE "
    if word in _COMPARISONS:
        return "SELECT _ "
    return "SELECT "


def _wants_more(token: Token) -> bool:
    """Whether a formula cannot end with *token*."""
    return (
        token.text in _OPERATORS
        or token.text in "(."
        or (token.word in _IN_FORMULAS and token.word not in ("NULL", "TRUE", "FALSE", "END"))
    )


def _has_operator(tokens: Sequence[Token]) -> bool:
    return any(it.text in _OPERATORS or it.text == "(" for it in tokens) or (
        tokens[0].word in _CLAUSES | _STATEMENTS
    )


def _is_call_of_nothing(tokens: Sequence[Token]) -> bool:
    """``COUNT(`` or ``COUNT()``: the function itself is spoken of. Or an operator is."""
    if all(it.word in _KEYWORDS or it.kind == "symbol" for it in tokens):
        return True
    rest = [it.text for it in tokens[1:]]
    return rest in (["("], ["(", ")"])


_FEWEST_WORDS = 4
_TEMPLATE = re.compile(
    r"\.\.\.|…|<\s*\w[^<>=]*>|[{}?]|%s|\$\d|(?<![:\w]):[a-z]|@\w|\[[^\]]*\]|\w\*\s*$|\w_\*"
)
_QUERY = re.compile(r"\b(?:SELECT|WITH\s+\w+\s+AS)\b")
_CALL = re.compile(r"(?<![\w.$])(?P<name>[A-Za-z]\w*)\((?=\s*[^\s)])")
_OPENING = re.compile(r"(?:(?:\(|\d+(?:\.\d+)?\s*[*/+-])\s*)+$")
_OPERATORS = frozenset("+ - * / % || = <> != < > <= >= ::".split())
_COMPARISONS = frozenset("= <> != < > <= >= IS IN LIKE ILIKE BETWEEN NOT".split())
_CLAUSES = frozenset("FROM WHERE GROUP ORDER HAVING LIMIT JOIN ON QUALIFY".split())
_STATEMENTS = frozenset("SELECT WITH INSERT UPDATE DELETE CREATE ALTER DROP".split())
_IN_FORMULAS = frozenset(
    "WHERE AND OR NOT IS NULL IN LIKE ILIKE BETWEEN TRUE FALSE FILTER OVER INTERVAL".split()
)
_KEYWORDS = (
    _COMPARISONS
    | _CLAUSES
    | _STATEMENTS
    | _IN_FORMULAS
    | frozenset(
        """AS BY CASE WHEN THEN ELSE END DISTINCT ALL ANY SOME EXISTS UNION INTERSECT EXCEPT ASC
        DESC NULLS FIRST LAST OFFSET FETCH ROWS ROW ONLY LEFT RIGHT INNER OUTER FULL CROSS NATURAL
        USING
        PARTITION RANGE PRECEDING FOLLOWING UNBOUNDED CURRENT WITHIN WINDOW LATERAL CAST TRY_CAST
        CONVERT EXTRACT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP AT ZONE
        INTO VALUES SET RETURNING DEFAULT SIMILAR TO ESCAPE COLLATE TOP RECURSIVE
        SECOND SECONDS MINUTE MINUTES HOUR HOURS DAY DAYS WEEK WEEKS MONTH MONTHS QUARTER QUARTERS
        YEAR YEARS EPOCH DOW ISODOW DOY INT INTEGER BIGINT SMALLINT TINYINT NUMERIC DECIMAL FLOAT
        DOUBLE REAL PRECISION TEXT VARCHAR CHAR STRING BOOLEAN BOOL DATE TIME TIMESTAMP TIMESTAMPTZ
        DATETIME JSON JSONB UUID BYTEA BLOB SIGNED UNSIGNED""".split()
    )
)
