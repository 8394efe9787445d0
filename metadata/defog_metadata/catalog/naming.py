"""How each dialect compares a name in the text with a name in the database.

Engines differ in what they do to an unquoted name (PostgreSQL lowers it, Snowflake raises it,
SQLite ignores case) and in what a quoted one means. ``Naming`` is that knowledge as a value.
"""

import re
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sqlglot.dialects.dialect import Dialect

from defog_metadata.catalog.reserved import reserved_words

__all__ = ["Name", "Naming", "naming_of"]

Folding = Literal["lower", "upper", "insensitive", "sensitive"]


@dataclass(frozen=True, slots=True)
class Name:
    """One part of a name as written: ``Users`` or, quoted, ``"Users"`` (without its quotes)."""

    text: str
    quoted: bool = False

    @property
    def key(self) -> str:
        """Equal for all names that some dialect could take for each other."""
        return self.text.casefold()


@dataclass(frozen=True, slots=True)
class Naming:
    """The rules of one dialect."""

    dialect: str
    folding: Folding
    quote_open: str
    quote_close: str

    def same(self, written: Name, stored: str) -> bool:
        """Whether *written* in a statement names what the database stores as *stored*."""
        if written.text.casefold() != stored.casefold():
            return False
        match self.folding:
            case "insensitive":
                return True
            case "sensitive":
                return written.text == stored
            case "lower":
                if written.quoted:
                    return written.text == stored
                # Beyond ASCII it depends on the database's encoding: take what is there.
                return stored in {_ascii_lower(written.text), written.text.lower()}
            case "upper":
                # Hand-written metadata for these engines is often in lower case: a name in capitals
                # is taken to mean it, since nothing shows that it would not.
                if written.quoted:
                    return written.text == stored or (
                        stored == stored.lower() and written.text == stored.upper()
                    )
                return stored in {written.text.upper(), stored.lower()}

    def equal(self, left: Name, right: Name) -> bool:
        """Whether two written names mean the same thing (an alias and its use)."""
        match self.folding:
            case "insensitive":
                return left.key == right.key
            case "sensitive":
                return left.text == right.text
            case "lower" | "upper":
                return self.fold(left) == self.fold(right)

    def fold(self, written: Name) -> str:
        """The name the database would store for *written*."""
        if written.quoted or self.folding in ("insensitive", "sensitive"):
            return written.text
        return _ascii_lower(written.text) if self.folding == "lower" else written.text.upper()

    def write(self, stored: str) -> str:
        """*stored* as it must be written in a statement: quoted where it has to be."""
        if _PLAIN.fullmatch(stored) and not self._must_quote(stored):
            return stored
        return self.quoted(stored)

    def repeat(self, written: Name) -> str:
        """A name of the statement's own as it must be written again."""
        return self.quoted(written.text) if written.quoted else written.text

    def is_reserved(self, word: str) -> bool:
        """Whether *word* can be a name only in quotes."""
        return word.lower() in reserved_words(self.dialect)

    def quoted(self, name: str) -> str:
        """*name* in the dialect's quotes."""
        doubled = name.replace(self.quote_close, self.quote_close * 2)
        return f"{self.quote_open}{doubled}{self.quote_close}"

    def _must_quote(self, stored: str) -> bool:
        if self.is_reserved(stored):
            return True
        match self.folding:
            case "lower":
                return stored != stored.lower()
            case "upper":
                return stored not in (stored.upper(), stored.lower())
            case _:
                return False


def _ascii_lower(text: str) -> str:
    return text.translate(_ASCII_LOWER)


_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_PLAIN = re.compile(r"[^\W\d]\w*")

# Where sqlglot's own strategy is finer or coarser than what an editor can be sure of: MySQL's
# table names follow the server's file system, BigQuery's depend on the dataset.
_FOLDING: dict[str, Folding] = {"mysql": "insensitive", "bigquery": "insensitive"}
_STRATEGY: dict[str, Folding] = {
    "LOWERCASE": "lower",
    "UPPERCASE": "upper",
    "CASE_SENSITIVE": "sensitive",
    "CASE_INSENSITIVE": "insensitive",
    "CASE_INSENSITIVE_UPPERCASE": "insensitive",
}


@lru_cache(maxsize=64)
def naming_of(dialect: str) -> Naming:
    """The rules of *dialect*, a sqlglot dialect name; the empty string is standard SQL."""
    known = Dialect.get_or_raise(dialect or None)
    folding = _FOLDING.get(dialect) or _STRATEGY[known.normalization_strategy.name]
    return Naming(dialect, folding, known.IDENTIFIER_START, known.IDENTIFIER_END)
