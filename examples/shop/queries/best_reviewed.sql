-- The best reviewed products of each category, and how often they sell.
SELECT c.name AS category, p.name AS product, AVG(r.stars) AS stars, sold.quantity
FROM products AS p
JOIN categories AS c ON c.id = p.category_id
JOIN reviews AS r ON r.product_id = p.id
LEFT JOIN (
    SELECT i.product_id, SUM(i.quantity) AS quantity
    FROM order_items AS i
    GROUP BY i.product_id
) AS sold ON sold.product_id = p.id
GROUP BY c.name, p.name, sold.quantity
HAVING AVG(r.stars) >= 4
ORDER BY category, stars DESC;
