"""Words of the grammar where a name should be, and qualifiers with no name behind their dot.

sqlglot takes nearly any word for a name where it wants one: ``from`` in ``select a from from t``,
``group`` in ``select a from t group``.
"""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from defog_metadata.sql.grammar.expectations import called, doubled
from defog_metadata.sql.grammar.problem import SyntaxProblem
from defog_metadata.sql.source.tokens import Token
from defog_metadata.text import Edit, Fix, Span

__all__ = ["dangling_dots", "inner_aliases", "reserved_names"]

# Words that no engine takes as a bare name, but for those that are free in one.
_EVERYWHERE = frozenset(
    """SELECT FROM WHERE GROUP ORDER HAVING BY JOIN ON AND OR NOT IN AS CASE WHEN THEN ELSE UNION
    DISTINCT LIKE BETWEEN INTO NULL""".split()
)
_MORE = {
    "mysql": frozenset(
        """LEFT RIGHT INNER CROSS NATURAL OUTER USING LIMIT DESC ASC IS EXISTS INTERVAL SET TABLE
        CREATE DROP ALTER UPDATE DELETE INSERT VALUES PARTITION OVER WINDOW ROWS RANGE DIV MOD XOR
        COLLATE WITH RECURSIVE FOR TO PRIMARY KEY REFERENCES UNIQUE""".split()
    ),
    "sqlite": frozenset(
        """USING LIMIT IS EXISTS SET TABLE CREATE DROP ALTER UPDATE DELETE INSERT VALUES
        COLLATE TO PRIMARY REFERENCES UNIQUE ISNULL NOTNULL""".split()
    ),
    "postgres": frozenset(
        """LEFT RIGHT INNER CROSS NATURAL OUTER FULL USING LIMIT DESC ASC IS EXISTS TABLE CREATE
        END WINDOW COLLATE WITH FOR TO PRIMARY REFERENCES UNIQUE FETCH OFFSET""".split()
    ),
    "bigquery": frozenset(
        """LEFT RIGHT INNER CROSS NATURAL OUTER FULL USING DESC ASC IS EXISTS SET CREATE END
        INTERVAL PARTITION OVER WINDOW ROWS RANGE COLLATE WITH RECURSIVE FOR TO FETCH QUALIFY
        LATERAL INTERSECT EXCEPT""".split()
    ),
    "snowflake": frozenset(
        "IS EXISTS SET CREATE DROP ALTER UPDATE DELETE INSERT VALUES TO UNIQUE".split()
    ),
    "tsql": frozenset(
        """LEFT RIGHT INNER CROSS OUTER FULL DESC ASC IS EXISTS SET TABLE CREATE DROP ALTER UPDATE
        DELETE INSERT VALUES END OVER COLLATE WITH FOR TO PRIMARY KEY REFERENCES UNIQUE FETCH
        PIVOT UNPIVOT INTERSECT EXCEPT""".split()
    ),
}
_FREE = {"postgres": frozenset(("BY",))}
# In definitions and scripts sqlglot keeps much as names that are none.
_QUERIES = frozenset("( SELECT WITH INSERT UPDATE DELETE".split())
_PAIRED = frozenset(("GROUP", "ORDER", "PARTITION"))


def _reserved(dialect: str) -> frozenset[str]:
    return (_EVERYWHERE | _MORE.get(dialect, frozenset())) - _FREE.get(dialect, frozenset())


def reserved_names(
    tree: exp.Expr, tokens: Sequence[Token], dialect: str
) -> Iterator[SyntaxProblem]:
    """The words that sqlglot has read as names and *dialect* does not take as such."""
    if dialect not in _MORE or tokens[0].word not in _QUERIES:
        return
    reserved = _reserved(dialect)
    starts = {it.start: i for i, it in enumerate(tokens) if it.word in reserved}
    if not starts:
        return
    for node in tree.find_all(exp.Identifier):
        start = node.meta.get("start")
        if node.args.get("quoted") or not isinstance(start, int) or start not in starts:
            continue
        index = starts[start]
        token = tokens[index]
        before = tokens[index - 1] if index else None
        if before is not None and before.text in (".", ":"):  # behind them any word is a name
            continue
        if token.word == "PRIMARY" and node.find_ancestor(exp.IndexTableHint):
            continue  # MySQL's name for the index of the primary key
        span = Span(token.start, token.end)
        if token.word in _PAIRED:
            end = Span(token.end, token.end)
            fix = Fix("Add BY", (Edit(end, " BY"),))
            yield SyntaxProblem(span, f"expected BY after {token.word}", (fix,))
        elif before is not None and before.word == token.word:
            yield doubled(before, token)
        elif before is not None and before.kind == "word":
            yield SyntaxProblem(
                span, f"expected a name between {called(before)} and {called(token)}"
            )
        else:
            yield SyntaxProblem(span, f"expected a name before {called(token)}")


def inner_aliases(tree: exp.Expr, tokens: Sequence[Token], dialect: str) -> Iterator[SyntaxProblem]:
    """``(a as b)``: what stands in brackets by itself has no name inside them."""
    if dialect not in _MORE or tokens[0].word not in _QUERIES:
        return
    for node in tree.find_all(exp.Paren):
        alias = node.this.args.get("alias") if isinstance(node.this, exp.Alias) else None
        start = alias.meta.get("start") if isinstance(alias, exp.Identifier) else None
        index = next((i for i, it in enumerate(tokens) if it.start == start), 0)
        if index and tokens[index - 1].word == "AS":
            span = Span(tokens[index - 1].start, tokens[index - 1].end)
            yield SyntaxProblem(span, "AS is not expected inside these brackets")


def dangling_dots(text: str, tokens: Sequence[Token], dialect: str) -> Iterator[SyntaxProblem]:
    """``select u. from users u``: a dot with no name behind it, on its own line at least."""
    reserved = _reserved(dialect)
    for index, token in enumerate(tokens):
        if token.text != "." or not index or tokens[index - 1].kind not in ("word", "quoted"):
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following is None or following.text in (")", ",", "=", "<", ">", "<>", "<=", ">="):
            is_dangling = True
        else:
            gap = text[token.end : following.start]
            is_dangling = following.word in reserved and following.kind == "word" and bool(gap)
            is_dangling |= following.text[0] == "'" and dialect in _MORE
        if is_dangling:
            span = Span(tokens[index - 1].start, token.end)
            yield SyntaxProblem(span, f"expected a name after {text[span.start : span.end]}")
