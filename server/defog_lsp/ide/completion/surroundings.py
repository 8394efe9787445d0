"""What the statement around the caret tells of what comes next."""

from collections import Counter

from defog_metadata.catalog import ForeignKey, Naming, Table
from defog_metadata.sql.caret import Caret
from defog_metadata.sql.scopes import Clause, Field, Reference, Relation
from defog_metadata.sql.skeleton import PLACEHOLDER
from defog_metadata.sql.snapshot import Snapshot

__all__ = ["Surroundings", "compared_field"]

# In the clause of the caret, columns used in these clauses of the same query are likely again.
_RELATED: dict[Clause, dict[Clause, float]] = {
    "select": {"group by": 3.0, "order by": 1.5, "having": 0.5, "where": 0.2, "select": -0.6},
    "group by": {"select": 3.5, "order by": 2.0, "group by": -2.0},
    "order by": {"select": 1.5, "group by": 2.5, "order by": -1.0},
    "having": {"select": 1.5},
    "where": {"where": 0.4, "select": 0.2},
    "insert columns": {"insert columns": -6.0},
    "set": {"set": -2.0},
    "on": {"on": 0.4},
}
_LONGEST_MARK = 3
_NUMERIC = ("int", "num", "dec", "float", "double", "real", "money", "serial")
_TEMPORAL = ("date", "time", "interval", "year")
_OVER_NUMBERS = frozenset(("SUM", "AVG", "ROUND", "STDDEV", "VARIANCE", "ABS", "CEIL", "FLOOR"))
_OVER_TIMES = frozenset(
    """DATE_TRUNC EXTRACT DATE_FORMAT STRFTIME DATE DATEDIFF DATE_ADD DATE_SUB DATE_PART YEAR MONTH
    DAY TO_CHAR AGE TIMESTAMPDIFF JULIANDAY DATEADD DATE_DIFF""".split()
)
_OVER_TEXTS = frozenset("LOWER UPPER TRIM LENGTH SUBSTRING SUBSTR CONCAT REPLACE INITCAP".split())
_MATCHES = frozenset(("IN", "LIKE", "ILIKE"))
_COMPARISONS = frozenset(("=", "<", ">", "<=", ">=", "<>", "!="))


class Surroundings:
    """Facts about one caret, each asked for every candidate."""

    def __init__(self, snapshot: Snapshot, caret: Caret) -> None:
        self._naming: Naming = snapshot.catalog.naming
        self._caret = caret
        self._usage = snapshot.usage
        self._clause = caret.reference.clause if caret.reference else None
        self._function = _innermost_function(caret)
        self._partner = self._compared_with()
        self._in_scope: Counter[tuple[Clause, str, str]] = Counter()
        self._elsewhere: Counter[str] = Counter()
        self._tails: Counter[str] = Counter()
        for it in caret.others:
            if it.kind != "column":
                continue
            if it.scope is caret.scope:
                owner = _owner_key(it)
                self._in_scope[it.clause, owner, it.name.key] += 1
            else:
                self._elsewhere[it.name.key] += 1
            self._tails[_tail(it.name.key)] += 1
        self._read = {
            relation.name.key
            for it in caret.others
            if it.kind == "table"
            for relation in it.targets
            if isinstance(relation, Relation) and relation.kind == "cte" and relation.name
        }

    # Columns

    def uses(self, field: Field, relation: Relation | None) -> float:
        """What the rest of the statement does with the column."""
        key = field.name.key
        owner = _owner(field, relation)
        weight = min(self._elsewhere[key], 4) * 0.5
        weight += min(self._tails[_tail(key)], 3) * 0.4
        for clause, value in _RELATED.get(self._clause or "select", {}).items():
            count = self._in_scope[clause, owner, key]
            if count:
                weight += value
        if relation is None:  # an output name of the query itself
            weight += 2.0
        return weight

    def joins(self, field: Field, relation: Relation | None) -> float:
        """Whether the column is what a join here would compare."""
        table, column = field.table, field.column
        if self._partner is not None:
            return self._pairs(field, relation)
        if self._clause != "on" or table is None or column is None:
            return 0.0
        others = [it.table for it in self._caret.scope.relations if it is not relation and it.table]
        refers = any(
            _is_to(key, other, table)
            for key in table.foreign_keys_of(column.name)
            for other in others
        )
        referred = any(
            column.name in key.referred_columns and _is_to(key, table, other)
            for other in others
            for key in other.foreign_keys
        )
        shared = any(other.columns_like(column.name) for other in others)
        return 3.0 * (refers or referred) + 1.5 * shared + 0.5 * (column.name in table.primary_key)

    def _pairs(self, field: Field, relation: Relation | None) -> float:
        """How well the column goes with what it is compared with."""
        partner, owner = self._partner or (None, None)
        if partner is None:
            return 0.0
        weight = 0.0
        if owner is not None and owner is relation and field.name.key == partner.name.key:
            return -4.0
        if partner.column is not None and partner.table and field.column and field.table:
            pair = (partner.table, partner.column.name, field.table, field.column.name)
            if _is_keyed(*pair) or _is_keyed(*pair[2:], *pair[:2]):
                weight += 6.0
        if self._clause == "on" or self._function == "":
            weight += 2.0 * (partner.name.key == field.name.key)
            own, other = field.name.key, partner.name.key
            weight += 1.5 * (own.endswith(other) or other.endswith(own))
            weight += 2.0 * (_tail(own) == _tail(other))
        if partner.type and partner.type == field.type:
            weight += 0.5
        return weight

    def suits(self, field: Field) -> float:
        """Whether the column's type is what the function around the caret takes."""
        shown = field.type.casefold()
        if not shown or not self._function:
            return 0.0
        if self._function in _OVER_NUMBERS:
            return 1.5 * shown.startswith(_NUMERIC) - 2.0 * _is_key(field)
        if self._function in _OVER_TIMES:
            return 2.0 * shown.startswith(_TEMPORAL)
        if self._function in _OVER_TEXTS:
            return 1.0 * shown.startswith(("text", "char", "varchar", "citext", "string"))
        return 0.0

    def habit(self, field: Field) -> float:
        """What golden queries do with the column in this clause."""
        if field.table is None or field.column is None or self._clause is None:
            return 0.0
        count = self._usage.of_column(field.table, field.column.name, self._clause)
        return min(count, 8) * 0.25

    # Tables

    def reads(self, cte: Relation) -> float:
        """A CTE that nothing has read yet is there to be read."""
        return 0.0 if cte.name is not None and cte.name.key in self._read else 2.0

    def neighbours(self, table: Table) -> float:
        """Whether keys tie the table to one that is in FROM already."""
        weight = 0.0
        for relation in self._caret.scope.relations:
            other = relation.table
            if other is None or relation.name is None or relation.name.text == PLACEHOLDER:
                continue
            if other == table:
                weight -= 1.0
            elif (
                any(_is_to(it, other, table) for it in table.foreign_keys)
                or any(_is_to(it, table, other) for it in other.foreign_keys)
                or self._usage.joins_of(table, other)
            ):
                weight += 3.0
            elif any(other.columns_like(it.name) for it in table.columns if _is_key_like(it.name)):
                weight += 1.0
        return weight

    def provides(self, table: Table) -> float:
        """How many of the names that nothing in scope has would come from the table."""
        wanted = [
            it
            for it in self._caret.others
            if it.kind == "column" and not it.targets and it.scope is self._caret.scope
        ]
        if not wanted:
            return 0.0
        found = sum(bool(table.columns_like(it.name.text)) for it in wanted)
        return 5.0 * found / len(wanted) if found else -1.0

    # The caret

    def _compared_with(self) -> tuple[Field, Relation | None] | None:
        """The column on the other side of the comparison that the caret is in, and its owner."""
        reference = _compared(self._caret)
        if reference is None or not isinstance(reference.targets[0], Field):
            return None
        owner = (
            reference.scope.relation(reference.qualifier, self._naming)
            if reference.qualifier
            else None
        )
        return reference.targets[0], owner


