select o.id, t.x from orders o cross join unnest(array[1,2]) as t(x);
select approx_distinct(id), date_add('day', 1, placed_at), element_at(map(array[1], array[2]), 1), try(1/0), max_by(id, total), json_extract_scalar(status, '$.a'), format_datetime(placed_at, 'y') from orders;
select transform(array[1], x -> x + id), reduce(array[1], 0, (s, x) -> s + x, s -> s) from orders;
