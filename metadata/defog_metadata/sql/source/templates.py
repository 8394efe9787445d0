"""Text that a program fills in before an engine sees it, made into text that can be read.

Every piece of a template (Jinja's, a driver's, a client's) is replaced by as many characters of
SQL, so that offsets stay: ``{{ ref('orders') }}`` by the name of the table, a value by ``?``,
anything else by a word of ``FILLED_IN``, tags and comments by spaces.
"""

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from defog_metadata.catalog.naming import naming_of
from defog_metadata.catalog.reserved import reserved_words
from defog_metadata.sql.source.jinja import Block, Piece, read_blocks, read_pieces
from defog_metadata.sql.source.lexer import tokenize
from defog_metadata.sql.syntax import parse
from defog_metadata.text import Span

__all__ = ["FILLED_IN", "Certainty", "Template", "read_template"]

FILLED_IN = "\u1d0a"
"""A letter that nobody uses in a name: a name that it is in stands for what is filled in."""

Certainty = Literal["exact", "without syntax", "names", "nothing"]
"""What may be said of a statement: everything; all but that it cannot be read; only which names
are unknown; nothing."""


@dataclass(frozen=True, eq=False)
class Template:
    """``text`` is as long as what it was made from, and the very same where nothing is filled in.

    ``replaced`` are the places where it differs, in order, with what is known of each.
    """

    text: str
    dialect: str = ""
    replaced: tuple[tuple[Span, "_Replacement"], ...] = ()
    blocks: tuple[Block, ...] = ()
    words: frozenset[str] = frozenset()
    """What the template itself calls things: whatever it puts into the text may consist of them."""
    filled_in: Mapping[str, str] = field(default_factory=dict)
    """What is written where each name of ``FILLED_IN`` is read."""

    def written(self, read: str) -> str:
        """*read*, which was made from ``text``, as it is written in the template."""
        if FILLED_IN not in read:
            return read
        names = "|".join(map(re.escape, sorted(self.filled_in, key=len, reverse=True)))
        return re.sub(names or "(?!)", lambda it: self.filled_in[it.group()], read)

    def touches(self, span: Span) -> bool:
        """Whether a piece of the template is in, or overlaps, *span*."""
        return bool(self._within(span))

    def readable(self, span: Span) -> str:
        """The text of the statement at *span*, with as many of its blocks as make sense at once."""
        blocks = [it for it in self.blocks if _overlap(it.span, span)]
        text = self.text[span.start : span.end]
        if not blocks:
            return text
        first = _blanked(text, span.start, (it for it in blocks if it.kind != "separator"))
        without = _blanked(text, span.start, blocks)
        if without != first and parse(first, self.dialect).tree is None:
            return without
        return first

    def certainty(self, span: Span, tree: exp.Expr | None) -> Certainty:
        """What may be said of the statement at *span*, which was read as *tree*."""
        defined = [it.span for it in self.blocks if it.kind == "definition"]
        kinds = {
            kind
            for place, kind in self._within(span)
            if not any(_overlap(place, it) for it in defined)
        }
        if kinds <= {"nothing", "name"}:
            return "exact"
        if kinds <= {"nothing", "name", "value"}:
            return "without syntax"
        if tree is None or any(
            it.kind == "alternative"
            and _overlap(it.span, span)
            and not any(_overlap(it.span, one) for one in defined)
            and self.text[it.span.start : it.span.end].strip()
            for it in self.blocks
        ):
            return "nothing"
        return "names" if _is_understood(tree, self.text, span.start) else "nothing"

    def _within(self, span: Span) -> tuple[tuple[Span, "_Replacement"], ...]:
        start = bisect_right(self.replaced, span.start, key=lambda it: it[0].end)
        end = bisect_right(self.replaced, span.end - 1, key=lambda it: it[0].start)
        return self.replaced[start:end]


_Replacement = Literal["nothing", "name", "value", "open", "tag"]


def read_template(text: str, dialect: str) -> Template:
    """*text* with everything that a program fills in replaced."""
    pieces = read_pieces(text)
    blocks = tuple(read_blocks(text, pieces))
    replaced: list[tuple[Span, _Replacement]] = [(it.span, it.kind) for it in pieces]
    plain = _replaced(text, ((it.span, _written(it, text, dialect)) for it in pieces))
    if found := _placeholders(plain, dialect):
        plain = _replaced(
            plain, ((span, _stand_in(plain[span.start : span.end], kind)) for span, kind in found)
        )
        replaced = sorted([*replaced, *found])
    if not replaced:
        return Template(text, dialect)
    sources = [text[span.start : span.end] for span, _ in replaced]
    words = frozenset(it.casefold() for source in sources for it in re.findall(r"\w+", source))
    filled_in = {
        plain[span.start : span.end]: source
        for (span, _), source in zip(replaced, sources, strict=True)
        if plain.startswith(FILLED_IN, span.start)
    }
    return Template(plain, dialect, tuple(replaced), blocks, words, filled_in)


def _replaced(text: str, replacements: Iterable[tuple[Span, str]]) -> str:
    parts: list[str] = []
    at = 0
    for span, written in replacements:
        parts += (text[at : span.start], written)
        at = span.end
    return "".join((*parts, text[at:]))


def _blanked(text: str, start: int, blocks: Iterable[Block]) -> str:
    """*text*, which starts at *start* of the whole, with spaces in the place of *blocks*."""
    for block in blocks:
        begin, end = max(block.span.start - start, 0), min(block.span.end - start, len(text))
        text = f"{text[:begin]}{' ' * (end - begin)}{text[end:]}"
    return text


