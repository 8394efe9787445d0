"""glossary-contradiction: statements that cannot both hold, and queries that ignore one.

What two people would call a matter of wording is none: without a sure sign that two statements
speak of the same and say something else of it, nothing is told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from defog_metadata.catalog import Catalog
from defog_metadata.checks.glossary_rules import (
    Convention,
    JoinRule,
    Preference,
    conventions,
    join_rules,
    preference,
)
from defog_metadata.checks.glossary_sql import fragments
from defog_metadata.checks.glossary_terms import Definition, definition_of, plain
from defog_metadata.checks.vocabulary import Vocabulary, parts_of, vocabulary_of
from defog_metadata.documents.glossary import GlossaryLine
from defog_metadata.progress import check_stopped
from defog_metadata.pruning import mentions, terms
from defog_metadata.rules import DEFAULT_SEVERITIES, Finding, Related, Severity
from defog_metadata.sql.usage import Join, Usage, usage_of
from defog_metadata.text import Edit, Fix, Span, TextFile

__all__ = ["Beside", "GoldenAnswer", "OtherGlossary", "glossary_consistency"]

CODE = "glossary-contradiction"


@dataclass(frozen=True, slots=True)
class OtherGlossary:
    """Another glossary about the same database, whose statements come first."""

    file: TextFile
    lines: tuple[GlossaryLine, ...]


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """SQL that is known to be right, and where it stands."""

    sql: str
    span: Span
    file: TextFile | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What else is known of the database that a glossary is about."""

    before: tuple[OtherGlossary, ...] = ()
    golden: tuple[GoldenAnswer, ...] = ()


def glossary_consistency(
    lines: Sequence[GlossaryLine],
    catalog: Catalog,
    dialect: str,
    severities: Mapping[str, Severity] | None = None,
    beside: Beside | None = None,
) -> list[Finding]:
    """What contradicts, or repeats, an earlier statement or is contradicted by a golden query.

    A finding is about one of *lines*, each of which may be at odds with lines before it and with
    those of the glossaries *beside* it. Findings are in the order of the text.
    """
    severity = {**DEFAULT_SEVERITIES, **(severities or {})}[CODE]
    if severity == "off":
        return []
    # A repetition is untidy, not wrong.
    milder: Severity = "information" if severity in ("error", "warning") else severity
    read = _Reader(catalog, dialect)
    beside = beside or Beside()
    earlier = [read.statement(line, it.file) for it in beside.before for line in it.lines]
    found: list[Finding] = []
    for line in lines:
        check_stopped()
        statement = read.statement(line, None)
        found += _told(statement, earlier, severity, milder)
        earlier.append(statement)
    own = earlier[len(earlier) - len(lines) :]
    found += _ignored(own, beside.golden, catalog, dialect, severity)
    return sorted(found, key=lambda it: (it.span, it.message))


