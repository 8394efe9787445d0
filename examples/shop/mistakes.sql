-- Deliberate mistakes. Under each line stand carets where the mistake is, the rule that finds it,
-- and what is wrong; `make demo` and the tests compare them with what the language server says.

-- A column that is called otherwise.
SELECT p.name, p.prise FROM products AS p;
--               ^^^^^ unknown-column: it is called price

-- A table that is called otherwise.
SELECT full_name, email FROM custmers;
--                           ^^^^^^^^ unknown-table: it is called customers

-- An alias that nothing in the statement has.
SELECT o.id, k.email FROM orders AS o JOIN customers AS c ON c.id = o.customer_id;
--           ^ unknown-alias: the customers are called c here

-- A column of another table.
SELECT s.carrier, s.status FROM shipments AS s WHERE s.delivered_on IS NULL;
--                  ^^^^^^ unknown-column: orders have a status, shipments do not

-- A mistake in the middle of good SQL: everything around it is understood.
WITH big AS (SELECT order_id, total FROM order_totals WHERE total > 100)
SELECT b.order_id, b.totals
--                   ^^^^^^ unknown-column: the query above calls it total
FROM big AS b
ORDER BY b.total DESC;

-- A bracket that is never closed.
SELECT COUNT(DISTINCT o.customer_id FROM orders AS o;
--          ^ syntax-error: nothing closes it; COUNT(DISTINCT o.customer_id) was meant

-- Two tables have a column of this name.
SELECT id FROM orders AS o JOIN customers AS c ON c.id = o.customer_id;
--     ^^ ambiguous-column: o.id or c.id

-- A function that is called otherwise.
SELECT name, ROUDN(price, 1) FROM products;
--           ^^^^^ unknown-function: it is called ROUND

-- One value is missing.
INSERT INTO categories (id, name) VALUES (7);
--                                        ^ column-count: there are two columns and one value

-- And a good statement after all that, to show that nothing spreads.
SELECT c.segment, COUNT(*) AS orders FROM customers AS c JOIN orders AS o ON o.customer_id = c.id GROUP BY c.segment;