def compared_field(caret: Caret) -> Field | None:
    """The column that what stands at the caret is compared with: ``=``, ``IN (…)``, ``LIKE``."""
    reference = _compared(caret)
    target = reference.targets[0] if reference else None
    return target if isinstance(target, Field) else None


def _compared(caret: Caret) -> Reference | None:
    tokens = list(caret.tokens)
    while tokens and (tokens[-1].kind == "string" or tokens[-1].text == ","):
        tokens.pop()  # the values before this one in an IN list
    if tokens and tokens[-1].text == "(" and len(tokens) > 1 and tokens[-2].word == "IN":
        tokens.pop()
    elif len(tokens) != len(caret.tokens):
        return None
    if not tokens or not (tokens[-1].text in _COMPARISONS or tokens[-1].word in _MATCHES):
        return None
    tokens.pop()
    if tokens and tokens[-1].word == "NOT":
        tokens.pop()
    name = tokens[-1].text.strip('"`[]').casefold() if tokens else ""
    return next(
        (
            it
            for it in caret.others
            if it.kind == "column"
            and it.targets
            and it.name.key == name
            and it.scope is caret.scope
        ),
        None,
    )


def _tail(name: str) -> str:
    """A name without the letters of its table, where names start with some: ``ss_item_sk``."""
    head, mark, tail = name.partition("_")
    return tail if mark and len(head) <= _LONGEST_MARK else name


def _owner(field: Field, relation: Relation | None) -> str:
    if field.table is not None:
        return field.table.qualified_name
    return relation.name.key if relation and relation.name else ""


def _owner_key(reference: Reference) -> str:
    for target in reference.targets:
        if isinstance(target, Field) and target.table is not None:
            return target.table.qualified_name
    if reference.qualifier:
        return reference.qualifier[-1].key
    for relation in reference.scope.relations:
        if any(target in relation.fields for target in reference.targets):
            return relation.name.key if relation.name else ""
    return ""


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
    return table is not None and (
        name in table.primary_key or any(True for _ in table.foreign_keys_of(name))
    )


def _is_to(key: ForeignKey, referred: Table, referring: Table) -> bool:
    """Whether *key*, of *referring*, points at *referred*."""
    schema = key.referred_schema or referring.schema
    return key.referred_table == referred.name and (not schema or referred.schema in ("", schema))


def _is_keyed(table: Table, column: str, other: Table, other_column: str) -> bool:
    return any(
        _is_to(key, other, table)
        and (column, other_column) in zip(key.columns, key.referred_columns, strict=False)
        for key in table.foreign_keys
    )


def _is_key_like(name: str) -> bool:
    key = name.casefold()
    return key.endswith(("id", "_sk", "_key", "code", "_no")) and len(key) > len("id")
