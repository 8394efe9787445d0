"""Which columns can have the name of their relation before them, and what may stand there."""

from sqlglot import exp

__all__ = ["can_stand_before_a_dot", "takes_qualifier"]

# Where the grammar wants, or a row stands for, columns without a qualifier.
_BARE = (exp.OnConflict, exp.Pivot, exp.MatchRecognize, exp.Returning, exp.Schema, exp.Star)


def takes_qualifier(column: exp.Column) -> bool:
    """Whether a qualifier may stand before *column*, going by what it is a part of."""
    node: exp.Expr = column
    in_query = False
    while (parent := node.parent) is not None:
        if isinstance(parent, _BARE):
            return False
        if isinstance(parent, exp.Join) and node.arg_key == "using":
            return False
        if isinstance(parent, exp.Kwarg | exp.PropertyEQ) and node.arg_key == "this":
            return False
        # SET a = 1: most engines take no qualifier there, and none needs one.
        is_assignment = isinstance(parent, exp.Update) and node.arg_key == "expressions"
        if is_assignment and _is_left_side(column, node):
            return False
        in_query = in_query or isinstance(parent, exp.Query)
        if isinstance(parent, exp.Merge) and not in_query:
            return node.arg_key == "on"
        node = parent
    return in_query or isinstance(node, exp.Update | exp.Delete)


def _is_left_side(column: exp.Column, assignment: exp.Expr) -> bool:
    left = assignment.this if isinstance(assignment, exp.Binary) else None
    return left is None or any(it is column for it in left.walk())


def can_stand_before_a_dot(name: str) -> bool:
    """Whether the relation that is called *name* can be named so before a column."""
    # ``@rows`` does not; `project.data.table` in one pair of quotes is known by its last part.
    return not name.startswith("@") and "." not in name
