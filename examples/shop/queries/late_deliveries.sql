-- Orders that took more than three days from payment to the customer's door.
SELECT t.order_id, c.full_name, a.city, t.total, s.carrier,
    julianday(s.delivered_on) - julianday(y.paid_on) AS days
FROM order_totals AS t
JOIN orders AS o ON o.id = t.order_id
JOIN customers AS c ON c.id = o.customer_id
JOIN addresses AS a ON a.id = o.ship_to_address_id
JOIN payments AS y ON y.order_id = o.id
JOIN shipments AS s ON s.order_id = o.id
WHERE julianday(s.delivered_on) - julianday(y.paid_on) > 3
ORDER BY days DESC;
