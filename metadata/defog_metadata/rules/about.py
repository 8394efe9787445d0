"""What each rule says of what it finds, in a few words: for lists and hovers."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ABOUT"]

ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "syntax-error": "the statement cannot be read",
        "unknown-schema": "the schema is none, but spelled much like one",
        "unknown-table": "the database has no such table or view",
        "unknown-column": "nothing in scope has such a column",
        "unknown-alias": "the name before the dot names nothing in scope",
        "unknown-function": "the function is none, but spelled much like one",
        "ambiguous-column": "several relations have a column of this name",
        "duplicate-alias": "two relations, CTEs or windows have one name",
        "ungrouped-column": "a column has no one value in a group, or an aggregate stands where "
        "there are no groups",
        "type-mismatch": "the database does not take these types together",
        "column-count": "two lists of columns must be of one length and are not",
        "unused-cte": "nothing selects from a CTE",
        "cartesian-join": "nothing ties a relation to the others",
        "null-comparison": "a comparison with `NULL` is never true",
        "select-star": "a star stands where the columns could be named",
        "plain-text-password": "a password stands readable in `defog.toml`",
        "golden-invalid": "the SQL of a golden query has an error",
        "golden-duplicate": "a golden question has been answered before",
        "golden-format": "a file of golden queries is not written as one",
        "glossary-unknown-name": "a name in the glossary is no table or column",
        "glossary-contradiction": "the glossary says two things that cannot both be true",
        "metadata-duplicate": "a table or column is defined twice",
        "metadata-type": "no dialect has the type",
        "metadata-drift": "the database has no such table or column, or has it otherwise",
        "description-missing": "a table or column is not described, and its neighbours are",
        "description-long": "a description has more than 100 characters",
    }
)
