"""What the demo asks the server, and what has to come back."""

from dataclasses import dataclass

__all__ = ["COMPLETIONS", "HOVERS", "Scene"]


@dataclass(frozen=True, slots=True)
class Scene:
    """``sql`` has one ``|``, the caret; ``expected`` are parts of the text, or labels."""

    what: str
    sql: str
    expected: tuple[str, ...]


HOVERS = (
    Scene(
        "a column: its type and what it means",
        "SELECT i.unit_pr|ice FROM order_items AS i",
        ("unit_price", "DECIMAL(10, 2)", "Price of one piece on the day of the order"),
    ),
    Scene(
        "a table: what is in it",
        "SELECT * FROM ship|ments",
        ("shipments", "carrier", "Parcels: at most one for an order."),
    ),
)

COMPLETIONS = (
    Scene(
        "after an alias and a dot: its columns",
        "SELECT c.| FROM customers AS c",
        ("id", "email", "full_name", "segment", "joined_on", "newsletter"),
    ),
    Scene(
        "in FROM: the tables",
        "SELECT * FROM ord|",
        ("orders", "order_items", "order_totals"),
    ),
    Scene(
        "in the WHERE of a join: the columns of both tables",
        "SELECT o.id FROM orders AS o JOIN order_items AS i ON i.order_id = o.id WHERE unit|",
        ("unit_price",),
    ),
)
