"""What a question or a statement is about: words, and how well metadata fits them."""

from defog_metadata.pruning.glossary import Glossary, glossary_of
from defog_metadata.pruning.relevance import relevance
from defog_metadata.pruning.terms import terms

__all__ = ["Glossary", "glossary_of", "relevance", "terms"]
