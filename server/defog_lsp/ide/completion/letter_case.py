"""Words of the language in the letter case that the user writes them in."""

from defog_metadata.sql.unfinished.caret import Caret

__all__ = ["in_case_of"]


def in_case_of(caret: Caret, words: str) -> str:
    """*words* as what is typed of them, else as the statement begins.

    Those in mixed case stay: they are names that the dialect tells apart by case.
    """
    if not (words.islower() or words.isupper()):
        return words
    model = caret.prefix or (caret.tokens[0].text if caret.tokens else "")
    if model.islower():
        return words.lower()
    return words.upper() if model.isupper() else words
