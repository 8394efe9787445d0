"""Keywords held against SQLite's own parser, word by word through whole statements.

At every token of a statement, with nothing behind it, the keyword that follows must be offered,
and no keyword may be offered that SQLite refuses there.
"""

import sqlite3

import pytest

from defog_metadata.sql.source.lexer import tokenize
from tests.ide.completion.offers import items_at

STATEMENTS = (
    "SELECT DISTINCT id FROM orders WHERE total GLOB 'x' OR total NOT LIKE 'y' AND id IS NOT NULL "
    "LIMIT 5 OFFSET 2",
    "SELECT id AS n FROM orders AS o LEFT JOIN customers AS c ON c.id = o.customer_id "
    "WHERE c.id IS NULL OR NOT o.id BETWEEN 1 AND 2 ORDER BY n DESC NULLS LAST",
    "SELECT count(*) FROM orders GROUP BY id HAVING count(*) > 1 ORDER BY id ASC NULLS FIRST",
    "SELECT CASE WHEN id IN (SELECT 1) THEN 2 ELSE CAST(id AS text) END AS x FROM orders",
    "SELECT CASE id WHEN 1 THEN 2 WHEN 2 THEN 3 END FROM orders CROSS JOIN customers",
    "SELECT sum(total) OVER (PARTITION BY id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING "
    "AND CURRENT ROW) FROM orders",
    "SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM customers WHERE customers.id = orders.id)",
    "SELECT id FROM orders UNION ALL SELECT id FROM customers EXCEPT SELECT 1 INTERSECT SELECT 2",
    "SELECT id FROM orders NATURAL JOIN customers JOIN order_lines USING (id)",
    "WITH RECURSIVE r AS NOT MATERIALIZED (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r "
    "WHERE a < 5) SELECT * FROM r",
    "WITH x AS MATERIALIZED (SELECT 1 AS a) DELETE FROM orders WHERE id IN (SELECT a FROM x)",
    "INSERT OR REPLACE INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET total = 1 "
    "WHERE id = 1 RETURNING id",
    "INSERT INTO orders SELECT * FROM orders WHERE TRUE ON CONFLICT DO NOTHING",
    "INSERT INTO orders DEFAULT VALUES",
    "REPLACE INTO orders (id) VALUES (1)",
    "UPDATE orders SET total = 1 FROM customers WHERE customers.id = 1 RETURNING id",
    "DELETE FROM orders WHERE id = 1 RETURNING *",
    "CREATE TABLE IF NOT EXISTS t (a integer PRIMARY KEY AUTOINCREMENT, b text NOT NULL UNIQUE, "
    "c integer REFERENCES orders (id) ON DELETE CASCADE, CHECK (a > 1)) STRICT",
    "CREATE TEMP TABLE t AS SELECT 1 AS a",
    "CREATE VIEW IF NOT EXISTS v AS SELECT id FROM orders",
    "CREATE UNIQUE INDEX IF NOT EXISTS i ON orders (id) WHERE id > 1",
    "CREATE TRIGGER IF NOT EXISTS t AFTER UPDATE OF total ON orders FOR EACH ROW "
    "WHEN new.total > 1 BEGIN UPDATE customers SET name = 'x' WHERE id = 1; DELETE FROM orders",
    "ALTER TABLE orders ADD COLUMN x integer NOT NULL DEFAULT 1",
    "ALTER TABLE orders DROP COLUMN x",
    "ALTER TABLE orders RENAME COLUMN id TO y",
    "DROP TABLE IF EXISTS orders",
    "EXPLAIN QUERY PLAN SELECT 1",
    "VALUES (1), (2) UNION SELECT 1",
)
# Names too, unless the word behind them makes them keywords: SQLite reads on before it decides.
_SEEN_AHEAD = frozenset(("WINDOW", "OVER", "FILTER"))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_keyword_that_follows_is_offered(statement: str) -> None:
    tokens = tokenize(statement, "sqlite")
    for index, token in enumerate(tokens):
        is_call = tokens[index + 1 : index + 2] and tokens[index + 1].start == token.end
        if token.text.isupper() and not is_call:
            rest = " ".join(it.word for it in tokens[index : index + 4])
            offered = _keywords(f"{statement[: token.start + 2]}$0")
            assert any(rest.startswith(it) or it.startswith(token.word) for it in offered), rest


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_keyword_is_offered_that_is_refused(statement: str) -> None:
    refused = [
        (statement[: token.start], keyword)
        for token in tokenize(statement, "sqlite")
        if statement[: token.start].endswith((" ", "("))
        for keyword in _keywords(f"{statement[: token.start]}$0") - _SEEN_AHEAD
        if _is_refused(f"{statement[: token.start]} {keyword} ", keyword)
    ]
    assert not refused


def _keywords(sql: str) -> set[str]:
    return {it.label for it in items_at(sql, "sqlite") if it.kind == "keyword"}


def _is_refused(text: str, keyword: str) -> bool:
    """Whether SQLite stops at the keyword itself, not at the missing rest."""
    try:
        sqlite3.connect(":memory:").execute(text)
    except sqlite3.Error as error:
        message = str(error)
        return message.startswith("near") and any(f'"{it}"' in message for it in keyword.split())
    return False
