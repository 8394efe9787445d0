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
from itertools import takewhile
from typing import Literal

from sqlglot import exp

from defog_metadata.catalog.naming import naming_of
from defog_metadata.catalog.reserved import reserved_words
from defog_metadata.lazy import lazy
from defog_metadata.sql.source.jinja import Block, Piece, read_blocks, read_pieces
from defog_metadata.sql.source.lexer import tokens_from
from defog_metadata.sql.syntax import parse
from defog_metadata.text import Span

__all__ = [
    "FILLED_IN",
    "Certainty",
    "Filled",
    "Markup",
    "Replacements",
    "Template",
    "filled_of",
    "read_markup",
    "template_of",
]

FILLED_IN = "\u1d0a"
"""A letter that nobody uses in a name: a name that it is in stands for what is filled in."""

Certainty = Literal["exact", "without syntax", "names", "nothing"]
"""What may be said of a statement: everything; all but that it cannot be read; only which names
are unknown; nothing."""


@dataclass(frozen=True, eq=False)
class Template:
    """``text`` is as long as what it was made from, and the very same where nothing is filled in.

    ``replaced`` are the places where it differs, in order, with what is known of each; ``markup``
    those of Jinja among them.
    """

    text: str
    dialect: str = ""
    replaced: "Replacements" = ()
    blocks: tuple[Block, ...] = ()
    markup: "Replacements" = ()
    words: frozenset[str] = frozenset()
    """What the template itself calls things: whatever it puts into the text may consist of them."""
    filled_in: Mapping[str, str] = field(default_factory=dict)
    """What is written where each name of ``FILLED_IN`` is read."""

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

    def _within(self, span: Span) -> "Replacements":
        return _overlapping(self.replaced, span)


_Replacement = Literal["nothing", "name", "value", "open", "tag"]
Replacements = tuple[tuple[Span, _Replacement], ...]


@dataclass(frozen=True, eq=False)
class Filled:
    """What the templates of a whole text call things, and what stands in for what."""

    words: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    @lazy
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(it) for it in self.names}, reverse=True))

    def written(self, read: str) -> str:
        """*read*, which was made from what was read, as it is written in the template."""
        parts: list[str] = []
        at = 0
        while (start := read.find(FILLED_IN, at)) >= 0:
            names = (read[start : start + it] for it in self._lengths)
            name = next((it for it in names if it in self.names), FILLED_IN)
            parts += (read[at:start], self.names.get(name, name))
            at = start + len(name)
        return "".join((*parts, read[at:])) if parts else read


def filled_of(templates: Iterable[Template], before: Filled | None = None) -> Filled:
    """All of *templates* together; *before* itself, if that says the same."""
    words: set[str] = set()
    names: dict[str, str] = {}
    for it in templates:
        words |= it.words
        names |= it.filled_in
    if not words:
        return _NOTHING
    if before is not None and before.words == words and before.names == names:
        return before
    return Filled(frozenset(words), names)


_NOTHING = Filled()


@dataclass(frozen=True, eq=False, slots=True)
class Markup:
    """A text without its Jinja: ``text`` is as long as it, with something else in its places."""

    source: str
    text: str
    replaced: Replacements = ()
    blocks: tuple[Block, ...] = ()

    def within(self, span: Span) -> Replacements:
        """The replacements in *span*, counted from its start."""
        if not self.replaced:
            return ()
        found = _overlapping(self.replaced, span)
        return tuple((it.shifted(-span.start), kind) for it, kind in found)

    def blocks_in(self, span: Span) -> tuple[Block, ...]:
        """What there is of the blocks in *span*, counted from its start."""
        return tuple(
            Block(_common(it.span, span).shifted(-span.start), it.kind)
            for it in self.blocks
            if _overlap(it.span, span)
        )


def read_markup(text: str, dialect: str) -> Markup:
    """*text* with its Jinja replaced."""
    pieces = read_pieces(text)
    if not pieces:
        return Markup(text, text)
    plain = _replaced(text, ((it.span, _written(it, text, dialect)) for it in pieces))
    replaced = tuple((it.span, it.kind) for it in pieces)
    return Markup(text, plain, replaced, tuple(read_blocks(text, pieces)))


def template_of(markup: Markup, span: Span, dialect: str) -> Template:
    """The part of a text at *span*, which begins with a line and a statement, as a template."""
    start = span.start
    text, jinja = markup.text[start : span.end], markup.within(span)
    found = _placeholders(markup.text, span, dialect)
    if not found and not jinja:
        return Template(text, dialect, blocks=markup.blocks_in(span))
    text = _replaced(text, ((it, _stand_in(text[it.start : it.end], kind)) for it, kind in found))
    replaced = tuple(sorted([*jinja, *found]))
    sources = [markup.source[start + it.start : start + it.end] for it, _ in replaced]
    words = frozenset(it.casefold() for source in sources for it in re.findall(r"\w+", source))
    filled_in = {
        text[it.start : it.end]: source
        for (it, _), source in zip(replaced, sources, strict=True)
        if text.startswith(FILLED_IN, it.start)
    }
    return Template(text, dialect, replaced, markup.blocks_in(span), jinja, words, filled_in)


def _overlapping(replaced: Replacements, span: Span) -> Replacements:
    start = bisect_right(replaced, span.start, key=lambda it: it[0].end)
    end = bisect_right(replaced, span.end - 1, key=lambda it: it[0].start)
    return replaced[start:end]


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


def _common(left: Span, right: Span) -> Span:
    return Span(max(left.start, right.start), min(left.end, right.end))


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


def _placeholders(text: str, span: Span, dialect: str) -> list[tuple[Span, _Replacement]]:
    """The placeholders of *text* in *span*, counted from its start."""
    start, end = span.start, span.end
    matches = [
        it for it in _PLACEHOLDER.finditer(text, start, end) if _is_placeholder(it, start, dialect)
    ]
    if not matches:
        return []
    tokens = takewhile(lambda it: it.start < end, tokens_from(text, dialect, start))
    protected = [it for it in tokens if it.kind in {"string", "comment", "quoted"}]
    starts = [it.start for it in protected]
    found: list[tuple[Span, _Replacement]] = []
    for match in matches:
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or match.start() >= protected[index].end:
            place = Span(*match.span()).shifted(-start)
            found.append((place, "value" if match["value"] else "open"))
    return found


def _is_placeholder(match: re.Match[str], start: int, dialect: str) -> bool:
    """Whether *dialect* has nothing of its own that looks like this."""
    written = match.group()
    if dialect not in _ONLY_IN.get(written[:2], _ONLY_IN.get(written[:1], {dialect})):
        return False
    if written == "{}" and dialect in _LITERALS:
        before = match.string[max(match.start() - _FAR, start) : match.start()]
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
