"""Pruned metadata as text for a prompt: definitions of tables, then how they are joined.

::

    CREATE TABLE orders ( -- one row per order
      id integer PRIMARY KEY,
      status text, -- one of 'new', 'paid'
      customer_id integer,
    );
    -- Joins:
    -- orders.customer_id = customers.id
"""

from defog_metadata.catalog import Catalog, Column, Table
from defog_metadata.pruning.joins import Join
from defog_metadata.pruning.selection import Selection
from defog_metadata.pruning.tokens import count_tokens

__all__ = ["PromptText"]

_JOINS = "-- Joins:\n"
_MOST_VALUES = 10


class PromptText:
    """The text of *selection*; without notes first, since names matter most.

    Its tokens are the sum of its lines' and notes'.
    """

    def __init__(self, selection: Selection, catalog: Catalog) -> None:
        self.catalog = catalog
        self._selection = selection
        self._notes: dict[tuple[int, str], str] = {}
        self._names = {
            number: _written(chosen.table, catalog) for number, chosen in selection.tables.items()
        }
        self.conditions = [self._condition(it) for it in selection.joins]
        self.tokens = count_tokens(str(self))

    def __str__(self) -> str:
        lines = []
        for number, chosen in self._selection.tables.items():
            lines.append(_first_line(chosen.table, self._names[number], self._note(number, "")))
            lines += [
                _column_line(chosen.table, it, self.catalog, self._note(number, it.name))
                for it in chosen.kept_columns()
            ]
            lines.append(");\n")
        if self.conditions:
            lines += [_JOINS, *(f"-- {it}\n" for it in self.conditions)]
        return "".join(lines)

    def add_notes(self, most: int) -> None:
        """Add descriptions and values, the likeliest items' first, as far as *most* tokens go."""
        notes: list[tuple[float, int, str, str]] = []
        for number, chosen in self._selection.tables.items():
            if note := _line(chosen.table.description):
                notes.append((1 + chosen.score, number, "", note))
            for column in chosen.kept_columns():
                if note := _column_note(column):
                    score, _ = chosen.columns[column.name]
                    notes.append((score + chosen.score, number, column.name, note))
        for _, number, name, note in sorted(notes, key=lambda it: (-it[0], it[1])):
            cost = count_tokens(_comment(note))
            if self.tokens + cost <= most:
                self._notes[number, name] = note
                self.tokens += cost

    def _condition(self, join: Join) -> str:
        """``orders.customer_id = customers.id``; the tables alone where no columns are known."""
        left, right = self._names[join.left], self._names[join.right]
        if not join.columns or len(join.columns) != len(join.other_columns):
            return f"{left} with {right}"
        write = self.catalog.naming.write
        return " AND ".join(
            f"{left}.{write(one)} = {right}.{write(two)}"
            for one, two in zip(join.columns, join.other_columns, strict=True)
        )

    def _note(self, number: int, column: str) -> str:
        return self._notes.get((number, column), "")


def _written(table: Table, catalog: Catalog) -> str:
    """The table's name as a query must write it."""
    name = catalog.naming.write(table.name)
    if catalog.is_visible(table):
        return name
    return f"{catalog.naming.write(table.schema)}.{name}"


def _first_line(table: Table, name: str, note: str) -> str:
    kind = "VIEW" if "view" in table.kind else "TABLE"
    return f"CREATE {kind} {name} ({_comment(note)}\n"


def _column_line(table: Table, column: Column, catalog: Catalog, note: str) -> str:
    # Every line ends with a comma: no line depends on whether another follows.
    key = " PRIMARY KEY" if table.primary_key == (column.name,) else ""
    declared = " ".join(filter(None, (catalog.naming.write(column.name), column.type)))
    return f"  {declared}{key},{_comment(note)}\n"


def _column_note(column: Column) -> str:
    """What is to be known of the column beside its type, in one line."""
    values = column.enum_values or column.common_values
    shown = ", ".join(f"'{it}'" for it in values[:_MOST_VALUES])
    more = ", …" if len(values) > _MOST_VALUES else ""
    kind = "one of" if column.enum_values else "such as"
    return "; ".join(
        filter(None, (_line(column.description), f"{kind} {_line(shown)}{more}" if shown else ""))
    )


def _comment(note: str) -> str:
    return f" -- {note}" if note else ""


def _line(text: str) -> str:
    return " ".join(text.split())
