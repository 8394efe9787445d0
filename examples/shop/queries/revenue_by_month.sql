-- Revenue by month, without cancelled and returned orders.
SELECT
    strftime('%Y-%m', o.ordered_on) AS month,
    SUM(i.quantity * i.unit_price) AS revenue,
    COUNT(DISTINCT o.customer_id) AS customers
FROM orders AS o
JOIN order_items AS i ON i.order_id = o.id
WHERE o.status NOT IN ('cancelled', 'returned')
GROUP BY strftime('%Y-%m', o.ordered_on)
ORDER BY month;
