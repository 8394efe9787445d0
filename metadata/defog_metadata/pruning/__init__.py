"""What a question or a statement is about: words, and how well metadata fits them."""

from defog_metadata.pruning.relevance import relevance
from defog_metadata.pruning.terms import terms

__all__ = ["relevance", "terms"]
