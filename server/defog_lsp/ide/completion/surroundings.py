"""What the statement around the caret tells of what comes next."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from defog_lsp.ide.completion.matching import stands_for
from defog_lsp.ide.completion.partners import Partner, partner_of, value_beside
from defog_lsp.ide.completion.phrases import Phrases
from defog_metadata.catalog import Naming, Table, TableSummary
from defog_metadata.sql.facts.keys import keys_between
from defog_metadata.sql.scopes import Clause, Field, Reference, Relation
from defog_metadata.sql.snapshot import Snapshot
from defog_metadata.sql.unfinished.caret import Caret
from defog_metadata.sql.unfinished.skeleton import PLACEHOLDER

__all__ = ["Fact", "Surroundings"]

Fact = tuple[str, float]

_LONGEST_MARK = 3
_NUMERIC = ("int", "num", "dec", "float", "double", "real", "money", "serial")
_TEMPORAL = ("date", "time", "interval", "year")
_TEXTUAL = ("text", "char", "varchar", "citext", "string", "enum")
_OVER_NUMBERS = frozenset(("SUM", "AVG", "ROUND", "STDDEV", "VARIANCE", "ABS", "CEIL", "FLOOR"))
_OVER_TIMES = frozenset(
    """DATE_TRUNC EXTRACT DATE_FORMAT STRFTIME DATE DATEDIFF DATE_ADD DATE_SUB DATE_PART YEAR MONTH
    DAY TO_CHAR AGE TIMESTAMPDIFF JULIANDAY DATEADD DATE_DIFF""".split()
)
_OVER_TEXTS = frozenset("LOWER UPPER TRIM LENGTH SUBSTRING SUBSTR CONCAT REPLACE INITCAP".split())
_TYPES_OF = {"number": _NUMERIC, "date": _TEMPORAL, "text": (*_TEXTUAL, "name", "uuid", "USER")}


class Surroundings:
    """Facts about one caret, each asked for every candidate.

    A fact has a name, by which ``weights.py`` says how much it counts, and a value, mostly 0 or 1.
    """

    def __init__(self, snapshot: Snapshot, caret: Caret) -> None:
        self._naming: Naming = snapshot.catalog.naming
        self._caret = caret
        self._usage = snapshot.usage
        self._clause = caret.reference.clause if caret.reference else None
        self._function = _innermost_function(caret)
        self._place = "a call" if self._function and self._clause == "select" else self._clause
        self._partner = partner_of(caret, self._naming)
        self._value = value_beside(caret)
        self._phrases = Phrases(caret)
        self._alias = self._unknown_alias()
        self._in_scope: Counter[tuple[Clause, str, str]] = Counter()
        self._elsewhere: Counter[str] = Counter()
        self._tails: Counter[str] = Counter()
        self._clauses: set[Clause] = set()
        self._siblings: defaultdict[tuple[Clause, str], set[str]] = defaultdict(set)
        for it in caret.others:
            if it.kind != "column":
                continue
            if it.scope is caret.scope:
                owner = _owner_of(it, self._naming)
                self._in_scope[it.clause, owner, it.name.key] += 1
                self._clauses.add(it.clause)
                self._siblings[it.clause, it.name.key].add(owner)
            else:
                self._elsewhere[it.name.key] += 1
            self._tails[_tail(it.name.key)] += 1
        self._used = {it.name.key for it in caret.others if it.kind == "column"}
        self._neighbours = [
            it.table
            for it in caret.scope.relations
            if it.table is not None and it.name is not None and it.name.text != PLACEHOLDER
        ]
        self._wanted = [
            it
            for it in caret.others
            if it.kind == "column" and not it.targets and it.scope is caret.scope
        ]
        self._read = {
            relation.name.key
            for it in caret.others
            if it.kind == "table"
            for relation in it.targets
            if isinstance(relation, Relation) and relation.kind == "cte" and relation.name
        }

    def _unknown_alias(self) -> str:
        """The caret's qualifier where nothing in scope is called so."""
        path = self._caret.qualifier
        if not path or self._caret.scope.relation(path, self._naming) is not None:
            return ""
        return path[-1].text

    @property
    def has_names(self) -> bool:
        """Whether there is anything in the statement that a table's columns and keys could tie to.

        That are the tables in FROM, and names of columns that no table has yet.
        """
        return bool(self._neighbours or self._wanted)

    def speak_for(self, field: Field | None) -> bool:
        """Whether some fact about the column is likely: cheap to ask of thousands."""
        if field is None:
            return True
        key = field.name.key
        return (
            key in self._used
            or self._phrases.is_repeated(key)
            or (self._partner is not None and _tail(key) == _tail(self._partner.field.name.key))
            or (self._clause == "on" and _is_key_like(key))
            or self._phrases.fits_alias(field.name.text) > 0
            or (
                field.table is not None
                and self._clause is not None
                and self._usage.of_column(field.table, field.name.text, self._clause) > 0
            )
        )

    # Columns

    def of_column(self, field: Field, relation: Relation | None) -> Iterator[Fact]:
        yield from self._uses(field, relation)
        yield from self._joins(field, relation)
        yield from self._suits(field)
        if self._alias and relation is not None and relation.name is not None:
            yield "the alias may stand for its table", stands_for(self._alias, relation.name.text)
        key = field.name.key
        yield "follows the same words", self._phrases.follows(key)
        yield "precedes the same words", self._phrases.precedes(key)
        yield "beside the same column elsewhere", self._phrases.is_beside(key)
        yield "limited on the other side", self._phrases.is_half_bounded(key)
        yield "fits the alias", self._phrases.fits_alias(field.name.text)
        if field.table is not None and field.column is not None and self._clause is not None:
            count = self._usage.of_column(field.table, field.column.name, self._clause)
            yield "golden uses", min(count, 8) / 8

    def _uses(self, field: Field, relation: Relation | None) -> Iterator[Fact]:
        """What the rest of the statement does with the column."""
        key = field.name.key
        owner = relation.name.key if relation is not None and relation.name is not None else ""
        yield "used in another query", min(self._elsewhere[key], 4) / 4
        yield "another of its name's kind is used", min(self._tails[_tail(key)], 3) / 3
        for clause in self._clauses:
            if self._in_scope[clause, owner, key]:
                yield f"used in {clause}, wanted in {self._place}", 1
        if self._clause is not None:
            others = self._siblings.get((self._clause, key), set()) - {owner}
            yield "the same of another relation is used here", bool(others)
        if relation is None:
            yield "put out by the query itself", 1

    def _joins(self, field: Field, relation: Relation | None) -> Iterator[Fact]:
        """Whether the column is what a join here would compare."""
        table, column = field.table, field.column
        if self._partner is not None:
            yield from self._pairs(field, relation, self._partner)
            return
        if self._clause != "on" or table is None or column is None:
            return
        others = [it.table for it in self._caret.scope.relations if it is not relation and it.table]
        yield "joined: a key ties it", _is_tied(table, column.name, others)
        yield "joined: another relation has it", any(it.columns_like(column.name) for it in others)
        yield "joined: in the primary key", column.name in table.primary_key

    def _pairs(self, field: Field, relation: Relation | None, partner: Partner) -> Iterator[Fact]:
        """How well the column goes with what it is compared with."""
        own, other, tie = field.name.key, partner.field.name.key, partner.tie
        if partner.owner is not None and partner.owner is relation and own == other:
            yield f"{tie} with itself", 1
            return
        yield f"{tie}: a key ties them", _are_tied(field, partner.field)
        if self._clause == "on" or not self._function:
            yield f"{tie}: of the same name", own == other
            yield f"{tie}: names of one kind", _tail(own) == _tail(other)
            yield f"{tie}: names end alike", _likeness(own, other)
        yield f"{tie}: of the same type", bool(field.type) and field.type == partner.field.type

    def _suits(self, field: Field) -> Iterator[Fact]:
        """Whether the column is of the kind that the place takes."""
        shown = field.type.casefold()
        is_key = _is_key(field)
        if self._function in _OVER_NUMBERS:
            yield "number for a function", shown.startswith(_NUMERIC)
            yield "key for a function over numbers", is_key
        elif self._function in _OVER_TIMES:
            yield "time for a function", shown.startswith(_TEMPORAL)
        elif self._function in _OVER_TEXTS:
            yield "text for a function", shown.startswith(_TEXTUAL)
        elif self._value is not None:
            is_fitting = shown.startswith(_TYPES_OF[self._value])
            yield f"suits the {self._value}", is_fitting
            yield "does not suit the value", bool(shown) and not is_fitting
            yield "key beside a value", is_key
        elif self._partner is None:
            yield f"key in {self._clause}", is_key

    # Tables

    def of_table(self, relation: Relation | None, table: Table | None) -> Iterator[Fact]:
        if relation is not None:
            is_read = relation.name is not None and relation.name.key in self._read
            yield "defined here", 1
            yield "defined here and not read yet", not is_read
        if table is not None:
            yield from self._ties(table)
            yield from self._provides(table)

    def golden_reads(self, table: TableSummary) -> float:
        return min(self._usage.of_table(table), 10) / 10

    def _ties(self, table: Table) -> Iterator[Fact]:
        """How keys tie the table to those that are in FROM already."""
        for other in self._neighbours:
            if other == table:
                yield "in FROM already", 1
            elif any(keys_between(table, other)) or self._usage.joins_of(table, other):
                yield "a key ties it to one in FROM", 1
            elif any(other.columns_like(it.name) for it in table.columns if _is_key_like(it.name)):
                yield "it shares what looks like a key", 1

    def _provides(self, table: Table) -> Iterator[Fact]:
        """How many of the names that nothing in scope has would come from the table."""
        if self._wanted:
            found = sum(bool(table.columns_like(it.name.text)) for it in self._wanted)
            yield "has the missing columns", found / len(self._wanted)
            yield "has no missing column", not found


