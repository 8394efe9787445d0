"""Expressions for engines to judge: each is asked for with a column of every type at ``{0}``.

They are divided by tildes.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

__all__ = ["COLUMNS", "OPERATORS", "PAIRS", "SINGLE", "expressions"]

COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "postgres": {
            "i2": "smallint", "i4": "integer", "i8": "bigint", "n": "numeric(10,2)", "f4": "real",
            "f8": "double precision", "m": "money", "b": "boolean", "dt": "date",
            "tm": "time without time zone", "tz": "time with time zone",
            "ts": "timestamp without time zone", "tsz": "timestamp with time zone",
            "iv": "interval", "t": "text", "v": "character varying(20)", "c": "character(3)",
            "na": "name", "by": "bytea", "j": "json", "jb": "jsonb", "u": "uuid",
            "ia": "integer[]", "ta": "text[]", "bi": "bit(3)", "ip": "inet",
        },
        "duckdb": {
            "i1": "tinyint", "i2": "smallint", "i4": "integer", "i8": "bigint", "i16": "hugeint",
            "u4": "uinteger", "f4": "float", "f8": "double", "d": "decimal(10,2)", "b": "boolean",
            "dt": "date", "tm": "time", "ts": "timestamp", "tz": "timestamp with time zone",
            "iv": "interval", "s": "varchar", "bl": "blob", "uu": "uuid", "ia": "integer[]",
            "sa": "varchar[]", "js": "json",
        },
        "mysql": {
            "ti": "tinyint(1)", "i": "int", "ui": "int unsigned", "l": "bigint",
            "d": "decimal(10,2)", "f": "float", "g": "double", "c": "char(3)", "v": "varchar(50)",
            "tx": "text", "dt": "date", "dm": "datetime", "tm": "time", "y": "year",
            "b": "varbinary(10)", "bl": "blob", "e": "enum('a','b')",
        },
        "sqlite": {
            "i": "INTEGER", "b": "bigint", "r": "REAL", "f": "float", "n": "decimal(10,2)",
            "nu": "numeric", "s": "TEXT", "v": "varchar(50)", "d": "date", "ts": "timestamp",
            "bo": "boolean",
        },
    }
)  # fmt: skip
_SINGLE = {
    "postgres": """
    abs({0}) ~ round({0}) ~ round({0},2) ~ trunc({0}) ~ trunc({0},1) ~ ceil({0}) ~ floor({0}) ~
    sign({0}) ~ sqrt({0}) ~ exp({0}) ~ ln({0}) ~ log({0}) ~ sum({0}) ~ avg({0}) ~ min({0}) ~
    max({0}) ~ count({0}) ~ stddev({0}) ~ variance({0}) ~ var_pop({0}) ~ array_agg({0}) ~
    string_agg({0},',') ~ json_agg({0}) ~ jsonb_agg({0}) ~ upper({0}) ~ lower({0}) ~ trim({0}) ~
    btrim({0}) ~ ltrim({0}) ~ initcap({0}) ~ substring({0},1,2) ~ substr({0},1) ~ left({0},1) ~
    length({0}) ~ char_length({0}) ~ octet_length({0}) ~ replace({0},'a','b') ~ concat({0},1) ~
    concat_ws(',',{0}) ~ to_char({0},'YYYY') ~ date_trunc('month',{0}) ~ extract(year from {0}) ~
    date_part('year',{0}) ~ extract(epoch from {0}) ~ age({0}) ~ age({0},{0}) ~ to_timestamp({0}) ~
    to_date({0},'YYYY') ~ {0} at time zone 'UTC' ~ -{0} ~ nullif({0},0) ~ nullif({0},'x') ~
    coalesce({0},null) ~ coalesce({0},'1') ~ greatest({0},{0}) ~ case when true then {0} end ~
    case when true then {0} else 0 end ~ case when true then 1.5 else {0} end ~ lag({0}) over () ~
    lag({0},1,{0}) over () ~ lag({0},1,0) over () ~ first_value({0}) over () ~
    nth_value({0},2) over () ~ row_number() over (order by {0}) ~ sum({0}) over () ~
    percentile_cont(0.5) within group (order by {0}) ~
    percentile_disc(0.5) within group (order by {0}) ~ mode() within group (order by {0}) ~
    percentile_cont(array[0.1,0.5]) within group (order by {0}) ~ bool_and({0}) ~ bit_and({0}) ~
    bit_or({0}) ~ power({0},2) ~ power(2,{0}) ~ mod({0},2) ~ div({0},2) ~ {0} is null ~ {0} = {0} ~
    {0} in ({0}) ~ {0} between {0} and {0} ~ {0}::text ~ ({0}) ~ array[{0},{0}] ~ array[{0}] ~
    array(select {0}) ~ row_to_json(row({0})) ~ to_json({0}) ~ to_jsonb({0}) ~ {0} -> 'a' ~
    {0} ->> 'a' ~ {0} #> '{{a}}' ~ {0} #>> '{{a}}' ~ md5({0}) ~ position('a' in {0}) ~
    strpos({0},'a') ~ split_part({0},',',1) ~ regexp_replace({0},'a','b') ~ repeat({0},2) ~
    reverse({0}) ~ lpad({0},3) ~ translate({0},'a','b') ~ ascii({0}) ~ quote_literal({0}) ~
    to_number({0},'9') ~ make_date(1,2,3) ~ generate_series(1,2) ~ cardinality({0}) ~
    array_length({0},1) ~ array_to_string({0},',') ~ unnest({0}) ~ ({0})[1] ~ ({0})[1:2] ~
    array_append({0},null) ~ array_cat({0},{0}) ~ array_position({0},null) ~
    array_remove({0},null) ~ {0} || 'x' ~ 'x' || {0} ~ {0} || {0} ~ {0} << 1 ~ {0} & {0} ~
    {0} # {0} ~ {0} ~ 1 ~ {0} ^ 2 ~ {0} + interval '1 day' ~ {0} - interval '1 day' ~ {0} + 1 ~
    {0} - 1 ~ {0} * 2 ~ {0} / 2 ~ {0} * 1.5 ~ {0} / 2.5 ~ {0} % 3 ~ {0} * '2' ~ {0} - current_date ~
    current_date - {0} ~ now() - {0} ~ {0} - now() ~ cast({0} as numeric(10,2)) ~ {0}::date ~
    corr({0},{0}) ~ regr_count({0},{0}) ~ covar_pop({0},{0}) ~ ntile(4) over (order by {0}) ~
    rank() over (order by {0}) ~ percent_rank() over (order by {0}) ~
    cume_dist() over (order by {0}) ~ isfinite({0}) ~ justify_days({0}) ~
    date_bin('1 day',{0},now()::timestamp) ~ overlay({0} placing 'a' from 1) ~ encode({0},'hex') ~
    decode({0},'hex') ~ convert_from({0},'UTF8') ~ json_build_object('a',{0}) ~
    jsonb_build_array({0}) ~ json_object_agg('a',{0}) ~ jsonb_object_agg('a',{0}) ~
    jsonb_typeof({0}) ~ json_array_length({0}) ~ jsonb_array_length({0}) ~ width_bucket({0},1,2,3) ~
    random() ~ pi() ~ gcd({0},2) ~ lcm({0},{0}) ~ factorial({0}) ~ scale({0}) ~ trim_scale({0}) ~
    cbrt({0}) ~ degrees({0}) ~ atan2({0},1) ~ log10({0}) ~ log(2,{0}) ~ exp(1) ~ setseed({0}) ~
    starts_with({0},'a') ~ string_to_array({0},',') ~ regexp_matches({0},'a') ~
    regexp_match({0},'a') ~ regexp_split_to_array({0},'a') ~ regexp_split_to_table({0},'a') ~
    parse_ident({0}) ~ format('%s',{0}) ~ chr({0}) ~ to_hex({0}) ~ bit_length({0}) ~
    get_bit({0},1) ~ num_nulls({0}) ~ pg_typeof({0}) ~ current_date ~ current_time ~
    current_timestamp ~ now() ~ localtime ~ localtimestamp ~ clock_timestamp() ~ timeofday() ~
    statement_timestamp() ~ current_user ~ session_user ~ version() ~ current_schema() ~
    current_database() ~ gen_random_uuid() ~ txid_current() ~ inet_client_addr() ~
    pg_backend_pid() ~ {0} is distinct from {0} ~ {0} like 'a' ~ exists(select {0}) ~
    {0} = any(array[{0}]) ~ not ({0} is null) ~ (select {0}) ~ sum({0}) filter (where true) ~
    count(*) ~ count(distinct {0}) ~ sum(distinct {0}) ~ array_agg(distinct {0} order by {0}) ~
    string_agg(distinct {0}, ',' order by {0}) ~ 1.5 ~ 1e5 ~ 99999999999 ~ 99999999999999999999 ~
    'a' ~ null ~ true ~ date '2020-01-01' ~ timestamp '2020-01-01' ~ timestamptz '2020-01-01' ~
    interval '1 day' ~ interval '1' year ~ time '10:00' ~ b'101' ~ x'ff' ~ e'a' ~
    jsonb_path_query({0},'$') ~ jsonb_set({0},'{{a}}','1') ~ every({0}) ~ extract(julian from {0}) ~
    date({0}) ~ timestamp({0}) ~ jsonb_extract_path_text({0},'a') ~ json_extract_path({0},'a') ~
    host({0}) ~ set_byte({0},1,2) ~ substring({0} from 'a') ~ substring({0} from 1 for 2) ~
    trim(both 'x' from {0}) ~ max({0}) - min({0}) ~ jsonb_each_text({0}) ~
    lower({0}) || upper({0}) ~ array_agg({0}) || {0} ~ array_fill({0},array[2]) ~
    array_replace({0},null,null) ~ trim_array({0},1) ~ make_interval(days => 1) ~
    make_timestamp(1,2,3,4,5,6) ~ make_time(1,2,3) ~ make_timestamptz(1,2,3,4,5,6) ~
    justify_interval({0}) ~ date_part('epoch',{0}-{0}) ~ ({0} - {0}) / 2 ~
    extract(epoch from {0} - {0}) ~ jsonb_strip_nulls({0}) ~ json_strip_nulls({0}) ~ sha256({0}) ~
    any_value({0}) ~ min({0}) over () ~ encode({0}, 'base64')
    """,
    "duckdb": """
    {0} + i4 ~ {0} + iv ~ dt + {0} ~ ts - {0} ~ tz - {0} ~ {0} * 2 ~ {0} / 2 ~ {0} // 2 ~ {0} % 2 ~
    {0} * 1.5 ~ abs({0}) ~ round({0}) ~ round({0},2) ~ ceil({0}) ~ floor({0}) ~ trunc({0}) ~
    sign({0}) ~ sqrt({0}) ~ ln({0}) ~ log(10,{0}) ~ power({0},2) ~ mod({0},2) ~ sum({0}) ~
    avg({0}) ~ min({0}) ~ max({0}) ~ max({0},2) ~ median({0}) ~ mode({0}) ~ quantile_cont({0},0.5) ~
    quantile_cont({0},[0.5,0.6]) ~ quantile_disc({0},0.5) ~
    percentile_cont(0.5) within group (order by {0}) ~
    percentile_disc(0.5) within group (order by {0}) ~ approx_quantile({0},0.5) ~ stddev({0}) ~
    var_pop({0}) ~ count({0}) ~ count(*) ~ approx_count_distinct({0}) ~ list({0}) ~ array_agg({0}) ~
    string_agg({0},',') ~ first({0}) ~ last({0}) ~ any_value({0}) ~ arg_max({0},i4) ~
    min_by({0},i4) ~ bool_and(b) ~ bit_and({0}) ~ upper({0}) ~ trim({0}) ~ substring({0},1,2) ~
    left({0},1) ~ length({0}) ~ strlen({0}) ~ replace({0},'a','b') ~ concat({0},'a') ~
    concat_ws(',',{0}) ~ strftime({0},'%Y') ~ strptime({0},'%Y') ~ date_trunc('month',{0}) ~
    date_trunc('hour',{0}) ~ extract(year from {0}) ~ extract(epoch from {0}) ~
    date_part('year',{0}) ~ date_part('epoch',{0}) ~ year({0}) ~ month({0}) ~ day({0}) ~ hour({0}) ~
    epoch({0}) ~ datediff('day',{0},{0}) ~ date_diff('day',{0},{0}) ~ date_add({0},interval 1 day) ~
    age({0}) ~ age({0},{0}) ~ last_day({0}) ~ dayname({0}) ~ make_date(2020,1,1) ~
    to_timestamp({0}) ~ now() ~ today() ~ current_date ~ current_timestamp ~ current_time ~
    localtimestamp ~ coalesce({0},null) ~ coalesce({0},'a') ~ coalesce({0},1) ~ coalesce({0},1.5) ~
    case when b then {0} end ~ case when b then {0} else 1 end ~ case when b then {0} else 1.5 end ~
    nullif({0},1) ~ nullif({0},'a') ~ ifnull({0},1) ~ greatest({0},1) ~ greatest({0},{0}) ~
    if(b,{0},1) ~ lag({0}) over () ~ lag({0},1,0) over () ~ row_number() over () ~ rank() over () ~
    ntile(3) over () ~ percent_rank() over () ~ cume_dist() over () ~ first_value({0}) over () ~
    sum({0}) over () ~ {0}[1] ~ {0}[1:2] ~ unnest({0}) ~ len({0}) ~ list_sum({0}) ~
    array_length({0}) ~ list_contains({0},1) ~ json_extract({0},'a') ~
    json_extract_string({0},'a') ~ {0} at time zone 'UTC' ~ -{0} ~ string_split({0},',') ~
    regexp_matches({0},'a') ~ regexp_replace({0},'a','b') ~ regexp_extract({0},'a') ~ md5({0}) ~
    hash({0}) ~ random() ~ pi() ~ [{0}] ~ [{0},{0}] ~ range(3) ~ generate_series(1,3) ~
    range({0},{0},iv) ~ {'a':{0}} ~ {'a':{0}}['a'] ~ ({'a':{0}}).a ~ struct_pack(a:={0}) ~
    typeof({0}) ~ uuid() ~ position('a' in {0}) ~ strpos({0},'a') ~ starts_with({0},'a') ~
    ascii({0}) ~ chr(65) ~ lpad({0},3,'a') ~ repeat({0},2) ~ reverse({0}) ~ split_part({0},'a',1) ~
    try_cast({0} as integer) ~ cast({0} as float) ~ cast({0} as decimal) ~ {0}::decimal(9,1) ~
    cast({0} as real) ~ cast({0} as varchar(3)) ~ exists(select {0}) ~ {0} in ({0}) ~ not b ~
    {0} is null ~ count_if(b) ~ count(*) filter (where b) ~ datepart('year',{0}) ~ weekofyear({0}) ~
    week({0}) ~ quarter({0}) ~ dayofweek({0}) ~ isodow({0}) ~ minute({0}) ~ second({0}) ~
    epoch_ms({0}) ~ make_timestamp({0}) ~ date({0}) ~ format('{}',{0}) ~ printf('%s',{0}) ~
    list_value({0}) ~ map([{0}],[1]) ~ map([{0}],[1])[{0}] ~ corr({0},{0}) ~ product({0}) ~
    kurtosis({0}) ~ entropy({0}) ~ time_bucket(interval 1 day,{0}) ~ bit_count({0}) ~ factorial(3) ~
    gcd(i4,i8) ~ isfinite({0}) ~ list_transform(ia, x -> x+1) ~ list_filter(ia, x -> x>1) ~
    list_distinct({0}) ~ list_sort({0}) ~ array_slice({0},1,2) ~ list_concat({0},{0}) ~
    flatten([{0}]) ~ contains(s,'b') ~ suffix(s,'b') ~ translate(s,'b','c') ~ unicode(s) ~
    isnan(f8) ~ cbrt({0}) ~ atan2({0},{0}) ~ skewness({0}) ~ mad({0}) ~ to_json({0}) ~
    json_array_length(js) ~ json_object('a',1) ~ epoch_us({0}) ~ century({0}) ~ make_time(1,2,3) ~
    to_base64(bl) ~ encode(s) ~ decode(bl) ~ stddev_pop({0}) ~ var_samp({0}) ~ bit_or({0}) ~ 1 ~
    1.5 ~ 1e5 ~ 'a' ~ null ~ true ~ 99999999999 ~ date '2020-01-01' ~ timestamp '2020-01-01' ~
    interval '1 day' ~ interval 1 month ~ 'b' ~ monthname({0}) ~ sha256(s) ~
    array_to_string(sa,',') ~ initcap(s) ~ to_days(i4) ~ interval (i4) day ~ dt + interval 1 day ~
    {0}->'a' ~ {0}->>'a' ~ (select {0}) ~ (select max({0}) from g) ~ sum({0})/count(*) ~
    round(avg({0}),2) ~ avg({0}) over (partition by s) ~ 100.0*sum({0})/sum(i4) ~
    round(100.0 * sum({0}) / i8, 2) ~ group_concat(s) ~ listagg(s,',') ~ array(select {0}) ~
    {0}::date ~ {0}::text ~ substr(s,1,2) ~ extract(dow from {0}) ~ lower(s) ~ upper(s) ~
    nth_value({0},2) over () ~ lead({0}) over () ~ row(1,2) ~ date_sub('day',{0},{0}) ~
    bit_length(s) ~ even({0}) ~ greatest({0},'a') ~ coalesce({0},{0}) ~ strftime(dt,'%Y')::int ~
    current_schema() ~ version() ~ nextval('s') ~ least({0},1) ~ regr_slope({0},{0}) ~
    covar_pop({0},{0})
    """,
    "mysql": """
    1 ~ 99999999999 ~ 1.5 ~ 1e5 ~ 'a' ~ null ~ true ~ date '2020-01-01' ~
    timestamp '2020-01-01 00:00:00' ~ now() ~ now(3) ~ curdate() ~ current_date ~ current_time ~
    current_timestamp ~ localtime ~ utc_timestamp() ~ sysdate() ~ 1=1 ~ {0} + interval 1 day ~
    {0} + interval 1 hour ~ {0} - interval 1 month ~ date_add({0}, interval 1 month) ~
    date_sub({0}, interval 1 hour) ~ timestampadd(day,1,{0}) ~ interval 1 day + {0} ~ -{0} ~
    sum({0}) ~ avg({0}) ~ min({0}) ~ max({0}) ~ count({0}) ~ count(*) ~ count(distinct {0}) ~
    stddev({0}) ~ var_pop({0}) ~ var_samp({0}) ~ group_concat({0}) ~
    group_concat(distinct {0} order by {0} separator ',') ~ bit_or({0}) ~ abs({0}) ~ round({0}) ~
    round({0},1) ~ ceil({0}) ~ floor({0}) ~ truncate({0},1) ~ sign({0}) ~ sqrt({0}) ~ pow({0},2) ~
    ln({0}) ~ log10({0}) ~ exp({0}) ~ mod({0},2) ~ upper({0}) ~ trim({0}) ~ substring({0},1,2) ~
    left({0},1) ~ concat({0},'a') ~ concat({0},{0}) ~ concat_ws(',',{0}) ~ replace({0},'a','b') ~
    length({0}) ~ char_length({0}) ~ instr({0},'a') ~ locate('a',{0}) ~ lpad({0},3,'a') ~
    repeat({0},2) ~ reverse({0}) ~ date_format({0},'%Y') ~ date_format({0},'%Y-%m')+0 ~
    str_to_date({0},'%Y-%m-%d') ~ str_to_date({0},'%Y-%m-%d %H:%i') ~ str_to_date({0},'%H:%i') ~
    year({0}) ~ month({0}) ~ day({0}) ~ hour({0}) ~ minute({0}) ~ quarter({0}) ~ week({0}) ~
    weekofyear({0}) ~ dayofweek({0}) ~ dayofyear({0}) ~ dayname({0}) ~ extract(year from {0}) ~
    extract(day_hour from {0}) ~ extract(microsecond from {0}) ~ datediff({0},{0}) ~
    timestampdiff(day,{0},{0}) ~ timediff({0},{0}) ~ unix_timestamp({0}) ~ unix_timestamp() ~
    from_unixtime({0}) ~ from_unixtime({0},'%Y') ~ date({0}) ~ time({0}) ~ timestamp({0}) ~
    last_day({0}) ~ makedate(2020,1) ~ to_days({0}) ~ from_days(7) ~ cast({0} as signed) ~
    cast({0} as unsigned) ~ cast({0} as decimal) ~ cast({0} as decimal(10,1)) ~ cast({0} as char) ~
    cast({0} as char(3)) ~ cast({0} as date) ~ cast({0} as datetime) ~ cast({0} as time) ~
    cast({0} as double) ~ cast({0} as float) ~ convert({0}, decimal(5,1)) ~ ifnull({0},0) ~
    ifnull({0},1.5) ~ nullif({0},0) ~ case when i then {0} end ~ case when i then {0} else 0 end ~
    case when i then {0} else 1.5 end ~ case when i then {0} else 'a' end ~ if(i,{0},null) ~
    coalesce({0},{0}) ~ greatest({0},1) ~ greatest({0},{0}) ~ row_number() over () ~
    ntile(2) over () ~ percent_rank() over (order by i) ~ cume_dist() over (order by i) ~
    first_value({0}) over () ~ lag({0}) over (order by i) ~ sum({0}) over () ~ {0} ~ {0} ^ 1 ~
    {0} and 1 ~ not {0} ~ {0} is null ~ {0} in (1) ~ exists(select 1) ~ {0} like 'a' ~ {0} <=> 1 ~
    {0} between 1 and 2 ~ rand() ~ pi() ~ json_extract({0},'$.a') ~ json_unquote({0}) ~
    json_object('a',{0}) ~ json_array({0}) ~ json_arrayagg({0}) ~ json_length(js) ~ md5({0}) ~
    sha1({0}) ~ sha2({0},256) ~ uuid() ~ hex({0}) ~ format({0},2) ~ find_in_set({0},'a') ~
    field({0},'a') ~ elt(1,{0}) ~ substring_index({0},',',1) ~ regexp_replace({0},'a','b') ~
    regexp_substr({0},'a') ~ {0} regexp 'a' ~ ascii({0}) ~ strcmp({0},'a') ~ crc32({0}) ~
    conv({0},10,2) ~ user() ~ database() ~ version() ~ last_insert_id() ~ period_diff({0},1) ~
    sec_to_time({0}) ~ addtime({0},'1:00') ~ weekday({0}) ~ monthname({0}) ~ std({0}) ~
    bit_count({0}) ~ (select {0}) ~ (select max({0}) from g) ~ sum({0})/count(*) ~
    round(sum({0})/count(*),2) ~ round(avg({0}),2) ~ 100*sum({0})/sum(i) ~
    sum(case when i then 1 else 0 end) ~ sum(i > 3) ~ avg({0} > 1) ~ count(*)*100.0/10 ~
    date({0}) - interval 1 day ~ max({0})-min({0}) ~ year({0})-1 ~
    concat(year({0}),'-',month({0})) ~ lower({0}) ~ space(3) ~ char(65) ~ now() - interval 1 day ~
    curdate() + interval 1 year ~ datediff(now(),{0})/365 ~ yearweek({0}) ~ mid({0},1,2) ~
    inet_aton(v) ~ connection_id() ~ microsecond({0}) ~ last_day({0}) + interval 1 day ~
    to_base64(v) ~ atan2({0},1) ~ radians({0}) ~ cot({0}) ~ ucase({0}) ~ trim(both 'x' from {0}) ~
    isnull({0}) ~ json_value(js,'$.a') ~ maketime(1,2,3) ~ time_format({0},'%H') ~
    convert({0} using utf8) ~ {0} collate utf8mb4_bin ~ cast({0} as binary) ~ interval(1,2) ~
    convert_tz({0},'UTC','UTC') ~ grouping(i) ~ any_value({0}) ~ lead({0},1,0) over (order by i) ~
    period_add(202001,1) ~ row_count() ~ found_rows()
    """,
    "sqlite": """
    1 ~ 1.5 ~ 1e5 ~ 'a' ~ x'ff' ~ true ~ null ~ date('now') ~ date({0}) ~ datetime({0},'+1 day') ~
    time({0}) ~ strftime('%Y',{0}) ~ julianday({0}) ~ unixepoch({0}) ~ round({0}) ~ round({0},1) ~
    abs({0}) ~ total({0}) ~ group_concat({0}) ~ ifnull({0},1) ~ iif(i,{0},1) ~ coalesce({0},1.5) ~
    nullif({0},1) ~ substr({0},1) ~ instr({0},'b') ~ length({0}) ~ printf('%d',{0}) ~ hex({0}) ~
    quote({0}) ~ char(65) ~ unicode({0}) ~ typeof({0}) ~ random() ~ changes() ~
    json_object('a',{0}) ~ json_array({0}) ~ json_group_array({0}) ~ json_array_length('[1]') ~
    current_date ~ current_timestamp ~ cast({0} as decimal) ~ cast({0} as date) ~
    cast({0} as integer) ~ cast({0} as real) ~ cast({0} as float) ~ cast({0} as text) ~
    cast({0} as varchar(3)) ~ cast({0} as bigint) ~ cast({0} as boolean) ~ cast({0} as blob) ~
    {0} || 'a' ~ {0} ~ {0} is 1 ~ {0} like 'b' ~ {0} in (1) ~ max({0}) ~ min({0}) ~ sum({0}) ~
    avg({0}) ~ count({0}) ~ count(*) ~ ceil({0}) ~ floor({0}) ~ pow({0},2) ~ sqrt({0}) ~ ln({0}) ~
    log10({0}) ~ exp({0}) ~ sign({0}) ~ mod({0},2) ~ {0} % 2 ~ pi() ~ trunc({0}) ~
    replace({0},'b','c') ~ trim({0}) ~ upper({0}) ~ last_insert_rowid() ~ strftime('%Y',{0})+0 ~
    cast(strftime('%Y',{0}) as integer) ~ julianday({0})-julianday({0}) ~ row_number() over () ~
    lag({0}) over () ~ lag({0},1,0) over () ~ first_value({0}) over () ~ percent_rank() over () ~
    ntile(2) over () ~ sum({0}) over () ~ not {0} ~ {0} and 1 ~ exists(select 1) ~
    {0} collate nocase ~ -{0} ~ sum({0})*1.0/count(*) ~ cast(sum({0}) as float)/count(*) ~
    round(100.0*sum({0})/sum(i),2) ~ (select {0}) ~ (select max({0}) from g) ~
    sum(case when i>0 then 1 else 0 end) ~ case when i>0 then {0} end ~ max({0})-min({0}) ~
    count(*)*100/3 ~ rowid ~ sin({0}) ~ atan2({0},1) ~ {0} between 1 and 2 ~ group_concat({0},',') ~
    json_type('{}') ~ soundex({0}) ~ lower({0})||upper({0}) ~ zeroblob(3) ~ total({0})/2 ~
    strftime('%s',{0})/60
    """,
}
SINGLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        dialect: tuple(it for it in map(str.strip, text.split("~")) if it)
        for dialect, text in _SINGLE.items()
    }
)
OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "postgres": "+ - * / % ^ || & | # <<",
        "duckdb": "+ - * / // % || & << ^",
        "mysql": "+ - * / div % & <<",
        "sqlite": "+ - * / % || & << |",
    }
)
_CHOICES = ("coalesce({0}, {1})", "case when 1 = 1 then {0} else {1} end", "nullif({0}, {1})")
PAIRS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "postgres": (*_CHOICES, "greatest({0}, {1})", "array[{0}, {1}]", "power({0}, {1})"),
        "duckdb": (*_CHOICES, "greatest({0}, {1})", "[{0}, {1}]"),
        "mysql": (*_CHOICES, "greatest({0}, {1})", "if(1 = 1, {0}, {1})"),
        "sqlite": (*_CHOICES, "max({0}, {1})", "iif(1 = 1, {0}, {1})"),
    }
)
_LITERALS = ("1", "1.5", "'1'")
# Two of these at a time would tell nothing new.
_RARE = frozenset(("m", "tz", "na", "by", "j", "u", "ta", "bi", "ip", "sa", "uu", "bl", "js", "y"))


def expressions(dialect: str) -> Iterator[str]:
    """Every expression for *dialect*, over a table with its ``COLUMNS``."""
    columns = COLUMNS[dialect]
    for template in SINGLE[dialect]:
        if "{0}" in template:
            yield from (template.replace("{0}", it) for it in columns)
        else:
            yield template
    common = [it for it in columns if it not in _RARE]
    for left in common:
        for right in (*common, *_LITERALS):
            for operator in OPERATORS[dialect].split():
                yield f"{left} {operator} {right}"
            for template in PAIRS[dialect]:
                yield template.format(left, right)
