select id, total as t, t + 1 from orders;
select listagg(status, ',') within group (order by id), dateadd(day, 1, placed_at), datediff(day, placed_at, getdate()), nvl(total, 0), decode(id, 1, 2), json_extract_path_text(status, 'a'), trunc(placed_at), convert_timezone('UTC', placed_at), strtol('1', 10), len(status), isnull(total, 0), median(total), approximate count(distinct id), date_part_year(placed_at), ratio_to_report(total) over () from orders;
select * from stl_query, svv_table_info;
select o.id from orders o qualify row_number() over (order by id) = 1;
select x.v from orders o, o.status x;
create table t (id int encode az64, d date sortkey, k int distkey) diststyle key; select id, d from t
