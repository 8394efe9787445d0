-- Products to order again, with the time their supplier needs.
WITH on_hand AS (
    SELECT s.product_id, SUM(s.quantity) AS quantity, MAX(s.reorder_level) AS reorder_level
    FROM stock AS s
    GROUP BY s.product_id
)
SELECT p.sku, p.name, h.quantity, u.name AS supplier, u.lead_time_days
FROM on_hand AS h
JOIN products AS p ON p.id = h.product_id
JOIN suppliers AS u ON u.id = p.supplier_id
WHERE h.quantity < h.reorder_level AND p.is_active
ORDER BY u.lead_time_days DESC, p.sku;
