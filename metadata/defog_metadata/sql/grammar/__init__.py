"""What is wrong with the grammar of a statement, in words a person would use, with the mend."""

from defog_metadata.sql.grammar.explanation import explained, lenient_mistake
from defog_metadata.sql.grammar.problem import SyntaxProblem

__all__ = ["SyntaxProblem", "explained", "lenient_mistake"]