@dataclass(frozen=True, slots=True)
class _Statement:
    line: GlossaryLine
    file: TextFile | None
    words: tuple[str, ...]
    """As they are, for telling repetitions."""
    definition: Definition | None
    meaning: "_Meaning | None"
    joins: tuple[JoinRule, ...]
    preference: Preference | None
    conventions: tuple[Convention, ...]

    def related(self, message: str) -> tuple[Related, ...]:
        return (Related(self.line.span, message, self.file),)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a definition says, as far as it can be compared."""

    words: frozenset[str]
    numbers: tuple[str, ...]
    names: frozenset[str]
    formulas: frozenset[str]


class _Reader:
    def __init__(self, catalog: Catalog, dialect: str) -> None:
        self._catalog, self._dialect = catalog, dialect
        self._names: Vocabulary = vocabulary_of(catalog)

    def statement(self, line: GlossaryLine, file: TextFile | None) -> _Statement:
        definition = definition_of(line.text)
        return _Statement(
            line,
            file,
            tuple(re.findall(r"[\w%<>=*/+.-]+", plain(line.text).casefold().rstrip(" .;"))),
            definition,
            self._meaning(definition.body) if definition else None,
            tuple(join_rules(line.text, self._catalog)),
            preference(line.text, self._catalog),
            tuple(conventions(line.text)),
        )

    def _meaning(self, body: str) -> _Meaning:
        found = list(fragments(body, self._dialect, lambda it: self._names.has(it.casefold())))
        formulas = frozenset(_plain_sql(it.tree.sql()) for it in found if it.tree is not None)
        named = frozenset(
            mention.key[-1]
            for mention in mentions(body)
            if self._names.has(mention.key[-1]) and (mention.is_marked or len(mention.parts) > 1)
        )
        in_sql = frozenset(name.key[-1] for it in found for name in it.names())
        words = frozenset(it for it in terms(plain(body)) if not it.isdigit())
        numbers = tuple(sorted(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)", body)))
        return _Meaning(words, numbers, named | in_sql, formulas)


def _plain_sql(sql: str) -> str:
    """*sql* without qualifiers, quotes and letter case."""
    return re.sub(r"\b\w+\.(?=\w)|[\"`]|\s+", "", sql.casefold())


def _told(
    statement: _Statement,
    earlier: Sequence[_Statement],
    severity: Severity,
    milder: Severity,
) -> Iterator[Finding]:
    span = statement.line.span
    for other in earlier:
        if len(statement.words) >= _FEWEST_WORDS and statement.words == other.words:
            yield Finding(
                span,
                CODE,
                milder,
                f"this says the same as {_where(other)}",
                (Fix("Remove this statement", (Edit(span, ""),)),),
                other.related("the same statement"),
                is_unneeded=True,
            )
            return
    for other in earlier:
        message = _contradiction(statement, other)
        if message:
            related = other.related("the other statement")
            yield Finding(span, CODE, severity, f"{message} ({_where(other)})", related=related)


def _where(other: _Statement) -> str:
    line = f"line {other.line.number}"
    return f"{line} of {other.file.path.name}" if other.file else line


def _contradiction(statement: _Statement, other: _Statement) -> str:
    """What is said otherwise in *other*; the empty string where nothing surely is."""
    ours, theirs = statement.definition, other.definition
    if ours and theirs and not set(ours.names).isdisjoint(theirs.names):
        a, b = statement.meaning, other.meaning
        is_strict = ours.is_strict and theirs.is_strict
        if a and b and _mean_different(a, b, is_strict=is_strict):
            return f"{ours.term} is defined in another way before"
    for rule, before in product(statement.joins, other.joins):
        if rule.pair == before.pair and _are_different(rule, before):
            left, right = (it.name for it in rule.tables)
            return f"{left} and {right} are joined on other columns before"
    wanted, was_wanted = statement.preference, other.preference
    if wanted and was_wanted and was_wanted == wanted.turned_round:
        return f"{wanted.bad[1]} is preferred to {was_wanted.bad[1]} before"
    for one, two in product(statement.conventions, other.conventions):
        is_same = (one.kind, one.subject) == (two.kind, two.subject)
        if is_same and one.value != two.value:
            return f"another {one.kind} is given before: {two.written}"
    return ""


def _mean_different(a: _Meaning, b: _Meaning, *, is_strict: bool) -> bool:
    if a.formulas and b.formulas:
        return a.formulas.isdisjoint(b.formulas) and not _says_more(a, b)
    if a.names and b.names:
        return a.names.isdisjoint(b.names)
    if a.formulas or b.formulas or a.names or b.names:
        return False  # one in SQL, one in words: nobody can tell
    if a.words == b.words:
        return a.numbers != b.numbers and bool(a.numbers) and bool(b.numbers)
    return is_strict and not (a.words <= b.words or b.words <= a.words)


def _says_more(a: _Meaning, b: _Meaning) -> bool:
    """Whether one formula contains the other."""
    return any(left in right or right in left for left, right in product(a.formulas, b.formulas))


def _are_different(rule: JoinRule, other: JoinRule) -> bool:
    """Whether two rules about the same tables are not about the same join."""
    both_name = [it for it in rule.pair if rule.of(it) and other.of(it)]
    different = [it for it in both_name if rule.of(it).isdisjoint(other.of(it))]
    if not different or (_is_key(rule) and _is_key(other)):
        return False
    if len(different) == 1:
        (table,) = different
        shared = next(it for it in rule.pair if it != table)
        if rule.of(shared) and rule.of(shared) == other.of(shared):
            return not _are_roles(rule, other, table, shared)
    return True


def _are_roles(rule: JoinRule, other: JoinRule, table: str, shared: str) -> bool:
    """Whether both columns of *table* may refer to *shared*: ``sender_id``, ``receiver_id``."""
    nouns = {it.removesuffix("s") for it in parts_of(shared.rpartition(".")[2])}
    of_noun = [
        any(part in nouns for column in it.of(table) for part in parts_of(column))
        for it in (rule, other)
    ]
    return of_noun[0] == of_noun[1]


def _is_key(rule: JoinRule) -> bool:
    """Whether a foreign key between the two tables goes over the rule's columns."""
    one, two = rule.tables
    for table, referred in ((one, two), (two, one)):
        for key in table.foreign_keys:
            ours, theirs = rule.of(table.qualified_name), rule.of(referred.qualified_name)
            if (
                key.referred_table.casefold() == referred.name.casefold()
                and ours <= set(key.columns)
                and theirs <= set(key.referred_columns)
            ):
                return True
    return False