def _are_tied(field: Field, other: Field) -> bool:
    """Whether the two are a pair of columns of a foreign key."""
    if not (field.table and field.column and other.table and other.column):
        return False
    pair = field.column.name, other.column.name
    return any(
        pair in zip(it.left, it.right, strict=False)
        for it in keys_between(field.table, other.table)
    )


def _is_tied(table: Table, column: str, others: Sequence[Table]) -> bool:
    """Whether a foreign key between the table and one of the *others* uses the column."""
    return any(column in it.left for other in others for it in keys_between(table, other))


def _tail(name: str) -> str:
    """A name without the letters of its table, where names start with some: ``ss_item_sk``."""
    head, mark, tail = name.partition("_")
    return tail if mark and len(head) <= _LONGEST_MARK else name


def _likeness(name: str, other: str) -> float:
    """How many words at the ends of the names are the same, as a share of the shorter one's."""
    words, others = _tail(name).split("_"), _tail(other).split("_")
    shared = 0
    for ours, theirs in zip(reversed(words), reversed(others), strict=False):
        if ours != theirs:
            break
        shared += 1
    return shared / min(len(words), len(others))


def _owner_of(reference: Reference, naming: Naming) -> str:
    """The relation that the column was read from, by the name its query knows it by."""
    if reference.qualifier:
        return reference.qualifier[-1].key
    owners = (
        it.name.key
        for it in reference.scope.relations
        if it.name is not None and it.fields_called(reference.name, naming)
    )
    return next(owners, "")


def _innermost_function(caret: Caret) -> str:
    """The upper-case name of the call that the caret is an argument of, or the empty string."""
    depth = 0
    words = caret.before
    for index in range(len(words) - 1, 0, -1):
        if words[index] == ")":
            depth += 1
        elif words[index] == "(":
            if depth == 0:
                return words[index - 1] if caret.tokens[index - 1].kind == "word" else ""
            depth -= 1
    return ""


def _is_key(field: Field) -> bool:
    """Whether the values are names of rows, which nobody adds up."""
    table, name = field.table, field.name.text
    return _is_key_like(name) or (
        table is not None
        and (name in table.primary_key or any(True for _ in table.foreign_keys_of(name)))
    )


def _is_key_like(name: str) -> bool:
    key = name.casefold()
    return key.endswith(("id", "_sk", "_key", "code", "_no")) and len(key) > len("id")
