"""Words of the language in the letter case that the user writes them in."""

from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["in_case_of"]


def in_case_of(caret: Caret, words: str) -> str:
    """*words*, in capitals, as what is typed of them or as the statement begins."""
    model = caret.prefix or (caret.tokens[0].text if caret.tokens else "")
    return words.lower() if model.islower() else words