def _overlap(left: Span, right: Span) -> bool:
    return left.start < right.end and right.start < left.end


def _stand_in(written: str, kind: _Replacement) -> str:
    return "?".ljust(len(written)) if kind == "value" else _word(written)


def _word(written: str) -> str:
    """A name as long as *written*, and another one for anything else that is written."""
    number = zlib.crc32(written.encode("utf-8", "surrogatepass"))
    return f"{FILLED_IN}{number:x}"[: len(written)].ljust(len(written), FILLED_IN)


# Jinja


def _written(piece: Piece, text: str, dialect: str) -> str:
    """What is read in the place of *piece*: every name at its own place, a dot between two."""
    source = text[piece.span.start : piece.span.end]
    if piece.kind in {"nothing", "tag"}:
        return " " * len(source)
    naming = naming_of(dialect)
    found = [" "] * len(source)
    for name in piece.names:
        written = text[name.start : name.end]
        start, end = name.start - piece.span.start, name.end - piece.span.start
        found[start:end] = written
        # Where a bare name is not taken as it stands, dbt writes the names of relations bare.
        if naming.folding != "upper":
            found[start - 1], found[end] = naming.quote_open, naming.quote_close
        elif not written.isidentifier() or written.lower() in reserved_words(dialect):
            return _word(source)
    if not piece.names:
        return _word(source)
    if len(piece.names) > 1:
        comma = text.index(",", piece.names[0].end)
        found[comma - piece.span.start] = "."
    return "".join(found)


# Placeholders of drivers and clients. Those that sqlglot knows itself (?, :name, @name, $1 …) are
# left to it.
_PLACEHOLDER = re.compile(
    r"""(?=[$%{:&?])(?:(?P<open>
        \$\{[^}\n]*\}                           # ${x}: shells, Spark, Databricks
        |%\(\w+\)s                              # %(x)s: Python's drivers
        |(?<![\w\])"'`%])%s\b
        |\{(?:[^\W\d][\w.]*|\d+)?\}             # {x}: Python's str.format
        |(?<![\w:]):"[^"\n]+"                   # :"x": psql
        |\$\([^\W\d]\w*\)                       # $(x): sqlcmd
        |&{1,2}\w+\.?                           # &x: SQL*Plus
    )|(?P<value>
        (?<![\w:\])"'`]):'[^'\n]+'              # :'x': psql
        |(?<=[\s(=<>,+\-*/%|!]):\d+\b           # :1: Oracle's drivers
        |(?<=[\s(=<>,+\-*/%|!])\?\d+\b          # ?1: SQLite
        |(?<=[\s(=<>,+\-*/%|!]):[^\W\d]\w*      # :x, which DuckDB's sqlglot takes for an alias
    ))""",
    re.VERBOSE,
)
# Where something else looks the same: struct literals, the bitwise and, paths into documents.
_ONLY_IN = {
    "&": frozenset(("oracle",)),
    "$(": frozenset(("tsql",)),
    ':"': frozenset(("", "postgres", "redshift")),
    ":'": frozenset(("", "postgres", "redshift")),
}
_LITERALS = frozenset(("duckdb", "snowflake", "databricks", "spark", "clickhouse"))
_BEFORE_TABLE = re.compile(r"\b(?:from|join|into|update|table)\s+\Z", re.IGNORECASE)


def _placeholders(text: str, dialect: str) -> list[tuple[Span, _Replacement]]:
    matches = [it for it in _PLACEHOLDER.finditer(text) if _is_placeholder(it, dialect)]
    if not matches:
        return []
    protected = [it for it in tokenize(text, dialect) if it.kind in {"string", "comment", "quoted"}]
    starts = [it.start for it in protected]
    found: list[tuple[Span, _Replacement]] = []
    for match in matches:
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or match.start() >= protected[index].end:
            found.append((Span(*match.span()), "value" if match["value"] else "open"))
    return found


def _is_placeholder(match: re.Match[str], dialect: str) -> bool:
    """Whether *dialect* has nothing of its own that looks like this."""
    written = match.group()
    if dialect not in _ONLY_IN.get(written[:2], _ONLY_IN.get(written[:1], {dialect})):
        return False
    if written == "{}" and dialect in _LITERALS:
        before = match.string[max(match.start() - _FAR, 0) : match.start()]
        return _BEFORE_TABLE.search(before) is not None
    return not match["value"] or not written[1:2].isidentifier() or dialect == "duckdb"


_FAR = 40
"""Characters in which a keyword and the white space behind it are looked for."""


# What may be said


def _is_understood(tree: exp.Expr, text: str, start: int) -> bool:
    """Whether whatever is filled in can only be a value, or a relation, where it stands.

    Anything else could be a list, a clause or an alias, and change what the names around it mean.
    """
    return all(
        _is_operand(node, text, start)
        for node in tree.find_all(exp.Identifier)
        if FILLED_IN in node.name
    )


def _is_operand(node: exp.Identifier, text: str, start: int) -> bool:
    parent = node.parent
    if isinstance(parent, exp.Table):
        return True
    if not isinstance(parent, exp.Column):
        return False
    above = parent.parent
    if isinstance(above, exp.Alias):
        # Without AS, what is taken for the alias may be the next word of something else.
        end = start + int(node.meta.get("end", -1)) + 1
        return _AS.match(text, end) is not None
    return not isinstance(above, _LISTS)


_AS = re.compile(r"\s*as\b", re.IGNORECASE)
_LISTS = (exp.Query, exp.Group, exp.Ordered, exp.Order, exp.Tuple, exp.Window, exp.Star)