# -- golden queries


def _ignored(
    statements: Sequence[_Statement],
    golden: Sequence[GoldenAnswer],
    catalog: Catalog,
    dialect: str,
    severity: Severity,
) -> Iterator[Finding]:
    ruling = [it for it in statements if it.joins or it.preference]
    if not ruling:
        return
    for answer in golden:
        usage = usage_of([answer.sql], catalog, dialect)
        for statement in ruling:
            message = _what_is_ignored(statement, usage, catalog)
            if message:
                related = (Related(answer.span, "the golden query", answer.file),)
                yield Finding(statement.line.span, CODE, severity, message, related=related)


def _what_is_ignored(statement: _Statement, usage: Usage, catalog: Catalog) -> str:
    rule = statement.preference
    if rule is not None:
        used = {(table, column) for table, column, _ in usage.columns}
        is_about = _is_about(rule.condition, usage, catalog)
        if rule.bad in used and rule.good not in used and is_about:
            table, column = rule.bad
            return f"a golden query uses {table.rpartition('.')[2]}.{column} nevertheless"
    for join in statement.joins:
        found = [it for it in usage.joins if {it.table, it.other} == join.pair]
        used_joins = [_as_rule(it, join) for it in found]
        if found and all(_are_different(it, join) for it in used_joins):
            left, right = (it.name for it in join.tables)
            columns = " and ".join(dict.fromkeys((*found[0].columns, *found[0].other_columns)))
            return f"a golden query joins {left} and {right} on other columns: {columns}"
    return ""


def _is_about(condition: str, usage: Usage, catalog: Catalog) -> bool:
    """Whether the tables that *condition* names are all used."""
    names = vocabulary_of(catalog)
    used = {it.rpartition(".")[2].casefold() for it in usage.tables}
    named: Iterable[str] = (it for mention in mentions(condition) for it in mention.key)
    return all(it in used for it in named if names.table(it) is not None)


def _as_rule(found: Join, rule: JoinRule) -> JoinRule:
    """*found*, a join of the tables of *rule*, as a rule of its own."""
    sides = ((found.table, found.columns), (found.other, found.other_columns))
    columns = ((table, column) for table, of_table in sides for column in of_table)
    return JoinRule(rule.tables, frozenset(columns))


_FEWEST_WORDS = 3
