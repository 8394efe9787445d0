"""The columns of the engines' own table functions, where no catalog of functions lists them."""

from collections.abc import Sequence

from sqlglot import exp

__all__ = ["called", "columns_of_table_function"]

_JSON_ROWS = "key value type atom id parent fullkey path"
# From the reference manuals of the engines.
_COLUMNS: dict[str, dict[str, str]] = {
    "snowflake": {
        "flatten": "SEQ KEY PATH INDEX VALUE THIS",
        "split_to_table": "SEQ INDEX VALUE",
        "strtok_split_to_table": "SEQ INDEX VALUE",
    },
    "tsql": {
        "string_split": "value ordinal",
        "openjson": "key value type",
        "generate_series": "value",
    },
    "sqlite": {
        "json_each": _JSON_ROWS,
        "json_tree": _JSON_ROWS,
        "generate_series": "value",
        "pragma_table_info": "cid name type notnull dflt_value pk",
        "pragma_table_list": "schema name type ncol wr strict",
        "pragma_index_list": "seq name unique origin partial",
        "pragma_index_info": "seqno cid name",
        "pragma_foreign_key_list": "id seq table from to on_update on_delete match",
        "pragma_database_list": "seq name file",
    },
    "duckdb": {"range": "range", "generate_series": "generate_series", "unnest": "unnest"},
}


def columns_of_table_function(function: exp.Expr, dialect: str) -> Sequence[str]:
    """The names of the columns; empty where they are not known."""
    declared = function.args.get("expressions") if isinstance(function, exp.OpenJSON) else None
    if declared:
        return [it.name for it in declared]
    known = _COLUMNS.get(dialect, {})
    return known.get(called(function).lower(), "").split()


def called(function: exp.Expr) -> str:
    """The name that a table function is written with; empty where that is not known."""
    match function:
        case exp.Anonymous():
            return function.name
        case exp.Explode():
            return "flatten"
        case exp.OpenJSON():
            return "openjson"
        case exp.GenerateSeries() | exp.ExplodingGenerateSeries():
            return "generate_series"
        case exp.Unnest():
            return "unnest"
        case _:
            return ""
