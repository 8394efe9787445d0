"""What is asked, and what a right answer has.

All of it is about the shop at the heart of the warehouse, which every catalog has. No two requests
are about the same text: what is remembered of one statement is of no use for the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["COMPLETIONS", "EDITED_LINES", "HOVER", "Question", "edited", "file_text", "misspelt"]


@dataclass(frozen=True, slots=True)
class Question:
    """A request about a text of one line.

    ``{n}`` in the *template* is a number that is new each time, ``|`` the caret.
    """

    name: str
    template: str
    expected: frozenset[str]
    """Names that a right answer has, as they are or qualified."""

    @property
    def file(self) -> str:
        return f"{self.name.replace(' ', '_')}.sql"

    def asked(self, number: int) -> tuple[str, int]:
        """The text, and the character that the caret is before."""
        text = self.template.format(n=number)
        caret = text.index("|")
        return text[:caret] + text[caret + 1 :], caret

    def is_right(self, labels: Sequence[str]) -> bool:
        # Some quote names, some give an alias with a table.
        names = {label.split(" ")[0].rpartition(".")[2].strip('"`') for label in labels}
        return self.expected <= names


COMPLETIONS = (
    Question(
        "after an alias dot",
        "select o{n}.| from orders o{n}",
        frozenset({"order_id", "customer_id", "status", "total_amount"}),
    ),
    Question(
        "in FROM with a prefix",
        "select count(*) as n{n} from ord|",
        frozenset({"orders", "order_lines"}),
    ),
    Question(
        "in WHERE over a join",
        "select * from orders o{n} join customers c on o{n}.customer_id = c.customer_id where |",
        frozenset({"status", "total_amount", "email", "segment"}),
    ),
)
HOVER = Question(
    "hover over a column", "select o{n}.total_|amount from orders o{n}", frozenset({"numeric"})
)

EDITED_LINES = (100, 1_000, 10_000)
_STATEMENTS = (
    """\
select o.order_id,
    o.total_amount,
    c.name
from orders as o
join customers as c on o.customer_id = c.customer_id
where o.status = 'paid' and o.order_id > {n}
order by o.order_id;
""",
    """\
select p.name, sum(l.quantity * l.unit_price) as revenue
from order_lines as l
join products as p on p.product_id = l.product_id
where l.discount_rate < 0.5
    and p.supplier_id = {n}
group by p.name
order by revenue desc;
""",
    """\
with late as (
    select order_id, carrier_id from shipments where delivered_at > sent_at
)
select carrier_id, count(*) as parcels
from late
where order_id <> {n}
group by carrier_id;
""",
)
_LINES_OF_ONE = 8
"""Each statement has seven lines, and an empty one behind it."""


def file_text(lines: int) -> str:
    """A file of so many lines or a few less, right but for one column, in its middle."""
    count = lines // _LINES_OF_ONE
    texts = [_STATEMENTS[n % len(_STATEMENTS)].format(n=n) for n in range(count)]
    texts[count // 2] = _STATEMENTS[0].format(n=misspelt(0))
    return "\n".join(texts)


def misspelt(number: int) -> str:
    """The column that is not there, after so many edits."""
    return f"wrong_{number}_"


def edited(lines: int) -> range:
    """The lines of the statement that has it."""
    start = lines // _LINES_OF_ONE // 2 * _LINES_OF_ONE
    return range(start, start + _LINES_OF_ONE)
