"""null-comparison: a comparison with NULL, which is never true."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.catalog import Catalog
from defog_metadata.rules.findings import Fix, Problem
from defog_metadata.sql.analysis import Analysis
from defog_metadata.sql.facts.extents import behind, extent
from defog_metadata.sql.source.lexer import Token
from defog_metadata.text import Edit, Span

_SIGNS = frozenset(("=", "==", "<", ">", "!", "<>", "!="))
_BETWEEN = (exp.Connector, exp.Paren, exp.Not)
# Where a comparison decides something. Elsewhere the sign may give a value to a name: SET a = NULL.
_DECIDES = (exp.Where, exp.Having, exp.Qualify, exp.Join, exp.If, exp.CheckColumnConstraint)


def null_comparison(analysis: Analysis, catalog: Catalog) -> Iterator[Problem]:
    """Find comparisons with NULL, which are never true.

    ::

    select id from orders where status = NULL
                                ^^^^^^^^^^^^^ nothing equals NULL; write IS NULL
    """
    del catalog
    tree = analysis.syntax.tree
    if tree is None or analysis.nulls_equal or not tree.find(exp.Null):
        return
    text = analysis.syntax.text
    tokens = analysis.syntax.tokens
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.Not):
        if not _decides(node):
            continue
        if isinstance(node, exp.Not):
            problem = _not_in(node, tokens)
        elif isinstance(node.args.get("expression"), exp.Null):
            problem = _compared(node, tokens)
        else:
            problem = _turned(node, text, tokens)
        if problem is not None:
            yield problem


def _decides(node: exp.Expr) -> bool:
    outer = node.parent
    while isinstance(outer, _BETWEEN):
        outer = outer.parent
    return isinstance(outer, _DECIDES)


def _compared(node: exp.Expr, tokens: Sequence[Token]) -> Problem | None:
    """``a = NULL``."""
    left = extent(node.this, tokens)
    if left is None or isinstance(node.this, exp.Predicate | exp.Tuple):
        return None
    after = first = behind(left.end, tokens)
    while after < len(tokens) and tokens[after].text in _SIGNS:
        after += 1
    if after == first or after == len(tokens) or tokens[after].word != "NULL":
        return None
    words = _in_case_of(tokens[after], _words(node))
    end = tokens[after].end
    edit = Edit(Span(left.end, end), f" {words}")
    return Problem(
        Span(left.start, end), _message(node), (Fix(f"Write {words}", (edit,), is_certain=True),)
    )


def _turned(node: exp.Expr, text: str, tokens: Sequence[Token]) -> Problem | None:
    """``NULL = a``."""
    if not isinstance(node.this, exp.Null) or isinstance(
        node.args["expression"], exp.Binary | exp.Tuple
    ):
        return None
    right = extent(node.args["expression"], tokens)
    if right is None:
        return None
    before = behind(right.start, tokens) - 1
    while before > 0 and tokens[before].text in _SIGNS:
        before -= 1
    if before < 0 or tokens[before].word != "NULL":
        return None
    span = Span(tokens[before].start, right.end)
    words = _in_case_of(tokens[before], _words(node))
    edit = Edit(span, f"{text[right.start : right.end]} {words}")
    return Problem(span, _message(node), (Fix(f"Write {words}", (edit,), is_certain=True),))


def _not_in(node: exp.Not, tokens: Sequence[Token]) -> Problem | None:
    """``a NOT IN (1, NULL)``."""
    listed = node.this
    if not isinstance(listed, exp.In) or listed.args.get("query"):
        return None
    nulls = [isinstance(it, exp.Null) for it in listed.expressions]
    left = extent(listed.this, tokens)
    if not any(nulls) or left is None:
        return None
    after = behind(left.end, tokens)
    null = next((it for it in tokens[after:] if it.word == "NULL"), None)
    if null is None:
        return None
    place = tokens.index(null)
    fixes: tuple[Fix, ...] = ()
    if nulls.count(True) == 1 and not all(nulls):
        first, last = (
            (tokens[place - 1].start, null.end)
            if tokens[place - 1].text == ","
            else (null.start, tokens[place + 2].start)
        )
        fixes = (Fix("Take NULL out of the list", (Edit(Span(first, last), ""),)),)
    message = "NOT IN is never true of a list with NULL in it"
    return Problem(Span(null.start, null.end), message, fixes)


def _words(node: exp.Expr) -> str:
    return "IS NULL" if isinstance(node, exp.EQ) else "IS NOT NULL"


def _in_case_of(null: Token, words: str) -> str:
    return words.lower() if null.text.islower() else words


def _message(node: exp.Expr) -> str:
    says = "nothing equals NULL" if isinstance(node, exp.EQ) else "nothing differs from NULL"
    return f"{says}, not even NULL: this is never true; write {_words(node)}"
