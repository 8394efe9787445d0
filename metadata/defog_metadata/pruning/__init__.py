"""What a question or a statement is about: words, and how well metadata fits them."""

from defog_metadata.pruning.glossary import Glossary, glossary_of
from defog_metadata.pruning.mentions import Mention, code_spans, looks_like_a_name, mentions
from defog_metadata.pruning.relevance import relevance
from defog_metadata.terms import terms

__all__ = [
    "Glossary",
    "Mention",
    "code_spans",
    "glossary_of",
    "looks_like_a_name",
    "mentions",
    "relevance",
    "terms",
]
